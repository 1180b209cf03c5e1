// SPDX-License-Identifier: GPL-2.0-or-later
/* The consumer's own word on content and rules, taint, and memory. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plimsoll_uapi.h"
#include "vm/judge.h"

/* What any module out of the kernel's tree, unsigned, sets: O and E. */
#define EXPECTED_TAINT ((1u << 12) | (1u << 13))

/*
 * Bytes that may come to be in use over all refusals or replacements: noise of
 * the rest.
 */
#define BATCH_TOLERANCE 65536

static bool copy_result(const struct results *results,
			const struct result *result, void *out, size_t len)
{
	const void *data = result ? result_data(results, result, len) : NULL;

	if (data)
		memcpy(out, data, len);
	return data != NULL;
}

static void judge_refused(struct judge *judge, const char *file,
			  const struct plimsoll_channel_status *status,
			  enum plm_err err, const struct plm_fault *fault)
{
	struct place place = { .file = file,
			       .off = status->last_fault_off };

	if (status->last_err == err && status->last_fault_off == fault->off)
		stage_finding(&judge->run->stage, SEVERITY_FAIL, "REFUSED",
			      place,
			      "%s, %s: refused by the kernel and by userspace alike: %s, %s",
			      judge->run->label, judge->boot->name,
			      plm_error_name(err), plm_error_text(err));
	else
		stage_finding(&judge->run->stage, SEVERITY_FAIL, "DISAGREE",
			      place,
			      "%s, %s: the kernel refuses with %s at offset %u, userspace says %s at offset %u",
			      judge->run->label, judge->boot->name,
			      plm_error_name(status->last_err),
			      status->last_fault_off, plm_error_name(err),
			      fault->off);
}

static bool is_content(const struct plimsoll_channel_status *status,
		       const struct candidate *content)
{
	return status->content_version == content->content.version &&
	       status->data_len == content->len &&
	       status->num_rules == plm_num_rules(&content->content);
}

/* What was at the start refused, or never offered. */
static void judge_not_loaded(struct judge *judge,
			     const struct candidate *content,
			     const struct plimsoll_channel_status *status)
{
	struct plm_fault fault = { 0 };
	enum plm_err err = judge_expects(judge, content, &fault);

	if (content != judge->run->candidate && err != PLM_OK)
		judge_finding(judge, SEVERITY_UNKNOWN, "BAD_BASELINE", NULL,
			      "the baseline is refused: %s",
			      plm_error_name(err));
	else if (status->num_refused)
		judge_refused(judge, content->path, status, err, &fault);
	else if (err != PLM_OK)
		/* Not even given to it: the firmware loader has no empty files. */
		judge_finding(judge, SEVERITY_FAIL, "REFUSED", NULL,
			      "not taken by the kernel, and refused by userspace: %s",
			      plm_error_name(err));
	else
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_TAKEN", NULL,
			      "the consumer neither took nor refused the content");
}

/* Does the consumer run what it should at this moment? */
static bool judge_running(struct judge *judge, size_t i,
			  const struct plimsoll_channel_status *status)
{
	const struct candidate *content =
		judge_content(judge, judge->moments[i].runs);
	bool loaded = status->flags & PLIMSOLL_CHANNEL_LOADED;

	if (!content && loaded)
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel takes what userspace refuses");
	else if (content && !loaded && i == judge->first_status)
		judge_not_loaded(judge, content, status);
	else if (content && !loaded)
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel no longer runs any content (refused: %s)",
			      plm_error_name(status->last_err));
	else if (content && !is_content(status, content))
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel runs another content: version %llu, %u bytes, %u rules",
			      (unsigned long long)status->content_version,
			      status->data_len, status->num_rules);
	else
		return true;
	return false;
}

