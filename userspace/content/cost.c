// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/cost.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/automaton.h"
#include "content/dfa.h"
#include "plm_automaton.h"
#include "plm_triggers.h"

/* What falls to the part from @before to @after of @whole: nothing is lost. */
static uint64_t share(uint64_t bytes, uint64_t before, uint64_t after,
		      uint64_t whole)
{
	return bytes * after / whole - bytes * before / whole;
}

/* The criteria that an automaton decides, ascending. */
static uint32_t *decided(const struct plm_content *c,
			 const struct plm_automaton *a, size_t *out_num)
{
	uint8_t *marks = xcalloc(plm_num_criteria(c), 1);
	uint32_t *list = NULL;
	struct plm_tables t;
	size_t cap = 0;

	*out_num = 0;
	plm_tables_locate(c, a, &t);
	for (uint32_t i = 0; i < t.num_outputs; i++)
		marks[plm_le32(t.outputs + (size_t)i * 4)] = 1;
	for (uint32_t i = 0; i < plm_num_criteria(c); i++) {
		if (!marks[i])
			continue;
		ARRAY_RESERVE(list, *out_num, cap);
		list[(*out_num)++] = i;
	}
	free(marks);
	return list;
}

static void share_automaton(const struct plm_content *c,
			    const struct plm_automaton *a, uint64_t *bytes)
{
	uint64_t all = PLM_AUTOMATON_LEN + (uint64_t)a->tables_len * 4;
	uint64_t whole = 0, before = 0;
	struct plm_criterion criterion;
	uint32_t *list;
	size_t num;

	list = decided(c, a, &num);
	for (size_t i = 0; i < num; i++) {
		plm_get_criterion(c, list[i], &criterion);
		whole += criterion.text.len;
	}
	for (size_t i = 0; i < num; i++) {
		plm_get_criterion(c, list[i], &criterion);
		bytes[list[i]] += share(all, before, before +
					criterion.text.len, whole);
		before += criterion.text.len;
	}
	free(list);
}

static uint64_t *cost_of_criteria(const struct plm_content *c)
{
	uint64_t *bytes = xcalloc(plm_num_criteria(c), sizeof(*bytes));
	struct plm_criterion criterion;
	struct plm_automaton a;

	for (uint32_t i = 0; plm_get_criterion(c, i, &criterion); i++)
		bytes[i] = PLM_CRITERION_LEN + criterion.text.len +
			   (uint64_t)criterion.num_triggers * 4;
	for (uint32_t i = 0; plm_get_automaton(c, i, &a); i++)
		share_automaton(c, &a, bytes);
	return bytes;
}

/* Call @each for each criterion that a rule tests, once. */
static void for_each_tested(const struct plm_content *c, uint32_t index,
			    uint32_t *marks,
			    void (*each)(void *context, uint32_t rule,
					 uint32_t criterion),
			    void *context)
{
	struct plm_rule rule;

	plm_get_rule(c, index, &rule);
	for (uint32_t i = 0; i < rule.program_len; i++) {
		uint32_t word = plm_get_word(c, PLM_SECTION_PROGRAMS,
					     rule.program_off + i);
		uint32_t arg = PLM_WORD_ARG(word);

		if (PLM_WORD_OP(word) != PLM_WORD_TEST ||
		    marks[arg] == index + 1)
			continue;
		marks[arg] = index + 1;
		each(context, index, arg);
	}
}

struct sharing {
	uint64_t *bytes;	/* by rule */
	uint64_t *of_criterion;
	uint32_t *num_testers, *num_done;	/* by criterion */
};

static void count_tester(void *context, uint32_t rule, uint32_t criterion)
{
	struct sharing *s = context;

	(void)rule;
	s->num_testers[criterion]++;
}

static void share_criterion(void *context, uint32_t rule, uint32_t criterion)
{
	struct sharing *s = context;
	uint32_t done = s->num_done[criterion]++;

	s->bytes[rule] += share(s->of_criterion[criterion], done, done + 1,
				s->num_testers[criterion]);
}

static uint64_t cost_alone(const struct plm_content *c, uint32_t index)
{
	struct plm_rule rule;
	/* Every template is used by some rule: its first one has the record. */
	struct plm_rule other = { .template_index = UINT32_MAX };

	plm_get_rule(c, index, &rule);
	for (uint32_t i = 0; i < index; i++) {
		plm_get_rule(c, i, &other);
		if (other.template_index == rule.template_index)
			break;
	}
	return PLM_RULE_LEN + rule.id.len + rule.title.len + rule.tags.len +
	       (uint64_t)rule.program_len * 4 +
	       (plm_is_always(c, index) ? 4 : 0) +
	       (other.template_index == rule.template_index ?
		0 : PLM_TEMPLATE_LEN);
}

uint64_t *cost_of_rules(const struct plm_content *c)
{
	uint32_t num = plm_num_criteria(c);
	uint32_t *marks = xcalloc((size_t)num * 3 + 1, sizeof(*marks));
	struct sharing s = {
		.bytes = xcalloc(plm_num_rules(c), sizeof(*s.bytes)),
		.of_criterion = cost_of_criteria(c),
		.num_testers = marks + num, .num_done = marks + 2 * num,
	};

	for (uint32_t i = 0; i < plm_num_rules(c); i++)
		for_each_tested(c, i, marks, count_tester, &s);
	memset(marks, 0, num * sizeof(*marks));
	for (uint32_t i = 0; i < plm_num_rules(c); i++) {
		s.bytes[i] += cost_alone(c, i);
		for_each_tested(c, i, marks, share_criterion, &s);
	}
	free(s.of_criterion);
	free(marks);
	return s.bytes;
}

/* No more than @most: then nothing is encoded. */
static uint64_t cost_of_pattern(const struct plm_criterion *c, uint64_t most)
{
	struct dfa dfa = { 0 };
	struct regex regex;
	uint64_t steps;
	bool made;

	made = regex_of_criterion(&regex, c->text.data, c->text.len,
				  c->flags & PLM_FLAG_CASED) &&
	       !dfa_of_regex(&dfa, &regex, 0, most);
	steps = dfa.steps;
	if (made)
		dfa_free(&dfa);
	regex_free(&regex);
	return steps < most ? steps : most;
}

uint64_t cost_of_encoding(const struct plm_content *content)
{
	uint64_t left = AUTOMATON_MAX_STEPS;
	struct plm_criterion c;

	for (uint32_t i = 0; left && plm_get_criterion(content, i, &c); i++)
		if (c.op == PLM_OP_PATTERN)
			left -= cost_of_pattern(&c, left);
	return content->len + AUTOMATON_MAX_STEPS - left;
}
