// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of the kernel's reports, 6.1 to current mainline and some older
 * layouts.  The first match counts, so the special stands before the general.
 */
#include "vm/console_patterns.h"

#include <string.h>

#include "base/mem.h"
#include "vm/console_glob.h"

#define SINGLE PATTERN_SINGLE
#define NO_FUNC PATTERN_NO_FUNC
#define DEATH PATTERN_DEATH
#define DIES PATTERN_DIES
#define FOLLOWS PATTERN_FOLLOWS
#define PRELUDE (PATTERN_PRELUDE | PATTERN_DIES)
#define MORE PATTERN_MORE
#define ALWAYS PATTERN_ALWAYS
#define TRACE PATTERN_TRACE
#define PLACE PATTERN_PLACE
#define LOCK (PATTERN_LOCK | PATTERN_TRACE)
#define SHARED PATTERN_SHARED
#define WORK PATTERN_WORK
#define TAIL PATTERN_TAIL
#define BARE PATTERN_BARE
#define DEEP (PATTERN_DEEP | PATTERN_DIES)

static const struct console_pattern patterns[] = {
	/* The end of everything. */
	{ "Kernel panic - not syncing: *panic_on_warn set*", "PANIC",
	  "Kernel panic - not syncing: $1panic_on_warn set",
	  NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: softlockup: hung tasks*", "PANIC",
	  "Kernel panic - not syncing: softlockup: hung tasks",
	  NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: hung_task: blocked tasks*", "PANIC",
	  "Kernel panic - not syncing: hung_task: blocked tasks",
	  NO_FUNC | SHARED | TAIL },
	/* The trace of 64-bit ARM's and RISC-V's report follows it. */
	{ "Kernel panic - not syncing: *ernel stack overflow*", "PANIC",
	  "Kernel panic - not syncing: kernel stack overflow",
	  NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: kasan.fault=panic set*", "PANIC",
	  "Kernel panic - not syncing: kasan.fault=panic set",
	  NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: RCU Stall*", "PANIC",
	  "Kernel panic - not syncing: RCU Stall", NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: scheduling while atomic*", "PANIC",
	  "Kernel panic - not syncing: scheduling while atomic",
	  NO_FUNC | SHARED | TAIL },
	{ "Kernel panic - not syncing: *", "PANIC",
	  "Kernel panic - not syncing: $1", NO_FUNC | ALWAYS | SHARED },
	{ "Kernel panic*", "PANIC", "Kernel panic", NO_FUNC | ALWAYS | SHARED },
	{ "PANIC: early exception*", "PANIC", "early exception", ALWAYS },
	{ "---[ end Kernel panic*", "PANIC",
	  "Kernel panic whose start is missing", NO_FUNC | MORE | SHARED },

	/* Sanitizers. */
	{ "BUG: KASAN: * in *", "KASAN", "KASAN: $1", 0 },
	{ "BUG: KASAN: *", "KASAN", "KASAN: $1", 0 },
	{ "BUG: KFENCE: * in *", "KFENCE", "KFENCE: $1", 0 },
	{ "BUG: KFENCE: *", "KFENCE", "KFENCE: $1", 0 },
	{ "BUG: KMSAN: * in *", "KMSAN", "KMSAN: $1", BARE },
	{ "BUG: KMSAN: *", "KMSAN", "KMSAN: $1", BARE },
	{ "BUG: KCSAN: *", "KCSAN", "KCSAN: $1", NO_FUNC },
	{ "UBSAN: Undefined behaviour in *", "UBSAN",
	  "UBSAN: undefined behaviour", PLACE },
	{ "UBSAN: * in *", "UBSAN", "UBSAN: $1", 0 },
	{ "UBSAN: *", "UBSAN", "UBSAN: $1", 0 },
	{ "kmemleak: * new suspicious memory leaks*", "KMEMLEAK",
	  "kmemleak: memory leak", SINGLE | NO_FUNC },
	{ "kmemleak: unreferenced object 0x*", "KMEMLEAK",
	  "kmemleak: memory leak", 0 },
	{ "unreferenced object 0x*", "KMEMLEAK", "kmemleak: memory leak", MORE },
	{ "BUG: memory leak*", "KMEMLEAK", "kmemleak: memory leak", 0 },

	/* Lockdep. */
	{ "WARNING: possible circular locking dependency detected*", "LOCKDEP",
	  "possible circular locking dependency", LOCK },
	{ "WARNING: possible recursive locking detected*", "LOCKDEP",
	  "possible recursive locking", LOCK },
	{ "WARNING: possible irq lock inversion dependency detected*", "LOCKDEP",
	  "possible irq lock inversion dependency", LOCK },
	{ "WARNING: inconsistent lock state*", "LOCKDEP",
	  "inconsistent lock state", LOCK },
	{ "WARNING: *-safe -> *-unsafe lock order detected*", "LOCKDEP",
	  "$1-safe -> $2-unsafe lock order", LOCK },
	{ "WARNING: suspicious RCU usage*", "LOCKDEP", "suspicious RCU usage",
	  TRACE },
	{ "WARNING: bad unlock balance detected*", "LOCKDEP",
	  "bad unlock balance", LOCK },
	{ "WARNING: bad contention detected*", "LOCKDEP", "bad contention",
	  TRACE },
	{ "WARNING: held lock freed*", "LOCKDEP", "held lock freed", LOCK },
	{ "WARNING: Nested lock was not taken*", "LOCKDEP",
	  "nested lock was not taken", LOCK },
	{ "WARNING: lock held when returning to user space*", "LOCKDEP",
	  "lock held when returning to user space", LOCK },
	{ "WARNING: lock held at task exit time*", "LOCKDEP",
	  "lock held at task exit", LOCK },
	{ "WARNING: * still has locks held*", "LOCKDEP", "locks still held",
	  LOCK },
	{ "WARNING: Invalid wait context*", "LOCKDEP", "invalid wait context",
	  LOCK },
	{ "WARNING: possible *", "LOCKDEP", "possible $1", LOCK },
	{ "BUG: * still has locks held*", "LOCKDEP", "locks still held", LOCK },
	{ "BUG: Invalid wait context*", "LOCKDEP", "invalid wait context", LOCK },
	{ "[ BUG: * ]", "LOCKDEP", "$1", LOCK },
	{ "[BUG: * ]", "LOCKDEP", "$1", LOCK },
	{ "[ INFO: * ]", "LOCKDEP", "$1", LOCK },
	{ "INFO: possible * detected*", "LOCKDEP", "possible $1", LOCK },
	{ "INFO: inconsistent lock state*", "LOCKDEP",
	  "inconsistent lock state", LOCK },
	{ "INFO: suspicious RCU usage*", "LOCKDEP", "suspicious RCU usage",
	  TRACE },
	{ "INFO: trying to register non-static key*", "LOCKDEP",
	  "trying to register non-static key", TRACE },
	{ "BUG: key * not *", "LOCKDEP", "key not registered", TRACE },
	{ "BUG: MAX_LOCK* too low*", "LOCKDEP", "MAX_LOCK$1 too low", NO_FUNC },
	{ "BUG: MAX_STACK_TRACE_ENTRIES too low*", "LOCKDEP",
	  "MAX_STACK_TRACE_ENTRIES too low", NO_FUNC },

	/* The wrong context. */
	{ "BUG: sleeping function called from invalid context*", "ATOMIC",
	  "sleeping function called from invalid context", TRACE },
	{ "BUG: scheduling while atomic*", "ATOMIC", "scheduling while atomic",
	  TRACE },
	{ "BUG: using * in preemptible*", "ATOMIC", "$1 in preemptible code",
	  TRACE },
	{ "BUG: assuming * context at *", "ATOMIC", "assuming $1 context",
	  TRACE },
	{ "*huh, entered softirq ~ *", "ATOMIC", "softirq left another context",
	  SINGLE },
	{ "BUG: spinlock * on CPU*", "SPINLOCK", "spinlock $1", TRACE },
	{ "BUG: rwlock * on CPU*", "SPINLOCK", "rwlock $1", TRACE },

	/* Standing still. */
	{ "BUG: soft lockup*", "SOFT_LOCKUP", "soft lockup", SHARED },
	{ "Watchdog detected hard LOCKUP on cpu*", "HARD_LOCKUP", "hard lockup",
	  SHARED },
	{ "Watchdog CPU:~ Hard LOCKUP*", "HARD_LOCKUP", "hard lockup", SHARED },
	{ "CPU ~ self-detected hard LOCKUP @ *", "HARD_LOCKUP", "hard lockup",
	  SHARED },
	{ "CPU ~ detected hard LOCKUP on other CPUs *", "HARD_LOCKUP",
	  "hard lockup", SHARED },
	{ "CPU~: Watchdog detected hard LOCKUP on cpu*", "HARD_LOCKUP",
	  "hard lockup", SHARED },
	{ "BUG: workqueue lockup - pool * stuck for *", "WORKQUEUE",
	  "workqueue lockup", SHARED | WORK },
	{ "BUG: workqueue lockup*", "WORKQUEUE", "workqueue lockup",
	  SHARED | WORK },
	{ "BUG: workqueue leaked *", "WORKQUEUE", "workqueue leaked lock",
	  WORK | TRACE },
	{ "INFO: rcu* self-detected stall*", "RCU_STALL", "RCU stall", SHARED },
	{ "INFO: rcu* detected *stalls on *", "RCU_STALL", "RCU stall", SHARED },
	{ "INFO: rcu*stall*", "RCU_STALL", "RCU stall", SHARED },
	{ "rcu*: INFO: rcu*stall*", "RCU_STALL", "RCU stall", SHARED },
	{ "rcu* kthread starved for ~ jiffies*", "RCU_STALL",
	  "RCU kthread starved", SHARED | MORE },
	{ "rcu* kthread timer wakeup didn't happen for ~ jiffies*", "RCU_STALL",
	  "RCU kthread starved", SHARED | MORE },
	{ "INFO: task * blocked for more than ~ seconds*", "HUNG_TASK",
	  "hung task", TRACE | SHARED },
	{ "INFO: task * blocked in I/O wait for more than ~ seconds*",
	  "HUNG_TASK", "hung task in I/O wait", TRACE | SHARED },
	/* A program's name may hold a newline. */
	{ "*:~ blocked for more than ~ seconds*", "HUNG_TASK", "hung task",
	  TRACE | SHARED },
	{ "INFO: task * can't die for more than ~ seconds*", "HUNG_TASK",
	  "task can't die", TRACE | SHARED },

	/* Memory that is no longer what it was. */
	{ "BUG * (Not tainted*): *", "SLUB", "SLUB: $3 in $1", NO_FUNC },
	{ "BUG * (Tainted*): *", "SLUB", "SLUB: $3 in $1", NO_FUNC },
	{ "kmem_cache_destroy %: Slab cache still has objects*", "SLUB",
	  "SLUB: cache destroyed with objects in it", PRELUDE },
	{ "cache_from_obj: Wrong slab cache*", "SLUB", "SLUB: wrong cache",
	  PRELUDE },
	{ "Slab corruption*", "SLUB", "slab corruption", 0 },
	{ "slab error in *", "SLUB", "slab error", 0 },
	{ "BUG: Bad page state in process *", "PAGE", "bad page state", TRACE },
	{ "BUG: Bad page map in process *", "PAGE", "bad page map", TRACE },
	{ "BUG: Bad page cache in process *", "PAGE", "bad page cache", TRACE },
	{ "*.c:~: bad p*d *(~)*", "PAGE", "bad page table", SINGLE },
	{ "%: Bad swap file entry *", "PAGE", "bad swap entry", SINGLE },
	{ "%: Bad swap offset entry *", "PAGE", "bad swap entry", SINGLE },
	{ "BUG: Bad rss-counter state *", "PAGE", "bad rss-counter state",
	  SINGLE | NO_FUNC },
	{ "BUG: non-zero pgtables_bytes on freeing mm*", "PAGE",
	  "non-zero pgtables_bytes on freeing mm", SINGLE | NO_FUNC },
	{ "list_add* corruption*", "LIST", "list corruption", PRELUDE },
	{ "list_del* corruption*", "LIST", "list corruption", PRELUDE },
	{ "list_add double add: *", "LIST", "list corruption", PRELUDE },
	{ "list_*corruption*", "LIST", "list corruption", PRELUDE },
	{ "refcount_t: *.", "REFCOUNT", "refcount_t: $1", PRELUDE },
	{ "refcount_t: *", "REFCOUNT", "refcount_t: $1", PRELUDE },
	{ "usercopy: Kernel memory * attempt detected *", "USERCOPY",
	  "usercopy: kernel memory $1 attempt", PRELUDE },
	{ "%: detected buffer overflow*", "FORTIFY", "buffer overflow", PRELUDE },
	{ "detected buffer overflow in *", "FORTIFY", "buffer overflow",
	  PRELUDE },
	{ "%: detected field-spanning write*", "FORTIFY",
	  "field-spanning write", PRELUDE },
	{ "ODEBUG: * (active state*", "ODEBUG", "ODEBUG: $1", PRELUDE },
	{ "CFI failure at *", "CFI", "CFI failure", DIES },
	{ "Missing ENDBR: *", "CFI", "missing ENDBR", PRELUDE },

	/* Stacks. */
	{ "BUG: *stack guard page was hit at *", "STACK", "stack overflow",
	  DEEP },
	{ "Insufficient stack space to handle exception*", "STACK",
	  "stack overflow", DEEP | ALWAYS },
	{ "kernel stack overflow*", "STACK", "stack overflow", DEEP | DEATH },
	{ "Kernel stack overflow*", "STACK", "stack overflow", DEEP | DEATH },
	{ "WARNING: kernel stack regs at *", "STACK", "bad stack", SINGLE },
	{ "WARNING: kernel stack frame pointer at *", "STACK", "bad stack",
	  SINGLE },
	{ "WARNING: stack recursion on stack type *", "STACK",
	  "stack recursion", SINGLE },

	/* Faults. */
	{ "BUG: kernel NULL pointer dereference*", "OOPS",
	  "NULL pointer dereference", DIES },
	{ "BUG: Kernel NULL pointer dereference*", "OOPS",
	  "NULL pointer dereference", DIES },
	{ "BUG: unable to handle kernel NULL pointer dereference*", "OOPS",
	  "NULL pointer dereference", DIES },
	{ "BUG: unable to handle *", "OOPS", "page fault", DIES },
	{ "BUG: Unable to handle *", "OOPS", "page fault", DIES },
	{ "Unable to handle kernel NULL pointer dereference*", "OOPS",
	  "NULL pointer dereference", DIES },
	{ "Unable to handle kernel *", "OOPS", "page fault", DIES },
	{ "CPU ~ Unable to handle kernel *", "OOPS", "page fault", DIES },
	{ "BUG: Dentry * still in use (*", "BUG", "dentry still in use",
	  PRELUDE | NO_FUNC },
	{ "VFS: Busy inodes after unmount of *", "BUG",
	  "busy inodes after unmount", PRELUDE | NO_FUNC },
	{ "VFS: Close: file count is *", "BUG", "file closed too often",
	  PRELUDE },
	{ "kernel BUG at *!*", "BUG", "kernel BUG", DIES | FOLLOWS | PLACE },
	{ "Kernel bug detected[#~]*", "BUG", "kernel BUG", FOLLOWS },
	{ "Kernel BUG at *", "BUG", "kernel BUG", DIES | FOLLOWS | PLACE },
	{ "Kernel BUG *", "BUG", "kernel BUG", DIES | FOLLOWS },
	{ "PANIC: double fault*", "OOPS", "double fault", DIES | ALWAYS },
	{ "general protection fault*", "OOPS", "general protection fault",
	  DEATH },
	{ "Oops: general protection fault*", "OOPS",
	  "general protection fault", DEATH },
	{ "Oops: *: ~ [#~]*", "OOPS", "$1", DEATH },
	{ "Internal error: UBSAN: *: ~ [#~]*", "UBSAN", "UBSAN: $1", DEATH },
	{ "Internal error: Oops - UBSAN: *: ~ [#~]*", "UBSAN", "UBSAN: $1",
	  DEATH },
	{ "Internal error: Oops - KASAN: *: ~ [#~]*", "KASAN", "KASAN: $1",
	  DEATH },
	{ "Internal error: Oops - KASAN: *", "KASAN", "KASAN", DEATH },
	{ "Internal error: Oops - CFI: *", "CFI", "CFI failure", DEATH },
	{ "Internal error: synchronous external abort*", "OOPS",
	  "synchronous external abort", DEATH },
	{ "Internal error: *", "OOPS", "Oops", DEATH },
	{ "Oops: *", "OOPS", "Oops", DEATH },
	{ "Oops - *", "OOPS", "Oops", DEATH },
	{ "Oops [#~]*", "OOPS", "Oops", DEATH },
	{ "Oops[#~]*", "OOPS", "Oops", DEATH },
	{ "divide error: *", "OOPS", "divide error", DEATH },
	{ "invalid opcode: *", "OOPS", "invalid opcode", DEATH },
	{ "double fault: *", "OOPS", "double fault", DEATH },
	{ "stack segment: *", "OOPS", "stack segment fault", DEATH },
	{ "% %: ~ ilc:~ [#~]*", "OOPS", "Oops", DEATH },
	{ "Reserved instruction in kernel code*", "OOPS", "Oops", DEATH },
	{ "%: ~ [#~]*", "OOPS", "Oops", DEATH },
	{ "% %: ~ [#~]*", "OOPS", "Oops", DEATH },
	{ "% % %: ~ [#~]*", "OOPS", "Oops", DEATH },
	{ "Fixing recursive fault but reboot is needed!*", "OOPS",
	  "recursive fault", SINGLE | NO_FUNC },

	/* Warnings with a place. */
	{ "WARNING: CPU: ~ PID: ~ at *", "WARNING", "WARNING",
	  FOLLOWS | PLACE },
	{ "WARNING: at *", "WARNING", "WARNING", FOLLOWS | PLACE },
	{ "WARNING: *.c:~ *", "WARNING", "WARNING", FOLLOWS | PLACE },
	{ "WARNING: *.h:~ *", "WARNING", "WARNING", FOLLOWS | PLACE },
	{ "WARNING: *.S:~ *", "WARNING", "WARNING", FOLLOWS | PLACE },
	{ "WARNING: *.rs:~ *", "WARNING", "WARNING", FOLLOWS | PLACE },

	/* Memory that is not there. */
	{ "Out of memory: *", "OOM", "out of memory", NO_FUNC | MORE | SINGLE },
	{ "Out of memory and no killable processes*", "OOM",
	  "out of memory, nothing to kill", NO_FUNC | MORE | SINGLE },
	{ "Memory cgroup out of memory: *", "OOM", "out of memory in a cgroup",
	  NO_FUNC | MORE | SINGLE },
	{ "oom-kill:constraint=*", "OOM", "out of memory",
	  NO_FUNC | MORE | SINGLE },
	{ "* invoked oom-killer: gfp_mask=*", "OOM", "out of memory",
	  NO_FUNC | SHARED },

	/* Modules that do not fit. */
	{ "%: Unknown symbol % (err ~)*", "MODULE", "module: unknown symbol",
	  SINGLE | NO_FUNC },
	{ "%: Unknown symbol *", "MODULE", "module: unknown symbol",
	  SINGLE | NO_FUNC },
	{ "%: disagrees about version of symbol *", "MODULE",
	  "module: other version of symbol $1", SINGLE | NO_FUNC },
	{ "%: no symbol version for *", "MODULE",
	  "module: no version of symbol $1", SINGLE | NO_FUNC },
	{ "%: version magic '*' should be '*", "MODULE",
	  "module: built for another kernel", SINGLE | NO_FUNC },
	{ "%: exports duplicate symbol *", "MODULE",
	  "module: duplicate symbol", SINGLE | NO_FUNC },
	{ "%: Unknown rel* relocation*", "MODULE", "module: bad relocation",
	  SINGLE | NO_FUNC },
	{ "*nvalid relocation target, existing value is nonzero*", "MODULE",
	  "module: bad relocation", SINGLE | NO_FUNC },
	{ "*nvalid module format*", "MODULE", "module: invalid format",
	  SINGLE | NO_FUNC },
	{ "do_init_module: '*'->init suspiciously returned ~, *", "MODULE",
	  "module: init returned neither 0 nor an error", NO_FUNC | TRACE },
	{ "Loading of * is rejected", "MODULE", "module: loading rejected",
	  SINGLE | NO_FUNC },

	/* The rest. */
	{ "irq ~: nobody cared*", "IRQ", "interrupt that nobody cared about",
	  0 },
	{ "unchecked MSR access error: *", "WARNING",
	  "unchecked MSR access error", TRACE },
	{ "sysfs: cannot create duplicate filename *", "WARNING",
	  "sysfs: duplicate filename", TRACE },
	{ "unregister_netdevice: waiting for *", "NETDEV",
	  "unregister_netdevice: waiting for a device", SINGLE | NO_FUNC },
	{ "BUG: Address * is missing its host route*", "BUG",
	  "BUG: address without its host route", SINGLE | NO_FUNC },
	{ "BUG: *", "BUG", "BUG: $1", TRACE },
};

