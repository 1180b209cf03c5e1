/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lanes: walks under way. */
#ifndef PLM_LANE_H
#define PLM_LANE_H

#include "plm_skip.h"

/*
 * What a step changes is u64, and nothing else that steps look at is: so provers,
 * to whom memory of different types is apart, know that it leaves all else as it
 * was.
 */
struct plm_lane {
	const struct plm_tables *t;
	const struct plm_skip *skip;
	const u8 *data;
	u32 len;
	u64 pos;	/* bytes that are behind it */
	u64 state;	/* below 2^32, like pos */
};

/*@ predicate plm_lane_ok(struct plm_lane lane) =
  @	plm_tables_fit(lane.t) && plm_skip_fits(lane.skip) &&
  @	lane.pos <= lane.len && lane.state <= PLM_NO_STATE &&
  @	\object_pointer(lane.data) &&
  @	\valid_read(lane.data + (0 .. lane.len - 1));
  @
  @ predicate plm_lane_fits(struct plm_lane *lane) =
  @	\valid(lane) && plm_lane_ok(*lane);
  @*/

/*
 * Go on, leaving out what the skip allows, as long as states are below num_hot,
 * where nothing is reported: at least one byte if the state is now and a byte is
 * left.
 */
/*@ requires plm_lane_fits(lane);
  @ assigns lane->pos, lane->state;
  @ ensures plm_lane_fits(lane) && lane->pos >= \old(lane->pos);
  @ ensures \old(lane->pos < lane->len && lane->state < lane->t->num_hot) ==>
  @	lane->pos > \old(lane->pos);
  @*/
void plm_run(struct plm_lane *lane);

#endif /* PLM_LANE_H */
