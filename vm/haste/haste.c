// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For a guest of the sanitizer kernel that is to try as many inputs as it can: what
 * costs most there, and is of no use before something has been found, is turned
 * off.  Lockdep's account of locks is one; once off it cannot be taken up again.
 * The other is where each piece of memory was asked for and given back, which KASAN
 * finds out by walking the stack: its checks stay, and what they find.
 */
#include <linux/debug_locks.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/stacktrace.h>

static unsigned int notrace no_trace(unsigned long *store, unsigned int size,
				     unsigned int skip)
{
	return 0;
}

/* Who calls stack_trace_save() gets to no_trace() in its place. */
static void notrace divert(unsigned long ip, unsigned long parent_ip,
			   struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	ftrace_regs_set_instruction_pointer(regs, (unsigned long)no_trace);
}

static struct ftrace_ops diversion = {
	.func = divert,
	.flags = FTRACE_OPS_FL_IPMODIFY,
};

static int __init haste_init(void)
{
	int err;

	err = ftrace_set_filter_ip(&diversion, (unsigned long)stack_trace_save,
				   0, 1);
	if (err)
		return err;
	err = register_ftrace_function(&diversion);
	if (err)
		return err;
	WRITE_ONCE(debug_locks, 0);
	return 0;
}
module_init(haste_init);

/* Without an exit: it stays for as long as the guest lives. */
MODULE_DESCRIPTION("Spares a sanitizer kernel what finds nothing");
MODULE_LICENSE("GPL");
