// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source of process_creation: every successful execve.
 *
 * The tracepoint runs in the process that executes, after it has become the new
 * program and before that has run an instruction.  Its memory is new and its
 * threads are gone, so the arguments are as execve was given them.
 *
 * Preemption is disabled: nothing here may sleep.  Our own locks are raw.  On
 * PREEMPT_RT what others lock can sleep where it is contended: the allocator
 * (lineage), rename_lock and mount_lock (d_path), the signal lock (kill).
 */
#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/user_namespace.h>
#include <trace/events/sched.h>

#include "command_line.h"
#include "event.h"
#include "frame.h"
#include "lineage.h"
#include "path.h"
#include "probe.h"
#include "source.h"
#include "stats.h"
#include "supply.h"
#include "value.h"

/* X(type, name, fill): what this source supplies. */
#define EXEC_SUPPLY(X)						\
	X(STRING, Image, fill_image)				\
	X(STRING, CommandLine, fill_command_line)		\
	X(STRING, ParentImage, fill_parent_image)		\
	X(STRING, ParentCommandLine, fill_parent_command_line)	\
	X(STRING, CurrentDirectory, fill_current_directory)	\
	X(STRING, User, fill_user)				\
	X(STRING, ParentUser, fill_parent_user)			\
	X(NUMBER, LogonId, fill_logon_id)			\
	X(NUMBER, ProcessId, fill_process_id)			\
	X(NUMBER, ParentProcessId, fill_parent_process_id)

PLM_SUPPLY(exec_supply, PLM_PROCESS_CREATION_ID, EXEC_SUPPLY);
PLM_SUPPLY_COMPLETE(PLM_PROCESS_CREATION_INPUTS, EXEC_SUPPLY);

struct frame {
	struct plm_value *values;	/* PLM_NUM_SUPPLIED */
	const struct linux_binprm *bprm;
	const struct task_struct *parent;
	const struct plm_ancestor *ancestor;	/* of the parent, or NULL */
	bool cut;
	bool failed;
	char user[PLM_USER_LEN];
	char parent_user[PLM_USER_LEN];
	char image[PLM_PATH_LEN];
	char current_directory[PLM_PATH_LEN];
	u8 command_line[PLM_COMMAND_LINE_LEN + 1];
};

static struct plm_frames frames;

static void fill_image(struct frame *frame, struct plm_value *value)
{
	if (!plm_path_of_file(frame->bprm->file, frame->image, value))
		frame->cut = true;
}

static void fill_command_line(struct frame *frame, struct plm_value *value)
{
	int ret = plm_command_line_read(frame->command_line, value);

	if (ret)
		frame->cut = true;
	if (ret == -EFAULT)
		frame->failed = true;
}

static void fill_parent_image(struct frame *frame, struct plm_value *value)
{
	if (frame->ancestor)
		*value = frame->ancestor->image;
}

static void fill_parent_command_line(struct frame *frame,
				     struct plm_value *value)
{
	if (frame->ancestor)
		*value = frame->ancestor->command_line;
}

static void fill_current_directory(struct frame *frame,
				   struct plm_value *value)
{
	if (!plm_path_of_pwd(frame->current_directory, value))
		frame->cut = true;
}

static void fill_user(struct frame *frame, struct plm_value *value)
{
	plm_value_user(value, frame->user, current_uid());
}

static void fill_parent_user(struct frame *frame, struct plm_value *value)
{
	plm_value_user(value, frame->parent_user, task_uid(frame->parent));
}

static void fill_logon_id(struct frame *frame, struct plm_value *value)
{
	kuid_t login = audit_get_loginuid(current);

	if (!uid_valid(login))
		login = current_uid();
	plm_value_number(value, from_kuid(&init_user_ns, login));
}

static void fill_process_id(struct frame *frame, struct plm_value *value)
{
	plm_value_number(value, task_tgid_nr(current));
}

static void fill_parent_process_id(struct frame *frame,
				   struct plm_value *value)
{
	plm_value_number(value,
			 task_tgid_nr((struct task_struct *)frame->parent));
}

static void fill(struct frame *frame)
{
	memset(frame->values, 0, PLM_NUM_SUPPLIED * sizeof(*frame->values));
	EXEC_SUPPLY(PLM_SUPPLY_FILL)
}

static void probe_exec(void *data, struct task_struct *task, pid_t old_pid,
		       struct linux_binprm *bprm)
{
	struct frame *frame = plm_frames_get(&frames);
	struct plm_event event = {
		.template_id = PLM_PROCESS_CREATION_ID,
		.num_values = PLM_NUM_SUPPLIED,
		.values = frame->values,
	};
	u16 flags = 0;

	rcu_read_lock();
	frame->bprm = bprm;
	frame->parent = rcu_dereference(current->real_parent);
	frame->ancestor = plm_lineage_find(frame->parent);
	frame->cut = false;
	frame->failed = false;
	fill(frame);
	if (frame->cut || (frame->ancestor && frame->ancestor->cut))
		flags |= PLIMSOLL_RECORD_CUT;
	plm_event_raise(&event, flags);
	if (!plm_lineage_exec(&frame->values[PLM_SUPPLIED_Image],
			      &frame->values[PLM_SUPPLIED_CommandLine],
			      frame->cut))
		frame->failed = true;
	if (frame->failed)
		atomic64_inc(&plm_stats.num_failed);
	rcu_read_unlock();
}

static struct plm_probe probes[] = {
	{ .name = "sched_process_exec", .func = probe_exec },
};

static void __maybe_unused check_probe_types(void)
{
	check_trace_callback_type_sched_process_exec(probe_exec);
}

static int exec_start(void)
{
	int ret = plm_frames_make(&frames, sizeof(struct frame),
				  PLM_NUM_SUPPLIED);

	if (ret)
		return ret;
	ret = plm_probes_attach(probes, ARRAY_SIZE(probes));
	if (ret)
		plm_frames_free(&frames);
	return ret;
}

static void exec_stop(void)
{
	plm_probes_detach(probes, ARRAY_SIZE(probes));
	plm_frames_free(&frames);
}

const struct plm_source plm_source_exec = {
	.name = "process_creation",
	.supply = &exec_supply,
	.start = exec_start,
	.stop = exec_stop,
};
