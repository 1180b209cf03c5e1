/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONTENT_LOAD_H
#define CONTENT_LOAD_H

#include "plm_check.h"
#include "report/stage.h"

/* A content file in memory. */
struct loaded {
	uint8_t *data;		/* owned */
	size_t len;
	struct plm_content content;	/* zeroed unless the check passed */
	enum plm_err err;
	struct plm_fault fault;
};

/*
 * Read @path and check it with the shared core.  What is wrong becomes a
 * finding of @stage: a refusal fails the content (with file, offset, rule and
 * code), a file that can't be read is unknown.  Returns VERDICT_PASS, _FAIL or
 * _UNKNOWN; @out is to be freed in every case.
 */
enum verdict content_load(struct loaded *out, const char *path,
			  struct stage *stage);
void content_unload(struct loaded *loaded);

/*
 * The id of rule @index of a possibly refused file, as a new string, where it
 * can be told at all; else NULL.
 */
char *content_rule_id(const struct plm_content *content, u32 index);

#endif /* CONTENT_LOAD_H */
