/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rules say of the goodware corpus.  (vm/goodware.h is something else: the
 * few programs that a VM executes, whose loss would take the machine along.)
 *
 *	KILLS_GOODWARE	 fail	 a kill rule matches a recorded event, or would on a
 *				 machine with other numbers (replay/elsewhere.h)
 *	NOT_DECIDED	 unknown more kill rules look for such numbers than can be
 *				 tried
 *	NO_GOODWARE	 unknown the corpus is missing or not whole, or holds no
 *				 event of a kill rule's template
 *	MATCHES_GOODWARE info	 an audit rule matches recorded events
 *	NOISY		 warning it matches more than one in GOODWARE_NOISY of
 *				 the events of its template: nobody will read that
 */
#ifndef REPLAY_GOODWARE_H
#define REPLAY_GOODWARE_H

#include "content/model.h"
#include "event/synth.h"
#include "replay/answers.h"
#include "replay/corpus.h"
#include "report/stage.h"

#define GOODWARE_NOISY 100u

/*
 * Read the product's corpus.  False where it could not be: the reason is a
 * finding of @stage.
 */
bool goodware_read(struct corpus *out, struct stage *stage);

/*
 * Judge what the evaluator answered, @answers[i] to event i of @corpus, about the
 * content of @model at @path.  Evidence of @stage: "goodware_events", how many
 * events were asked about, and "goodware", on what and with what result.
 */
void goodware_judge(const struct corpus *corpus, const char *path,
		    const struct model *model, const struct synth *synth,
		    const struct answer *answers, struct stage *stage);

#endif /* REPLAY_GOODWARE_H */
