// SPDX-License-Identifier: GPL-2.0-or-later
/* What a parser that is not ours has answered, step by step. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/document.h"
#include "vm/errno_name.h"
#include "vm/judge.h"
#include "vm/target_script.h"

#define MAX_WORDS 400		/* of the parser's own, in a finding */

/* One answer, taken apart; its texts are copies. */
struct told {
	struct vm_answer head;
	const struct target_step *step;
	char *output, *console;
};

static const char *const told_names[] = {
	[TARGET_NOT_TOLD] = "not told",
	[TARGET_ACCEPTED] = "accepted",
	[TARGET_REJECTED] = "rejected",
	[TARGET_SKIPPED] = "not done",
	[TARGET_UNTOLD] = "can't tell",
	[TARGET_CUT] = "cut",
};

static bool take_answer(const struct judge *judge, const struct result *result,
			struct told *out)
{
	const struct target *t = judge->run->target;
	const char *data = result_data(&judge->outcome->results, result,
				       sizeof(out->head));
	size_t rest = result->head.len - sizeof(out->head);
	size_t index = result->head.id - target_step_id(0);

	if (!data || index >= t->num_steps)
		return false;
	memcpy(&out->head, data, sizeof(out->head));
	data += sizeof(out->head);
	if (out->head.told >= ARRAY_LEN(told_names) ||
	    out->head.output_len > rest ||
	    out->head.console_len != rest - out->head.output_len)
		return false;
	out->step = &t->steps[index];
	out->output = xstrndup(data, out->head.output_len);
	out->console = xstrndup(data + out->head.output_len,
				out->head.console_len);
	return true;
}

/* "write /sys/...": what the step was. */
static char *what_of(const struct target_step *step)
{
	const char *kind = target_value(step->texts, "kind");
	size_t len = strlen(kind);
	char *what = step->module.name ?
		xasprintf("%s %s", kind, step->module.name) : xstrdup(kind);

	/* A command is several texts of one key. */
	for (char *const *text = step->texts; *text; text++) {
		char *longer;

		if (strncmp(*text, kind, len) || (*text)[len] != '=')
			continue;
		longer = xasprintf("%s %s", what, *text + len + 1);
		free(what);
		what = longer;
	}
	return what;
}

static json_t *answer_json(const struct told *told)
{
	char *what = what_of(told->step);
	json_t *json = json_pack(
		"{ss so ss si ss? si sf so so}", "phase",
		target_phase_name(told->step->phase), "step",
		document_text(what), "answer", told_names[told->head.told],
		"errno", told->head.error, "error", told->head.error ?
		errno_name(told->head.error) : NULL, "status",
		told->head.status, "seconds",
		(double)told->head.microseconds / 1e6, "output",
		document_text(told->output), "console",
		document_text(told->console));

	free(what);
	return json;
}

/* The last lines of @text on one line, with the control bytes out of it. */
static void add_words(struct vm_bytes *out, const char *title, const char *text)
{
	size_t len = strlen(text);

	while (len && text[len - 1] == '\n')
		len--;
	if (!len)
		return;
	if (len > MAX_WORDS) {
		text += len - MAX_WORDS;
		len = MAX_WORDS;
	}
	vm_bytes_add(out, title, strlen(title));
	for (size_t i = 0; i < len; i++) {
		bool plain = (unsigned char)text[i] >= ' ' && text[i] != 127;

		vm_bytes_add(out, plain ? &text[i] : text[i] == '\n' ? "|" :
						     "?", 1);
	}
}

/* The parser's own words: errno, status, output, console. */
static char *words_of(const struct told *told)
{
	struct vm_bytes out = { 0 };
	char *what = what_of(told->step);
	char *head = told->head.error ?
		xasprintf("%s: %s (%s)", what,
			  errno_name(told->head.error) ?
			  errno_name(told->head.error) : "?",
			  strerror(told->head.error)) :
		told->head.status ?
		xasprintf("%s: status %d", what, told->head.status) :
		xasprintf("%s: no error", what);

	vm_bytes_add(&out, head, strlen(head));
	add_words(&out, "; output: ", told->output);
	add_words(&out, "; console: ", told->console);
	vm_bytes_add(&out, "", 1);
	free(head);
	free(what);
	return (char *)out.data;
}

