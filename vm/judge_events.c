// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Three questions to each execution.  Did the kernel see what was executed?
 * Do its matches equal those of the shared evaluator on the very inputs that
 * it recorded?  And did what was to match, match - by the naive reference?
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "report/document.h"
#include "vm/judge.h"
#include "vm/realise.h"
#include "vm/records.h"

#define MAX_TOLD 5	/* findings of one kind in one boot */
#define MAX_LISTED 100	/* executions that did not take place, in evidence */

struct trial {
	struct judge *judge;
	const struct candidate *candidate;
	struct records records;
	size_t next_pid1;	/* from where PID 1's next record is sought */
	json_t *skipped;
	size_t num_executed, num_events, num_skipped;
	size_t num_disagree, num_wrong;
};

static bool told_enough(size_t *count)
{
	return (*count)++ >= MAX_TOLD;
}

static void skip(struct trial *trial, const struct asked *asked,
		 const char *reason)
{
	char *rule = asked->synth ?
		candidate_rule(trial->candidate, asked->synth->rule) :
		xstrdup(asked->good->what);

	if (trial->num_skipped++ < MAX_LISTED)
		json_array_append_new(trial->skipped, json_pack(
			"{so so ss}", "for", document_text(rule), "image",
			document_text(asked->execution.image ?
				      asked->execution.image : ""),
			"reason", reason));
	free(rule);
	/* What every content has to be shown harmless to can't be left out. */
	if (asked->good)
		judge_finding(trial->judge, SEVERITY_UNKNOWN, "NOT_EXECUTED",
			      NULL, "%s (%s) was not executed: %s",
			      asked->good->image, asked->good->what, reason);
}

/* Matches of our channel only, ascending. */
static size_t kernel_matches(const struct trial *trial,
			     const struct record *record, uint32_t *out)
{
	size_t num = 0;

	for (size_t i = 0; i < record->head.num_matches; i++)
		if (record->matches[i].channel == trial->candidate->channel)
			out[num++] = record->matches[i].rule;
	for (size_t i = 1; i < num; i++)
		for (size_t k = i; k > 0 && out[k - 1] > out[k]; k--) {
			uint32_t swap = out[k];

			out[k] = out[k - 1];
			out[k - 1] = swap;
		}
	return num;
}

static bool has_match(const struct record *record, uint32_t channel,
		      uint32_t rule)
{
	for (size_t i = 0; i < record->head.num_matches; i++)
		if (record->matches[i].channel == channel &&
		    record->matches[i].rule == rule)
			return true;
	return false;
}

static bool sets_differ(const struct record *record, const uint32_t *kernel,
			size_t num_kernel, const struct event_result *expect)
{
	size_t common = 0;

	if (record->head.flags & PLIMSOLL_RECORD_MORE) {
		/* The record had no room for all: those told must be right. */
		for (size_t i = 0; i < expect->num_matches; i++)
			common += has_match(record, record->matches[0].channel,
					    expect->matches[i]);
		return common != num_kernel;
	}
	return num_kernel != expect->num_matches ||
	       (num_kernel && memcmp(kernel, expect->matches,
				     num_kernel * sizeof(*kernel)));
}

static void compare_record(struct trial *trial, struct evaluator *evaluator,
			   const struct record *record)
{
	uint32_t *kernel = xcalloc((size_t)record->head.num_matches + 1,
				   sizeof(*kernel));
	size_t num = kernel_matches(trial, record, kernel);
	struct event_result expect;

	evaluator_run(evaluator, &record->event, record->head.num_values,
		      &expect);
	if (sets_differ(record, kernel, num, &expect) &&
	    !told_enough(&trial->num_disagree)) {
		char *rule = num || expect.num_matches ? candidate_rule(
			trial->candidate, num > expect.num_matches ?
			kernel[0] : expect.num_matches ?
			expect.matches[0] : 0) : NULL;
		struct event copy = record->event;
		json_t *json = event_to_json(&copy);
		char *text = json_dumps(json, JSON_COMPACT);

		judge_finding(trial->judge, SEVERITY_FAIL, "DISAGREE", rule,
			      "the kernel matches %zu rules and userspace %zu on %s",
			      num, expect.num_matches, text ? text : "?");
		free(text);
		json_decref(json);
		free(rule);
	}
	event_result_free(&expect);
	free(kernel);
}

static void compare_all(struct trial *trial)
{
	struct evaluator *evaluator = evaluator_new(&trial->candidate->content);
	size_t lost = 0;

	for (size_t i = 0; i < trial->records.num; i++) {
		const struct record *record = &trial->records.list[i];

		if (record->head.type != PLIMSOLL_RECORD_EVENT)
			lost++;
		else if (record->event.template)
			compare_record(trial, evaluator, record);
		else
			trial->records.malformed = true;
	}
	evaluator_free(evaluator);
	if (lost)
		judge_finding(trial->judge, SEVERITY_UNKNOWN, "MATCHES_LOST",
			      NULL, "the stream lost records %zu times", lost);
	if (trial->records.malformed)
		judge_finding(trial->judge, SEVERITY_FAIL, "BAD_RECORD", NULL,
			      "the consumer's stream holds a record that is none");
}

