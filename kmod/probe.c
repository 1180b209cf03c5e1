// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes on tracepoints found by name.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "probe.h"

struct search {
	const char *name;
	struct tracepoint *found;
};

static void match_name(struct tracepoint *tp, void *priv)
{
	struct search *search = priv;

	if (!strcmp(tp->name, search->name))
		search->found = tp;
}

static int attach(struct plm_probe *probe)
{
	struct search search = { .name = probe->name };
	int ret;

	for_each_kernel_tracepoint(match_name, &search);
	if (!search.found) {
		pr_err("no tracepoint %s in this kernel\n", probe->name);
		return -ENOENT;
	}
	ret = tracepoint_probe_register(search.found, probe->func, NULL);
	if (ret)
		return ret;
	probe->attached = search.found;
	return 0;
}

int plm_probes_attach(struct plm_probe *probes, u32 num)
{
	u32 i;
	int ret;

	for (i = 0; i < num; i++) {
		ret = attach(&probes[i]);
		if (ret) {
			plm_probes_detach(probes, i);
			return ret;
		}
	}
	return 0;
}

void plm_probes_detach(struct plm_probe *probes, u32 num)
{
	while (num--) {
		struct plm_probe *probe = &probes[num];

		if (!probe->attached)
			continue;
		tracepoint_probe_unregister(probe->attached, probe->func, NULL);
		probe->attached = NULL;
	}
	tracepoint_synchronize_unregister();
}
