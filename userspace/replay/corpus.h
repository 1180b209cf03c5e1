/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The goodware corpus: events recorded from real systems at their ordinary
 * work, see tests/goodware/README.md.  It is a part of the product, "goodware":
 *
 *	corpus.json	what there is: {"parts":[{"file","digest","events"}]}
 *	*.jsonl.xz	events, a line each; xz or as they are
 *
 * Only what corpus.json names counts, and only whole.
 */
#ifndef REPLAY_CORPUS_H
#define REPLAY_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct corpus_part {
	char *file;		/* "debian-12-boot.jsonl.xz"; owned */
	size_t first;		/* index of its first event */
	size_t num_events;
};

struct corpus {
	char *digest;		/* of corpus.json, which holds all others; owned */
	uint8_t *data;		/* lines, each with its end; owned */
	size_t len;
	size_t *lines;		/* where each begins, and the end; owned */
	size_t num_events;
	struct corpus_part *parts;	/* owned */
	size_t num_parts;
};

#define CORPUS_ERROR_LEN 256

/* The path of the product's own; the caller frees it. */
char *corpus_path(void);

/*
 * Read the corpus in the folder @path.  0, or -1 and a sentence where any of it
 * is missing, torn or not what corpus.json says; @out is then empty.  Lines
 * are not looked into.
 */
int corpus_read(struct corpus *out, const char *path,
		char out_error[CORPUS_ERROR_LEN]);
void corpus_free(struct corpus *corpus);

/* The part that event @index is in. */
const struct corpus_part *corpus_part_of(const struct corpus *corpus,
					 size_t index);

#endif /* REPLAY_CORPUS_H */
