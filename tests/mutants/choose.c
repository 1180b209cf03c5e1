// SPDX-License-Identifier: GPL-2.0-or-later
/* In the guest: choose N tells plm_mutant.ko which mutant is to run. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = open("/sys/module/plm_mutant/parameters/number", O_WRONLY);
	ssize_t len = argc == 2 ? (ssize_t)strlen(argv[1]) : 0;

	return fd < 0 || !len || write(fd, argv[1], (size_t)len) != len;
}
