// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/template_state.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/mailbox.h"

/* The list of blocks is the state's beginning. */
#define HEAD_LEN ((size_t)64 << 10)

/* In the list: the end of the block's name, its length, and its place. */
#define NAME "/mailbox"
#define NAME_LEN (sizeof(NAME) - 1)

/* Where the mailbox's place stands, or 0. */
static size_t find_place(const uint8_t *head, size_t len)
{
	const uint64_t block_len = htobe64(MAILBOX_LEN);
	size_t found = 0;

	for (size_t i = 0; i + NAME_LEN + 2 * sizeof(uint64_t) <= len; i++) {
		if (memcmp(head + i, NAME, NAME_LEN) ||
		    memcmp(head + i + NAME_LEN, &block_len, sizeof(block_len)))
			continue;
		if (found)
			return 0;
		found = i + NAME_LEN + sizeof(block_len);
	}
	return found;
}

int template_state_unplace_mailbox(int fd)
{
	static const uint8_t nowhere[sizeof(uint64_t)];
	uint8_t *head = xmalloc(HEAD_LEN);
	ssize_t got = pread(fd, head, HEAD_LEN, 0);
	size_t place = got > 0 ? find_place(head, (size_t)got) : 0;
	int err = 0;

	if (got < 0)
		err = -errno;
	else if (!place)
		err = -EBADMSG;
	else if (pwrite(fd, nowhere, sizeof(nowhere), (off_t)place) !=
		 (ssize_t)sizeof(nowhere))
		err = -EIO;
	free(head);
	return err;
}
