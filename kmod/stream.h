/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream: one ring of records, many readers, each with its own position.
 */
#ifndef PLM_STREAM_H
#define PLM_STREAM_H

#include <linux/poll.h>

#include "event.h"

struct plm_reader;

int plm_stream_start(void);
void plm_stream_stop(void);	/* no reader and no event is left */

/* Put a record of @event into the ring, for those who read.  Does not sleep. */
void plm_stream_push(const struct plm_event *event,
		     const struct plm_verdict *verdict);

/* A reader at the newest record, or NULL without memory. */
struct plm_reader *plm_stream_open(void);
void plm_stream_close(struct plm_reader *reader);

/* Whether @reader also gets events without a match. */
void plm_stream_set_all(struct plm_reader *reader, bool all);

/* read() and poll() as plimsoll_uapi.h has them. */
ssize_t plm_stream_read(struct plm_reader *reader, char __user *buf,
			size_t count, bool nonblock);
__poll_t plm_stream_poll(struct plm_reader *reader, struct file *file,
			 poll_table *wait);

#endif /* PLM_STREAM_H */
