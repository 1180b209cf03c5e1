/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks on functions of the kernel that have no tracepoint where one would be
 * needed: kprobes, which on a function's entry are calls of ftrace's.
 *
 * What a hook calls runs in the task that called the function, with preemption
 * disabled, and may not sleep.
 */
#ifndef PLM_HOOK_H
#define PLM_HOOK_H

#include <linux/kprobes.h>

/*
 * @enter is called with the function's arguments in @regs.  Where there is a
 * @leave, @enter says whether it wants it, and @data, PLM_HOOK_DATA_LEN bytes,
 * is both's; @leave gets what the function returned.  At most PLM_HOOK_DEPTH
 * calls are followed to their end at a time; of others only the entry is seen,
 * by nobody, and they are counted as missed.
 */
struct plm_hook {
	const char *function;
	bool (*enter)(struct pt_regs *regs, void *data);
	void (*leave)(unsigned long ret, void *data);
	struct kretprobe probe;		/* without a leave only its kprobe */
	bool registered;
};

#define PLM_HOOK_DATA_LEN	sizeof(void *)
#define PLM_HOOK_DEPTH		256

/*
 * Begin to call them, the first one first, or end it, the last one first.  The
 * functions are looked for at the first time: who wants no such events does not
 * pay for that, nor is kept from the rest by a kernel that lacks one of them.
 * 0, or a negative errno and none is called.
 */
int plm_hooks_enable(struct plm_hook *hooks, u32 num, bool enable);

/* On return no function of a hook runs any more, nor will. */
void plm_hooks_unregister(struct plm_hook *hooks, u32 num);

/* Calls that were missed, of all that were called for. */
u64 plm_hooks_missed(const struct plm_hook *hooks, u32 num);

#endif /* PLM_HOOK_H */
