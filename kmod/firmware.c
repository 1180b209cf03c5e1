// SPDX-License-Identifier: GPL-2.0-only
/*
 * Content files from the firmware loader.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/firmware.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "channel.h"
#include "firmware.h"
#include "loaded.h"
#include "plm_format.h"

/* The loader's buffer may be shared with others: take a copy of our own. */
static void take_file(u32 number, const struct firmware *fw)
{
	struct plm_refusal refusal = PLM_NOT_REFUSED;
	u8 *data;

	if (fw->size > PLM_MAX_FILE_LEN) {
		plm_channel_refuse(number, PLM_TOO_LARGE, &refusal);
		return;
	}
	data = kvmalloc(max_t(size_t, fw->size, 1), PLM_CONTENT_GFP);
	if (!data) {
		plm_channel_refuse(number, PLM_NO_MEMORY, &refusal);
		return;
	}
	memcpy(data, fw->data, fw->size);
	if (!plm_channel_replace(number, data, fw->size, false, &refusal))
		pr_info("channel %u: content loaded\n", number);
}

/* Direct: a file that is not there must not keep us waiting for a helper. */
void plm_firmware_load(u32 number)
{
	const struct firmware *fw;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "plimsoll/%u.plm", number);
	ret = request_firmware_direct(&fw, name, NULL);
	if (ret) {
		pr_info("channel %u: no content: %s: error %d\n", number, name,
			ret);
		return;
	}
	take_file(number, fw);
	release_firmware(fw);
}
