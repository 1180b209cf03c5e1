/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames: where a source puts one event together.  Each CPU has one, because
 * an event is too large for the stack and is made where nothing may sleep.
 */
#ifndef PLM_FRAME_H
#define PLM_FRAME_H

#include <linux/percpu.h>

#include "plm_eval.h"

/* How each source's own frame begins. */
struct plm_frame {
	struct plm_value *values;
};

struct plm_frames {
	struct plm_frame * __percpu *frames;
};

/*
 * Frames of @frame_len bytes, zeroed, each with @num_values values; 0 or
 * -ENOMEM, nothing left behind.
 */
int plm_frames_make(struct plm_frames *frames, size_t frame_len,
		    u32 num_values);
void plm_frames_free(struct plm_frames *frames);	/* none is in use */

/* The frame of this CPU, with preemption disabled. */
static inline void *plm_frames_get(const struct plm_frames *frames)
{
	return *this_cpu_ptr(frames->frames);
}

#endif /* PLM_FRAME_H */
