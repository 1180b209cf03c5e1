// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/plimsoll.
 */
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "channel.h"
#include "control.h"
#include "loaded.h"
#include "plm_format.h"
#include "source.h"
#include "stats.h"
#include "stream.h"

/* The same for 32 bit callers: no member ends in padding. */
union argument {
	/* Not the largest, but the one that is not read: `= {}` is of the first. */
	struct plimsoll_info info;
	struct plimsoll_replace replace;
	struct plimsoll_switch switch_;
	struct plimsoll_channel_status channel;
	struct plimsoll_rule_status rule;
	struct plimsoll_stream stream;
};

static_assert(sizeof(struct plimsoll_info) == 104);
static_assert(sizeof(struct plimsoll_replace) == 32);
static_assert(sizeof(struct plimsoll_switch) == 24);
static_assert(sizeof(struct plimsoll_channel_status) == 72);
static_assert(sizeof(struct plimsoll_rule_status) == 120);
static_assert(sizeof(struct plimsoll_stream) == 8);
static_assert(sizeof(struct plimsoll_record) == 40);
static_assert(sizeof(struct plimsoll_match) == 16);
static_assert(sizeof(struct plimsoll_value) == 16);

/* Its argument is not read, and run() begins with zeros. */
static long do_info(struct plm_reader *reader, union argument *arg)
{
	struct plimsoll_info *info = &arg->info;

	info->abi = PLIMSOLL_ABI;
	info->format_version = PLM_FORMAT_VERSION;
	info->num_channels = plm_channels_list(info->channels);
	info->flags = plm_channels_off() ? PLIMSOLL_INFO_OFF : 0;
	info->num_events = atomic64_read(&plm_stats.num_events);
	info->num_lost = atomic64_read(&plm_stats.num_lost);
	info->num_failed = atomic64_read(&plm_stats.num_failed) +
			   plm_sources_missed();
	return 0;
}

/* The one copy that is then checked and used. */
static long take_data(struct plimsoll_replace *arg, struct plm_refusal *refusal)
{
	bool rollback = arg->flags & PLIMSOLL_REPLACE_ROLLBACK;
	u8 *data;

	if (arg->data_len > PLM_MAX_FILE_LEN)
		return plm_channel_refuse(arg->channel, PLM_TOO_LARGE, refusal);
	data = kvmalloc(arg->data_len, PLM_CONTENT_GFP);
	if (!data)
		return plm_channel_refuse(arg->channel, PLM_NO_MEMORY, refusal);
	if (copy_from_user(data, u64_to_user_ptr(arg->data), arg->data_len)) {
		kvfree(data);
		return -EFAULT;
	}
	return plm_channel_replace(arg->channel, data, arg->data_len, rollback,
				   refusal);
}

static long do_replace(struct plm_reader *reader, union argument *arg)
{
	struct plimsoll_replace *replace = &arg->replace;
	struct plm_refusal refusal = PLM_NOT_REFUSED;
	long ret;

	if (replace->flags & ~PLIMSOLL_REPLACE_ROLLBACK)
		return -EINVAL;
	if (replace->data_len)
		ret = take_data(replace, &refusal);
	else
		ret = plm_channel_clear(replace->channel);
	replace->err = refusal.err;
	replace->fault_off = refusal.fault.off;
	replace->fault_rule = refusal.fault.rule;
	return ret;
}

static long do_switch(struct plm_reader *reader, union argument *arg)
{
	const struct plimsoll_switch *switch_ = &arg->switch_;

	if (switch_->enable > 1 || switch_->reserved)
		return -EINVAL;
	if (switch_->rule == PLIMSOLL_WHOLE_CHANNEL &&
	    switch_->content_version)
		return -EINVAL;
	return plm_channel_switch(switch_);
}

static long do_channel(struct plm_reader *reader, union argument *arg)
{
	if (arg->channel.reserved[0] || arg->channel.reserved[1])
		return -EINVAL;
	return plm_channel_status(&arg->channel);
}

static long do_rule(struct plm_reader *reader, union argument *arg)
{
	return plm_channel_rule_status(&arg->rule);
}

static long do_stream(struct plm_reader *reader, union argument *arg)
{
	const struct plimsoll_stream *stream = &arg->stream;

	if (stream->flags & ~PLIMSOLL_STREAM_ALL || stream->reserved)
		return -EINVAL;
	plm_stream_set_all(reader, stream->flags & PLIMSOLL_STREAM_ALL);
	return 0;
}

static const struct command {
	unsigned int number;
	long (*run)(struct plm_reader *reader, union argument *arg);
} commands[] = {
	{ PLIMSOLL_IOC_INFO, do_info },
	{ PLIMSOLL_IOC_REPLACE, do_replace },
	{ PLIMSOLL_IOC_SWITCH, do_switch },
	{ PLIMSOLL_IOC_CHANNEL, do_channel },
	{ PLIMSOLL_IOC_RULE, do_rule },
	{ PLIMSOLL_IOC_STREAM, do_stream },
};

/* The outputs are given on failure as well: they say why. */
static long run(const struct command *command, struct plm_reader *reader,
		void __user *user)
{
	union argument arg = {};
	size_t len = _IOC_SIZE(command->number);
	long ret;

	if (_IOC_DIR(command->number) & _IOC_WRITE &&
	    copy_from_user(&arg, user, len))
		return -EFAULT;
	ret = command->run(reader, &arg);
	if (_IOC_DIR(command->number) & _IOC_READ &&
	    copy_to_user(user, &arg, len))
		return -EFAULT;
	return ret;
}

static long control_ioctl(struct file *file, unsigned int number,
			  unsigned long user)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].number == number)
			return run(&commands[i], file->private_data,
				   (void __user *)user);
	}
	return -ENOTTY;
}

static int control_open(struct inode *inode, struct file *file)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	file->private_data = plm_stream_open();
	if (!file->private_data)
		return -ENOMEM;
	return stream_open(inode, file);
}

static int control_release(struct inode *inode, struct file *file)
{
	plm_stream_close(file->private_data);
	return 0;
}

static ssize_t control_read(struct file *file, char __user *buf, size_t count,
			    loff_t *pos)
{
	return plm_stream_read(file->private_data, buf, count,
			       file->f_flags & O_NONBLOCK);
}

static __poll_t control_poll(struct file *file, poll_table *wait)
{
	return plm_stream_poll(file->private_data, file, wait);
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = control_open,
	.release = control_release,
	.read = control_read,
	.poll = control_poll,
	.unlocked_ioctl = control_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice control_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "plimsoll",
	.fops = &control_fops,
	.mode = 0600,
};

int plm_control_start(void)
{
	return misc_register(&control_device);
}

void plm_control_stop(void)
{
	misc_deregister(&control_device);
}
