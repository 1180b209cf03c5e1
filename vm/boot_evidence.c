// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/boot_evidence.h"

#include <stdlib.h>

#include "base/mem.h"
#include "report/document.h"
#include "vm/shell_word.h"

char *boot_repeat(const struct boot_options *options, const struct run *run)
{
	struct vm_bytes line = { 0 };

	shell_word_add(&line, "plimsoll");
	shell_word_add(&line, "boot");
	shell_option_add(&line, "--target", options->target);
	shell_option_add(&line, "--kernel", run->kernel->name);
	shell_option_add(&line, "--scenario", run->scenario->name);
	if (options->consumers.num)
		shell_option_add(&line, "--consumer", run->consumer_path);
	shell_option_add(&line, "--baseline", options->baseline);
	if (options->deterministic)
		shell_word_add(&line, "--deterministic");
	/* A name that looks like an option is none. */
	if (run->candidate->path[0] == '-')
		shell_word_add(&line, "--");
	shell_word_add(&line, run->candidate->path);
	vm_bytes_add(&line, "", 1);
	return (char *)line.data;
}

json_t *boot_evidence(const struct boot_options *options, struct run *run)
{
	json_t *evidence = run->evidence ? run->evidence : json_object();
	char *repeat = boot_repeat(options, run);
	json_t *stage;

	stage = stage_json(&run->stage);
	json_object_set_new(evidence, "label", document_text(run->label));
	json_object_set(evidence, "verdict", json_object_get(stage, "verdict"));
	json_object_set(evidence, "findings",
			json_object_get(stage, "findings"));
	json_object_set_new(evidence, "seconds", json_real(run->seconds));
	json_object_set_new(evidence, "cpu_seconds",
			    json_real(run->cpu_seconds));
	json_object_set_new(evidence, "repeat", document_text(repeat));
	json_decref(stage);
	free(repeat);
	run->evidence = NULL;
	return evidence;
}

void boot_findings(struct stage *stage, const struct run *run)
{
	for (size_t i = 0; i < run->stage.num_findings; i++) {
		const struct finding *from = &run->stage.findings[i];
		struct place place = { from->file, from->off, from->rule };

		stage_finding(stage, from->severity, from->code, place, "%s",
			      from->text);
	}
}
