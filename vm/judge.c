// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/document.h"
#include "vm/goodware.h"

void judge_finding(struct judge *judge, enum severity severity,
		   const char *code, const char *rule, const char *format, ...)
{
	struct place place = NOWHERE;
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = xstrdup(code);
	va_end(args);
	place.file = judge->run->candidate->path;
	place.rule = rule;
	stage_finding(&judge->run->stage, severity, code, place, "%s, %s: %s",
		      judge->run->label, judge->boot->name, text);
	free(text);
}

/* The kernel gave up because PID 1 was killed. */
static bool killed_init(const struct console_report *report)
{
	return strstr(report->title, "Attempted to kill init") ||
	       strstr(report->text, "Attempted to kill init");
}

/*
 * Before PID 1 there is neither consumer nor content: what the kernel cries
 * about then, on a machine as busy as this one may be, is not their doing.
 */
static bool before_pid1(const struct judge *judge)
{
	return !results_find(&judge->outcome->results, 0, VM_RESULT_HELLO, 0);
}

static void judge_report(struct judge *judge,
			 const struct console_report *report)
{
	char *code = xasprintf("KERNEL_%s", report->kind);
	bool early = before_pid1(judge);
	char *failing = judge_failing(judge);

	judge_finding(judge, early ? SEVERITY_UNKNOWN : SEVERITY_FAIL, code,
		      NULL, "%s%s%s", report->title,
		      early ? " (before PID 1 was there)" : "",
		      failing ? failing : "");
	free(failing);
	free(code);
}

static json_t *reports_json(const struct console *console)
{
	json_t *list = json_array();

	for (size_t i = 0; i < console->num_reports; i++) {
		const struct console_report *r = &console->reports[i];

		json_array_append_new(list, json_pack(
			"{ss so so sI}", "kind", r->kind, "title",
			document_text(r->title), "text",
			document_text(r->text), "line",
			(json_int_t)r->line));
	}
	return list;
}

static const struct console_report *first_report(const struct judge *judge)
{
	return console_first(&judge->console,
			     boot_has_plan(judge->boot, PLAN_HOG));
}

/* The first report is the finding; those behind it mostly follow from it. */
static void judge_console(struct judge *judge)
{
	const struct qemu_outcome *outcome = judge->outcome;
	struct console *console = &judge->console;
	const struct console_report *report;
	bool pid1 = false;

	console_scan(console, (const char *)outcome->console.data,
		     outcome->console.len);
	report = first_report(judge);
	json_object_set_new(judge->evidence, "kernel_reports",
			    reports_json(console));
	for (size_t i = 0; i < console->num_reports; i++)
		pid1 |= killed_init(&console->reports[i]);
	if (pid1 && !before_pid1(judge) &&
	    !judge_pid1(judge, "the kernel panicked because of it"))
		judge_finding(judge, SEVERITY_FAIL, KILLS_PID1, NULL,
			      "PID 1 was killed and the kernel panicked");
	if (report)
		judge_report(judge, report);
	if (console->num_banners > 1)
		judge_finding(judge, SEVERITY_FAIL, "REBOOTED", NULL,
			      "the kernel started %zu times",
			      console->num_banners);
}

/* By what, when, and what was said of it; a new string. */
static char *ending_text(const struct qemu_outcome *outcome)
{
	const struct vm_bytes *errors = &outcome->errors;

	return xasprintf("%s after %.1f s%s%s%s%.*s",
			 qemu_ending_text(outcome->ending), outcome->seconds,
			 outcome->disk_error ? "; its disk: " : "",
			 outcome->disk_error ? outcome->disk_error : "",
			 errors->len ? "; " : "",
			 (int)(errors->len < 200 ? errors->len : 200),
			 errors->len ? (const char *)errors->data : "");
}

/*
 * How the VM ended.  A kernel that cried has already failed the candidate;
 * that its run is not complete then adds nothing.  Returns whether it was.
 */
