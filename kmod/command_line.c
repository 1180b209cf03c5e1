// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "command_line.h"

u32 plm_command_line_room(unsigned long total)
{
	return min_t(unsigned long, total, PLM_COMMAND_LINE_LEN + 1);
}

bool plm_command_line_make(u8 *args, u32 got, unsigned long total,
			   struct plm_value *out)
{
	bool whole = total <= PLM_COMMAND_LINE_LEN + 1;
	u32 len = min_t(u32, got, PLM_COMMAND_LINE_LEN);
	u32 i;

	if (whole && got && args[got - 1] == '\0')
		len = got - 1;
	for (i = 0; i < len; i++) {
		if (args[i] == '\0')
			args[i] = ' ';
	}
	out->kind = PLM_VALUE_STRING;
	out->data = args;
	out->len = len;
	return whole;
}

/*
 * A page that is not there cannot be waited for; what lies before it is
 * still evidence.
 */
static u32 copy_pages(u8 *to, unsigned long from, u32 len)
{
	u32 done = 0;

	while (done < len) {
		u32 part = min_t(u32, len - done,
				 PAGE_SIZE - offset_in_page(from + done));

		if (copy_from_user_nofault(to + done,
					   (const void __user *)(from + done),
					   part))
			break;
		done += part;
	}
	return done;
}

int plm_command_line_read(u8 *args, struct plm_value *out)
{
	const struct mm_struct *mm = current->mm;
	unsigned long total;
	u32 room, got;
	bool whole;

	if (!mm)
		return 0;
	if (mm->arg_end <= mm->arg_start)
		return 0;
	total = mm->arg_end - mm->arg_start;
	room = plm_command_line_room(total);
	got = copy_pages(args, mm->arg_start, room);
	if (!got)
		return -EFAULT;
	whole = plm_command_line_make(args, got, total, out);
	if (got < room)
		return -EFAULT;
	return whole ? 0 : -E2BIG;
}
