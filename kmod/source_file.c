// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source of file_event: files that processes make, rename and delete.
 *
 * A file that is opened to be made is known when it is opened.  For the other
 * calls the paths are only known in the middle, where the security hooks of
 * paths are, and whether the change came to pass only at the end of the whole
 * call, so the hooks of both meet in a struct plm_pending.  Where there is no
 * room for one the event is raised in the middle, but for mknod's: then it is of
 * a change that was asked for.  It counts as missed in either case.
 *
 * The folders are locked while their names are read.
 */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "event.h"
#include "frame.h"
#include "hook.h"
#include "lineage.h"
#include "path.h"
#include "pending.h"
#include "source.h"
#include "stats.h"
#include "supply.h"
#include "value.h"

/* X(type, name, fill): what this source supplies. */
#define FILE_SUPPLY(X)					\
	X(STRING, Image, fill_image)			\
	X(STRING, CommandLine, fill_command_line)	\
	X(STRING, User, fill_user)			\
	X(NUMBER, ProcessId, fill_process_id)		\
	X(STRING, EventType, fill_event_type)		\
	X(STRING, TargetFilename, fill_target)		\
	X(STRING, SourceFilename, fill_source)

PLM_SUPPLY(file_supply, PLM_FILE_EVENT_ID, FILE_SUPPLY);
PLM_SUPPLY_COMPLETE(PLM_FILE_EVENT_INPUTS, FILE_SUPPLY);

struct frame {
	struct plm_value *values;	/* PLM_NUM_SUPPLIED */
	const struct plm_ancestor *self;	/* of current, or NULL */
	const char *kind;
	struct plm_value target, source;
	bool cut;
	char user[PLM_USER_LEN];
	char target_path[PLM_PATH_LEN];
	char source_path[PLM_PATH_LEN];
};

static const char create[] = "create", rename[] = "rename", delete[] = "delete";

static struct plm_frames frames;

static void fill_image(struct frame *frame, struct plm_value *value)
{
	if (frame->self)
		*value = frame->self->image;
}

static void fill_command_line(struct frame *frame, struct plm_value *value)
{
	if (frame->self)
		*value = frame->self->command_line;
}

static void fill_user(struct frame *frame, struct plm_value *value)
{
	plm_value_user(value, frame->user, current_uid());
}

static void fill_process_id(struct frame *frame, struct plm_value *value)
{
	plm_value_number(value, task_tgid_nr(current));
}

static void fill_event_type(struct frame *frame, struct plm_value *value)
{
	plm_value_text(value, frame->kind, strlen(frame->kind));
}

static void fill_target(struct frame *frame, struct plm_value *value)
{
	*value = frame->target;
}

static void fill_source(struct frame *frame, struct plm_value *value)
{
	*value = frame->source;
}

static void fill(struct frame *frame)
{
	memset(frame->values, 0, PLM_NUM_SUPPLIED * sizeof(*frame->values));
	FILE_SUPPLY(PLM_SUPPLY_FILL)
}

static struct frame *begin(const char *kind)
{
	struct frame *frame = plm_frames_get(&frames);

	frame->kind = kind;
	frame->cut = false;
	memset(&frame->target, 0, sizeof(frame->target));
	memset(&frame->source, 0, sizeof(frame->source));
	return frame;
}

/* What the kernel's own threads do is no process's doing. */
static bool is_process(void)
{
	return !(current->flags & PF_KTHREAD);
}

static void raise(struct frame *frame)
{
	struct plm_event event = {
		.template_id = PLM_FILE_EVENT_ID,
		.num_values = PLM_NUM_SUPPLIED,
		.values = frame->values,
	};
	u16 flags = 0;

	rcu_read_lock();
	frame->self = plm_lineage_find(current);
	fill(frame);
	if (frame->cut || (frame->self && frame->self->cut))
		flags |= PLIMSOLL_RECORD_CUT;
	plm_event_raise(&event, flags);
	rcu_read_unlock();
}

static bool enter_file_open(struct pt_regs *regs, void *data)
{
	const struct file *file = (void *)regs_get_kernel_argument(regs, 0);
	struct frame *frame;

	if (!(file->f_mode & FMODE_CREATED) || !is_process())
		return false;
	frame = begin(create);
	frame->cut = !plm_path_of_file(file, frame->target_path,
				       &frame->target);
	raise(frame);
	return false;
}

/* Two files that change places are renamed, each of them. */
static void raise_change(struct frame *frame, bool both)
{
	raise(frame);
	if (!both)
		return;
	swap(frame->target, frame->source);
	raise(frame);
}

/* In the middle: note what is known, or raise it without the end. */
static void note(struct frame *frame, struct plm_pending *pending, bool both)
{
	if (pending) {
		pending->both = both;
		if (plm_pending_note(pending, &frame->target, &frame->source,
				     frame->cut))
			return;
	}
	atomic64_inc(&plm_stats.num_failed);
	raise_change(frame, both);
}

static void note_child(const char *kind, struct plm_pending *pending,
		       const struct path *folder, const struct dentry *name)
{
	struct frame *frame = begin(kind);

	frame->cut = !plm_path_of_child(folder, name, frame->target_path,
					&frame->target);
	note(frame, pending, false);
}

