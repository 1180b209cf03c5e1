// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/template_digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/jobs.h"

#define PAGE ((size_t)4096)
#define CHUNK ((size_t)64 << 10)	/* read at a time: it stays in a cache */
#define PIECE ((uint64_t)4 << 20)	/* digested by one core */
#define DIGEST_LEN 32

struct piece {
	unsigned char digest[DIGEST_LEN];
	bool known;
};

struct file {
	int fd;
	uint64_t len;
	struct piece *pieces;
	size_t num;
};

static bool is_zero(const uint8_t *page, size_t len)
{
	return !page[0] && !memcmp(page, page + 1, len - 1);
}

/* Most of a VM's memory was never written; only its place is counted. */
static bool add_chunk(EVP_MD_CTX *hash, const uint8_t *data, size_t len,
		      uint64_t off)
{
	for (size_t at = 0; at < len; at += PAGE) {
		size_t part = len - at < PAGE ? len - at : PAGE;
		uint64_t place = off + at;

		if (is_zero(data + at, part))
			continue;
		if (!EVP_DigestUpdate(hash, &place, sizeof(place)) ||
		    !EVP_DigestUpdate(hash, data + at, part))
			return false;
	}
	return true;
}

/* Where there is something from @off on; @end: nowhere before it. */
static uint64_t next_data(int fd, uint64_t off, uint64_t end)
{
	off_t next = lseek(fd, (off_t)off, SEEK_DATA);

	/* Where holes are not told, all of it is read. */
	if (next < 0)
		return errno == ENXIO ? end : off;
	if ((uint64_t)next / PAGE > off / PAGE)
		off = (uint64_t)next / PAGE * PAGE;
	return off < end ? off : end;
}

static bool add_piece(EVP_MD_CTX *hash, int fd, uint64_t off, uint64_t end)
{
	uint8_t *data = xmalloc(CHUNK);
	bool good = true;

	while (good && (off = next_data(fd, off, end)) < end) {
		size_t want = end - off < CHUNK ? (size_t)(end - off) : CHUNK;
		ssize_t got = pread(fd, data, want, (off_t)off);

		good = got > 0 && add_chunk(hash, data, (size_t)got, off);
		off += good ? (uint64_t)got : 0;
	}
	free(data);
	return good;
}

static void digest_piece(void *context, size_t index)
{
	const struct file *file = context;
	struct piece *piece = &file->pieces[index];
	uint64_t off = index * PIECE;
	uint64_t end = file->len - off < PIECE ? file->len : off + PIECE;
	EVP_MD_CTX *hash = EVP_MD_CTX_new();

	piece->known = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) &&
		       add_piece(hash, file->fd, off, end) &&
		       EVP_DigestFinal_ex(hash, piece->digest, NULL);
	EVP_MD_CTX_free(hash);
}

/* The digest of all pieces' digests. */
static bool join_pieces(const struct file *file,
			unsigned char out[DIGEST_LEN])
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	bool good = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL);

	for (size_t i = 0; i < file->num && good; i++)
		good = file->pieces[i].known &&
		       EVP_DigestUpdate(hash, file->pieces[i].digest,
					DIGEST_LEN);
	good = good && EVP_DigestFinal_ex(hash, out, NULL);
	EVP_MD_CTX_free(hash);
	return good;
}

char *template_digest(int fd)
{
	struct file file = { .fd = fd };
	unsigned char bytes[DIGEST_LEN];
	char hex[2 * DIGEST_LEN + 1];
	struct stat st;
	char *text = NULL;

	if (fstat(fd, &st))
		return NULL;
	file.len = (uint64_t)st.st_size;
	file.num = (size_t)((file.len + PIECE - 1) / PIECE);
	file.pieces = xcalloc(file.num + 1, sizeof(*file.pieces));
	jobs_run(file.num, digest_piece, NULL, &file);
	if (join_pieces(&file, bytes)) {
		for (size_t i = 0; i < DIGEST_LEN; i++)
			snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
		text = xasprintf("%llu:%s", (unsigned long long)file.len, hex);
	}
	free(file.pieces);
	return text;
}
