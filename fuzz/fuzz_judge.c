// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The judgement of a boot on whatever a guest tells.  A boot on which nothing
 * was found has said that each event of the candidate was as it must be;
 * nothing that a guest tells makes the judge fall.
 *
 * The input is a list of results in short: so the engine need not learn how
 * the port writes them, which is the target `results`.  The first byte is the
 * boot that was planned; the run's end, with its token, is always there.
 */
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "sigma/compile.h"
#include "vm/judge.h"
#include "vm/scenario.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

static const char rules[] =
	"title: audits\nlogsource: {category: process_creation}\n"
	"detection: {s: {Image|endswith: /audited}, condition: s}\n"
	"---\n"
	"title: connects\nlogsource: {category: network_connection}\n"
	"detection: {s: {DestinationPort: 4444}, condition: s}\n";

static const char target_text[] =
	"target: any\ncandidate: /c\n"
	"load: [{write: /a, accepted: {errno: 0}, rejected: {errno: [EINVAL], console: 'x: *'}}]\n"
	"use: [{read: /b, expect: {output: 'y*'}}]\n"
	"undo: [{run: /d}]\n";

/* One result in short, as it stands in the input; its payload follows. */
struct shorthand {
	uint8_t type, op, position, index;	/* of the step's id */
	uint8_t value;
	uint8_t words;		/* of four bytes, of payload */
};

static const struct candidate *the_candidate(void)
{
	static struct candidate candidate;
	const struct sigma_options options = {
		.channel = 1, .version = 5, .action = PLM_ACTION_AUDIT,
	};
	struct sigma_compilation out;
	const char *path;

	if (candidate.len)
		return &candidate;
	path = fuzz_file((const uint8_t *)rules, sizeof(rules) - 1);
	sigma_compile(&out, &path, 1, &options);
	fuzz_must(out.data);
	fuzz_must(!candidate_load(&candidate, fuzz_file(out.data, out.len)));
	fuzz_must(!candidate_baseline(&candidate, NULL));
	sigma_compilation_free(&out);
	return &candidate;
}

static const struct target *the_target(void)
{
	static struct target target;
	char error[TARGET_ERROR_LEN];

	if (!target.name)
		fuzz_must(!target_load(fuzz_file((const uint8_t *)target_text,
						 sizeof(target_text) - 1),
				       &target, error));
	return &target;
}

static void put(struct results *results, struct vm_result *head,
		const void *payload)
{
	head->magic = VM_RESULT_MAGIC;
	results_feed(results, head, sizeof(*head), 1);
	results_feed(results, payload, head->len, 1);
}

static void put_end(struct results *results)
{
	struct vm_end end = { .num_results = results->num };
	struct vm_result head = { .type = VM_RESULT_END, .len = sizeof(end) };

	memcpy(end.token, TOKEN, VM_TOKEN_LEN);
	put(results, &head, &end);
}

/* The steps of a boot, and executions, have ids that tell their place. */
static uint32_t id_of(const struct shorthand *from)
{
	if (from->index == 0xff)
		return plan_step_id(from->position);
	return asked_id(from->position, from->index & 0x80, from->index & 0x7f);
}

static void put_results(struct results *results, const uint8_t *data,
			size_t len)
{
	struct shorthand from;

	while (len >= sizeof(from)) {
		struct vm_result head;

		memcpy(&from, data, sizeof(from));
		data += sizeof(from);
		len -= sizeof(from);
		head = (struct vm_result){
			.type = from.type % VM_RESULT_END, .op = from.op,
			.id = id_of(&from), .value = from.value,
			.len = 4u * from.words,
		};
		if (head.len > len)
			head.len = (uint32_t)len;
		put(results, &head, data);
		data += head.len;
		len -= head.len;
	}
}

/* The boot that a byte means. */
static const struct boot_plan *boot_of(uint8_t byte)
{
	const struct scenario *scenario = &scenarios[byte / BOOTS_MAX %
						     num_scenarios];
	const struct boot_plan *boot = &scenario->boots[byte % BOOTS_MAX];

	return boot->name ? boot : &scenario->boots[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct qemu_outcome outcome = { .ending = QEMU_TOKEN };
	struct run run = { .label = "made up", .consumer_path = "x.ko" };
	struct judge judge = { .run = &run, .outcome = &outcome,
			       .token = TOKEN };

	if (!len)
		return 0;
	run.candidate = the_candidate();
	run.target = data[0] == 0xff ? the_target() : NULL;
	judge.boot = boot_of(data[0]);
	judge.evidence = json_object();
	stage_init(&run.stage, "boot");
	outcome.shutdown = xstrdup("guest-reset");
	put_results(&outcome.results, data + 1, len - 1);
	put_end(&outcome.results);
	judge_boot(&judge);
	fuzz_must(run.stage.num_findings || run.target ||
		  !boot_has_plan(judge.boot, PLAN_EVENTS) ||
		  run.num_events == run.candidate->synth.num_events);
	for (size_t i = 0; i < run.stage.num_findings; i++)
		fuzz_must(run.stage.findings[i].code);
	console_free(&judge.console);
	json_decref(judge.evidence);
	stage_free(&run.stage);
	qemu_outcome_free(&outcome);
	return 0;
}
