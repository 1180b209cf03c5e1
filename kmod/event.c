// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an event.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "channel.h"
#include "event.h"
#include "stats.h"
#include "stream.h"

static unsigned int budget = 1u << 20;
module_param(budget, uint, 0644);
MODULE_PARM_DESC(budget, "Steps that triggers and conditions of a channel may take for one event");

struct plm_stats plm_stats;

/* Where a CPU works on an event; too large for the stack. */
struct desk {
	bool busy;
	struct plm_verdict verdict;
};

static struct desk __percpu *desks;

int plm_event_start(void)
{
	desks = alloc_percpu(struct desk);
	return desks ? 0 : -ENOMEM;
}

void plm_event_stop(void)
{
	free_percpu(desks);
}

/*
 * The signal is delivered before current returns to user mode, so that not one
 * instruction of the new program runs.  Without PID 1 the kernel panics.
 */
static void kill_current(struct plm_verdict *verdict)
{
	const struct plimsoll_match *killer = &verdict->killer;

	if (is_global_init(current)) {
		verdict->flags |= PLIMSOLL_RECORD_SPARED;
		pr_warn_ratelimited("channel %u version %llu: rule %u would kill PID 1, which is spared\n",
				    killer->channel, killer->content_version,
				    killer->rule);
		return;
	}
	verdict->flags |= PLIMSOLL_RECORD_KILLED;
	send_sig(SIGKILL, current, 1);
	pr_notice_ratelimited("channel %u version %llu: rule %u kills process %d\n",
			      killer->channel, killer->content_version,
			      killer->rule, task_tgid_nr(current));
}

void plm_event_raise(const struct plm_event *event, u16 flags)
{
	struct desk *desk = this_cpu_ptr(desks);
	struct plm_verdict *verdict = &desk->verdict;

	if (WARN_ON_ONCE(desk->busy)) {
		atomic64_inc(&plm_stats.num_failed);
		return;
	}
	desk->busy = true;
	barrier();
	atomic64_inc(&plm_stats.num_events);
	verdict->budget = READ_ONCE(budget);
	verdict->num_matches = 0;
	verdict->flags = flags;
	verdict->kill = false;
	plm_channels_evaluate(event, verdict);
	if (verdict->kill)
		kill_current(verdict);
	plm_stream_push(event, verdict);
	barrier();
	desk->busy = false;
}
