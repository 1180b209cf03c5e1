// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules, mounts, and files to write to and read from. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/guest/init_target.h"

#define MAX_HEX 4096

void target_insmod(char *const *texts, struct target_answer *answer)
{
	const char *options = target_value(texts, "options");
	const char *path = target_value(texts, "insmod");

	/* What it depends on may be there already. */
	for (char *const *text = texts; *text; text++)
		if (!strncmp(*text, "needs=", 6))
			load_module(*text + 6, "");
	answer->error = path ? load_module(path, options ? options : "") :
			       EINVAL;
}

void target_rmmod(char *const *texts, struct target_answer *answer)
{
	answer->error = unload_module(target_value(texts, "rmmod"));
}

void target_mount(char *const *texts, struct target_answer *answer)
{
	const char *at = target_value(texts, "at");

	mkdir(at, 0755);
	if (mount("none", at, target_value(texts, "mount"), 0, NULL))
		answer->error = errno;
}

/* In one write, or in as many as chunks take; a short one is not repeated. */
static int write_out(int fd, const uint8_t *data, size_t len, size_t chunk)
{
	size_t part;
	ssize_t put;

	if (!chunk || chunk > len)
		chunk = len;
	do {
		part = len < chunk ? len : chunk;
		put = write(fd, data, part);
		if (put < 0)
			return errno;
		if ((size_t)put != part)
			return EIO;
		data += part;
		len -= part;
	} while (len);
	return 0;
}

static int get_source(char *const *texts, uint8_t **out_data, size_t *out_len)
{
	const char *text = target_value(texts, "text");
	const char *hex = target_value(texts, "hex");
	const char *from = target_value(texts, "from");

	if (from)
		return read_whole(from, out_data, out_len);
	*out_data = malloc(hex ? MAX_HEX : text ? strlen(text) + 1 : 1);
	if (!*out_data || (!hex && !text))
		return EINVAL;
	if (hex) {
		*out_len = target_hex(hex, *out_data, MAX_HEX);
	} else {
		*out_len = strlen(text);
		memcpy(*out_data, text, *out_len);
	}
	return 0;
}

/* The file is not read where there is nobody to take it. */
void target_write(char *const *texts, struct target_answer *answer)
{
	const char *chunk = target_value(texts, "chunk");
	int fd = open(target_value(texts, "write"),
		      O_WRONLY | O_CLOEXEC | O_NOCTTY);
	uint8_t *data = NULL;
	size_t len;

	if (fd < 0) {
		answer->error = errno;
		return;
	}
	answer->error = get_source(texts, &data, &len);
	if (!answer->error)
		answer->error = write_out(fd, data, len, chunk ?
					  strtoull(chunk, NULL, 10) : 0);
	/* Some drivers parse when all has come, and say so here. */
	if (close(fd) && !answer->error)
		answer->error = errno;
	free(data);
}

void target_read(char *const *texts, struct target_answer *answer)
{
	int fd = open(target_value(texts, "read"),
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char data[4096];
	ssize_t got = 0;

	if (fd < 0) {
		answer->error = errno;
		return;
	}
	while (!answer->cut && (got = read(fd, data, sizeof(data))) > 0)
		answer_add(answer, data, (size_t)got);
	if (got < 0 && errno != EAGAIN)
		answer->error = errno;
	close(fd);
}
