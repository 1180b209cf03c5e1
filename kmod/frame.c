// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "frame.h"

/*
 * The values stand at the very end of their pages, with the unmapped page of
 * vmalloc behind them: an evaluator that reads more of them than there are
 * does not read on unnoticed.
 */
static struct plm_frame *make_frame(size_t frame_len, u32 num_values)
{
	size_t values_len = num_values * sizeof(struct plm_value);
	size_t len = PAGE_ALIGN(frame_len + values_len);
	struct plm_frame *frame = vzalloc(len);

	if (frame)
		frame->values = (void *)frame + len - values_len;
	return frame;
}

void plm_frames_free(struct plm_frames *frames)
{
	unsigned int cpu;

	if (!frames->frames)
		return;
	for_each_possible_cpu(cpu)
		vfree(*per_cpu_ptr(frames->frames, cpu));
	free_percpu(frames->frames);
	frames->frames = NULL;
}

int plm_frames_make(struct plm_frames *frames, size_t frame_len,
		    u32 num_values)
{
	struct plm_frame *frame;
	unsigned int cpu;

	frames->frames = alloc_percpu(struct plm_frame *);
	if (!frames->frames)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		frame = make_frame(frame_len, num_values);
		if (!frame) {
			plm_frames_free(frames);
			return -ENOMEM;
		}
		*per_cpu_ptr(frames->frames, cpu) = frame;
	}
	return 0;
}