/* The first status comes before any event. */
static void judge_acceptance(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	const struct candidate *first = boot_content(judge->boot,
						     judge->run->candidate);
	struct plimsoll_channel_status status;
	bool found = false, right = true;

	for (size_t i = 0; i < results->num && right; i++) {
		if (results->list[i].head.type != VM_RESULT_CHANNEL ||
		    !copy_result(results, &results->list[i], &status,
				 sizeof(status)))
			continue;
		if (!found)
			judge->first_status = i;
		right = judge_running(judge, i, &status);
		if (!found && right && judge->moments[i].runs == RUNS_NONE) {
			right = false;
			if (first)
				judge_not_loaded(judge, first, &status);
		}
		found = true;
	}
	if (!found)
		judge_finding(judge, SEVERITY_UNKNOWN, "NO_STATUS", NULL,
			      "the consumer did not say what became of the content");
	judge->accepted = found && right;
}

static void judge_rules(struct judge *judge, size_t index)
{
	const struct result *result = &judge->outcome->results.list[index];
	const struct moment *moment = &judge->moments[index];
	const struct candidate *content = judge_content(judge, moment->runs);
	const struct results *results = &judge->outcome->results;
	size_t num = result->head.len / sizeof(struct vm_rule);
	struct vm_rule rule;

	for (size_t i = 0; i < num; i++) {
		char *id;

		memcpy(&rule, results->bytes.data + result->off +
		       i * sizeof(rule), sizeof(rule));
		if (rule.rule < moment->num_off)
			rule.flags &= PLIMSOLL_RULE_FAULTED;
		if (!content || (!rule.flags && !rule.num_faulted))
			continue;
		id = candidate_rule(content, rule.rule);
		judge_finding(judge, SEVERITY_FAIL, "RULE_FAULTED", id,
			      "the consumer has %s the rule (%llu faults)",
			      rule.flags ? "disabled" : "faulted in",
			      (unsigned long long)rule.num_faulted);
		free(id);
	}
}

static void judge_info(struct judge *judge, const struct result *result)
{
	struct plimsoll_info info;

	if (!copy_result(&judge->outcome->results, result, &info,
			 sizeof(info)))
		return;
	if (info.abi != PLIMSOLL_ABI)
		judge_finding(judge, SEVERITY_UNKNOWN, "BAD_ABI", NULL,
			      "the consumer's interface is version %u, ours %u",
			      info.abi, PLIMSOLL_ABI);
	/* Where memory is short, an event may well be cut. */
	if (boot_wants_memory(judge->boot))
		return;
	if (info.num_lost || info.num_failed)
		judge_finding(judge, SEVERITY_UNKNOWN, "EVENTS_LOST", NULL,
			      "the consumer lost %llu records and failed on %llu events",
			      (unsigned long long)info.num_lost,
			      (unsigned long long)info.num_failed);
}

static void judge_rejected(struct judge *judge, const struct result *result)
{
	struct vm_rejected sums;

	if (!copy_result(&judge->outcome->results, result, &sums,
			 sizeof(sums)))
		return;
	if (sums.num_offered != REJECT_AT_ONCE ||
	    sums.num_refused != sums.num_offered)
		judge_finding(judge, SEVERITY_FAIL, "NOT_REFUSED", NULL,
			      "of %u damaged files %u were refused, %u taken, %u met another error",
			      sums.num_offered, sums.num_refused,
			      sums.num_accepted, sums.num_other);
}

static void judge_taint(struct judge *judge, const struct vm_figures *first,
			const struct vm_figures *last)
{
	uint64_t fresh = last->tainted & ~first->tainted & ~EXPECTED_TAINT;

	if (fresh)
		judge_finding(judge, SEVERITY_FAIL, "TAINTED", NULL,
			      "the kernel is tainted: mask %#llx, new %#llx",
			      (unsigned long long)last->tainted,
			      (unsigned long long)fresh);
}

