// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the rules of a content file are made of: whoever reads a figure can see
 * whether generated rules resemble those that people write.
 */
#include "bench/bench.h"

struct sums {
	size_t tests;		/* of rules' conditions */
	size_t by_op[256];
	size_t by_input[PLM_MAX_INPUTS];
	size_t words;
	size_t with_pattern, with_negation;	/* rules */
};

static void add_rule(struct sums *sums, const struct plm_content *content,
		     const struct plm_rule *rule)
{
	bool pattern = false, negation = false;

	for (uint32_t i = 0; i < rule->program_len; i++) {
		uint32_t word = plm_get_word(content, PLM_SECTION_PROGRAMS,
					     rule->program_off + i);
		struct plm_criterion_key key;

		negation |= PLM_WORD_OP(word) == PLM_WORD_NOT;
		if (PLM_WORD_OP(word) != PLM_WORD_TEST ||
		    !plm_get_criterion_key(content, PLM_WORD_ARG(word), &key))
			continue;
		sums->tests++;
		sums->by_op[key.op & 0xff]++;
		sums->by_input[key.input % PLM_MAX_INPUTS]++;
		pattern |= key.op == PLM_OP_PATTERN;
	}
	sums->words += rule->program_len;
	sums->with_pattern += pattern;
	sums->with_negation += negation;
}

static double share(size_t part, size_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static double bytes_per_text(const struct plm_content *content)
{
	struct plm_criterion criterion;
	size_t texts = 0, bytes = 0;

	for (uint32_t i = 0; plm_get_criterion(content, i, &criterion); i++) {
		if (!plm_op_is_string(criterion.op))
			continue;
		texts++;
		bytes += criterion.text.len;
	}
	return share(bytes, texts);
}

json_t *bench_makeup(const struct plm_content *content)
{
	struct sums s = { 0 };
	struct plm_rule rule;
	size_t rules = plm_num_rules(content);

	for (uint32_t i = 0; plm_get_rule(content, i, &rule); i++)
		add_rule(&s, content, &rule);
	return json_pack(
		"{sf sf sf sf sf sf sf sf sf sf sf sf sf sf sf}",
		"tests_per_rule", share(s.tests, rules),
		"criteria_per_rule",
		share(plm_num_criteria(content), rules),
		"words_per_rule", share(s.words, rules),
		"bytes_per_text", bytes_per_text(content),
		"contains", share(s.by_op[PLM_OP_CONTAINS], s.tests),
		"startswith", share(s.by_op[PLM_OP_STARTSWITH], s.tests),
		"endswith", share(s.by_op[PLM_OP_ENDSWITH], s.tests),
		"equals", share(s.by_op[PLM_OP_EQUALS], s.tests),
		"pattern", share(s.by_op[PLM_OP_PATTERN], s.tests),
		"over_image", share(s.by_input[0], s.tests),
		"over_command_line", share(s.by_input[1], s.tests),
		"over_parent", share(s.by_input[2] + s.by_input[3], s.tests),
		"rules_with_pattern", share(s.with_pattern, rules),
		"rules_with_negation", share(s.with_negation, rules),
		"always_evaluated", share(content->num_always, rules));
}