const struct console_pattern console_pattern_warning = {
	"WARNING*", "WARNING", "WARNING", FOLLOWS,
};

const struct console_pattern console_pattern_reboot = {
	"", "REBOOT", "unexpected reboot", PATTERN_NO_FUNC,
};

const struct console_pattern console_pattern_unknown = {
	"", "WARNING", "report of an unknown form", 0,
};

/* These print the kind of report that follows before its own first word. */
static const char *const speakers[] = {
	"NMI watchdog: ", "watchdog: ", "traps: ", "rcu: ", "workqueue: ",
	"lockdep: ", "kasan: ", "kfence: ", "IPv4: ", "IPv6: ",
};

static const char *skip_speaker(const char *msg)
{
	for (size_t i = 0; i < ARRAY_LEN(speakers); i++) {
		size_t len = strlen(speakers[i]);

		if (!strncmp(msg, speakers[i], len))
			return msg + len;
	}
	return msg;
}

/* Most lines differ from most patterns in their first letter. */
static bool may_match(const char *glob, char first)
{
	return *glob == first || *glob == '*' || *glob == '%';
}

const struct console_pattern *
console_pattern_match(const char *msg, struct console_capture *captures)
{
	msg = skip_speaker(msg);
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		if (!may_match(patterns[i].glob, *msg) ||
		    !console_glob(patterns[i].glob, msg, captures))
			continue;
		return &patterns[i];
	}
	return NULL;
}

bool console_user_fault(const char *msg)
{
	static const char *const faults[] = {
		"*[~]: segfault at *", "*[~] general protection fault *ip:*",
		"*[~] trap * ip:*", "*[~]: potentially unexpected fatal signal*",
		"*[~] bad frame in *", "*[~]: unhandled *",
		"*[~]: undefined instruction*",
	};

	if (!strchr(msg, '['))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (console_glob(faults[i], msg, NULL))
			return true;
	return false;
}
