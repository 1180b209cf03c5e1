// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on functions.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/printk.h>

#include "hook.h"

static int on_entry(struct kprobe *kprobe, struct pt_regs *regs)
{
	const struct plm_hook *hook =
		container_of(kprobe, struct plm_hook, probe.kp);

	hook->enter(regs, NULL);
	return 0;
}

/* Anything but 0: the return is of no interest. */
static int on_call(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct kretprobe *probe = get_kretprobe(instance);
	const struct plm_hook *hook;

	if (!probe)
		return 1;
	hook = container_of(probe, struct plm_hook, probe);
	return !hook->enter(regs, instance->data);
}

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct kretprobe *probe = get_kretprobe(instance);

	if (probe)
		container_of(probe, struct plm_hook, probe)
			->leave(regs_return_value(regs), instance->data);
	return 0;
}

static int do_register(struct plm_hook *hook)
{
	struct kretprobe *probe = &hook->probe;
	int ret;

	memset(probe, 0, sizeof(*probe));
	probe->kp.symbol_name = hook->function;
	probe->kp.flags = KPROBE_FLAG_DISABLED;
	if (hook->leave) {
		probe->entry_handler = on_call;
		probe->handler = on_return;
		probe->maxactive = PLM_HOOK_DEPTH;
		probe->data_size = PLM_HOOK_DATA_LEN;
		ret = register_kretprobe(probe);
	} else {
		probe->kp.pre_handler = on_entry;
		ret = register_kprobe(&probe->kp);
	}
	if (ret)
		pr_err("no hook on %s: error %d\n", hook->function, ret);
	hook->registered = !ret;
	return ret;
}

/*
 * A function that is left only now finds its hook gone: what leads it there is
 * the kernel's own and stays until the last has passed.
 */
void plm_hooks_unregister(struct plm_hook *hooks, u32 num)
{
	while (num--) {
		struct plm_hook *hook = &hooks[num];

		if (!hook->registered)
			continue;
		if (hook->leave)
			unregister_kretprobe(&hook->probe);
		else
			unregister_kprobe(&hook->probe.kp);
		hook->registered = false;
	}
}

static int do_enable(struct plm_hook *hook, bool enable)
{
	int ret;

	if (enable && !hook->registered) {
		ret = do_register(hook);
		if (ret)
			return ret;
	}
	if (enable)
		ret = enable_kprobe(&hook->probe.kp);
	else
		ret = disable_kprobe(&hook->probe.kp);
	if (ret)
		pr_err("hook on %s cannot be %s: error %d\n", hook->function,
		       enable ? "enabled" : "disabled", ret);
	return ret;
}

int plm_hooks_enable(struct plm_hook *hooks, u32 num, bool enable)
{
	u32 i;
	int ret = 0;

	for (i = 0; enable && i < num; i++) {
		ret = do_enable(&hooks[i], true);
		if (ret)
			break;
	}
	if (enable && !ret)
		return 0;
	num = enable ? i : num;
	while (num--)
		do_enable(&hooks[num], false);
	return ret;
}

u64 plm_hooks_missed(const struct plm_hook *hooks, u32 num)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < num; i++)
		sum += hooks[i].probe.kp.nmissed + hooks[i].probe.nmissed;
	return sum;
}
