/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings in which given texts occur, at the start, at the end or anywhere:
 * one after the other, from the most natural to the most contrived.
 */
#ifndef EVENT_LAYOUT_H
#define EVENT_LAYOUT_H

#include "event/search.h"

#define LAYOUT_MAX_FILLERS 6

struct layout {
	const uint8_t *data;	/* the string at hand; the layout's */
	size_t len;
	uint64_t cost;		/* steps that beginning took */

	const struct model_criterion *whole, *prefix, *suffix;	/* or NULL */
	const struct model_criterion **pieces;
	struct model_criterion *samples;	/* texts of patterns */
	size_t num_samples;
	size_t num_pieces;
	char separator;		/* 0: none is natural */
	char fillers[LAYOUT_MAX_FILLERS];
	uint32_t num_fillers;
	uint32_t next;		/* number of the string that comes */
	uint8_t *buffer;
	size_t cap;
};

/*
 * @separator: what stands between the parts of such strings, or 0.  @sample:
 * which text stands for each pattern.
 */
void layout_begin(struct layout *layout, const struct model *model,
		  const struct literals *literals, char separator,
		  uint32_t sample);
/* False past the last. */
bool layout_next(struct layout *layout);
void layout_end(struct layout *layout);

#endif /* EVENT_LAYOUT_H */
