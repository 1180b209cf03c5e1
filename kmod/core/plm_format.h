/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The content file on disk.  FORMAT.md beside this file is the specification;
 * here are its numbers.  All integers are little-endian and are read byte by
 * byte at the offsets below, never through a cast: a file has no alignment.
 */
#ifndef PLM_FORMAT_H
#define PLM_FORMAT_H

#include "plm_env.h"

#define PLM_MAGIC		"PLIMSOLL"
#define PLM_MAGIC_LEN		8
#define PLM_FORMAT_VERSION	1

/* Limits.  A caller may pass a smaller file limit, never a larger one. */
#define PLM_MAX_FILE_LEN	(64u << 20)
#define PLM_MAX_CHANNEL		9999u
#define PLM_MAX_RULES		(1u << 17)
#define PLM_MAX_CRITERIA	(1u << 20)
#define PLM_MAX_AUTOMATA	256u
#define PLM_MAX_STATES		(1u << 24)
#define PLM_MAX_CLASSES		256u
#define PLM_MAX_EDGES		8u	/* of one sparse state */
#define PLM_MAX_HOPS		8u	/* of failure links in a row */
#define PLM_MAX_OUTPUTS		64u	/* of one state */
#define PLM_MAX_PROGRAM_LEN	65536u	/* words of one rule */
#define PLM_MAX_STACK		64u	/* bits of the condition's stack */
#define PLM_MAX_RULE_ID_LEN	64u
#define PLM_MAX_TEXT_LEN	4096u	/* of any string */

/* File header, PLM_HEADER_LEN bytes. */
#define PLM_HEADER_LEN		64u
#define PLM_HDR_MAGIC		0u	/* 8 bytes */
#define PLM_HDR_FORMAT_VERSION	8u	/* u32 */
#define PLM_HDR_NUM_SECTIONS	12u	/* u32, PLM_NUM_SECTIONS */
#define PLM_HDR_CHANNEL		16u	/* u32, 1..PLM_MAX_CHANNEL */
#define PLM_HDR_TOTAL_LEN	20u	/* u32, bytes of the whole file */
#define PLM_HDR_CONTENT_VERSION	24u	/* u64, not zero */
#define PLM_HDR_SUM		32u	/* u64, see FORMAT.md */
#define PLM_HDR_RESERVED	40u	/* 24 bytes, zero */

/* Section table behind it: PLM_NUM_SECTIONS entries, in this order. */
#define PLM_SECTION_ENTRY_LEN	16u
#define PLM_SEC_TYPE		0u	/* u32, enum plm_section */
#define PLM_SEC_OFF		4u	/* u32, from the start of the file */
#define PLM_SEC_LEN		8u	/* u32, bytes, without padding */
#define PLM_SEC_COUNT		12u	/* u32, len / record length */
#define PLM_SECTION_ALIGN	8u

enum plm_section {
	PLM_SECTION_TEMPLATES = 1,
	PLM_SECTION_RULES,
	PLM_SECTION_CRITERIA,
	PLM_SECTION_PROGRAMS,	/* u32 words */
	PLM_SECTION_TRIGGERS,	/* u32 rule indices */
	PLM_SECTION_AUTOMATA,
	PLM_SECTION_TABLES,	/* u32 words */
	PLM_SECTION_STRINGS,	/* bytes */
};

#define PLM_NUM_SECTIONS	8u
#define PLM_BODY_OFF (PLM_HEADER_LEN + PLM_NUM_SECTIONS * PLM_SECTION_ENTRY_LEN)

/* Template record. */
#define PLM_TEMPLATE_LEN	24u
#define PLM_TPL_ID		0u	/* u32 */
#define PLM_TPL_NUM_INPUTS	4u	/* u32, highest input touched, plus one */
#define PLM_TPL_SHAPE		8u	/* u64, plm_shape_hash over those */
#define PLM_TPL_NUM_RULES	16u	/* u32, not zero */
#define PLM_TPL_RESERVED	20u	/* u32 */

/* Rule record. */
#define PLM_RULE_LEN		40u
#define PLM_RULE_TEMPLATE	0u	/* u16, index of a template record */
#define PLM_RULE_ACTION		2u	/* u8, enum plm_action */
#define PLM_RULE_LEVEL		3u	/* u8, enum plm_level */
#define PLM_RULE_PROGRAM_OFF	4u	/* u32, in words */
#define PLM_RULE_PROGRAM_LEN	8u	/* u32, in words */
#define PLM_RULE_ID		12u	/* string reference */
#define PLM_RULE_TITLE		20u	/* string reference */
#define PLM_RULE_TAGS		28u	/* string reference, separated by commas */
#define PLM_RULE_RESERVED	36u	/* u32 */

/* String reference: u32 offset in the strings section, u32 length. */
#define PLM_STRING_REF_LEN	8u

enum plm_action { PLM_ACTION_AUDIT = 1, PLM_ACTION_KILL = 2 };

enum plm_level {
	PLM_LEVEL_INFORMATIONAL = 1,
	PLM_LEVEL_LOW,
	PLM_LEVEL_MEDIUM,
	PLM_LEVEL_HIGH,
	PLM_LEVEL_CRITICAL,
};

