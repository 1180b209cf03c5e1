/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lint may find: each code, part of the interface, with its floor, the
 * severity below which no policy can take it.  plimsoll-policy(5) says what
 * each one means and what to do about it.
 */
#ifndef POLICY_CODES_H
#define POLICY_CODES_H

#include "report/stage.h"

#define POLICY_CODES(X)							\
	X(TOO_MANY_RULES, FAIL)						\
	X(TOO_MANY_BYTES, FAIL)						\
	X(TOO_MUCH_MEMORY, FAIL)					\
	X(INPUT_MEMORY, FAIL)						\
	X(TOO_MANY_AUTOMATA, FAIL)					\
	X(TOO_MANY_TRIGGERS, FAIL)					\
	X(TOO_MANY_ALWAYS, FAIL)					\
	X(TOO_MANY_WORDS, FAIL)						\
	X(ORDINARY_COST, FAIL)						\
	X(NO_BASELINE, WARNING)						\
	X(RULES_GREW, FAIL)						\
	X(BYTES_GREW, FAIL)						\
	X(MEMORY_GREW, FAIL)						\
	X(DOUBLED, FAIL)						\
	X(FIRST_USE, FAIL)						\
	X(FIRST_USE_UNTESTED, FAIL)					\
	X(DUPLICATE, FAIL)						\
	X(SUBSUMED, WARNING)						\
	X(CONTRADICTORY, FAIL)						\
	X(MATCHES_ALL, FAIL)						\
	X(UNREADABLE_PATTERN, FAIL)					\
	X(TOO_BROAD, FAIL)						\
	X(DEAD_PART, WARNING)						\
	X(NOT_DECIDED, UNKNOWN)						\
	X(KILL_UNTESTED, FAIL)						\
	X(UNSUPPLIED, FAIL)						\
	X(EXEMPTION_EXPIRED, FAIL)					\
	X(EXEMPTION_UNUSED, WARNING)					\
	X(DATE_GIVEN, WARNING)

#define POLICY_CODE_ENUM(name, floor) POLICY_##name,
enum policy_code { POLICY_CODES(POLICY_CODE_ENUM) POLICY_NUM_CODES };
#undef POLICY_CODE_ENUM

/* "TOO_MANY_RULES".  Static. */
const char *policy_code_name(enum policy_code code);
enum severity policy_code_floor(enum policy_code code);

/* Findings about exemptions themselves, and about the date, stand. */
static inline bool policy_code_is_exemptible(enum policy_code code)
{
	return code < POLICY_EXEMPTION_EXPIRED;
}

#endif /* POLICY_CODES_H */