static bool judge_ending(struct judge *judge)
{
	const struct qemu_outcome *outcome = judge->outcome;
	const char *fault = results_fault(&outcome->results, judge->token);
	char *ending;

	if (first_report(judge))
		return !fault;
	ending = ending_text(outcome);
	if (outcome->ending == QEMU_NOT_STARTED)
		judge_finding(judge, SEVERITY_UNKNOWN, "NO_QEMU", NULL,
			      "QEMU could not be started; is qemu-system-x86 installed?");
	else if (fault)
		judge_finding(judge, SEVERITY_UNKNOWN, "LOST_VM", NULL,
			      "%s (%s)", fault, ending);
	else if (judge->boot->until_exit &&
		 (!outcome->shutdown ||
		  strcmp(outcome->shutdown, "guest-reset")))
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_REBOOTED", NULL,
			      "the guest did not restart (%s)", ending);
	if (outcome->console_cut)
		judge_finding(judge, SEVERITY_UNKNOWN, "CONSOLE_CUT", NULL,
			      "the kernel said more than is kept; what came after %zu bytes is not known",
			      outcome->console.len);
	free(ending);
	return !fault;
}

static void judge_step(struct judge *judge, const struct vm_result *head)
{
	const char *name = results_step_name(head->op);

	switch (head->op) {
	case VM_STEP_REMOVE:
		judge_finding(judge, SEVERITY_FAIL, "NOT_UNLOADED", NULL,
			      "the consumer can't be unloaded: %s",
			      strerror(head->value));
		break;
	case VM_STEP_TARGET_WATCH:
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_READ", NULL,
			      "nobody has read the file, in the place that the target gives it");
		break;
	case VM_STEP_CONSUMER:
		judge_finding(judge, SEVERITY_UNKNOWN, "CONSUMER_NOT_LOADED",
			      NULL, "%s can't be loaded: %s",
			      judge->run->consumer_path,
			      strerror(head->value));
		break;
	default:
		judge_finding(judge, SEVERITY_UNKNOWN, "STEP_FAILED", NULL,
			      "the guest's step %s failed: %s",
			      name ? name : "?", strerror(head->value));
	}
}

/* The first step that failed; the others may follow from it. */
static void judge_steps(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;

	for (size_t i = 0; i < results->num; i++) {
		const struct vm_result *head = &results->list[i].head;

		if ((head->type == VM_RESULT_STEP ||
		     head->type == VM_RESULT_HELLO ||
		     head->type == VM_RESULT_RECORDS) && head->value) {
			judge_step(judge, head);
			return;
		}
	}
}

static bool has_findings(const struct judge *judge)
{
	const struct stage *stage = &judge->run->stage;

	for (size_t i = judge->first_finding; i < stage->num_findings; i++)
		if (stage->findings[i].severity != SEVERITY_INFO)
			return true;
	return false;
}

/* A boot that never had the content at work has not shown it to be good. */
static void judge_silence(struct judge *judge)
{
	struct plm_fault fault;

	if (has_findings(judge) ||
	    (judge->accepted && judge_expects(judge, judge->run->candidate,
					      &fault) == PLM_OK))
		return;
	judge_finding(judge, SEVERITY_UNKNOWN, "NOT_TAKEN", NULL,
		      "the content was neither taken nor refused");
}

void judge_boot(struct judge *judge)
{
	bool complete;

	judge->first_finding = judge->run->stage.num_findings;
	judge_console(judge);
	complete = judge_ending(judge);
	if (!first_report(judge))
		judge_steps(judge);
	if (judge->run->target) {
		judge_target(judge, complete && !first_report(judge));
		return;
	}
	/* Otherwise there is nothing that the rest could be held to. */
	if (!complete || first_report(judge))
		return;
	judge_course(judge);
	judge_offers(judge);
	judge_failures(judge);
	judge_state(judge);
	judge_events(judge);
	judge_silence(judge);
	free(judge->moments);
	judge->moments = NULL;
}
