// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of a VM with a fuzzer in it. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "vm/console.h"
#include "vm/fuzz_lab.h"

/* A panic is only what a report ends in, if there is one. */
static const struct console_report *first_of(const struct console *console)
{
	for (size_t i = 0; i < console->num_reports; i++)
		if (strcmp(console->reports[i].kind, "PANIC"))
			return &console->reports[i];
	return console->num_reports ? &console->reports[0] : NULL;
}

static void crashed(struct fuzz_outcome *out, const char *kind,
		    const char *title, const char *text)
{
	out->ending = FUZZ_CRASHED;
	out->kind = xstrdup(kind);
	out->title = xstrdup(title);
	out->text = xstrdup(text);
}

static bool has_cried(const char *log, size_t len, struct fuzz_outcome *out)
{
	const struct console_report *report;
	struct console console = { 0 };

	console_scan(&console, log, len);
	report = first_of(&console);
	if (report)
		crashed(out, report->kind, report->title, report->text);
	console_free(&console);
	return report;
}

/* Of a kernel that lived; the guest's own number is not believed. */
static bool has_said(const uint8_t *share, const struct fuzz_share *head,
		     struct fuzz_outcome *out)
{
	uint32_t len = head->said_len;
	char *said;
	bool cried;

	if (!len || len > FUZZ_SAID_LEN)
		return false;
	said = xmalloc(len);
	fuzz_share_copy(share, FUZZ_SAID_OFF, said, len);
	cried = has_cried(said, len, out);
	free(said);
	return cried;
}

/* Why a guest says that it could not work, in the guest's own words. */
static char *why(const struct fuzz_share *head)
{
	char text[sizeof(head->why) + 1];

	memcpy(text, head->why, sizeof(head->why));
	text[sizeof(head->why)] = 0;
	for (char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	return xstrdup(text);
}

/* The last that the fuzzer printed, for whoever has to mend it. */
static char *last_words(const struct results *results)
{
	char *text = NULL;

	for (size_t i = 0; i < results->num; i++) {
		const struct result *result = &results->list[i];

		if (result->head.type != VM_RESULT_OUTPUT)
			continue;
		free(text);
		text = xstrndup((const char *)result_data(results, result, 0),
				result->head.len < 200 ? result->head.len :
							 200);
	}
	return text ? text : xstrdup("");
}

static void lost(const struct qemu_outcome *outcome, const char *fault,
		 enum fuzz_state state, struct fuzz_outcome *out)
{
	static const char *const states[] = {
#define FUZZ_STATE_TEXT(name, text) text,
		FUZZ_STATES(FUZZ_STATE_TEXT)
#undef FUZZ_STATE_TEXT
	};
	char *words = last_words(&outcome->results);

	out->text = xasprintf("%s; %s after %.1f s%s%s%s%s%s%s%s%.*s", states[state],
			      qemu_ending_text(outcome->ending),
			      outcome->seconds, fault ? ": " : "",
			      fault ? fault : "", *words ? "; " : "", words,
			      outcome->refusal ? "; " : "",
			      outcome->refusal ? outcome->refusal : "",
			      outcome->errors.len ? "; " : "",
			      (int)outcome->errors.len,
			      outcome->errors.len ?
				      (const char *)outcome->errors.data : "");
	free(words);
}

void fuzz_judge(const struct qemu_outcome *outcome, const char *token,
		const uint8_t *share, enum fuzz_stop stop,
		struct fuzz_outcome *out)
{
	struct fuzz_share head = { 0 };
	uint32_t state;
	const char *fault = results_fault(&outcome->results, token);
	/* One that is kept has not come to its last word. */
	bool whole = !fault || outcome->ending == QEMU_KEPT;
	char *text;

	fuzz_share_copy(share, 0, &head, sizeof(head));
	state = head.state < FUZZ_NUM_STATES ? head.state : FUZZ_WAITING;
	out->ending = FUZZ_LOST;
	if (has_cried((const char *)outcome->console.data,
		      outcome->console.len, out) ||
	    (state == FUZZ_CRIED && has_said(share, &head, out)))
		return;
	if ((state < FUZZ_RUNNING && !stop) || state == FUZZ_FAILED) {
		text = why(&head);
		lost(outcome, *text ? text : fault, state, out);
		free(text);
	} else if (state == FUZZ_GREW) {
		crashed(out, "LEAK", "the kernel's memory grows", "");
	} else if (state == FUZZ_DISAGREED) {
		text = why(&head);
		crashed(out, "DISAGREE", text, text);
		free(text);
	} else if (stop == FUZZ_HANGS) {
		crashed(out, "HANG", "an execution does not end", "");
	} else if (outcome->console_cut) {
		lost(outcome, "the kernel said more than is kept", state, out);
	} else if (stop == FUZZ_LATE && !(whole && state == FUZZ_DONE)) {
		lost(outcome, "it was asked to end, and did not", state, out);
	} else if (stop || (whole && state == FUZZ_DONE)) {
		out->ending = FUZZ_ENDED;
	} else {
		lost(outcome, fault, state, out);
	}
}
