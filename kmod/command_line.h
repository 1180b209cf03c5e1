/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A command line as one text: the arguments, joined by single spaces, cut to
 * PLM_COMMAND_LINE_LEN bytes.
 */
#ifndef PLM_COMMAND_LINE_H
#define PLM_COMMAND_LINE_H

#include <linux/mm_types.h>

#include "plm_eval.h"

#define PLM_COMMAND_LINE_LEN 4096

/*
 * Bytes to copy of arguments that take @total: at most one more than
 * PLM_COMMAND_LINE_LEN, for the final NUL.
 */
u32 plm_command_line_room(unsigned long total);

/*
 * Make *@out the text of arguments that take @total bytes, of which the first
 * @got, at most what plm_command_line_room() says, stand at @args; in place.
 * False if they had to be cut.
 */
bool plm_command_line_make(u8 *args, u32 got, unsigned long total,
			   struct plm_value *out);

/*
 * Copy the arguments of current, which must just have replaced its image, to
 * @args[PLM_COMMAND_LINE_LEN + 1], once and without sleeping, and make *@out
 * of them.  Returns 0; -E2BIG: they were cut; -EFAULT: not all could be read,
 * *@out is what comes before, or absent.
 */
int plm_command_line_read(u8 *args, struct plm_value *out);

#endif /* PLM_COMMAND_LINE_H */
