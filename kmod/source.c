// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of event sources.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/printk.h>

#include "source.h"

static const struct plm_source *const sources[] = {
	&plm_source_exec,
};

static const struct plm_supply *supplies[ARRAY_SIZE(sources)];

static void stop_first(u32 num)
{
	while (num--)
		sources[num]->stop();
}

int plm_sources_start(void)
{
	u32 i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		ret = sources[i]->start();
		if (ret) {
			pr_err("source %s does not start: error %d\n",
			       sources[i]->name, ret);
			stop_first(i);
			return ret;
		}
	}
	return 0;
}

void plm_sources_stop(void)
{
	stop_first(ARRAY_SIZE(sources));
}

const struct plm_supply *const *plm_sources_supply(u32 *out_num)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sources); i++)
		supplies[i] = sources[i]->supply;
	*out_num = ARRAY_SIZE(sources);
	return supplies;
}
