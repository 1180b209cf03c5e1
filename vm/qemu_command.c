// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/qemu_command.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/protocol.h"
#include "vm/tsc.h"

#define MEMORY_MIB 256
#define DETERMINISTIC_CLOCK "2026-01-01T00:00:00"

/*
 * cryptomgr.notests and nokaslr save a fifth of the boot.  The initcalls left out
 * are a fifth of its instructions on 6.1, a third on 6.12: a source of entropy
 * tries itself, names in the formats of trace events become numbers, and weak
 * functions are struck from a list for tracers.  Nothing else asks for what they
 * do, and a kernel without one of them leaves its name aside.
 *
 * An emulated timer may be late on a busy machine, and without no_timer_check the
 * kernel panics.  Thresholds of the watchdogs are raised, because an emulated CPU
 * may be away for seconds; they stay below the deadlines, so that a lockup is
 * reported and not just lost.
 */
const char qemu_kernel_options[] =
	"console=ttyS0 loglevel=6 panic=-1 oops=panic cryptomgr.notests nokaslr "
	"no_timer_check watchdog_thresh=15 softlockup_panic=1 nmi_watchdog=0 "
	"rcupdate.rcu_cpu_stall_timeout=40 rcupdate.rcu_expedited=1 "
	"random.trust_cpu=on initcall_blacklist=jent_mod_init,trace_eval_init,"
	"ftrace_check_for_weak_functions rdinit=/init";

struct list {
	char **items;
	size_t num, cap;
};

static void add(struct list *list, char *item)
{
	ARRAY_RESERVE(list->items, list->num, list->cap);
	list->items[list->num++] = item;
}

__attribute__((sentinel)) static void add_all(struct list *list, ...)
{
	const char *item;
	va_list args;

	va_start(args, list);
	while ((item = va_arg(args, const char *)))
		add(list, xstrdup(item));
	va_end(args);
}

