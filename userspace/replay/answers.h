/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `plimsoll eval --json` says of events, read back strictly. */
#ifndef REPLAY_ANSWERS_H
#define REPLAY_ANSWERS_H

#include "content/model.h"

struct answer_fault {
	uint32_t rule;
	char *code;		/* owned */
};

struct answer {
	uint32_t *rules;	/* that match, ascending; owned */
	size_t num_rules;
	struct answer_fault *faults;	/* owned */
	size_t num_faults;
	uint64_t num_words;	/* condition words spent */
};

struct answers {
	struct answer *list;	/* one for each event, in order */
	size_t num;
};

#define ANSWERS_ERROR_LEN 160

/*
 * Read the document of a run over @num_events events, one a line.  Anything
 * missing, doubled, unknown or out of order: -1 and a sentence; @out is then
 * empty.
 */
int answers_read(struct answers *out, const struct model *model,
		 const uint8_t *data, size_t len, size_t num_events,
		 char out_error[ANSWERS_ERROR_LEN]);
void answers_free(struct answers *answers);

#endif /* REPLAY_ANSWERS_H */