/* A step that is not as it must be, by its phase. */
static const struct {
	enum severity severity;
	const char *code, *text;
} faults[TARGET_NUM_PHASES] = {
	[TARGET_SETUP] = { SEVERITY_UNKNOWN, "SETUP_FAILED",
			   "the guest could not be made ready" },
	[TARGET_LOAD] = { SEVERITY_UNKNOWN, "NOT_TOLD",
			  "neither accepted nor rejected" },
	[TARGET_USE] = { SEVERITY_FAIL, "NOT_USABLE",
			 "accepted, but its use is not as it must be" },
	[TARGET_UNDO] = { SEVERITY_FAIL, "NOT_UNDONE", "it can't be undone" },
};

/* The guest says that nobody who should have has read the file. */
static bool is_unread(const struct judge *judge)
{
	const struct results *results = &judge->outcome->results;

	for (size_t i = 0; i < results->num; i++) {
		const struct vm_result *head = &results->list[i].head;

		if (head->type == VM_RESULT_STEP &&
		    head->op == VM_STEP_TARGET_WATCH && head->value == ENODATA)
			return true;
	}
	return false;
}

/* Where nothing was accepted there may be nothing to undo. */
static void judge_answer(struct judge *judge, const struct told *told)
{
	enum target_phase phase = told->step->phase;
	bool counts = phase != TARGET_UNDO || judge->accepted;
	char *words = words_of(told);

	if (told->head.told == TARGET_REJECTED && phase == TARGET_LOAD &&
	    is_unread(judge))
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_READ", NULL,
			      "something was not found, and that is no refusal of the file: %s",
			      words);
	else if (told->head.told == TARGET_REJECTED)
		judge_finding(judge, SEVERITY_FAIL, "REFUSED", NULL,
			      "refused by the kernel: %s", words);
	else if (told->head.told == TARGET_UNTOLD)
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_TOLD", NULL,
			      "its use does not tell: %s", words);
	else if (told->head.told == TARGET_CUT && counts)
		judge_finding(judge, SEVERITY_UNKNOWN, "ANSWER_CUT", NULL,
			      "of a step of %s the answer was cut, and a line that decides may be missing: %s",
			      target_phase_name(phase), words);
	else if (told->head.told == TARGET_NOT_TOLD && counts)
		judge_finding(judge, faults[phase].severity,
			      faults[phase].code, NULL, "%s: %s",
			      faults[phase].text, words);
	free(words);
}

static size_t num_steps(const struct target *target, enum target_phase phase)
{
	size_t num = 0;

	for (size_t i = 0; i < target->num_steps; i++)
		num += target->steps[i].phase == phase;
	return num;
}

/* Those that came incomplete are none. */
static void judge_missing(struct judge *judge, size_t num, const bool *answered)
{
	const struct target *t = judge->run->target;
	size_t i = 0;
	char *what;

	while (i < t->num_steps && answered[i])
		i++;
	if (i < t->num_steps) {
		what = what_of(&t->steps[i]);
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_TOLD", NULL,
			      "%zu of %zu steps were answered; this one of %s was not, or not as a whole: %s",
			      num, t->num_steps,
			      target_phase_name(t->steps[i].phase), what);
		free(what);
	} else if (num != t->num_steps) {
		judge_finding(judge, SEVERITY_UNKNOWN, "NOT_TOLD", NULL,
			      "%zu answers to %zu steps", num, t->num_steps);
	}
}

/* Loading was accepted if each of its steps was. */
static void judge_answers(struct judge *judge, bool complete, json_t *list)
{
	const struct target *t = judge->run->target;
	const struct results *results = &judge->outcome->results;
	size_t num = 0, num_used = 0, num_loaded = 0;
	size_t num_load = num_steps(t, TARGET_LOAD);
	bool *answered = xcalloc(t->num_steps + 1, sizeof(*answered));
	struct told told;

	for (size_t i = 0; i < results->num; i++) {
		if (results->list[i].head.type != VM_RESULT_ANSWER ||
		    !take_answer(judge, &results->list[i], &told))
			continue;
		num++;
		answered[told.step - t->steps] = true;
		num_loaded += told.step->phase == TARGET_LOAD &&
			      told.head.told == TARGET_ACCEPTED;
		num_used += told.step->phase == TARGET_USE &&
			    told.head.told == TARGET_ACCEPTED;
		judge->accepted = num_loaded == num_load;
		json_array_append_new(list, answer_json(&told));
		if (complete)
			judge_answer(judge, &told);
		free(told.output);
		free(told.console);
	}
	judge->run->num_executed += num_used;
	if (complete)
		judge_missing(judge, num, answered);
	free(answered);
	if (complete && judge->accepted && !num_steps(t, TARGET_USE))
		judge_finding(judge, SEVERITY_INFO, "NOT_USED", NULL,
			      "the target has no step that uses the content");
}

