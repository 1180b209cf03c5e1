/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Content files from the firmware loader: plimsoll/<channel>.plm below
 * /lib/firmware and the loader's other folders.
 */
#ifndef PLM_FIRMWARE_H
#define PLM_FIRMWARE_H

#include <linux/types.h>

/*
 * Load the file of channel @number, if there is one, into the channel.  What
 * became of it is in the log and in the channel's status.
 */
void plm_firmware_load(u32 number);

#endif /* PLM_FIRMWARE_H */
