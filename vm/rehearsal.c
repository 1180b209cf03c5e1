// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/rehearsal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sigma/compile.h"
#include "vm/candidate.h"
#include "vm/lab.h"

#define CONSUMER_NAME "plimsoll"

/* Of every kind of condition one, and events that match and that do not. */
static const char rules[] =
	"title: Rehearsal, texts\n"
	"id: 5d5e6a0c-6c0e-4a1b-9a57-0f3b8a2c1e01\n"
	"status: test\n"
	"logsource: {category: process_creation, product: linux}\n"
	"detection:\n"
	"  image: {Image|endswith: [/rehearse, /rehearsal]}\n"
	"  words: {CommandLine|contains|all: [curtain, '--up']}\n"
	"  parent: {ParentImage|startswith: /opt/stage}\n"
	"  others: {User: root, CurrentDirectory: /srv/wings}\n"
	"  condition: image and words and not others or parent\n"
	"level: low\n"
	"---\n"
	"title: Rehearsal, patterns and numbers\n"
	"id: 5d5e6a0c-6c0e-4a1b-9a57-0f3b8a2c1e02\n"
	"status: test\n"
	"logsource: {category: process_creation, product: linux}\n"
	"detection:\n"
	"  pattern: {CommandLine|re: 'act[0-9]+ (scene|prompt)'}\n"
	"  inner: {Image: '*/theatre/*/prompter'}\n"
	"  condition: pattern or inner\n"
	"level: low\n";

/* The content in the folder, as any other; NULL where it can't be made. */
static char *make_content(const char *workdir, uint32_t channel)
{
	struct sigma_options options = { .channel = channel, .version = 1,
					 .action = PLM_ACTION_AUDIT };
	char *source = xasprintf("%s/rehearsal.yml", workdir);
	char *path = xasprintf("%s/rehearsal.plm", workdir);
	const char *const sources[] = { source };
	struct sigma_compilation compilation = { 0 };
	int err = file_write(source, rules, sizeof(rules) - 1);

	if (!err) {
		sigma_compile(&compilation, sources, 1, &options);
		err = compilation.data && !compilation.num_refusals ?
		      file_write(path, compilation.data, compilation.len) :
		      -EINVAL;
		sigma_compilation_free(&compilation);
	}
	unlink(source);
	free(source);
	if (!err)
		return path;
	free(path);
	return NULL;
}

/* What every candidate will go through, but for the end. */
static void make_script(const struct candidate *content,
			const struct boot_plan *plan, const char *token,
			struct script *out)
{
	struct boot_plan begun = *plan;
	struct script rest;

	for (size_t i = 0; i < PLAN_MAX; i++)
		if (begun.plans[i] == PLAN_STOP)
			begun.plans[i] = PLAN_END;
	*out = (struct script){ 0 };
	script_step(out, VM_STEP_RECEIVE, 0, 0, 1, VM_CANDIDATE, NULL);
	scenario_script(&begun, content, token, NULL, &rest);
	vm_bytes_add(&out->bytes, rest.bytes.data, rest.bytes.len);
	script_free(&rest);
	script_step(out, VM_STEP_REMOVE, 0, 0, 0, CONSUMER_NAME, NULL);
	script_step(out, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(out, VM_STEP_DEVICE, 0, 0, 0, NULL, NULL);
	script_step(out, VM_STEP_SNAPSHOT, 0, 0, 0, NULL, NULL);
}

static int rehearse(const struct template *template,
		    const struct boot_plan *plan,
		    const struct accelerator *accelerator,
		    const struct candidate *content, struct original *out)
{
	struct mailbox_file file = { content->data, content->len };
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	struct script script;
	int err = original_open(out);

	if (err || lab_token(token)) {
		original_close(out);
		return err ? err : -EIO;
	}
	make_script(content, plan, token, &script);
	err = template_run(template, &(struct template_job){
			.script = &script, .files = &file, .num_files = 1,
			.token = token, .keep = out,
			.deadline = accelerator_deadline(accelerator,
							 content->num_asked),
		}, &outcome);
	/* A copy would take along what has gone wrong. */
	if (!err && !template_is_sound(&outcome, QEMU_KEPT))
		err = -EIO;
	if (err)
		original_close(out);
	qemu_outcome_free(&outcome);
	script_free(&script);
	return err;
}

int rehearsal_run(const struct template *template, const struct boot_plan *plan,
		  const struct accelerator *accelerator, uint32_t channel,
		  const char *workdir, struct original *out)
{
	char *path = make_content(workdir, channel);
	struct candidate content;
	int err = -EINVAL;

	if (path && candidate_load(&content, path) == 0) {
		err = rehearse(template, plan, accelerator, &content, out);
		candidate_free(&content);
		unlink(path);
	}
	free(path);
	return err;
}