/* Findings for the rules that kill in @record; how many there are. */
static size_t killers(struct trial *trial, const struct record *record,
		      const struct goodware *good)
{
	const char *spared = record->head.flags & PLIMSOLL_RECORD_SPARED ?
		" (this consumer spares PID 1; another may not)" : "";
	size_t num = 0;

	for (size_t i = 0; i < record->head.num_matches; i++) {
		const struct plimsoll_match *match = &record->matches[i];
		char *rule;

		if (match->channel != trial->candidate->channel ||
		    !candidate_kills(trial->candidate, match->rule))
			continue;
		num++;
		if (!good)
			continue;
		rule = candidate_rule(trial->candidate, match->rule);
		judge_finding(trial->judge, SEVERITY_FAIL, good->code, rule,
			      "the rule kills %s: %s, \"%s\"%s", good->what,
			      good->image, good->command_line, spared);
		free(rule);
	}
	return num;
}

static void wrong(struct trial *trial, const struct asked *asked,
		  const char *code, const char *what)
{
	char *rule = asked->synth ?
		candidate_rule(trial->candidate, asked->synth->rule) : NULL;

	if (!told_enough(&trial->num_wrong))
		judge_finding(trial->judge, SEVERITY_FAIL, code, rule,
			      "%s: %s, \"%s\"", what, asked->execution.image,
			      asked->execution.command_line);
	free(rule);
}

/* A rule that kills must have done so before the program ran. */
static void judge_death(struct trial *trial, const struct asked *asked,
			const struct vm_executed *done, size_t num_killers)
{
	bool killed = WIFSIGNALED(done->status) &&
		      WTERMSIG(done->status) == SIGKILL;

	if (num_killers && !killed)
		wrong(trial, asked, "NOT_KILLED",
		      "a rule that kills matched and the process lived");
	else if (num_killers && done->ran)
		wrong(trial, asked, "KILLED_LATE",
		      "the process ran before it was killed");
	else if (!num_killers && (done->status || done->ran != 1))
		wrong(trial, asked, "DIED",
		      "the process died and no rule says so");
}

static struct event asked_event(const struct asked *asked)
{
	return asked->synth ? event_copy(&asked->synth->event) :
			      goodware_event(asked->good);
}

static void judge_inputs(struct trial *trial, const struct asked *asked,
			 const struct record *record)
{
	struct event event = asked_event(asked);
	int input = realise_difference(&event, &record->event,
				       record->head.flags &
				       PLIMSOLL_RECORD_CUT);
	char *what;

	if (input >= 0) {
		what = xasprintf("the kernel saw another %s",
				 event.template->shape.inputs[input].name);
		wrong(trial, asked, "INPUT_DIFFERS", what);
		free(what);
	}
	event_free(&event);
}

/* Returns false where the machine's own inputs made it another event. */
static bool judge_expectation(struct trial *trial, const struct asked *asked,
			      const struct record *record)
{
	const struct synth_event *synth = asked->synth;
	bool holds = model_rule_matches(&trial->candidate->model, synth->rule,
					record->event.values,
					record->head.num_values);
	bool matched = has_match(record, trial->candidate->channel,
				 synth->rule);

	if (holds != synth->expect)
		return false;
	if (matched == holds || record->head.flags & PLIMSOLL_RECORD_MORE)
		return true;
	wrong(trial, asked, holds ? "NOT_MATCHED" : "MATCHED_NEAR_MISS",
	      holds ? "the rule must match this and does not" :
		      "the rule must not match this and does");
	return true;
}

static void judge_seen(struct trial *trial, const struct asked *asked,
		       const struct record *record,
		       const struct vm_executed *done)
{
	size_t num_killers = killers(trial, record, asked->good);

	trial->num_executed++;
	judge_inputs(trial, asked, record);
	if (done)
		judge_death(trial, asked, done, num_killers);
	if (!asked->synth)
		return;
	if (judge_expectation(trial, asked, record))
		trial->num_events++;
	else
		skip(trial, asked, "what the event leaves open decides it");
}

static const struct record *find_record(const struct trial *trial,
					uint32_t pid, size_t *from)
{
	for (; *from < trial->records.num; (*from)++)
		if (trial->records.list[*from].head.type ==
		    PLIMSOLL_RECORD_EVENT &&
		    trial->records.list[*from].head.pid == pid)
			return &trial->records.list[(*from)++];
	return NULL;
}

