// SPDX-License-Identifier: GPL-2.0-or-later
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/stage.h"

char *digest_of(const void *data, size_t len)
{
	static const char prefix[] = "sha256:";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int hash_len = 0;
	char *text, *p;

	if (!EVP_Digest(data, len, hash, &hash_len, EVP_sha256(), NULL)) {
		fputs("plimsoll: SHA-256 is not available\n", stderr);
		exit(VERDICT_UNKNOWN);
	}
	text = xmalloc(sizeof(prefix) + 2 * (size_t)hash_len);
	p = text + snprintf(text, sizeof(prefix), "%s", prefix);
	for (unsigned int i = 0; i < hash_len; i++)
		p += snprintf(p, 3, "%02x", hash[i]);
	return text;
}
