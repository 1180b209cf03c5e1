// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes that run already when the module starts.  Their command lines
 * can only be read from their own memory, so what is learnt here is what they
 * care to show; those that exec later are known better.  They are strangers, and
 * none is waited for, but for one that comes to hold its memory's lock between
 * our two looks at it.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "command_line.h"
#include "lineage_seed.h"
#include "path.h"

/* Some fork while we look, unseen parents before seen children; some are busy. */
#define NUM_PASSES 2

struct seed {
	char path[PLM_PATH_LEN];
	u8 args[PLM_COMMAND_LINE_LEN + 1];
};

/*
 * The executable does not go away while we hold the lock for writing.  Nobody
 * may keep us waiting for it.  Returns false if somebody does.
 */
static bool read_image(struct mm_struct *mm, struct seed *seed,
		       struct plm_value *out, bool *out_whole)
{
	struct file *exe;

	if (!down_write_trylock(&mm->mmap_lock))
		return false;
	exe = rcu_dereference_protected(mm->exe_file, true);
	if (exe)
		*out_whole = plm_path_of_file(exe, seed->path, out);
	up_write(&mm->mmap_lock);
	return true;
}

/*
 * Pages that are not in memory are not waited for: behind them may stand a
 * file system that some process serves, or does not.
 */
static bool read_command_line(struct task_struct *task, struct mm_struct *mm,
			      struct seed *seed, struct plm_value *out)
{
	unsigned long start = READ_ONCE(mm->arg_start);
	unsigned long end = READ_ONCE(mm->arg_end);
	unsigned long total = end > start ? end - start : 0;
	int room = plm_command_line_room(total);
	int got;

	got = access_process_vm(task, start, seed->args, room, FOLL_NOFAULT);
	if (got <= 0)
		return true;
	return plm_command_line_make(seed->args, got, total, out) &&
	       got == room;
}

static void seed_task(struct task_struct *task, struct seed *seed)
{
	struct plm_value image = { .kind = PLM_VALUE_ABSENT };
	struct plm_value command_line = { .kind = PLM_VALUE_ABSENT };
	struct mm_struct *mm = get_task_mm(task);
	bool whole = true;

	if (!mm)
		return;
	if (read_image(mm, seed, &image, &whole)) {
		whole &= read_command_line(task, mm, seed, &command_line);
		plm_lineage_seed_one(task, &image, &command_line, !whole);
	}
	/* Ours may be the last: what then ends is not to be waited for either. */
	mmput_async(mm);
}

/* References to up to @max processes. */
static u32 hold_processes(struct task_struct **tasks, u32 max)
{
	struct task_struct *task;
	u32 num = 0;

	rcu_read_lock();
	for_each_process(task) {
		if (num < max && !(task->flags & PF_KTHREAD))
			tasks[num++] = get_task_struct(task);
	}
	rcu_read_unlock();
	return num;
}

static u32 count_processes(void)
{
	struct task_struct *task;
	u32 num = 0;

	rcu_read_lock();
	for_each_process(task)
		num++;
	rcu_read_unlock();
	return num;
}

static int seed_pass(struct seed *seed)
{
	u32 max = count_processes() + 64;
	struct task_struct **tasks = kvcalloc(max, sizeof(*tasks), GFP_KERNEL);
	u32 num, i;

	if (!tasks)
		return -ENOMEM;
	num = hold_processes(tasks, max);
	for (i = 0; i < num; i++) {
		seed_task(tasks[i], seed);
		put_task_struct(tasks[i]);
		cond_resched();
	}
	kvfree(tasks);
	return 0;
}

int plm_lineage_seed(void)
{
	struct seed *seed = kvmalloc(sizeof(*seed), GFP_KERNEL);
	int ret = 0;
	u32 i;

	if (!seed)
		return -ENOMEM;
	for (i = 0; i < NUM_PASSES && !ret; i++)
		ret = seed_pass(seed);
	kvfree(seed);
	return ret;
}
