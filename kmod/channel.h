/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Channels: each holds at most one content at a time.
 */
#ifndef PLM_CHANNEL_H
#define PLM_CHANNEL_H

#include "event.h"
#include "plm_error.h"

/* Why content was refused. */
struct plm_refusal {
	enum plm_err err;
	bool stale;		/* older than the running content */
	struct plm_fault fault;
};

/* What a struct plm_refusal is before it is handed to a function below. */
#define PLM_NOT_REFUSED ((struct plm_refusal){ .fault.rule = PLM_NO_RULE })

/* Set up the channels of the module's parameters, without content. */
int plm_channels_start(void);

/*
 * Unless the module starts with content off, load each channel's file.  One
 * that is absent or refused is no failure.
 */
void plm_channels_load(void);
void plm_channels_stop(void);	/* no event is under way any more */

bool plm_channels_off(void);	/* started with content off */

/* *@out_numbers: PLIMSOLL_MAX_CHANNELS entries.  Returns how many are used. */
u32 plm_channels_list(u32 *out_numbers);

/*
 * Check @data, @data_len bytes from kvmalloc that become the channel's, and
 * switch to it; on return nobody uses what ran before.  0, or -ENOENT: no such
 * channel; -EBADMSG, -ESTALE, -ENOMEM: refused, as *@out says; otherwise it is
 * PLM_NOT_REFUSED still.
 */
int plm_channel_replace(u32 number, u8 *data, u32 data_len, bool rollback,
			struct plm_refusal *out);

/* Take the content out; -ENOENT if there is no such channel. */
int plm_channel_clear(u32 number);

/* Count and log a file that was refused before it was read; the same values. */
int plm_channel_refuse(u32 number, enum plm_err err, struct plm_refusal *out);

/* The ioctls of the same name; 0 or -ENOENT. */
int plm_channel_switch(const struct plimsoll_switch *arg);
int plm_channel_status(struct plimsoll_channel_status *arg);
int plm_channel_rule_status(struct plimsoll_rule_status *arg);

/* Evaluate @event against the content of every channel. */
void plm_channels_evaluate(const struct plm_event *event,
			   struct plm_verdict *verdict);

#endif /* PLM_CHANNEL_H */
