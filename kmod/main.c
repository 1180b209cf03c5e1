// SPDX-License-Identifier: GPL-2.0-only
/*
 * plimsoll.ko: start and end.
 *
 * plimsoll.off=1 on the kernel's command line starts the module with content
 * off: whoever loads it (modprobe does) hands parameters from there on.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "channel.h"
#include "control.h"
#include "event.h"
#include "lineage.h"
#include "lineage_seed.h"
#include "source.h"
#include "stream.h"

/*
 * Content comes when there are sources for it, so that a channel whose events
 * this kernel has not got is refused, and the others go on.  The device comes
 * last: a file that is open on it keeps the module from going, but could not
 * keep a failed start from it.
 */
static int __init plimsoll_init(void)
{
	int ret;

	ret = plm_event_start();
	if (ret)
		return ret;
	ret = plm_stream_start();
	if (ret)
		goto err_event;
	ret = plm_channels_start();
	if (ret)
		goto err_stream;
	ret = plm_lineage_start();
	if (ret)
		goto err_channels;
	ret = plm_sources_start();
	if (ret)
		goto err_lineage;
	/* Behind the sources, which know better of what executes meanwhile. */
	ret = plm_lineage_seed();
	if (ret)
		goto err_sources;
	plm_channels_load();
	ret = plm_control_start();
	if (ret)
		goto err_sources;
	return 0;

err_sources:
	plm_sources_stop();
err_lineage:
	plm_lineage_stop();
err_channels:
	plm_channels_stop();
err_stream:
	plm_stream_stop();
err_event:
	plm_event_stop();
	return ret;
}

static void __exit plimsoll_exit(void)
{
	plm_control_stop();
	plm_sources_stop();
	plm_lineage_stop();
	plm_channels_stop();
	plm_stream_stop();
	plm_event_stop();
}

module_init(plimsoll_init);
module_exit(plimsoll_exit);

MODULE_DESCRIPTION("Evaluates content files against what processes do");
MODULE_AUTHOR("The plimsoll developers");
MODULE_VERSION("1");
MODULE_LICENSE("GPL");
