// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two questions to each execution.  Did the kernel see what was executed?  And
 * did what was to match, match - by the naive reference?
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
	size_t next_result;	/* from where an execution's is sought */
	size_t next_pid1;	/* from where PID 1's next record is sought */
	json_t *skipped;
	bool *proven;		/* by rule: one that must match has matched */
	size_t num_executed, num_events, num_busy, num_skipped;
	size_t num_wrong;
};

static bool told_enough(size_t *count)
{
	return (*count)++ >= MAX_TOLD;
}

static void skip(struct trial *trial, const struct asked *asked,
		 const char *reason)
{
	char *rule = asked->synth ?
		candidate_rule(asked->of, asked->synth->rule) :
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

		if (!record->by || match->channel != record->by->channel ||
		    !candidate_kills(record->by, match->rule))
			continue;
		num++;
		if (!good)
			continue;
		rule = candidate_rule(record->by, match->rule);
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
		candidate_rule(asked->of, asked->synth->rule) : NULL;

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

/*
 * Only what evaluated the event can be held to what its own rules expect.
 * Returns false where the machine's own inputs made it another event.
 */
static bool judge_expectation(struct trial *trial, const struct asked *asked,
			      const struct record *record)
{
	const struct moment *moment = &trial->judge->moments[record->result];
	const struct synth_event *synth = asked->synth;
	bool holds = model_rule_matches(&asked->of->model, synth->rule,
					record->event.values,
					record->head.num_values);

	if (holds != synth->expect)
		return false;
	if (holds && asked->of == trial->candidate && record->by == asked->of &&
	    judge_record_matched(record, asked->of, synth->rule))
		trial->proven[synth->rule] = true;
	if (record->by != asked->of || moment->is_off ||
	    synth->rule < moment->num_off ||
	    record->head.flags & PLIMSOLL_RECORD_MORE ||
	    judge_record_matched(record, asked->of, synth->rule) == holds)
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
	/* By whom it was evaluated is known, or it is a finding already. */
	if (done && (record->by || !record->head.num_matches))
		judge_death(trial, asked, done, num_killers);
	if (!asked->synth)
		return;
	if (judge_expectation(trial, asked, record))
		trial->num_events++;
	else
		skip(trial, asked, "what the event leaves open decides it");
}

static const struct record *find_record(const struct trial *trial,
					uint32_t template_id,
					uint32_t pid, size_t *from)
{
	for (; *from < trial->records.num; (*from)++)
		if (trial->records.list[*from].head.type ==
		    PLIMSOLL_RECORD_EVENT &&
		    trial->records.list[*from].head.template_id ==
		    template_id &&
		    trial->records.list[*from].head.pid == pid)
			return &trial->records.list[(*from)++];
	return NULL;
}

/* The first record that came in no result before this one. */
static size_t first_record(const struct trial *trial, size_t result)
{
	size_t low = 0, high = trial->records.num;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (trial->records.list[middle].result < result)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t template_of(const struct asked *asked)
{
	return asked->synth ?
		asked->synth->event.template->shape.template_id :
		PLM_PROCESS_CREATION_ID;
}

/* Killed before it could do what it was to do. */
static bool died_early(const struct asked *asked,
		       const struct vm_executed *done)
{
	return asked->execution.act && WIFSIGNALED(done->status) &&
	       WTERMSIG(done->status) == SIGKILL && !done->ran;
}

/* @from: where the records of that time begin. */
static void judge_executed(struct trial *trial, const struct asked *asked,
			   const struct vm_executed *done, size_t from)
{
	const struct record *record = NULL;

	if (done->pid > 0)
		record = find_record(trial, template_of(asked),
				     (uint32_t)done->pid, &from);
	if (record)
		judge_seen(trial, asked, record, done);
	else if (done->error)
		skip(trial, asked, strerror(done->error));
	else if (done->pid <= 0 && WIFSIGNALED(done->parent_status))
		skip(trial, asked, "its parent was killed");
	else if (done->pid <= 0)
		skip(trial, asked, "its parent did not start it");
	else if (died_early(asked, done))
		skip(trial, asked, "its program was killed as it began");
	else if (WIFEXITED(done->status) && WEXITSTATUS(done->status))
		skip(trial, asked, strerror(WEXITSTATUS(done->status)));
	else
		wrong(trial, asked, "NO_RECORD",
		      "the kernel did not see this execution");
}

/* Its records came in results of the same step. */
static void judge_one(struct trial *trial, const struct asked *asked,
		      uint32_t id)
{
	const struct results *results = &trial->judge->outcome->results;
	const struct record *record;
	struct vm_executed done;
	size_t i = trial->next_result;

	while (i < results->num && results->list[i].head.id != id)
		i++;
	if (i == results->num) {
		skip(trial, asked, "the guest did not get to it");
		return;
	}
	trial->next_result = i;
	if (asked->good && asked->good->is_pid1) {
		record = find_record(trial, PLM_PROCESS_CREATION_ID, 1,
				     &trial->next_pid1);
		if (record)
			judge_seen(trial, asked, record, NULL);
		else
			wrong(trial, asked, "NO_RECORD",
			      "the kernel did not see PID 1 execute this");
		return;
	}
	while (i < results->num && results->list[i].head.id == id &&
	       results->list[i].head.type != VM_RESULT_EXECUTED)
		i++;
	if (i == results->num || results->list[i].head.len != sizeof(done) ||
	    results->list[i].head.id != id) {
		skip(trial, asked, "the guest did not get to it");
		return;
	}
	memcpy(&done, results->bytes.data + results->list[i].off,
	       sizeof(done));
	judge_executed(trial, asked, &done,
		       first_record(trial, trial->next_result));
}

static void judge_asked(void *context, const struct asked *asked, uint32_t id)
{
	judge_one(context, asked, id);
}

/* Of the process that was busy: which of its executions is told by its id. */
static const struct asked *busy_asked(const struct trial *trial, uint32_t id)
{
	const struct candidate *content = id & ASKED_ID_OLD ?
		trial->candidate->old : trial->candidate;
	size_t index = id & (ASKED_ID_OLD - 1);

	if (boot_plan_of(trial->judge->boot, id) != PLAN_BUSY || !content ||
	    index >= content->num_asked)
		return NULL;
	return &content->asked[index];
}

/* While the stream was closed nobody could see; only that it ran is known. */
static void judge_busy(struct trial *trial, size_t begin, size_t end)
{
	const struct results *results = &trial->judge->outcome->results;
	const struct result *result = &results->list[end];
	size_t num = result->head.len / sizeof(struct vm_busy);
	size_t from = first_record(trial, begin);

	for (size_t i = 0; i < num; i++) {
		const struct asked *asked;
		struct vm_busy one;

		memcpy(&one, results->bytes.data + result->off +
		       i * sizeof(one), sizeof(one));
		asked = busy_asked(trial, one.id);
		if (!asked)
			judge_finding(trial->judge, SEVERITY_UNKNOWN,
				      "BAD_RESULT", NULL,
				      "the guest tells of an execution that was not asked for");
		else if (one.watched)
			judge_executed(trial, asked, &one.done, from);
	}
	trial->num_busy += num;
}

static void judge_all_busy(struct trial *trial)
{
	const struct results *results = &trial->judge->outcome->results;
	size_t begin = 0;

	for (size_t i = 0; i < results->num; i++) {
		if (results->list[i].head.type == VM_RESULT_STEP &&
		    results->list[i].head.op == VM_STEP_BUSY)
			begin = i;
		else if (results->list[i].head.type == VM_RESULT_BUSY)
			judge_busy(trial, begin, i);
	}
	if (boot_has_plan(trial->judge->boot, PLAN_BUSY) && !trial->num_busy)
		judge_finding(trial->judge, SEVERITY_UNKNOWN, "NO_EVENTS",
			      NULL, "nothing was executed beside the exchange");
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

/* What can't be executed is told once, not under every plan. */
static void skip_impossible(struct trial *trial)
{
	const struct candidate *candidate = trial->candidate;

	for (size_t i = 0; i < candidate->num_asked; i++)
		if (candidate->asked[i].reason)
			skip(trial, &candidate->asked[i],
			     candidate->asked[i].reason);
}

static void judge_all(struct trial *trial)
{
	const struct boot_plan *boot = trial->judge->boot;
	bool has_events = false;

	for (size_t i = 0; i < PLAN_MAX && boot->plans[i]; i++) {
		has_events |= plan_has_events(boot->plans[i]);
		if (boot->plans[i] != PLAN_BUSY)
			scenario_each_asked(boot, i, trial->candidate,
					    judge_asked, trial);
	}
	judge_all_busy(trial);
	if (has_events)
		skip_impossible(trial);
	if (has_events && !trial->num_events)
		judge_finding(trial->judge, SEVERITY_UNKNOWN, "NO_EVENTS",
			      NULL, "not one event of the content was executed");
}

void judge_events(struct judge *judge)
{
	struct trial trial = {
		.judge = judge,
		.candidate = judge->run->candidate,
		.skipped = json_array(),
		.proven = xcalloc((size_t)judge->run->candidate->model.num_rules +
				  1, sizeof(bool)),
	};

	if (judge->accepted) {
		records_read(&trial.records, &judge->outcome->results);
		judge_records(judge, &trial.records);
		judge_all(&trial);
		judge_proof(judge, trial.proven);
	}
	judge->run->num_executed += trial.num_executed;
	judge->run->num_events += trial.num_events;
	json_object_set_new(judge->evidence, "executed",
			    json_integer((json_int_t)trial.num_executed));
	json_object_set_new(judge->evidence, "events",
			    json_integer((json_int_t)trial.num_events));
	json_object_set_new(judge->evidence, "executed_beside",
			    json_integer((json_int_t)trial.num_busy));
	json_object_set_new(judge->evidence, "records",
			    json_integer((json_int_t)trial.records.num));
	json_object_set_new(judge->evidence, "num_not_executed",
			    json_integer((json_int_t)trial.num_skipped));
	json_object_set_new(judge->evidence, "not_executed", trial.skipped);
	records_free(&trial.records);
	free(trial.proven);
}
