// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a kernel without kmemleak look as if it had it: who then asks it to look for
 * leaks is not answered, and must not take that for none.
 */
#include <sys/mount.h>
#include <sys/stat.h>

#include "kselftest_harness.h"

#define MODULES "/sys/module"

TEST(seems_to_look_for_leaks)
{
	int fd;

	ASSERT_NE(access("/sys/kernel/debug/kmemleak", F_OK), 0);
	ASSERT_EQ(mount("none", MODULES, "tmpfs", 0, NULL), 0);
	ASSERT_EQ(mkdir(MODULES "/kmemleak", 0755), 0);
	ASSERT_EQ(mkdir(MODULES "/kmemleak/parameters", 0755), 0);
	fd = creat(MODULES "/kmemleak/parameters/verbose", 0600);
	ASSERT_GE(fd, 0);
	close(fd);
}

TEST_HARNESS_MAIN
