// SPDX-License-Identifier: GPL-2.0-or-later
/* An ioctl, with the structure that the target writes down. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vm/guest/init_target.h"

#define MAX_ARGUMENT 131072

struct argument {
	uint8_t bytes[MAX_ARGUMENT];
	size_t len;
	bool fits;
};

size_t target_hex(const char *text, uint8_t *out, size_t cap)
{
	char pair[3] = { 0 };
	size_t len = 0;

	for (; text[0] && text[1] && len < cap; text += 2) {
		memcpy(pair, text, 2);
		out[len++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return len;
}

static void put(struct argument *argument, const void *data, size_t len)
{
	if (len > sizeof(argument->bytes) - argument->len) {
		argument->fits = false;
		return;
	}
	memcpy(argument->bytes + argument->len, data, len);
	argument->len += len;
}

static void put_zeros(struct argument *argument, uint64_t len)
{
	static const uint8_t zero;

	for (; len && argument->fits; len--)
		put(argument, &zero, 1);
}

/* x86-64 is little-endian: the low bytes of a number are its first. */
static void put_part(struct argument *argument, const char *part,
		     const uint8_t *data, size_t len)
{
	const char *value = strchr(part, ' ');
	uint64_t number = value ? strtoull(value + 1, NULL, 10) : 0;
	uint64_t address = (uintptr_t)data, size = len;
	uint8_t bytes[1024];

	if (!strcmp(part, "address"))
		put(argument, &address, 8);
	else if (!strcmp(part, "size32"))
		put(argument, &size, 4);
	else if (!strcmp(part, "size64"))
		put(argument, &size, 8);
	else if (!strncmp(part, "zeros ", 6))
		put_zeros(argument, number);
	else if (!strncmp(part, "text ", 5))
		put(argument, value + 1, strlen(value + 1));
	else if (!strncmp(part, "hex ", 4))
		put(argument, bytes, target_hex(value + 1, bytes,
						sizeof(bytes)));
	else if (part[0] == 'u')
		put(argument, &number, strtoul(part + 1, NULL, 10) / 8);
}

static void tell_bytes(struct target_answer *answer, const uint8_t *data,
		       size_t len)
{
	for (size_t i = 0; i < len; i++)
		answer_printf(answer, "%02x", data[i]);
	if (len)
		answer_printf(answer, "\n");
}

void target_ioctl(char *const *texts, struct target_answer *answer)
{
	static struct argument argument;
	int fd = open(target_value(texts, "ioctl"),
		      O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *from = target_value(texts, "from");
	uint8_t *data = NULL;
	size_t len = 0;
	int err = fd < 0 ? errno : 0;

	if (!err)
		err = read_whole(from, &data, &len);
	argument.len = 0;
	argument.fits = true;
	for (char *const *text = texts; !err && *text; text++)
		if (!strncmp(*text, "argument=", 9))
			put_part(&argument, *text + 9, data, len);
	if (!err && !argument.fits)
		err = E2BIG;
	/* Without a structure the candidate itself is what it points to. */
	if (!err && ioctl(fd, strtoul(target_value(texts, "request"), NULL, 10),
			  argument.len ? argument.bytes : data) < 0)
		err = errno;
	tell_bytes(answer, argument.bytes, argument.len);
	answer->error = err;
	free(data);
	if (fd >= 0)
		close(fd);
}