static bool enter_path_unlink(struct pt_regs *regs, void *data)
{
	if (is_process())
		note_child(delete, plm_pending_find(),
			   (void *)regs_get_kernel_argument(regs, 0),
			   (void *)regs_get_kernel_argument(regs, 1));
	return false;
}

static bool enter_path_symlink(struct pt_regs *regs, void *data)
{
	if (is_process())
		note_child(create, plm_pending_find(),
			   (void *)regs_get_kernel_argument(regs, 0),
			   (void *)regs_get_kernel_argument(regs, 1));
	return false;
}

static bool enter_path_link(struct pt_regs *regs, void *data)
{
	if (is_process())
		note_child(create, plm_pending_find(),
			   (void *)regs_get_kernel_argument(regs, 1),
			   (void *)regs_get_kernel_argument(regs, 2));
	return false;
}

/*
 * Also asked for each file that is opened and might have to be made, and for
 * sockets: only within mknod() does it say that one will be.
 */
static bool enter_path_mknod(struct pt_regs *regs, void *data)
{
	struct plm_pending *pending = plm_pending_find();

	if (pending)
		note_child(create, pending,
			   (void *)regs_get_kernel_argument(regs, 0),
			   (void *)regs_get_kernel_argument(regs, 1));
	return false;
}

/* Two names of one file stay as they are, and the call succeeds. */
static bool enter_path_rename(struct pt_regs *regs, void *data)
{
	const struct dentry *from = (void *)regs_get_kernel_argument(regs, 1);
	const struct dentry *to = (void *)regs_get_kernel_argument(regs, 3);
	unsigned int how = regs_get_kernel_argument(regs, 4);
	struct frame *frame;

	if (!is_process() || d_inode(from) == d_inode(to))
		return false;
	frame = begin(rename);
	frame->cut = !plm_path_of_child((void *)regs_get_kernel_argument(regs, 0),
					from, frame->source_path,
					&frame->source);
	if (!plm_path_of_child((void *)regs_get_kernel_argument(regs, 2), to,
			       frame->target_path, &frame->target))
		frame->cut = true;
	note(frame, plm_pending_find(), how & RENAME_EXCHANGE);
	return false;
}

/* The beginning of a whole call. */
static bool claim(const char *kind, void *data)
{
	struct plm_pending *pending = NULL;

	if (is_process())
		pending = plm_pending_claim(kind);
	*(struct plm_pending **)data = pending;
	return pending;
}

static bool enter_create(struct pt_regs *regs, void *data)
{
	return claim(create, data);
}

/* Without room nothing in the middle tells of it, unlike of all others. */
static bool enter_mknod(struct pt_regs *regs, void *data)
{
	bool claimed = claim(create, data);

	if (!claimed && is_process())
		atomic64_inc(&plm_stats.num_failed);
	return claimed;
}

static bool enter_rename(struct pt_regs *regs, void *data)
{
	return claim(rename, data);
}

static bool enter_delete(struct pt_regs *regs, void *data)
{
	return claim(delete, data);
}

static void raise_pending(const struct plm_pending *pending)
{
	const char *text = (const char *)pending->text;
	struct frame *frame = begin(pending->kind);

	frame->cut = pending->cut;
	plm_value_text(&frame->target, text, pending->target_len);
	if (pending->source_len)
		plm_value_text(&frame->source, text + pending->target_len,
			       pending->source_len);
	raise_change(frame, pending->both);
}

static void leave_call(unsigned long ret, void *data)
{
	struct plm_pending *pending = *(struct plm_pending **)data;

	if (!(int)ret && pending->text)
		raise_pending(pending);
	plm_pending_release(pending);
}

/* The whole calls come first, so that every middle has its whole. */
static struct plm_hook hooks[] = {
	{ .function = "do_unlinkat", .enter = enter_delete,
	  .leave = leave_call },
	{ .function = "do_renameat2", .enter = enter_rename,
	  .leave = leave_call },
	{ .function = "do_linkat", .enter = enter_create, .leave = leave_call },
	{ .function = "do_symlinkat", .enter = enter_create,
	  .leave = leave_call },
	{ .function = "do_mknodat", .enter = enter_mknod, .leave = leave_call },
	{ .function = "security_file_open", .enter = enter_file_open },
	{ .function = "security_path_unlink", .enter = enter_path_unlink },
	{ .function = "security_path_rename", .enter = enter_path_rename },
	{ .function = "security_path_link", .enter = enter_path_link },
	{ .function = "security_path_symlink", .enter = enter_path_symlink },
	{ .function = "security_path_mknod", .enter = enter_path_mknod },
};

static int file_start(void)
{
	return plm_frames_make(&frames, sizeof(struct frame), PLM_NUM_SUPPLIED);
}

static void file_stop(void)
{
	plm_hooks_unregister(hooks, ARRAY_SIZE(hooks));
	plm_pending_stop();
	plm_frames_free(&frames);
}

static int file_enable(bool enable)
{
	return plm_hooks_enable(hooks, ARRAY_SIZE(hooks), enable);
}

static u64 file_missed(void)
{
	return plm_hooks_missed(hooks, ARRAY_SIZE(hooks));
}

const struct plm_source plm_source_file = {
	.name = "file_event",
	.supply = &file_supply,
	.start = file_start,
	.stop = file_stop,
	.enable = file_enable,
	.missed = file_missed,
};
