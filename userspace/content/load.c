// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "plm_content.h"

char *content_rule_id(const struct plm_content *content, u32 index)
{
	struct plm_rule rule;

	if (!plm_get_rule(content, index, &rule) || !rule.id.len)
		return NULL;
	return xstrndup((const char *)rule.id.data, rule.id.len);
}

static enum verdict unreadable(struct stage *stage, const char *path, int err)
{
	struct place place = { .file = path, .off = FINDING_NO_OFFSET };

	if (err == -EFBIG) {
		stage_finding(stage, SEVERITY_FAIL, "TOO_LARGE", place,
			      "larger than %u bytes", PLM_MAX_FILE_LEN);
		return VERDICT_FAIL;
	}
	stage_finding(stage, SEVERITY_UNKNOWN, "UNREADABLE", place, "%s",
		      strerror(-err));
	return VERDICT_UNKNOWN;
}

/* The rule is named by its place in the file: its id may be what is wrong. */
static enum verdict refused(const struct loaded *loaded, const char *path,
			    struct stage *stage)
{
	struct place place = { .file = path, .off = loaded->fault.off };
	char *rule = NULL;

	if (loaded->fault.rule != PLM_NO_RULE)
		rule = xasprintf("#%u", loaded->fault.rule);
	place.rule = rule;
	stage_finding(stage, SEVERITY_FAIL, plm_error_name(loaded->err), place,
		      "%s", plm_error_text(loaded->err));
	free(rule);
	return VERDICT_FAIL;
}

enum verdict content_load(struct loaded *out, const char *path,
			  struct stage *stage)
{
	int err;

	memset(out, 0, sizeof(*out));
	err = file_read(path, PLM_MAX_FILE_LEN, &out->data, &out->len);
	if (err)
		return unreadable(stage, path, err);
	out->err = plm_check(out->data, (u32)out->len, 0, &out->content,
			     &out->fault);
	return out->err ? refused(out, path, stage) : VERDICT_PASS;
}

void content_unload(struct loaded *loaded)
{
	free(loaded->data);
	memset(loaded, 0, sizeof(*loaded));
}
