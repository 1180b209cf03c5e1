/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host and the fuzzer in a guest say to each other while it runs, in a
 * part of the mailbox that both map and both write.
 *
 * The guest writes down every input before it tries it, so that the host has
 * it even where the kernel does not survive; that costs a copy and no exit to
 * the host.  The kernel under test may write anything anywhere, so that the
 * host takes every number here for a stranger's.
 */
#ifndef VM_FUZZ_SHARE_H
#define VM_FUZZ_SHARE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/protocol.h"

#define FUZZ_SHARE_MAGIC	0x5a5a5546u	/* "FUZZ" */
#define FUZZ_GUEST		VM_FOLDER "/fuzz"
#define FUZZ_STEPS		VM_FOLDER "/fuzz-steps"
#define FUZZ_HASTE		VM_FOLDER "/haste.ko"	/* where there is one */

#define FUZZ_MAX_INPUT		(256u << 10)	/* bytes */
#define FUZZ_NUM_RECENT		32u

/* Which file of the mailbox it is, and its length. */
#define FUZZ_SHARE_PART		0u
#define FUZZ_SHARE_LEN		((size_t)32 << 20)

/* Places in the share; a list of inputs is struct fuzz_entry and its bytes. */
#define FUZZ_INPUTS_OFF		(64u << 10)
#define FUZZ_INPUTS_LEN		(15u << 20)
#define FUZZ_RECENT_OFF		(16u << 20)	/* FUZZ_MAX_INPUT for each */
#define FUZZ_FOUND_OFF		(24u << 20)	/* a ring */
#define FUZZ_FOUND_LEN		(7u << 20)
#define FUZZ_SAID_OFF		(31u << 20)
#define FUZZ_SAID_LEN		(64u << 10)

enum fuzz_mode {
	FUZZ_EXPLORE = 1,	/* an engine makes inputs, from those given */
	FUZZ_TRY,		/* those that are given, in order */
};

/* The ways by which an input gets to the consumer. */
#define FUZZ_WAY_DIRECT		1u	/* its device; a target's steps */
#define FUZZ_WAY_FIRMWARE	2u	/* loading the module anew */
#define FUZZ_WAY_USE		4u	/* if accepted: all that it can be used for */

/* X(name, what it says) */
#define FUZZ_STATES(X)							\
	X(WAITING, "the fuzzer has not started")			\
	X(STARTING, "the fuzzer did not get to its first input")	\
	X(RUNNING, "inputs were tried")					\
	X(DONE, "the fuzzer came to its end")				\
	X(FAILED, "the fuzzer could not work")				\
	X(CRIED, "the kernel said something alarming")			\
	X(GREW, "the kernel's memory grew")				\
	X(DISAGREED, "the kernel and userspace disagree")

#define FUZZ_STATE_ENUM(name, text) FUZZ_##name,
enum fuzz_state { FUZZ_STATES(FUZZ_STATE_ENUM) FUZZ_NUM_STATES };
#undef FUZZ_STATE_ENUM

struct fuzz_entry {
	uint32_t len;		/* bytes behind it; the next is aligned to 8 */
	uint32_t ways;		/* FUZZ_WAY_* */
};

/* An input that is being tried, or was. */
struct fuzz_recent {
	uint64_t number;	/* of its execution, from 1; 0: none */
	uint32_t len, ways;
};

struct fuzz_share {
	/* By the host, before the guest looks. */
	uint32_t magic;
	uint32_t mode;		/* enum fuzz_mode */
	uint32_t seed;
	uint32_t seconds;	/* that EXPLORE takes */
	uint32_t max_len;	/* bytes of an input that the engine makes */
	uint32_t num_inputs;
	uint32_t repeat;	/* TRY: each so many times */
	uint32_t channel;	/* of our content; 0: the steps of a target */
	uint32_t base_channel;	/* keeps the event sources awake; 0: none */
	/* By the host, while it runs: no further input, only a last look. */
	_Atomic uint32_t end_wanted;

	/* By the guest. */
	_Atomic uint32_t state;	/* enum fuzz_state */
	_Atomic uint32_t error;	/* FAILED: an errno, or 0 */
	char why[128];		/* FAILED, DISAGREED: a sentence */
	_Atomic uint64_t num_executions;
	_Atomic uint64_t num_accepted;
	_Atomic uint64_t num_firmware;	/* executions that loaded the module */
	_Atomic uint64_t num_covered;	/* counters that were ever not 0 */
	_Atomic uint64_t num_points;	/* program points seen, all in all */
	_Atomic uint64_t num_tried;	/* TRY: inputs that were survived */
	_Atomic uint64_t found_head;	/* bytes ever put into the ring, */
	_Atomic uint64_t found_tail;	/* and, by the host, taken from it */
	_Atomic uint32_t said_len;	/* CRIED: of the kernel's own lines */
	struct fuzz_recent recent[FUZZ_NUM_RECENT];
};

#endif /* VM_FUZZ_SHARE_H */
