/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * X(section, key, default, least, most, what): the numbers of a policy.  The
 * reader, the printed default and the names in findings come from this list.
 */
#ifndef POLICY_LIMITS_H
#define POLICY_LIMITS_H

#include "plm_format.h"

#define POLICY_BUDGETS(X)						\
	X(budget, rules, 20000, 1, PLM_MAX_RULES,			\
	  "rules")							\
	X(budget, bytes, 16u << 20, 1, PLM_MAX_FILE_LEN,		\
	  "bytes of the file")						\
	X(budget, memory, 24u << 20, 1, 1u << 30,			\
	  "bytes: the file, and what evaluating one event needs")	\
	X(budget, input_memory, 12u << 20, 1, PLM_MAX_FILE_LEN,		\
	  "bytes of the automata of one input")				\
	X(budget, automata, 16, 1, PLM_MAX_AUTOMATA,			\
	  "automata that walk over one input")				\
	X(budget, triggers, 131072, 1, PLM_MAX_FILE_LEN,		\
	  "steps from what holds to the rules that it touches")		\
	X(budget, always, 64, 0, PLM_MAX_RULES,				\
	  "rules that every event of a template evaluates")		\
	X(budget, words, 262144, 1, 1u << 30,				\
	  "words of the conditions of one template")			\
	X(budget, ordinary_words, 2048, 1, 1u << 20,			\
	  "steps that an ordinary event may cost")	\
	X(budget, ordinary_matches, 50, 0, 100,				\
	  "percent of ordinary events that one rule may match")

#define POLICY_GROWTHS(X)						\
	X(growth, rules, 150, 1, 1000000,				\
	  "percent of the baseline's rules")				\
	X(growth, bytes, 150, 1, 1000000,				\
	  "percent of the baseline's bytes")				\
	X(growth, memory, 150, 1, 1000000,				\
	  "percent of the baseline's memory")

#define POLICY_KILLS(X)							\
	X(kill, goodware_events, 100, 1, 1000000000,			\
	  "recorded everyday events of a rule's template")

#define POLICY_LIMITS(X) POLICY_BUDGETS(X) POLICY_GROWTHS(X) POLICY_KILLS(X)

#endif /* POLICY_LIMITS_H */
