// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/run.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "vm/disk.h"
#include "vm/interrupt.h"
#include "vm/judge.h"
#include "vm/lab.h"
#include "vm/target_script.h"

#define CONSOLE_TAIL 2048
#define MEMORY_MIB 256
#define ALTERNATE_SECONDS 240
#define FAIL_SECONDS 120
/* What a kernel that checks each access takes of what another takes. */
#define SLOW_TIMES 8
/* A file is there packed, unpacked, read, and copied by the consumer. */
#define MEMORY_TIMES 8

/* What one boot is made of. */
struct boot {
	struct run *run;
	const struct boot_plan *plan;
	char token[VM_TOKEN_LEN + 1];
	char *initramfs;		/* path */
	char *initramfs_digest;
	json_t *files;			/* that are in it, with theirs */
	char *disk;			/* path, the run's */
};

static void cannot(const struct boot *boot, const char *code, const char *text)
{
	struct place place = NOWHERE;

	place.file = boot->run->candidate->path;
	stage_finding(&boot->run->stage, SEVERITY_UNKNOWN, code, place,
		      "%s, %s: %s", boot->run->label, boot->plan->name, text);
}

/* What does not come from the disk comes in the initramfs. */
static void add_files(const struct boot *boot, struct initramfs *initramfs)
{
	char *actor = file_part("guest/actor");

	if (!boot->plan->has_disk) {
		initramfs_file(initramfs, VM_ACTOR, 0755, actor);
		initramfs_file(initramfs, VM_CONSUMER, 0644,
			       boot->run->consumer_path);
	}
	scenario_files(boot->plan, boot->run->candidate, initramfs);
	free(actor);
}

/* A target that is not ours says itself what goes into the guest. */
static int write_target(struct boot *boot)
{
	struct initramfs initramfs;
	struct script script = { 0 };
	const char *code;
	char error[256];
	int err;

	lab_initramfs(&initramfs);
	err = target_prepare(boot->run, boot->plan, boot->token, &initramfs,
			     &script, &code, error);
	if (err) {
		cannot(boot, code, error);
	} else {
		err = lab_write(&initramfs, &script, boot->initramfs,
				&boot->initramfs_digest);
		if (err)
			cannot(boot, "NO_INITRAMFS", strerror(-err));
	}
	script_free(&script);
	boot->files = json_incref(initramfs.files);
	initramfs_free(&initramfs);
	return err;
}

static int write_initramfs(struct boot *boot)
{
	struct initramfs initramfs;
	struct script script = { 0 };
	char **drivers = NULL;
	char error[256];
	int err = 0;

	lab_initramfs(&initramfs);
	add_files(boot, &initramfs);
	if (boot->plan->has_disk &&
	    disk_drivers(boot->run->kernel, &initramfs, &drivers, error)) {
		cannot(boot, "NO_DRIVER", error);
		err = -1;
	}
	if (!err) {
		scenario_script(boot->plan, boot->run->candidate, boot->token,
				drivers, &script);
		err = lab_write(&initramfs, &script, boot->initramfs,
				&boot->initramfs_digest);
		if (err)
			cannot(boot, "NO_INITRAMFS", err == -ENOENT ?
			       "a guest program is missing; is it built?" :
			       strerror(-err));
	}
	disk_drivers_free(drivers);
	script_free(&script);
	boot->files = json_incref(initramfs.files);
	initramfs_free(&initramfs);
	return err;
}

/* Seconds from QEMU's start to the first result of this type and step. */
static json_t *moment(const struct results *results, enum vm_result_type type,
		      enum vm_step_op op)
{
	for (size_t i = 0; i < results->num; i++)
		if (results->list[i].head.type == type &&
		    results->list[i].head.op == op)
			return json_real(results->list[i].seconds);
	return json_null();
}

static json_t *last_event(const struct results *results)
{
	for (size_t i = results->num; i-- > 0;)
		if (results->list[i].head.type == VM_RESULT_EXECUTED)
			return json_real(results->list[i].seconds);
	return json_null();
}