static void judge_executed(struct trial *trial, const struct asked *asked,
			   const struct vm_executed *done)
{
	const struct record *record = NULL;
	size_t from = 0;

	if (done->pid > 0)
		record = find_record(trial, (uint32_t)done->pid, &from);
	if (record)
		judge_seen(trial, asked, record, done);
	else if (done->error)
		skip(trial, asked, strerror(done->error));
	else if (done->pid <= 0 && WIFSIGNALED(done->parent_status))
		skip(trial, asked, "its parent was killed");
	else if (done->pid <= 0)
		skip(trial, asked, "its parent did not start it");
	else if (WIFEXITED(done->status) && WEXITSTATUS(done->status))
		skip(trial, asked, strerror(WEXITSTATUS(done->status)));
	else
		wrong(trial, asked, "NO_RECORD",
		      "the kernel did not see this execution");
}

static void judge_asked(struct trial *trial, const struct asked *asked,
			uint32_t id)
{
	const struct results *results = &trial->judge->outcome->results;
	const struct result *result;
	const struct record *record;
	struct vm_executed done;

	if (asked->good && asked->good->is_pid1) {
		if (!results_find(results, 0, VM_RESULT_STEP, id))
			return;
		record = find_record(trial, 1, &trial->next_pid1);
		if (record)
			judge_seen(trial, asked, record, NULL);
		else
			wrong(trial, asked, "NO_RECORD",
			      "the kernel did not see PID 1 execute this");
		return;
	}
	result = results_find(results, 0, VM_RESULT_EXECUTED, id);
	if (!result || result->head.len != sizeof(done)) {
		skip(trial, asked, "the guest did not get to it");
		return;
	}
	memcpy(&done, results->bytes.data + result->off, sizeof(done));
	judge_executed(trial, asked, &done);
}

size_t judge_pid1(struct judge *judge, const char *how)
{
	const struct candidate *candidate = judge->run->candidate;
	size_t num = 0;

	for (size_t i = 0; candidate->err == PLM_OK && i < num_goodware; i++) {
		struct event event = goodware_event(&goodware[i]);

		for (uint32_t r = 0; goodware[i].is_pid1 &&
		     r < candidate->model.num_rules; r++) {
			char *rule;

			if (!candidate_kills(candidate, r) ||
			    !model_rule_matches(&candidate->model, r,
						event.values, VM_NUM_INPUTS))
				continue;
			rule = candidate_rule(candidate, r);
			judge_finding(judge, SEVERITY_FAIL, KILLS_PID1, rule,
				      "the rule matches %s (%s): %s",
				      goodware[i].what, goodware[i].image, how);
			free(rule);
			num++;
		}
		event_free(&event);
	}
	return num;
}

static bool has_events(const struct boot_plan *boot)
{
	return boot_has_plan(boot, PLAN_EVENTS) ||
	       boot_has_plan(boot, PLAN_FIRST_EVENTS);
}

/* Is this execution part of one of the boot's plans, or can't it be? */
static bool belongs(const struct judge *judge, const struct asked *asked)
{
	for (size_t i = 0; i < PLAN_MAX; i++)
		if (plan_executes(judge->boot->plans[i], asked))
			return true;
	return asked->reason && has_events(judge->boot);
}

static void judge_all(struct trial *trial)
{
	const struct candidate *candidate = trial->candidate;

	for (size_t i = 0; i < candidate->num_asked; i++) {
		const struct asked *asked = &candidate->asked[i];

		if (!belongs(trial->judge, asked))
			continue;
		if (asked->reason)
			skip(trial, asked, asked->reason);
		else
			judge_asked(trial, asked, ASKED_ID_BASE + (uint32_t)i);
	}
	if (has_events(trial->judge->boot) && !trial->num_events)
		judge_finding(trial->judge, SEVERITY_UNKNOWN, "NO_EVENTS",
			      NULL, "not one event of the content was executed");
}

void judge_events(struct judge *judge)
{
	struct trial trial = {
		.judge = judge,
		.candidate = judge->run->candidate,
		.skipped = json_array(),
	};

	if (judge->accepted) {
		records_read(&trial.records, &judge->outcome->results);
		compare_all(&trial);
		judge_all(&trial);
	}
	judge->run->num_executed += trial.num_executed;
	judge->run->num_events += trial.num_events;
	json_object_set_new(judge->evidence, "executed",
			    json_integer((json_int_t)trial.num_executed));
	json_object_set_new(judge->evidence, "events",
			    json_integer((json_int_t)trial.num_events));
	json_object_set_new(judge->evidence, "records",
			    json_integer((json_int_t)trial.records.num));
	json_object_set_new(judge->evidence, "num_not_executed",
			    json_integer((json_int_t)trial.num_skipped));
	json_object_set_new(judge->evidence, "not_executed", trial.skipped);
	records_free(&trial.records);
}
