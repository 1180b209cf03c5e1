/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of targets: each kind is a function. */
#ifndef GUEST_INIT_TARGET_H
#define GUEST_INIT_TARGET_H

#include "vm/guest/init.h"
#include "vm/target_answer.h"

/* What a step gives back; output is lines of text. */
struct target_answer {
	int error, status;
	char output[TARGET_MAX_OUTPUT];
	size_t output_len;
	bool cut;		/* there was more output than is kept */
};

/* Add to the output; what does not fit is left out, and it is cut. */
void answer_add(struct target_answer *answer, const void *data, size_t len);
void answer_printf(struct target_answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* init_target.c */
int target_put_file(const char *path, const uint8_t *data, size_t len);

typedef void (*target_kind)(char *const *texts, struct target_answer *answer);

/* init_target_file.c */
void target_insmod(char *const *texts, struct target_answer *answer);
void target_rmmod(char *const *texts, struct target_answer *answer);
void target_mount(char *const *texts, struct target_answer *answer);
void target_write(char *const *texts, struct target_answer *answer);
void target_read(char *const *texts, struct target_answer *answer);

/* init_target_run.c */
void target_run(char *const *texts, struct target_answer *answer);

/* init_target_ioctl.c */
void target_ioctl(char *const *texts, struct target_answer *answer);
/* Bytes of "aabb"; how many, at most @cap. */
size_t target_hex(const char *text, uint8_t *out, size_t cap);

/* init_target_netlink.c */
void target_netlink(char *const *texts, struct target_answer *answer);

/* init_target_steps.c */
uint64_t target_now_us(void);	/* a clock that only goes forward */

/* Carry out one step, of texts as in target_answer.h; what it says. */
enum target_told target_step(enum target_phase of, char *const *texts);

/*
 * Keep a step; *out_texts is the list that lasts, of the same texts.  0, or
 * EINVAL for no phase or too many of them, ENOMEM.
 */
int target_keep(enum target_phase of, char *const *texts, size_t num,
		char ***out_texts);

/* All that are kept of a phase, in order. */
void target_carry_out(enum target_phase of);

/*
 * Load once more whatever now lies in the candidate's place, and undo it; what
 * loading said, and with which errno.  @use: and use what was accepted.
 */
enum target_told target_once_more(bool use, int *out_error);

/*
 * The candidate itself again, behind spoilt ones: ENOTRECOVERABLE if it was
 * accepted @before and is no more.  A parser that one of them has wedged
 * refuses all that follow, for no fault of theirs.
 */
int target_once_at_last(enum target_told before);

/*
 * All steps are kept, and nobody wants to know what the kernel has said: its log is
 * read no more, unless one of them asks for it.
 */
void target_deafen(void);

/* What loading has said last, with which errno, and what the last step gave. */
enum target_told target_loaded(void);
int target_loaded_error(void);
const struct target_answer *target_last_answer(void);

/* init_target_console.c: what the kernel has said since the mark */
void target_console_mark(void);
/* *out_cut: and it has said more than that. */
const char *target_console(size_t *out_len, bool *out_cut);

#endif /* GUEST_INIT_TARGET_H */
