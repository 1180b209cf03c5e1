/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the module is built for, 6.1 and 6.12,
 * and between their configurations.  No other file asks for a version.
 */
#ifndef PLM_COMPAT_H
#define PLM_COMPAT_H

#include <linux/fs_struct.h>
#include <linux/kconfig.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

/*
 * Keep @fs->pwd alive and unchanged while its path is read, in a context that
 * may not sleep.  Where spinlock_t sleeps (PREEMPT_RT) it cannot be taken
 * there, and RCU alone keeps the dentry and the mount in memory: a sharer of
 * @fs that changes directory at that moment may make the text stale, or that
 * of a path that is "(unreachable)", never a read of freed memory.
 */
static inline void plm_hold_pwd(struct fs_struct *fs)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_lock();
	else
		spin_lock(&fs->lock);
}

static inline void plm_release_pwd(struct fs_struct *fs)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_unlock();
	else
		spin_unlock(&fs->lock);
}

#endif /* PLM_COMPAT_H */
