/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command built with ASan and UBSan, evaluating events. */
#ifndef REPLAY_SANITIZED_H
#define REPLAY_SANITIZED_H

#include "event/synth.h"
#include "replay/answers.h"
#include "replay/child.h"
#include "replay/corpus.h"
#include "report/stage.h"

struct sanitized {
	char *path;		/* of the command; owned */
	struct child child;
	int events, file;	/* descriptors */
};

/*
 * Start it on the bytes of @content, all events of @synth and then those of
 * @corpus.  False where it could not be: the reason is a finding of @stage.
 */
bool sanitized_start(struct sanitized *s, const struct plm_content *content,
		     const struct synth *synth, const struct corpus *corpus,
		     struct stage *stage);

/*
 * Wait for it.  True with all answers; else the reason is a finding of @stage,
 * about the content at @path.
 */
bool sanitized_finish(struct sanitized *s, const char *path,
		      const struct model *model, size_t num_events,
		      struct answers *out, struct stage *stage);

#endif /* REPLAY_SANITIZED_H */
