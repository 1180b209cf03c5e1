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
	&plm_source_net,
	&plm_source_file,
};

static bool enabled[ARRAY_SIZE(sources)];

static const struct plm_supply *supplies[ARRAY_SIZE(sources)];

static void stop_first(u32 num)
{
	while (num--) {
		sources[num]->stop();
		enabled[num] = false;
	}
}

static int enable(u32 index, u32 templates)
{
	const struct plm_source *source = sources[index];
	bool on = templates & BIT(source->supply->template_id);
	int ret;

	if (!source->enable || enabled[index] == on)
		return 0;
	ret = source->enable(on);
	if (ret)
		return ret;
	enabled[index] = on;
	return 0;
}

int plm_sources_want(u32 templates)
{
	u32 i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		ret = enable(i, templates);
		if (ret)
			return ret;
	}
	return 0;
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

u64 plm_sources_missed(void)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sources); i++)
		sum += sources[i]->missed ? sources[i]->missed() : 0;
	return sum;
}

const struct plm_supply *const *plm_sources_supply(u32 *out_num)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sources); i++)
		supplies[i] = sources[i]->supply;
	*out_num = ARRAY_SIZE(sources);
	return supplies;
}
