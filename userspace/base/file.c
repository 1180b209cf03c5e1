// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/mem.h"

#ifndef PLIMSOLL_LIBDIR
#define PLIMSOLL_LIBDIR "/usr/local/lib/plimsoll"
#endif

/* How often a pipe without a writer is looked at, and how often at most. */
#define WRITER_MS 100
#define WRITER_LOOKS 50

/*
 * Of a pipe there is nothing to be read now.  0 once there may be, -ETIMEDOUT
 * where nobody comes to write into it; who has come may take his time.
 */
static int await(int fd, bool has_writer, unsigned int *looks)
{
	struct pollfd pipe = { fd, POLLIN, 0 };

	if (!has_writer && ++*looks > WRITER_LOOKS)
		return -ETIMEDOUT;
	poll(&pipe, 1, has_writer ? -1 : WRITER_MS);
	return 0;
}

/* The end, of a pipe too: POLLHUP is not said before the first writer. */
static bool is_end(int fd)
{
	struct pollfd file = { fd, POLLIN, 0 };
	struct stat st;

	return fstat(fd, &st) || !S_ISFIFO(st.st_mode) ||
	       poll(&file, 1, 0) != 0;
}

/* Read until the end, growing; one byte past max_len is read to notice it. */
static int read_all(int fd, size_t max_len, uint8_t **out_data, size_t *out_len)
{
	size_t cap = 64 * 1024, len = 0;
	uint8_t *data = xmalloc(cap);
	unsigned int looks = 0;
	ssize_t n;
	int err;

	for (;;) {
		if (len > max_len) {
			free(data);
			return -EFBIG;
		}
		if (len == cap) {
			cap *= 2;
			data = xrealloc(data, cap);
		}
		n = read(fd, data + len, cap - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 && is_end(fd))
			break;
		if (n > 0)
			err = 0;
		else if (n < 0 && errno != EAGAIN)
			err = -errno;
		else
			err = await(fd, n < 0, &looks);
		if (err) {
			free(data);
			return err;
		}
		len += n > 0 ? (size_t)n : 0;
	}
	*out_data = data;
	*out_len = len;
	return 0;
}

/* From what is held: as if it were read now. */
static int copy_held(const struct held *held, size_t max_len,
		     uint8_t **out_data, size_t *out_len)
{
	if (held->err)
		return held->err;
	if (held->len > max_len)
		return -EFBIG;
	*out_data = xmemdup(held->data, held->len);
	*out_len = held->len;
	return 0;
}

int file_read(const char *path, size_t max_len, uint8_t **out_data,
	      size_t *out_len)
{
	const struct held *held = held_find(path);
	struct stat st;
	int fd, err;

	*out_data = NULL;
	*out_len = 0;
	if (held)
		return copy_held(held, max_len, out_data, out_len);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = -EISDIR;
	else if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max_len)
		err = -EFBIG;
	else
		err = read_all(fd, max_len, out_data, out_len);
	close(fd);
	return err;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Make the rename itself last. */
static int sync_folder(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = 0;

	free(copy);
	if (fd < 0)
		return -errno;
	/* Some file systems can't sync a folder; that is not a lost file. */
	if (fsync(fd) && errno != EINVAL)
		err = -errno;
	close(fd);
	return err;
}

int file_write(const char *path, const void *data, size_t len)
{
	char *temp = xasprintf("%s.XXXXXX", path);
	mode_t mask = umask(0);
	int fd, err;

	umask(mask);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		free(temp);
		return err;
	}
	err = write_all(fd, data, len);
	if (!err && fchmod(fd, 0666 & ~mask))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	else
		err = sync_folder(path);
	free(temp);
	return err;
}

/* A device or a pipe takes the bytes; putting a file in its place helps nobody. */
static int write_into(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, data, len);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int file_write_to(const char *path, const void *data, size_t len)
{
	struct stat st;
	char *real;
	int err;

	if (stat(path, &st))
		return file_write(path, data, len);
	if (!S_ISREG(st.st_mode))
		return write_into(path, data, len);
	/* A link goes on leading to this file. */
	real = realpath(path, NULL);
	err = real ? file_write(real, data, len) : -errno;
	free(real);
	return err;
}

int file_mkdirs(const char *path)
{
	char *copy = xstrdup(path);
	int err = 0;
	char *p;

	for (p = copy + 1; *p && !err; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -errno;
		*p = '/';
	}
	if (!err && mkdir(copy, 0777) && errno != EEXIST)
		err = -errno;
	free(copy);
	return err;
}

/* The folder of the running command; NULL where /proc does not tell. */
static char *command_dir(void)
{
	char *exe = realpath("/proc/self/exe", NULL);
	char *dir;

	if (!exe)
		return NULL;
	dir = xstrdup(dirname(exe));
	free(exe);
	return dir;
}

char *file_part(const char *name)
{
	/* In the build tree; where it was installed, wherever that is. */
	static const char *const from_command[] = { "", "../lib/plimsoll/" };
	char *dir = command_dir();
	char *path = NULL;

	for (size_t i = 0; dir && i < ARRAY_LEN(from_command); i++) {
		path = xasprintf("%s/%s%s", dir, from_command[i], name);
		if (access(path, F_OK) == 0)
			break;
		free(path);
		path = NULL;
	}
	free(dir);
	return path ? path : xasprintf("%s/%s", PLIMSOLL_LIBDIR, name);
}

char *file_cache_dir(void)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (cache && cache[0] == '/')
		return xasprintf("%s/plimsoll", cache);
	return xasprintf("%s/.cache/plimsoll", home && *home ? home : "");
}