static json_t *times_json(const struct qemu_outcome *outcome)
{
	const struct results *results = &outcome->results;

	return json_pack("{so so so so sf}",
			 "pid1", moment(results, VM_RESULT_HELLO,
					VM_STEP_NONE),
			 "loaded", moment(results, VM_RESULT_STEP,
					  VM_STEP_CONSUMER),
			 "events", last_event(results),
			 "token", moment(results, VM_RESULT_END, VM_STEP_NONE),
			 "end", outcome->seconds);
}

static json_t *text_json(const struct vm_bytes *bytes, size_t max)
{
	size_t len = bytes->len < max ? bytes->len : max;
	char *text = len ? xstrndup((const char *)bytes->data +
				    (bytes->len - len), len) : xstrdup("");
	json_t *json;

	for (char *p = text; *p; p++)
		if ((*p < ' ' && !strchr("\n\t\r", *p)) || *p == 127)
			*p = '?';
	json = document_text(text);
	free(text);
	return json;
}

/* A file name of ordinary letters for the console of one boot. */
static char *console_name(const struct boot *boot)
{
	char *name = xasprintf("console %s %s", boot->run->label,
			       boot->plan->name);
	char *to = name;
	char *path;

	for (const char *p = name; *p; p++) {
		if (isalnum((unsigned char)*p) || *p == '.' || *p == '_')
			*to++ = *p;
		else if (to[-1] != '-')
			*to++ = '-';
	}
	*to = 0;
	path = xasprintf("%s/%s.log", boot->run->evidence_dir, name);
	free(name);
	return path;
}

/* The console as a file where evidence is kept; a tail of it in any case. */
static void keep_console(const struct boot *boot,
			 const struct qemu_outcome *outcome, bool failed,
			 json_t *evidence)
{
	char *path, *digest;

	digest = digest_of(outcome->console.data ? outcome->console.data :
			   (const uint8_t *)"", outcome->console.len);
	json_object_set_new(evidence, "console_digest", json_string(digest));
	free(digest);
	json_object_set_new(evidence, "console",
			    text_json(&outcome->console,
				      failed ? (size_t)1 << 20 : CONSOLE_TAIL));
	if (!boot->run->evidence_dir)
		return;
	path = console_name(boot);
	if (file_mkdirs(boot->run->evidence_dir) == 0 &&
	    file_write(path, outcome->console.data, outcome->console.len) == 0)
		json_object_set_new(evidence, "console_file",
				    document_text(path));
	free(path);
}

static json_t *boot_json(const struct boot *boot,
			 const struct qemu_outcome *outcome)
{
	return json_pack("{ss ss? sO? so? ss? ss ss? so}",
			 "boot", boot->plan->name,
			 "initramfs", boot->initramfs_digest,
			 "files", boot->files,
			 "command", outcome->command_line ?
			 document_text(outcome->command_line) : NULL,
			 "qemu", outcome->version,
			 "ending", qemu_ending_text(outcome->ending),
			 "shutdown", outcome->shutdown,
			 "seconds", times_json(outcome));
}

static char *append_of(const struct run *run, const struct boot_plan *plan)
{
	if (run->target)
		return xstrdup(run->target->append ? run->target->append : "");
	return xasprintf("plimsoll.channels=%u %s", run->candidate->channel,
			 plan->append ? plan->append : "");
}

static double deadline_of(const struct boot *boot)
{
	double seconds = accelerator_deadline(boot->run->accelerator,
					      scenario_num_asked(boot->plan,
							  boot->run->candidate));

	/* Thousands of replacements, however busy the machine is. */
	if (boot_has_plan(boot->plan, PLAN_ALTERNATE))
		seconds += ALTERNATE_SECONDS;
	/* Hundreds of loads and executions, on a kernel that takes its time. */
	if (boot->plan->fails)
		seconds += FAIL_SECONDS;
	if (boot->run->kernel->is_slow)
		seconds *= SLOW_TIMES;
	return boot->run->target ?
		seconds + target_seconds(boot->run, boot->plan) : seconds;
}