/* It gives up after a report, which is a finding already, or without one. */
static void judge_lockdep(struct judge *judge, const struct vm_figures *last)
{
	if (last->lockdep == VM_LOCKDEP_GAVE_UP)
		judge_finding(judge, SEVERITY_UNKNOWN, "LOCKDEP_OFF", NULL,
			      "the kernel no longer watches its locks");
}

static const char *const figure_names[VM_NUM_FIGURES] = {
	[VM_FIGURE_KMALLOC] = "kmalloc",
	[VM_FIGURE_VMALLOC] = "vmalloc",
	[VM_FIGURE_PERCPU] = "per-CPU",
};

/*
 * A leak grows from each figure to the next.  Noise does not: the guest stops
 * its rounds as soon as nothing has grown, so a full series is suspicious in
 * itself.  Over the batches of refusals a leak of even one object a refusal
 * is 2,000 objects a batch, far above the tolerance.
 */
static void judge_growth(struct judge *judge, const struct vm_figures *series,
			 size_t num, size_t enough, uint64_t tolerance)
{
	for (int f = 0; f < VM_NUM_FIGURES && num >= enough; f++) {
		uint64_t first = series[0].bytes[f];
		uint64_t last = series[num - 1].bytes[f];
		bool growing = last > first && last - first > tolerance;

		for (size_t i = 1; i < num; i++)
			growing &= series[i].bytes[f] > series[i - 1].bytes[f];
		if (growing)
			judge_finding(judge, SEVERITY_FAIL, "LEAK", NULL,
				      "%s memory grew in each of %zu rounds, by %llu bytes in all",
				      figure_names[f], num - 1,
				      (unsigned long long)(last - first));
	}
}

static json_t *figures_json(const struct vm_figures *figures)
{
	json_t *json = json_object();

	for (int f = 0; f < VM_NUM_FIGURES; f++)
		json_object_set_new(json, figure_names[f],
				    json_integer((json_int_t)
						 figures->bytes[f]));
	return json;
}

void judge_figures(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	bool batches = boot_has_plan(judge->boot, PLAN_FIGURES) ||
		       boot_has_plan(judge->boot, PLAN_REJECT);
	struct vm_figures *series = xcalloc(results->num + 1, sizeof(*series));
	struct vm_figures one, first = { 0 }, last = { 0 };
	json_t *list = json_array();
	size_t num = 0, seen = 0;

	for (size_t i = 0; i < results->num; i++) {
		if (results->list[i].head.type != VM_RESULT_FIGURES ||
		    !copy_result(results, &results->list[i], &one,
				 sizeof(one)))
			continue;
		last = one;
		if (!seen++)
			first = one;
		if (!one.bytes[VM_FIGURE_KMALLOC])
			continue;
		series[num++] = one;
		json_array_append_new(list, figures_json(&one));
	}
	json_object_set_new(judge->evidence, "memory", list);
	if (seen > 1)
		judge_taint(judge, &first, &last);
	if (seen)
		judge_lockdep(judge, &last);
	if (seen < 2 || (boot_has_plan(judge->boot, PLAN_ROUNDS) && num < 2))
		judge_finding(judge, SEVERITY_UNKNOWN, "NO_FIGURES", NULL,
			      "taint and memory were not told");
	if (batches)
		judge_growth(judge, series, num, 3, BATCH_TOLERANCE);
	else
		judge_growth(judge, series + 1, num ? num - 1 : 0,
			     MAX_ROUNDS + 1, 0);
	free(series);
}

void judge_state(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;

	if (!boot_has_plan(judge->boot, PLAN_CONSUMER))
		return;
	judge_acceptance(judge);
	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];

		if (result->head.type == VM_RESULT_RULES)
			judge_rules(judge, i);
		else if (result->head.type == VM_RESULT_REJECTED)
			judge_rejected(judge, result);
	}
	for (size_t i = results->num; i-- > 0;) {
		if (results->list[i].head.type == VM_RESULT_INFO) {
			judge_info(judge, &results->list[i]);
			break;
		}
	}
	judge_figures(judge);
}
