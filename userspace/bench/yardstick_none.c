// SPDX-License-Identifier: GPL-2.0-or-later
/* Built in place of yardstick_hyperscan.c where there is no libhs. */
#include "bench/yardstick.h"

struct yardstick *yardstick_new(const struct plm_content *content,
				const char **out_why)
{
	(void)content;
	*out_why = "built without Hyperscan (libhyperscan-dev)";
	return NULL;
}

void yardstick_free(struct yardstick *yardstick)
{
	(void)yardstick;
}

size_t yardstick_bytes(const struct yardstick *yardstick)
{
	(void)yardstick;
	return 0;
}

const uint32_t *yardstick_scan(struct yardstick *yardstick,
			       const struct plm_event *event)
{
	(void)yardstick;
	(void)event;
	return NULL;
}
