// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For a guest of the sanitizer kernel that is to try as many inputs as it can: what
 * costs most there, and is of no use before something has been found, is turned
 * off.  Lockdep's account of locks is one; once off it cannot be taken up again.
 * The other is where each piece of memory was asked for and given back, which KASAN
 * finds out by walking the stack: its checks stay, and what they find.
 *
 * Lockdep that is off is still called for every lock and whenever interrupts go off or
 * on, and looks at much before it looks at that.  So its functions return at once:
 * their first byte becomes a return.  Being one byte, nobody can stand between the old
 * and the new, and who is inside leaves by the old end.
 */
#include <linux/debug_locks.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
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

/* Of no value, and of no use without lockdep. */
static const char *const idle[] = {
	"lock_acquire", "lock_release", "lockdep_hardirqs_on_prepare",
	"lockdep_hardirqs_on", "lockdep_hardirqs_off", "trace_hardirqs_on",
	"trace_hardirqs_on_prepare", "trace_hardirqs_off",
	"trace_hardirqs_off_finish",
};

/* What names a kernel's functions is not for modules; probes know it. */
static int find_lookup(unsigned long (**out)(const char *name))
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int err = register_kprobe(&probe);

	if (err)
		return err;
	*out = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static void *(*poke)(void *addr, const void *opcode, size_t len);
static void *places[ARRAY_SIZE(idle)];

static int find_all(void)
{
	unsigned long (*lookup)(const char *name);
	int err = find_lookup(&lookup);

	if (err)
		return err;
	/* As a debugger does it: without the lock, which lockdep is to watch. */
	poke = (void *)lookup("text_poke_kgdb");
	for (size_t i = 0; i < ARRAY_SIZE(idle); i++) {
		places[i] = (void *)lookup(idle[i]);
		if (!places[i])
			return -ENOENT;
	}
	return poke ? 0 : -ENOENT;
}

static void idle_all(void)
{
	static const u8 ret = 0xc3;

	for (size_t i = 0; i < ARRAY_SIZE(idle); i++)
		poke(places[i], &ret, sizeof(ret));
}

static int __init haste_init(void)
{
	int err = find_all();

	if (err)
		return err;
	err = ftrace_set_filter_ip(&diversion, (unsigned long)stack_trace_save,
				   0, 1);
	if (err)
		return err;
	err = register_ftrace_function(&diversion);
	if (err)
		return err;
	WRITE_ONCE(debug_locks, 0);
	idle_all();
	return 0;
}
module_init(haste_init);

/* Without an exit: it stays for as long as the guest lives. */
MODULE_DESCRIPTION("Spares a sanitizer kernel what finds nothing");
MODULE_LICENSE("GPL");
