/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of inputs, from what the kernel has.
 */
#ifndef PLM_VALUE_H
#define PLM_VALUE_H

#include <linux/uidgid.h>

#include "plm_eval.h"

#define PLM_USER_LEN 12	/* a uid in decimal */

void plm_value_number(struct plm_value *value, u64 number);

/* @text stays where it is. */
void plm_value_text(struct plm_value *value, const char *text, size_t len);

/* "true" or "false". */
void plm_value_truth(struct plm_value *value, bool truth);

/* "root" or the uid, in @text[PLM_USER_LEN]. */
void plm_value_user(struct plm_value *value, char *text, kuid_t kuid);

#endif /* PLM_VALUE_H */