/* Criterion record. */
#define PLM_CRITERION_LEN	32u
#define PLM_CRI_TEMPLATE	0u	/* u16, index of a template record */
#define PLM_CRI_INPUT		2u	/* u16 */
#define PLM_CRI_OP		4u	/* u8, enum plm_op */
#define PLM_CRI_FLAGS		5u	/* u8, PLM_CRI_CASED */
#define PLM_CRI_RESERVED	6u	/* u16 */
#define PLM_CRI_TEXT		8u	/* string reference */
#define PLM_CRI_NUMBER		16u	/* u64, operand of numeric operators, or an input */
#define PLM_CRI_TRIGGER_OFF	24u	/* u32, in the triggers section */
#define PLM_CRI_NUM_TRIGGERS	28u	/* u32 */

#define PLM_FLAG_CASED		1u	/* ASCII letters differ by case */

enum plm_op {
	/* On strings, decided by an automaton of the same input. */
	PLM_OP_EQUALS = 1,
	PLM_OP_CONTAINS,
	PLM_OP_STARTSWITH,
	PLM_OP_ENDSWITH,
	PLM_OP_PATTERN,
	/* On numbers. */
	PLM_OP_NUM_EQ = 16,
	PLM_OP_NUM_LT,
	PLM_OP_NUM_LTE,
	PLM_OP_NUM_GT,
	PLM_OP_NUM_GTE,
	/* On any type: the event has a value there. */
	PLM_OP_EXISTS = 32,
	/* With another input of the same type, whose index is the number. */
	PLM_OP_SAME = 48,
	PLM_OP_SAME_START,	/* begins with it; strings */
	PLM_OP_SAME_END,	/* ends with it; strings */
};

/* Decided by an automaton, in the walk over the input. */
/*@ assigns \nothing;
  @*/
static inline bool plm_op_is_string(u32 op)
{
	return op >= PLM_OP_EQUALS && op <= PLM_OP_PATTERN;
}

/*
 * Decided by one value of the event: before any condition where rules wait for
 * it, else when one asks.
 */
/*@ assigns \nothing;
  @*/
static inline bool plm_op_is_number(u32 op)
{
	return op >= PLM_OP_NUM_EQ && op <= PLM_OP_NUM_GTE;
}

/* Decided when a condition asks, from two values of the event. */
/*@ assigns \nothing;
  @*/
static inline bool plm_op_is_pair(u32 op)
{
	return op >= PLM_OP_SAME && op <= PLM_OP_SAME_END;
}

/* Condition word: operator in the top byte, argument in the other three. */
#define PLM_WORD(op, arg)	(((u32)(op) << 24) | (u32)(arg))
#define PLM_WORD_OP(word)	((word) >> 24)
#define PLM_WORD_ARG(word)	((word) & 0xffffffu)

enum plm_word {
	PLM_WORD_TEST = 1,	/* push: criterion arg holds */
	PLM_WORD_NOT,		/* negate the top; arg is zero */
	PLM_WORD_AT_LEAST,	/* pop arg & 0xff bits, push: arg >> 8 of them set */
};

/* Automaton record; its tables are described in plm_automaton.h. */
#define PLM_AUTOMATON_LEN	48u
#define PLM_AUT_TEMPLATE	0u	/* u16, index of a template record */
#define PLM_AUT_INPUT		2u	/* u16 */
#define PLM_AUT_FLAGS		4u	/* u16, PLM_FLAG_CASED */
#define PLM_AUT_NUM_CLASSES	6u	/* u16, the end class 0 included */
#define PLM_AUT_NUM_STATES	8u	/* u32 */
#define PLM_AUT_NUM_HOT		12u	/* u32 */
#define PLM_AUT_NUM_DENSE	16u	/* u32 */
#define PLM_AUT_START		20u	/* u32 */
#define PLM_AUT_NUM_EDGES	24u	/* u32 */
#define PLM_AUT_NUM_OUTPUTS	28u	/* u32 */
#define PLM_AUT_TABLES_OFF	32u	/* u32, in words */
#define PLM_AUT_TABLES_LEN	36u	/* u32, in words */
#define PLM_AUT_PART		40u	/* u16, from 0 within the input and flags */
#define PLM_AUT_RESERVED	42u	/* 6 bytes */

/* Words of the class map that begins an automaton's tables. */
#define PLM_CLASS_MAP_WORDS	64u
#define PLM_END_CLASS		0u

/* A sparse state's failure word and an edge: small number above, state below. */
#define PLM_STATE_MASK		0xffffffu
#define PLM_STATE_SHIFT		24u

/*@ logic integer plm_u16(u8 *p) = (u16)(p[0] | (u32)((u32)p[1] << 8));
  @ logic integer plm_u32(u8 *p) =
  @	p[0] | (u32)((u32)p[1] << 8) | (u32)((u32)p[2] << 16) |
  @	(u32)((u32)p[3] << 24);
  @*/

/*@ requires \valid_read(p + (0 .. 1));
  @ assigns \nothing;
  @ ensures \result == plm_u16(p);
  @*/
static inline u16 plm_le16(const u8 *p)
{
	return (u16)(p[0] | (u32)p[1] << 8);
}

/*@ requires \valid_read(p + (0 .. 3));
  @ assigns \nothing;
  @ ensures \result == plm_u32(p);
  @*/
static inline u32 plm_le32(const u8 *p)
{
	return (u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/*@ requires \valid_read(p + (0 .. 7));
  @ assigns \nothing;
  @*/
static inline u64 plm_le64(const u8 *p)
{
	return (u64)plm_le32(p) | (u64)plm_le32(p + 4) << 32;
}

#endif /* PLM_FORMAT_H */
