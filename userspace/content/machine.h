/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checked content made ready to evaluate events one after the other. */
#ifndef CONTENT_MACHINE_H
#define CONTENT_MACHINE_H

#include "plm_eval.h"

struct machine {
	struct plm_scratch scratch;
	struct plm_walks walks;
	struct plm_walk *list;		/* owned, like what follows */
	uint32_t *walk_words;
	int32_t *scratch_words;
};

/* Points into *@machine, which stays where it is, and into *@content. */
void machine_init(struct machine *machine, const struct plm_content *content);
void machine_free(struct machine *machine);

/* Bytes of memory beside the content's own that this takes on each processor. */
size_t machine_scratch_len(const struct plm_content *content);
/* The same once for all processors. */
size_t machine_shared_len(const struct plm_content *content);

#endif /* CONTENT_MACHINE_H */
