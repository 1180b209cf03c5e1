// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/goodware.h"

#include <stdlib.h>

#include "base/mem.h"
#include "event/event.h"
#include "replay/elsewhere.h"
#include "report/document.h"

/* Of one code; the evidence has them all. */
#define MAX_FINDINGS 20

/* Of an event that is shown: the rest is in the corpus. */
#define MAX_SHOWN_LEN 1000u

/* What one rule said. */
struct tally {
	size_t num_matches;
	size_t first;		/* the first event that it matches */
};

struct judge {
	const struct corpus *corpus;
	const char *path;
	const struct model *model;
	struct stage *stage;
	struct tally *tallies;	/* one for each rule */
	struct elsewhere elsewhere;
	size_t num_of[PLM_MAX_TEMPLATES];	/* events, by template's place */
	unsigned int num_kills, num_audits, num_noisy, num_without;
};

bool goodware_read(struct corpus *out, struct stage *stage)
{
	char error[CORPUS_ERROR_LEN];
	char *path = corpus_path();
	int err = corpus_read(out, path, error);

	if (err)
		stage_finding(stage, SEVERITY_UNKNOWN, "NO_GOODWARE",
			      (struct place){ path, FINDING_NO_OFFSET, NULL },
			      "the goodware corpus: %s", error);
	free(path);
	return !err;
}

static size_t place_of(const struct plm_template *template)
{
	size_t i = 0;

	while (i + 1 < PLM_MAX_TEMPLATES && plm_template_at((u32)i) &&
	       plm_template_at((u32)i) != template)
		i++;
	return i;
}

static void count_events(struct judge *j)
{
	const struct corpus *c = j->corpus;
	char error[EVENT_ERROR_LEN];
	struct event event;

	for (size_t i = 0; i < c->num_events; i++) {
		if (event_from_line(&event,
				    (const char *)c->data + c->lines[i],
				    c->lines[i + 1] - c->lines[i], error))
			continue;
		j->num_of[place_of(event.template)]++;
		elsewhere_ask(&j->elsewhere, &event, i);
		event_free(&event);
	}
}

static void count_matches(struct judge *j, const struct answer *answers)
{
	for (size_t i = 0; i < j->corpus->num_events; i++) {
		for (size_t k = 0; k < answers[i].num_rules; k++) {
			struct tally *tally = &j->tallies[answers[i].rules[k]];

			if (!tally->num_matches++)
				tally->first = i;
		}
	}
}

__attribute__((format(printf, 5, 6))) static void
find(const struct judge *j, enum severity severity, const char *code,
     const struct model_rule *rule, const char *format, ...)
{
	char *id = xstrndup((const char *)rule->id.data, rule->id.len);
	char *text = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = xstrdup(code);
	va_end(ap);
	stage_finding(j->stage, severity, code,
		      (struct place){ j->path, FINDING_NO_OFFSET, id }, "%s",
		      text);
	free(text);
	free(id);
}

/* "3 recorded events, the first of them line 17 of FILE: {...}" */
static char *describe(const struct judge *j, const struct tally *tally)
{
	const struct corpus *c = j->corpus;
	const struct corpus_part *part = corpus_part_of(c, tally->first);
	size_t from = c->lines[tally->first];
	size_t len = c->lines[tally->first + 1] - from - 1;

	return xasprintf("%zu recorded event%s, the first of them line %zu of %s: %.*s",
			 tally->num_matches, tally->num_matches > 1 ? "s" : "",
			 tally->first - part->first + 1, part->file,
			 (int)(len < MAX_SHOWN_LEN ? len : MAX_SHOWN_LEN),
			 (const char *)c->data + from);
}

static void judge_match(struct judge *j, const struct model_rule *rule,
			const struct tally *tally)
{
	size_t num = j->num_of[place_of(rule->template)];
	char *text = describe(j, tally);

	if (rule->action == PLM_ACTION_KILL) {
		if (j->num_kills++ < MAX_FINDINGS)
			find(j, SEVERITY_FAIL, "KILLS_GOODWARE", rule,
			     "would kill %s", text);
	} else if (tally->num_matches * GOODWARE_NOISY > num) {
		if (j->num_noisy++ < MAX_FINDINGS)
			find(j, SEVERITY_WARNING, "NOISY", rule,
			     "matches more than one event in %u: %s",
			     GOODWARE_NOISY, text);
	} else if (j->num_audits++ < MAX_FINDINGS) {
		find(j, SEVERITY_INFO, "MATCHES_GOODWARE", rule, "matches %s",
		     text);
	}
	free(text);
}

