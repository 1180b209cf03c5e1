// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of inputs.
 */
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "value.h"

void plm_value_number(struct plm_value *value, u64 number)
{
	value->kind = PLM_VALUE_NUMBER;
	value->number = number;
}

void plm_value_text(struct plm_value *value, const char *text, size_t len)
{
	value->kind = PLM_VALUE_STRING;
	value->data = (const u8 *)text;
	value->len = len;
}

void plm_value_truth(struct plm_value *value, bool truth)
{
	const char *text = truth ? "true" : "false";

	plm_value_text(value, text, strlen(text));
}

void plm_value_user(struct plm_value *value, char *text, kuid_t kuid)
{
	uid_t uid = from_kuid(&init_user_ns, kuid);
	size_t len;

	if (uid)
		len = scnprintf(text, PLM_USER_LEN, "%u", uid);
	else
		len = scnprintf(text, PLM_USER_LEN, "root");
	plm_value_text(value, text, len);
}
