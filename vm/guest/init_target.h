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
};

/* Add to the output; what does not fit is left out. */
void answer_add(struct target_answer *answer, const void *data, size_t len);
void answer_printf(struct target_answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * init_target.c: load once more what was loaded, and undo it; what loading
 * said, and with which errno.  @use: and use what was accepted.
 */
enum target_told target_once_more(bool use, int *out_error);
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

/* init_target_console.c: what the kernel has said since the mark */
void target_console_mark(void);
const char *target_console(size_t *out_len);

#endif /* GUEST_INIT_TARGET_H */
