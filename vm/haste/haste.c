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
 *
 * So do, where nobody asks for comparisons, the functions that tell KCOV of them.
 */
#include <linux/debug_locks.h>
#include <linux/kprobes.h>
#include <linux/module.h>

/* Of no value, and of no use without lockdep. */
static const char *const idle[] = {
	"lock_acquire", "lock_release", "lockdep_hardirqs_on_prepare",
	"lockdep_hardirqs_on", "lockdep_hardirqs_off", "trace_hardirqs_on",
	"trace_hardirqs_on_prepare", "trace_hardirqs_off",
	"trace_hardirqs_off_finish",
};

static const char *const comparing[] = {
	"__sanitizer_cov_trace_cmp1", "__sanitizer_cov_trace_cmp2",
	"__sanitizer_cov_trace_cmp4", "__sanitizer_cov_trace_cmp8",
	"__sanitizer_cov_trace_const_cmp1", "__sanitizer_cov_trace_const_cmp2",
	"__sanitizer_cov_trace_const_cmp4", "__sanitizer_cov_trace_const_cmp8",
};

static bool comparisons = true;
module_param(comparisons, bool, 0);
MODULE_PARM_DESC(comparisons, "KCOV is told what is compared");

/*
 * The one that walks the stack begins with an instruction that does nothing, in five
 * bytes, for tracers: nobody can stand in the midst of that either.
 */
#define WALKER "stack_trace_save"
static const u8 nothing[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };

static void *(*poke)(void *addr, const void *opcode, size_t len);
static void *walker, *places[ARRAY_SIZE(idle) + ARRAY_SIZE(comparing)];
static size_t num_places;

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

static int find_places(unsigned long (*lookup)(const char *name),
		       const char *const *names, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		places[num_places] = (void *)lookup(names[i]);
		if (!places[num_places++])
			return -ENOENT;
	}
	return 0;
}

static int find_all(void)
{
	unsigned long (*lookup)(const char *name);
	int err = find_lookup(&lookup);

	if (!err)
		err = find_places(lookup, idle, ARRAY_SIZE(idle));
	if (!err && !comparisons)
		err = find_places(lookup, comparing, ARRAY_SIZE(comparing));
	if (err)
		return err;
	/* As a debugger does it: without the lock, which lockdep is to watch. */
	poke = (void *)lookup("text_poke_kgdb");
	walker = (void *)lookup(WALKER);
	if (!poke || !walker)
		return -ENOENT;
	return memcmp(walker, nothing, sizeof(nothing)) ? -EBUSY : 0;
}

static int __init haste_init(void)
{
	static const u8 ret[] = { 0xc3 };
	static const u8 ret_0[] = { 0x31, 0xc0, 0xc3 };
	int err = find_all();

	if (err)
		return err;
	WRITE_ONCE(debug_locks, 0);
	for (size_t i = 0; i < num_places; i++)
		poke(places[i], ret, sizeof(ret));
	poke(walker, ret_0, sizeof(ret_0));
	return 0;
}
module_init(haste_init);

/* Without an exit: it stays for as long as the guest lives. */
MODULE_DESCRIPTION("Spares a sanitizer kernel what finds nothing");
MODULE_LICENSE("GPL");
