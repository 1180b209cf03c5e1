/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An event as its source supplies it: a value, or none, for each input. */
#ifndef PLM_CORE_EVENT_H
#define PLM_CORE_EVENT_H

#include "plm_env.h"

enum plm_value_kind {
	PLM_VALUE_ABSENT = 0,	/* supplied, but this event has none */
	PLM_VALUE_STRING,
	PLM_VALUE_NUMBER,
};

struct plm_value {
	u32 kind;		/* enum plm_value_kind */
	u32 len;		/* bytes of data */
	const u8 *data;
	u64 number;
};

struct plm_event {
	u32 template_id;
	u32 num_values;		/* what the source supplied */
	const struct plm_value *values;	/* by input index */
};

/*@ predicate plm_value_ok(struct plm_value value) =
  @	value.kind == PLM_VALUE_STRING ==>
  @		\object_pointer(value.data) &&
  @		\valid_read(value.data + (0 .. value.len - 1));
  @
  @ predicate plm_event_fits(struct plm_event *event) =
  @	\valid_read(event) &&
  @	\valid_read(event->values + (0 .. event->num_values - 1)) &&
  @	\forall integer i; 0 <= i < event->num_values ==>
  @		plm_value_ok(event->values[i]);
  @*/

#endif /* PLM_CORE_EVENT_H */