/* Nothing is known about a rule whose kind of event was never recorded. */
static void judge_rule(struct judge *j, size_t index)
{
	const struct model_rule *rule = &j->model->rules[index];

	if (j->tallies[index].num_matches)
		judge_match(j, rule, &j->tallies[index]);
	else if (rule->action == PLM_ACTION_KILL &&
		 !j->num_of[place_of(rule->template)] &&
		 j->num_without++ < MAX_FINDINGS)
		find(j, SEVERITY_UNKNOWN, "NO_GOODWARE", rule,
		     "kills, and no event of %s was recorded",
		     rule->template->name);
}

static void judge_probe(struct judge *j, const struct elsewhere_probe *probe)
{
	struct tally *tally = &j->tallies[probe->synth->rule];
	char *numbers, *text;

	if (!probe->num_matches || tally->num_matches)
		return;
	/* Told once, whatever other numbers it looks for. */
	*tally = (struct tally){ probe->num_matches, probe->first };
	if (j->num_kills++ >= MAX_FINDINGS)
		return;
	numbers = elsewhere_numbers(probe);
	text = describe(j, tally);
	find(j, SEVERITY_FAIL, "KILLS_GOODWARE",
	     &j->model->rules[probe->synth->rule],
	     "on a machine with other numbers (%s) would kill %s", numbers,
	     text);
	free(text);
	free(numbers);
}

static void judge_elsewhere(struct judge *j)
{
	const struct elsewhere *e = &j->elsewhere;

	for (size_t i = 0; i < e->num_probes; i++)
		judge_probe(j, &e->probes[i]);
	if (e->too_many)
		stage_finding(j->stage, SEVERITY_UNKNOWN, "NOT_DECIDED",
			      (struct place){ j->path, FINDING_NO_OFFSET, NULL },
			      "too many kill rules test process ids or source "
			      "ports to try them all");
}

static json_t *matches_json(const struct judge *j)
{
	json_t *list = json_array();

	for (size_t i = 0; i < j->model->num_rules; i++) {
		const struct model_rule *rule = &j->model->rules[i];
		char *id;

		if (!j->tallies[i].num_matches)
			continue;
		id = xstrndup((const char *)rule->id.data, rule->id.len);
		json_array_append_new(
			list, json_pack("{so ss sI}", "rule", document_text(id),
					"action",
					rule->action == PLM_ACTION_KILL ?
						"kill" : "audit", "events",
					(json_int_t)j->tallies[i].num_matches));
		free(id);
	}
	return list;
}

static void note_evidence(const struct judge *j)
{
	json_t *templates = json_object(), *evidence = j->stage->evidence;

	for (u32 i = 0; i < PLM_MAX_TEMPLATES && plm_template_at(i); i++)
		json_object_set_new(templates, plm_template_at(i)->name,
				    json_integer((json_int_t)j->num_of[i]));
	json_object_set_new(evidence, "goodware_events",
			    json_integer((json_int_t)j->corpus->num_events));
	json_object_set_new(evidence, "goodware",
			    json_pack("{ss so so}", "digest",
				      j->corpus->digest, "templates", templates,
				      "matches", matches_json(j)));
}

void goodware_judge(const struct corpus *corpus, const char *path,
		    const struct model *model, const struct synth *synth,
		    const struct answer *answers, struct stage *stage)
{
	struct judge j = { .corpus = corpus, .path = path, .model = model,
			   .stage = stage };

	j.tallies = xcalloc(model->num_rules + 1, sizeof(*j.tallies));
	elsewhere_begin(&j.elsewhere, model, synth);
	count_events(&j);
	count_matches(&j, answers);
	for (size_t i = 0; i < model->num_rules; i++)
		judge_rule(&j, i);
	judge_elsewhere(&j);
	note_evidence(&j);
	elsewhere_end(&j.elsewhere);
	free(j.tallies);
}
