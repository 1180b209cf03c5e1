// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's matches in each record against those of the shared evaluator on
 * the very inputs that were recorded.  While contents are exchanged either may
 * have evaluated an event, but one of them must have done all of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/event.h"
#include "report/document.h"
#include "vm/judge.h"

#define MAX_TOLD 5	/* findings in one boot */

/* One content that may have been at work, and its evaluator. */
struct party {
	unsigned int runs;
	const struct candidate *content;
	struct evaluator *evaluator;
};

#define NUM_PARTIES 2

struct comparison {
	struct judge *judge;
	struct party parties[NUM_PARTIES];
	size_t num_told;
	size_t num_mixed;	/* records from while contents were exchanged */
};

bool judge_record_matched(const struct record *record,
			  const struct candidate *content, uint32_t rule)
{
	for (size_t i = 0; i < record->head.num_matches; i++)
		if (record->matches[i].channel == content->channel &&
		    record->matches[i].rule == rule)
			return true;
	return false;
}

/* Every match is told by this content. */
static bool is_of(const struct record *record, const struct candidate *content)
{
	for (size_t i = 0; i < record->head.num_matches; i++)
		if (record->matches[i].channel != content->channel ||
		    record->matches[i].content_version !=
		    content->content.version)
			return false;
	return true;
}

/* Rules that were switched off match nothing. */
static void leave_out(struct event_result *expect, const struct moment *moment)
{
	size_t num = 0;

	for (size_t i = 0; i < expect->num_matches && !moment->is_off; i++)
		if (expect->matches[i] >= moment->num_off)
			expect->matches[num++] = expect->matches[i];
	expect->num_matches = num;
}

/* Where the record had no room for all, those told must be right. */
static bool equal(const struct record *record, const struct candidate *content,
		  const struct event_result *expect)
{
	size_t common = 0;

	for (size_t i = 0; i < expect->num_matches; i++)
		common += judge_record_matched(record, content,
					       expect->matches[i]);
	return common == record->head.num_matches &&
	       (record->head.flags & PLIMSOLL_RECORD_MORE ||
		common == expect->num_matches);
}

static bool fits(const struct record *record, const struct party *party,
		 const struct moment *moment, size_t *out_num)
{
	struct event_result expect;
	bool good;

	evaluator_run(party->evaluator, &record->event,
		      record->head.num_values, &expect);
	leave_out(&expect, moment);
	good = is_of(record, party->content) &&
	       equal(record, party->content, &expect);
	*out_num = expect.num_matches;
	event_result_free(&expect);
	return good;
}

static bool several_versions(const struct record *record)
{
	for (size_t i = 1; i < record->head.num_matches; i++)
		if (record->matches[i].content_version !=
		    record->matches[0].content_version)
			return true;
	return false;
}

/* The matches are those of a version that can't have run at that moment. */
static bool out_of_turn(const struct comparison *comparison,
			const struct record *record, unsigned int runs)
{
	for (size_t i = 0; i < NUM_PARTIES; i++) {
		const struct party *party = &comparison->parties[i];

		if (party->content && runs & party->runs &&
		    is_of(record, party->content))
			return false;
	}
	return record->head.num_matches > 0;
}

static void tell(struct comparison *comparison, const struct record *record,
		 unsigned int runs, size_t num_expected)
{
	struct judge *judge = comparison->judge;
	struct event copy = record->event;
	json_t *json;
	char *text;

	if (comparison->num_told++ >= MAX_TOLD)
		return;
	json = event_to_json(&copy);
	text = json_dumps(json, JSON_COMPACT);
	if (several_versions(record))
		judge_finding(judge, SEVERITY_FAIL, "MIXED_CONTENT", NULL,
			      "one event was matched by rules of several versions: %s",
			      text ? text : "?");
	else if (out_of_turn(comparison, record, runs))
		judge_finding(judge, SEVERITY_FAIL, "OTHER_CONTENT", NULL,
			      "version %llu matched an event when it was not what runs: %s",
			      (unsigned long long)
			      record->matches[0].content_version,
			      text ? text : "?");
	else
		judge_finding(judge, SEVERITY_FAIL, "DISAGREE", NULL,
			      "the kernel matches %u rules and userspace %zu on %s",
			      record->head.num_matches, num_expected,
			      text ? text : "?");
	free(text);
	json_decref(json);
}

static void compare(struct comparison *comparison, struct record *record)
{
	const struct moment *moment =
		&comparison->judge->moments[record->result];
	bool good = moment->runs & RUNS_NONE && !record->head.num_matches;
	size_t num_expected = 0, num_parties = 0;

	for (size_t i = 0; i < NUM_PARTIES; i++) {
		const struct party *party = &comparison->parties[i];

		if (!party->content || !(moment->runs & party->runs))
			continue;
		num_parties++;
		/* Where there is but one it has evaluated this, rightly or not. */
		if (!record->by)
			record->by = party->content;
		if (good || !fits(record, party, moment, &num_expected))
			continue;
		good = true;
		record->by = party->content;
	}
	comparison->num_mixed += num_parties > 1;
	if (!good && num_parties > 1)
		record->by = NULL;
	if (!good)
		tell(comparison, record, moment->runs, num_expected);
}

static void add_party(struct comparison *comparison, size_t i,
		      unsigned int runs)
{
	const struct candidate *content = judge_content(comparison->judge,
							runs);
	struct plm_fault fault;

	if (!content || judge_expects(comparison->judge, content, &fault) !=
	    PLM_OK)
		return;
	comparison->parties[i] = (struct party){
		runs, content, evaluator_new(&content->content) };
}

void judge_records(struct judge *judge, struct records *records)
{
	struct comparison comparison = { .judge = judge };
	size_t lost = 0;

	add_party(&comparison, 0, RUNS_CANDIDATE);
	add_party(&comparison, 1, RUNS_OLD);
	for (size_t i = 0; i < records->num; i++) {
		struct record *record = &records->list[i];

		if (record->head.type != PLIMSOLL_RECORD_EVENT)
			lost++;
		else if (record->event.template)
			compare(&comparison, record);
		else
			records->malformed = true;
	}
	for (size_t i = 0; i < NUM_PARTIES; i++)
		if (comparison.parties[i].content)
			evaluator_free(comparison.parties[i].evaluator);
	json_object_set_new(judge->evidence, "records_while_exchanged",
			    json_integer((json_int_t)comparison.num_mixed));
	if (lost)
		judge_finding(judge, SEVERITY_UNKNOWN, "MATCHES_LOST", NULL,
			      "the stream lost records %zu times", lost);
	if (records->malformed)
		judge_finding(judge, SEVERITY_FAIL, "BAD_RECORD", NULL,
			      "the consumer's stream holds a record that is none");
}
