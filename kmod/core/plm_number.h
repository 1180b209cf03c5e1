/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers that rules wait for.  Criteria of one input ascend by operator and
 * number, so that those that hold for a value are ranges: a few looks find
 * them, however many there are.
 */
#ifndef PLM_NUMBER_H
#define PLM_NUMBER_H

#include "plm_content.h"

/* Criteria from @first to before @end. */
struct plm_span {
	u32 first;
	u32 end;
};

struct plm_numbers {
	u32 inputs[PLM_MAX_TEMPLATES];	/* bit an input that has a span */
	/* From the first of its numbers that triggers rules to the last one. */
	struct plm_span spans[PLM_MAX_TEMPLATES][PLM_MAX_INPUTS];
};

/* All there are in @content.  Of content that is not sorted, some may miss. */
/*@ requires \valid(numbers) && plm_content_fits(content);
  @ requires \separated(numbers, content);
  @ assigns *numbers;
  @*/
void plm_numbers_init(struct plm_numbers *numbers,
		      const struct plm_content *content);

/*
 * Take the criteria with the operator of the first one off @span, which is not
 * empty.  Those among them that hold for @value.
 */
/*@ requires \valid(span) && plm_content_fits(c) && \separated(span, c);
  @ requires span->first < span->end;
  @ assigns *span;
  @ ensures span->end == \old(span->end);
  @ ensures \old(span->first) < span->first <= span->end;
  @ ensures \result.first < \result.end ==> \result.end <= span->end;
  @*/
struct plm_span plm_numbers_next(const struct plm_content *c,
				 struct plm_span *span, u64 value);

#endif /* PLM_NUMBER_H */
