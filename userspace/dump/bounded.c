// SPDX-License-Identifier: GPL-2.0-or-later
#include "dump/bounded.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/verdict.h"

static void no_digest(void)
{
	fputs("plimsoll: SHA-256 is not available\n", stderr);
	exit(VERDICT_UNKNOWN);
}

void bounded_begin(struct bounded *text, size_t max)
{
	*text = (struct bounded){ .max = max };
	if (max == SIZE_MAX)
		return;
	text->digest = EVP_MD_CTX_new();
	if (!text->digest ||
	    EVP_DigestInit_ex(text->digest, EVP_sha256(), NULL) != 1)
		no_digest();
}

void bounded_put(struct bounded *text, const char *more)
{
	size_t len = strlen(more), room = text->max - text->kept.len;

	bytes_put(&text->kept, more, len < room ? len : room);
	text->len += len;
	if (text->digest && EVP_DigestUpdate(text->digest, more, len) != 1)
		no_digest();
}

char *bounded_end(struct bounded *text)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	char end[80];
	int num;

	if (text->digest && EVP_DigestFinal_ex(text->digest, hash, &len) != 1)
		no_digest();
	EVP_MD_CTX_free(text->digest);
	if (text->len > text->kept.len) {
		num = snprintf(end, sizeof(end), "%sand %zu more bytes; "
			       "sha256:", text->kept.len ? ",\n" : "",
			       text->len - text->kept.len);
		bytes_put(&text->kept, end, (size_t)num);
		for (unsigned int i = 0; i < len; i++) {
			snprintf(end, sizeof(end), "%02x", hash[i]);
			bytes_put(&text->kept, end, 2);
		}
	}
	bytes_put(&text->kept, "", 1);
	return (char *)text->kept.data;
}