/* It may as well be that a step of the target can't be done twice. */
static void changed_mind(struct judge *judge, const struct vm_offered *sums)
{
	int error = (int)sums->first_error;
	const char *name = errno_name(error);
	char *words = error ? xasprintf("; the first error: %s (%s)",
					name ? name : "?", strerror(error)) :
			      xstrdup("");

	judge_finding(judge, SEVERITY_FAIL, "CHANGED_MIND", NULL,
		      "loaded %u times more: %u accepted, %u rejected, %u not told%s",
		      sums->num_offered, sums->num_accepted,
		      sums->num_rejected, sums->num_not_told, words);
	free(words);
}

static void judge_again(struct judge *judge, const struct vm_offered *sums)
{
	uint32_t same = judge->accepted ? sums->num_accepted :
					  sums->num_rejected;

	/* What was not told at first has been found already. */
	if (!judge->accepted && sums->num_not_told == sums->num_offered)
		return;
	if (sums->num_cut && same + sums->num_cut == sums->num_offered)
		judge_finding(judge, SEVERITY_UNKNOWN, "ANSWER_CUT", NULL,
			      "loaded %u times more: of %u the answer was cut",
			      sums->num_offered, sums->num_cut);
	else if (same != sums->num_offered || !sums->num_offered)
		changed_mind(judge, sums);
}

static void judge_damaged(struct judge *judge, const struct vm_offered *sums)
{
	if (!judge->run->target->refuses_damage)
		return;
	if (sums->num_accepted)
		judge_finding(judge, SEVERITY_FAIL, "NOT_REFUSED", NULL,
			      "%u of %u damaged files were accepted, the first with another byte at offset %u",
			      sums->num_accepted, sums->num_offered,
			      sums->first_accepted);
	if (sums->num_not_told || !sums->num_offered)
		judge_finding(judge, SEVERITY_UNKNOWN,
			      sums->num_cut ? "ANSWER_CUT" : "NOT_TOLD", NULL,
			      "of %u damaged files %u were neither accepted nor rejected (of %u the answer was cut), the first with another byte at offset %u",
			      sums->num_offered, sums->num_not_told,
			      sums->num_cut, sums->first_not_told);
}

static void add_sums(struct vm_offered *all, const struct vm_offered *one)
{
	if (!all->num_accepted)
		all->first_accepted = one->first_accepted;
	if (!all->num_not_told)
		all->first_not_told = one->first_not_told;
	all->num_offered += one->num_offered;
	all->num_accepted += one->num_accepted;
	all->num_rejected += one->num_rejected;
	all->num_not_told += one->num_not_told;
	all->num_cut += one->num_cut;
	if (!all->first_error)
		all->first_error = one->first_error;
}

static void judge_offered(struct judge *judge)
{
	const struct results *results = &judge->outcome->results;
	struct vm_offered all = { 0 }, one;
	const void *data;

	for (size_t i = 0; i < results->num; i++) {
		if (results->list[i].head.type != VM_RESULT_OFFERED)
			continue;
		data = result_data(results, &results->list[i], sizeof(one));
		if (!data)
			continue;
		memcpy(&one, data, sizeof(one));
		add_sums(&all, &one);
	}
	json_object_set_new(judge->evidence, "offered_again", json_pack(
		"{sI sI sI sI}", "files", (json_int_t)all.num_offered,
		"accepted", (json_int_t)all.num_accepted, "rejected",
		(json_int_t)all.num_rejected, "not_told",
		(json_int_t)all.num_not_told));
	if (boot_has_plan(judge->boot, PLAN_REJECT))
		judge_damaged(judge, &all);
	else if (boot_has_plan(judge->boot, PLAN_ROUNDS))
		judge_again(judge, &all);
}

void judge_target(struct judge *judge, bool complete)
{
	json_t *list = json_array();

	judge_answers(judge, complete, list);
	json_object_set_new(judge->evidence, "answers", list);
	if (!complete)
		return;
	judge_offered(judge);
	judge_figures(judge);
}