static unsigned int memory_of(const struct boot *boot)
{
	unsigned int usual = boot->plan->memory_mib ? boot->plan->memory_mib :
						      MEMORY_MIB;

	return usual + MEMORY_TIMES *
		(unsigned int)(boot->run->candidate->len >> 20) +
		(boot->run->target ? boot->run->target->memory_mib : 0);
}

/*
 * A disk answers when the host gets to it.  While the guest waits, time that is
 * counted in instructions would leap from one timer to the next.
 */
static bool counts_time(const struct boot *boot)
{
	return boot->run->deterministic && !boot->plan->has_disk;
}

static void tell_disk(const struct boot *boot)
{
	struct place place = NOWHERE;

	if (!boot->run->deterministic || counts_time(boot))
		return;
	place.file = boot->run->candidate->path;
	stage_finding(&boot->run->stage, SEVERITY_INFO, "NOT_DETERMINISTIC",
		      place, "%s, %s: has a disk, whose answers no count of instructions can time",
		      boot->run->label, boot->plan->name);
}

/*
 * Results through memory, where there is any to be had.  The guest sees in it
 * how far the host has come, which is another thing in every run.
 */
static bool open_mailbox(const struct boot *boot, struct mailbox *out)
{
	const struct script none = { 0 };

	return !boot->run->deterministic && !mailbox_open(out) &&
	       !mailbox_fill(out, &none, NULL, 0);
}

/*
 * A kernel that cries before PID 1 is there has met neither consumer nor
 * content: on a busy machine the emulator makes one do so, seldom.  What it
 * cried, as a new string; NULL: nothing, or it has come further.
 */
static char *early_cry(const struct qemu_outcome *outcome)
{
	struct console console = { 0 };
	char *title = NULL;

	if (results_find(&outcome->results, 0, VM_RESULT_HELLO, 0))
		return NULL;
	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	if (console.num_reports)
		title = xstrdup(console.reports[0].title);
	console_free(&console);
	return title;
}

static void start(const struct boot *boot, struct qemu_config *config,
		  struct qemu_outcome *outcome)
{
	struct mailbox mailbox;

	config->mailbox = open_mailbox(boot, &mailbox) ? &mailbox : NULL;
	qemu_run(config, outcome);
	if (config->mailbox)
		mailbox_close(config->mailbox);
	config->mailbox = NULL;
	boot->run->seconds += outcome->seconds;
	boot->run->cpu_seconds += outcome->cpu_seconds;
}

/*
 * Start the VM, and once more where its kernel cried early.  What the first one
 * said is told, a new JSON object; NULL: there was one alone.
 */
static json_t *start_well(const struct boot *boot, struct qemu_config *config,
			  struct qemu_outcome *outcome)
{
	struct place place = NOWHERE;
	json_t *first;
	char *cry;

	start(boot, config, outcome);
	/* The second would be the same, bit by bit. */
	cry = config->deterministic || interrupted() ? NULL :
						       early_cry(outcome);
	if (!cry)
		return NULL;
	place.file = boot->run->candidate->path;
	stage_finding(&boot->run->stage, SEVERITY_INFO, "STARTED_AGAIN", place,
		      "%s, %s: %s (before PID 1 was there), so the VM was started again",
		      boot->run->label, boot->plan->name, cry);
	first = json_pack("{so sf so}", "cried", document_text(cry),
			  "seconds", outcome->seconds, "console",
			  text_json(&outcome->console, (size_t)1 << 20));
	free(cry);
	qemu_outcome_free(outcome);
	start(boot, config, outcome);
	return first;
}

static enum verdict run_boot(struct boot *boot)
{
	struct run *run = boot->run;
	char *append = append_of(run, boot->plan);
	struct qemu_config config = {
		.vmlinux = run->kernel->vmlinux,
		.initramfs = boot->initramfs,
		.disk = boot->plan->has_disk ? boot->disk : NULL,
		.accelerator = run->accelerator->name,
		.append = append,
		.memory_mib = memory_of(boot),
		.num_cpus = boot->plan->num_cpus,
		.warps = boot->plan->warps,
		.clock = boot->plan->clock,
		.token = boot->token,
		.deterministic = counts_time(boot),
		/* Where we end it, the console ends somewhere. */
		.until_exit = boot->plan->until_exit || run->deterministic,
		.hogs = boot_has_plan(boot->plan, PLAN_HOG),
		.deadline = deadline_of(boot),
	};
	struct qemu_outcome outcome;
	struct judge judge = { .run = run, .boot = boot->plan,
			       .outcome = &outcome, .token = boot->token };
	size_t before;
	bool failed = false;
	json_t *first;

