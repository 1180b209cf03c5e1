// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and folders, and the disk with its root. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define MAX_PATH 4096

/*
 * One folder.  A program of an earlier event may stand where a folder is
 * wanted; its event is over, so it goes.
 */
static int make_folder(const char *path)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return errno;
	if (stat(path, &st))
		return errno;
	if (S_ISDIR(st.st_mode))
		return 0;
	if (unlink(path) || mkdir(path, 0755))
		return errno;
	return 0;
}

int make_folders(const char *path)
{
	char copy[MAX_PATH];
	int err;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy))
		return ENAMETOOLONG;
	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		err = make_folder(copy);
		if (err)
			return err;
		*p = '/';
	}
	return 0;
}

int read_whole(const char *path, uint8_t **out_data, size_t *out_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *data = NULL;
	size_t len = 0;
	struct stat st;
	ssize_t got;
	int err = 0;

	*out_data = NULL;
	*out_len = 0;
	if (fd < 0)
		return errno;
	if (fstat(fd, &st) || !(data = malloc((size_t)st.st_size + 1)))
		err = errno;
	while (!err && len < (size_t)st.st_size) {
		got = read(fd, data + len, (size_t)st.st_size - len);
		if (got <= 0)
			err = got ? errno : EIO;
		else
			len += (size_t)got;
	}
	close(fd);
	if (err) {
		free(data);
		return err;
	}
	*out_data = data;
	*out_len = len;
	return 0;
}

int write_whole(int fd, const uint8_t *data, size_t len)
{
	ssize_t put;

	while (len) {
		put = write(fd, data, len);
		if (put < 0)
			return errno;
		data += put;
		len -= (size_t)put;
	}
	return 0;
}

int make_whole(const char *path, const uint8_t *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int err;

	if (fd < 0)
		return errno;
	err = write_whole(fd, data, len);
	close(fd);
	return err;
}

int step_disk(struct guest *guest, const struct step *step)
{
	(void)guest;
	mkdir(VM_MOUNT, 0755);
	return mount(step->texts[0], VM_MOUNT, "ext4", 0, NULL) ? errno : 0;
}

/*
 * As a distribution's initramfs does it.  The kernel's own threads share this
 * process's root, and so the firmware loader sees the disk as well.
 */
int step_root(struct guest *guest, const struct step *step)
{
	static const char *const moved[] = { "/proc", "/sys", "/dev" };
	char to[64];

	(void)guest;
	(void)step;
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		snprintf(to, sizeof(to), VM_MOUNT "%s", moved[i]);
		mkdir(to, 0755);
		if (mount(moved[i], to, NULL, MS_MOVE, NULL))
			return errno;
	}
	if (chdir(VM_MOUNT) || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		return errno;
	return 0;
}
