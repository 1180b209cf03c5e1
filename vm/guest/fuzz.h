/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the fuzzer that runs in a guest. */
#ifndef GUEST_FUZZ_H
#define GUEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/fuzz_share.h"

/*
 * fuzz_cover.c: which blocks of the modules under test a call went through, by
 * KCOV; fuzz_edges.h says what is new about it.
 */

/* Modules by name; none: all that is instrumented.  0 or an errno. */
int cover_start(char *const *modules);
/* The modules were loaded anew and may lie elsewhere. */
void cover_moved(void);
/*
 * What the calls of this process between the two went through.  @counted: the engine
 * looks at the counters; else they stay empty where all of it was seen before.
 */
void cover_begin(void);
void cover_end(bool counted);
/* The same, but what they compare goes to the engine. */
void cover_compare_begin(void);
void cover_compare_end(void);
/* In a child that shares our memory, before it becomes another program. */
void cover_child(void);
/* The child is gone: what it went through counts with the next cover_end(). */
void cover_child_end(void);

/* What became of an input.  Of one that was missed nothing is known. */
struct fuzz_offered {
	bool accepted;
	const char *quarrel;	/* how the answer differs from userspace's, or NULL */
	const char *missed;	/* what could not be done to try it, or NULL, */
	int error;		/* and the errno of that */
};

/*
 * An input to the consumer, by one of these ways; what was accepted is used and
 * undone again.
 */
struct fuzz_way {
	int (*start)(const struct fuzz_share *share);	/* 0 or an errno */
	struct fuzz_offered (*offer)(const uint8_t *data, size_t len,
				     uint32_t ways);
	/* When all was tried: unload.  0 or an errno; may be NULL. */
	int (*end)(void);
	bool has_firmware;	/* FUZZ_WAY_FIRMWARE is another */
};

extern const struct fuzz_way fuzz_way_ours;	/* fuzz_ours.c */
extern const struct fuzz_way fuzz_way_steps;	/* fuzz_steps.c */

/* fuzz_events.c: events for content that was accepted, with its own texts. */
int events_start(void);
void events_raise(const uint8_t *data, size_t len);
/* Only the one that costs no more than a system call. */
void events_cheap(const uint8_t *data, size_t len);

/* fuzz_acts.c: the events that accepted content of ours is about. */
int acts_start(void);
void acts_raise(const uint8_t *data, size_t len);

/* fuzz_cry.c: what the kernel says and does not die of. */
int cry_start(void);
/* Has it?  Then its lines are in the share. */
bool cry_heard(uint8_t *share);

/* fuzz_memory.c: has the kernel's own memory grown beyond all measure? */
void memory_start(void);
bool memory_grew(void);

/* fuzz_inputs.c: lists of inputs in the share */

/* The entry at *pos of the list that the host gave, and go past it. */
bool inputs_next(const uint8_t *share, size_t *pos, struct fuzz_entry *out,
		 const uint8_t **out_data);
/* Write down what is about to be tried. */
void inputs_note(uint8_t *share, uint64_t number, const uint8_t *data,
		 size_t len, uint32_t ways);
/* Tell the host of an input that is worth keeping, where there is room. */
void inputs_found(uint8_t *share, const uint8_t *data, size_t len);

/*
 * fuzz_engine.c: libFuzzer; returns where its time is over.  @try_one: did the input
 * go a way that none had gone before?  @counted as for cover_end().
 */
int engine_run(const uint8_t *share,
	       bool (*try_one)(const uint8_t *data, size_t len, bool counted));

#endif /* GUEST_FUZZ_H */