	tell_disk(boot);
	first = start_well(boot, &config, &outcome);
	before = run->stage.num_findings;
	judge.evidence = boot_json(boot, &outcome);
	if (first)
		json_object_set_new(judge.evidence, "first_start", first);
	judge_boot(&judge);
	for (size_t i = before; i < run->stage.num_findings; i++)
		failed |= run->stage.findings[i].severity != SEVERITY_INFO;
	keep_console(boot, &outcome, failed, judge.evidence);
	json_array_append_new(json_object_get(run->evidence, "boots"),
			      judge.evidence);
	console_free(&judge.console);
	qemu_outcome_free(&outcome);
	free(append);
	return failed ? VERDICT_FAIL : VERDICT_PASS;
}

/* The same in every run, where that is asked for; else nobody can know it. */
static int make_token(struct boot *boot)
{
	char *text;

	if (!boot->run->deterministic)
		return lab_token(boot->token);
	text = xasprintf("%s %s %s", boot->run->candidate->digest,
			 boot->run->scenario->name, boot->plan->name);
	lab_token_of(text, boot->token);
	free(text);
	return 0;
}

static enum verdict prepare_and_run(struct boot *boot)
{
	enum verdict verdict = VERDICT_UNKNOWN;

	boot->initramfs = xasprintf("%s/initramfs", boot->run->workdir);
	if (make_token(boot))
		cannot(boot, "NO_TOKEN", "the system gives no random bytes");
	else if ((boot->run->target ? write_target(boot) :
		  write_initramfs(boot)) == 0)
		verdict = run_boot(boot);
	unlink(boot->initramfs);
	free(boot->initramfs);
	free(boot->initramfs_digest);
	json_decref(boot->files);
	return verdict;
}

static bool make_disk(struct run *run, char *path)
{
	struct boot boot = { .run = run, .plan = &run->scenario->boots[0] };
	char error[256];

	if (!boot.plan->has_disk)
		return true;
	if (disk_make(path, run->workdir, run->consumer_path,
		      run->candidate, error) == 0)
		return true;
	cannot(&boot, "NO_DISK", error);
	return false;
}

void run_scenario(struct run *run)
{
	const struct boot_plan *plans = run->scenario->boots;
	char *disk = xasprintf("%s/disk", run->workdir);
	enum verdict verdict = VERDICT_PASS;

	run->evidence = json_pack(
		"{so so ss ss so ss? ss ss? sb ss so}", "kernel",
		document_text(run->kernel->name), "release",
		document_text_or_null(run->kernel->release), "kernel_digest",
		run->kernel->digest, "scenario", run->scenario->name,
		"consumer", document_text_or_null(run->consumer_path),
		"consumer_digest",
		run->consumer ? run->consumer->digest : NULL, "candidate",
		run->candidate->digest, "baseline",
		run->candidate->baseline_digest, "stands_in",
		run->candidate->stands_in, "accelerator", run->accelerator->name,
		"boots", json_array());
	if (run->target)
		json_object_set_new(run->evidence, "target", json_pack(
			"{ss ss}", "name", run->target->name, "digest",
			run->target->digest));
	if (make_disk(run, disk)) {
		size_t i;

		/* A boot that went wrong leaves nothing to go on from. */
		for (i = 0; plans[i].name && verdict == VERDICT_PASS &&
		     !interrupted(); i++) {
			struct boot boot = { .run = run, .plan = &plans[i],
					     .disk = disk };

			if (boot_is_for(&plans[i], run->kernel))
				verdict = prepare_and_run(&boot);
		}
		run->complete = !plans[i].name && verdict == VERDICT_PASS;
	}
	unlink(disk);
	free(disk);
}
