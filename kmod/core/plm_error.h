/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one list of errors: it makes the enum, the names and the sentences.
 *
 * An error names the fault, not the place; the place is in struct plm_fault.
 * Codes are part of the interface (reports, kernel log, control device): new
 * ones are appended before the end of the list, none is renumbered.
 */
#ifndef PLM_ERROR_H
#define PLM_ERROR_H

#include "plm_env.h"

#define PLM_ERRORS(X)							\
	X(OK, "no error")						\
	X(TRUNCATED, "ends before the bytes that it announces")		\
	X(TOO_LARGE, "larger than the limit")				\
	X(BAD_MAGIC, "does not start with the magic of a content file")	\
	X(BAD_FORMAT_VERSION, "format version is not supported")	\
	X(RESERVED_SET, "a reserved field is not zero")			\
	X(PADDING_SET, "a padding byte is not zero")			\
	X(TRAILING, "bytes follow the end of the content")		\
	X(BAD_SUM, "check sum does not fit the bytes")			\
	X(BAD_CHANNEL, "channel number is out of range")		\
	X(WRONG_CHANNEL, "belongs to another channel")			\
	X(BAD_VERSION, "content version is out of range")		\
	X(BAD_SECTION, "section is missing, unknown or out of order")	\
	X(BAD_LAYOUT, "offset is not where the layout puts it")		\
	X(COUNT_MISMATCH, "count does not fit the length beside it")	\
	X(LIMIT_EXCEEDED, "count exceeds its limit")			\
	X(EMPTY, "must not be empty")					\
	X(NOT_SORTED, "entries are not in strictly ascending order")	\
	X(BAD_INDEX, "index is out of range")				\
	X(BAD_TYPE, "type, operator or action is unknown or unfit here") \
	X(BAD_TEXT, "text holds a byte that is not allowed in it")	\
	X(BAD_PROGRAM, "condition is malformed")			\
	X(BAD_AUTOMATON, "automaton is malformed")			\
	X(WALK_UNBOUNDED, "automaton has a walk without a bound")	\
	X(TEMPLATE_UNKNOWN, "template is not known to the consumer")	\
	X(SHAPE_MISMATCH, "template has other inputs in the consumer")	\
	X(INPUT_NOT_SUPPLIED, "input is not supplied by the consumer")	\
	X(BUDGET_SPENT, "evaluation exceeded its step budget")		\
	X(NO_MEMORY, "no memory")					\
	X(BAD_TRIGGERS, "rule could match without any of its triggers")

#define PLM_ERROR_ENUM(name, text) PLM_##name,
enum plm_err {
	PLM_ERRORS(PLM_ERROR_ENUM)
	PLM_NUM_ERRORS
};

#undef PLM_ERROR_ENUM

#define PLM_NO_RULE 0xffffffffu

/* Where a content file is at fault. */
struct plm_fault {
	u32 off;	/* bytes from the start of the file */
	u32 rule;	/* index of the rule, or PLM_NO_RULE */
};

/* "TRUNCATED"; "UNKNOWN" for a value that is not in the list.  Static. */
/*@ assigns \result \from err; @*/
const char *plm_error_name(enum plm_err err);

/* The sentence beside it, without a full stop.  Static. */
/*@ assigns \result \from err; @*/
const char *plm_error_text(enum plm_err err);

#endif /* PLM_ERROR_H */
