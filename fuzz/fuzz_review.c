// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What people and policies are told of an accepted file, whatever is in it:
 * lint ends and has told what it found, a dump is a document, and nothing
 * differs from itself.
 */
#include <stdio.h>

#include "diff/diff.h"
#include "dump/dump.h"
#include "fuzz/fuzz.h"
#include "lint/lint.h"
#include "policy/policy.h"

static void lint(const struct plm_content *content)
{
	struct lint_options options = { 0 };
	struct policy policy;
	struct stage stage;

	policy_init(&policy);
	options.policy = &policy;
	stage_init(&stage, "lint");
	lint_run(&options, "x.plm", content, &stage);
	fuzz_must(stage.ran);
	for (size_t i = 0; i < stage.num_findings; i++)
		fuzz_must(stage.findings[i].code && stage.findings[i].text);
	stage_free(&stage);
	policy_free(&policy);
}

static void dump(const struct loaded *loaded)
{
	struct dump dump = { .path = "x.plm", .loaded = loaded };
	json_t *document;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	fuzz_must(out);
	model_decode(&dump.model, &loaded->content);
	dump_text(&dump, out);
	fclose(out);
	/* What a reviewer sees is plain. */
	for (size_t i = 0; i < len; i++)
		fuzz_must(text[i] == '\n' || (text[i] >= ' ' && text[i] < 127));
	free(text);
	document = dump_json(&dump);
	text = json_dumps(document, JSON_COMPACT);
	fuzz_must(text);
	free(text);
	json_decref(document);
	model_free(&dump.model);
}

static void differ(const struct loaded *loaded)
{
	const struct diff_side side = { "x.plm", loaded };
	json_t *document = diff_json(&side, &side);

	fuzz_must(json_is_true(json_object_get(document, "same")));
	json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct loaded loaded = { .data = (uint8_t *)data, .len = len };

	if (plm_check(data, (u32)len, 0, &loaded.content, &loaded.fault))
		return 0;
	lint(&loaded.content);
	dump(&loaded);
	differ(&loaded);
	return 0;
}