/* qboot hands over to the kernel sooner than SeaBIOS; not every QEMU has it. */
static bool has_qboot(void)
{
	static const char *const places[] = {
		"/usr/share/qemu/qboot.rom", "/usr/local/share/qemu/qboot.rom",
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (access(places[i], R_OK) == 0)
			return true;
	return false;
}

static void add_channels(struct list *list, const struct qemu_channels *c)
{
	add_all(list, "-chardev", NULL);
	add(list, xasprintf("file,id=console,path=/proc/self/fd/%d",
			    c->console));
	add_all(list, "-serial", "chardev:console", "-chardev", NULL);
	add(list, xasprintf("file,id=results,path=/proc/self/fd/%d",
			    c->results));
	add_all(list, "-device", NULL);
	add(list, xasprintf("isa-debugcon,iobase=%#x,chardev=results",
			    VM_RESULT_PORT));
	add_all(list, "-chardev", NULL);
	add(list, xasprintf("socket,id=qmp,fd=%d", c->qmp));
	add_all(list, "-mon", "chardev=qmp,mode=control", NULL);
}

/* A comma ends a value in QEMU's options, unless it is doubled. */
static char *escaped(const char *path)
{
	struct vm_bytes out = { 0 };

	for (const char *p = path; *p; p++) {
		if (*p == ',')
			vm_bytes_add(&out, ",", 1);
		vm_bytes_add(&out, p, 1);
	}
	vm_bytes_add(&out, "", 1);
	return (char *)out.data;
}

static void add_disk(struct list *list, const char *disk)
{
	char *path = escaped(disk);

	add_all(list, "-blockdev", NULL);
	add(list, xasprintf("driver=file,node-name=file,filename=%s", path));
	add_all(list, "-blockdev", "driver=raw,node-name=disk,file=file",
		"-device", "virtio-blk-pci,drive=disk", NULL);
	free(path);
}

/*
 * Memory in files that are shared while the template is made, and copied on
 * write by every VM that goes on from it.
 */
static void add_memory(struct list *list, const struct qemu_config *config,
		       unsigned int mib)
{
	char *path = escaped(config->ram);

	add_all(list, "-object", NULL);
	add(list, xasprintf("memory-backend-file,id=ram,size=%uM,mem-path=%s,share=%s",
			    mib, path, config->restore ? "off" : "on"));
	free(path);
}

static void add_mailbox(struct list *list, const struct mailbox *mailbox)
{
	add_all(list, "-object", NULL);
	add(list, xasprintf("memory-backend-file,id=mailbox,size=%zu,mem-path=/proc/self/fd/%d,share=on",
			    MAILBOX_LEN, mailbox->fd));
	add_all(list, "-device", "ivshmem-plain,memdev=mailbox,master=on",
		NULL);
}

static bool is_tcg(const struct qemu_config *config)
{
	return !strcmp(config->accelerator, "tcg");
}

/* Only tcg can; and time in which nothing runs passes at once. */
bool qemu_counts_time(const struct qemu_config *config)
{
	return config->deterministic || config->warps ||
	       (config->slow_clock && is_tcg(config));
}

/* With time counted in instructions an emulated counter counts nanoseconds. */
#define COUNTED_KHZ 1000000u

static char *command_line(const struct qemu_config *config)
{
	bool emulated = qemu_counts_time(config) || is_tcg(config);
	const char *more = config->append ? config->append : "";
	const char *space = *more ? " " : "";

	if (!emulated)
		return xasprintf("%s%s%s", qemu_kernel_options, space, more);
	return xasprintf("%s tsc_early_khz=%u tsc=nowatchdog%s%s", qemu_kernel_options,
			 qemu_counts_time(config) ? COUNTED_KHZ : tsc_khz(),
			 space, more);
}

static void add_kernel(struct list *list, const struct qemu_config *config)
{
	if (config->restore) {
		add_all(list, "-incoming", "defer", NULL);
		return;
	}
	add_all(list, "-kernel", config->vmlinux, "-initrd",
		config->initramfs, "-append", NULL);
	add(list, command_line(config));
}

static void add_clock(struct list *list, const struct qemu_config *config)
{
	const char *base = config->clock ? config->clock : DETERMINISTIC_CLOCK;

	if (config->deterministic || config->clock) {
		add_all(list, "-rtc", NULL);
		add(list, xasprintf("base=%s%s", base, config->deterministic ?
				    ",clock=vm" : ""));
	}
	if (config->deterministic)
		add_all(list, "-seed", "1", NULL);
}

/*
 * CPUs that QEMU 7.2 emulates in threads of their own miss it when the kernel
 * patches its code for a tracepoint, and die of the breakpoint left there.
 */
static void add_accelerator(struct list *list, const struct qemu_config *config)
{
	bool threads = is_tcg(config) && config->num_cpus > 1;

	if (qemu_counts_time(config)) {
		/* Nanoseconds of an instruction, as a power of two. */
		add_all(list, "-accel", "tcg,thread=single", "-icount",
			config->slow_clock ? "shift=1,sleep=off" :
					     "shift=4,sleep=off", NULL);
		return;
	}
	add_all(list, "-accel", threads ? "tcg,thread=single" :
					  config->accelerator, NULL);
}

char **qemu_arguments(const char *path, const struct qemu_config *config,
		      const struct qemu_channels *channels)
{
	unsigned int mib = config->memory_mib ? config->memory_mib : MEMORY_MIB;
	struct list list = { 0 };

	add_all(&list, path, "-M", config->ram ? "q35,memory-backend=ram" :
						 "q35", NULL);
	if (has_qboot())
		add_all(&list, "-bios", "qboot.rom", NULL);
	add_accelerator(&list, config);
	if (!qemu_counts_time(config) && !strcmp(config->accelerator, "kvm"))
		add_all(&list, "-cpu", "host", NULL);
	else
		add_all(&list, "-cpu", config->cpu ? config->cpu : QEMU_CPU, NULL);
	add_clock(&list, config);
	add_all(&list, "-nodefaults", "-no-user-config", "-display", "none",
		"-no-reboot", "-smp", NULL);
	add(&list, xasprintf("%u", config->num_cpus ? config->num_cpus : 1));
	add_all(&list, "-m", NULL);
	add(&list, xasprintf("%u", mib));
	if (config->ram)
		add_memory(&list, config, mib);
	if (config->mailbox)
		add_mailbox(&list, config->mailbox);
	add_channels(&list, channels);
	if (config->disk)
		add_disk(&list, config->disk);
	add_kernel(&list, config);
	add(&list, NULL);
	return list.items;
}

void qemu_arguments_free(char **arguments)
{
	for (char **p = arguments; *p; p++)
		free(*p);
	free(arguments);
}

char *qemu_command_line(char *const *arguments)
{
	struct vm_bytes line = { 0 };

	for (char *const *p = arguments; *p; p++) {
		bool quote = strpbrk(*p, " ;&|()<>$*?'\"") != NULL;

		if (p != arguments)
			vm_bytes_add(&line, " ", 1);
		if (quote)
			vm_bytes_add(&line, "\"", 1);
		vm_bytes_add(&line, *p, strlen(*p));
		if (quote)
			vm_bytes_add(&line, "\"", 1);
	}
	vm_bytes_add(&line, "", 1);
	return (char *)line.data;
}
