/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests share: the module in and out, its device, content, programs
 * to execute, and what the stream told of them.  Functions that return int give
 * 0 or a negative errno, unless they say otherwise.
 */
#ifndef PLIMSOLL_LAB_H
#define PLIMSOLL_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "plimsoll_uapi.h"

/* The module: from PLIMSOLL_KO, or where our VMs have it. */
int lab_load(const char *params);
int lab_unload(void);
bool lab_loaded(void);
/* Out if it is in, then in. */
int lab_reload(const char *params);

/* A file beside the running program; NULL without it.  Kept until the end. */
const uint8_t *lab_file(const char *name, size_t *out_len);
/* Its path, in a buffer of the function's own. */
const char *lab_path(const char *name);

/* FORMAT.md's check sum, of a file that was changed. */
void lab_repair_sum(uint8_t *data, size_t len);

/* The kernel's log from here on: a descriptor for lab_logged. */
int lab_log(void);
/* Has the kernel logged a line with @text since?  Reads on from there. */
bool lab_logged(int fd, const char *text);

/* The device: a descriptor, with @all also events without a match. */
int lab_open(bool all);

int lab_replace(int fd, uint32_t channel, const void *data, size_t len,
		uint32_t flags, struct plimsoll_replace *out);
/* A file of the collection into channel 1, or @channel; also an older version. */
int lab_content(int fd, const char *name);
int lab_content_of(int fd, uint32_t channel, const char *name);
/* The same, or @max_len bytes of it, where the module looks when it starts. */
#define LAB_FIRMWARE "/lib/firmware/plimsoll/1.plm"
int lab_install(const char *name, size_t max_len);
int lab_channel(int fd, uint32_t channel, struct plimsoll_channel_status *out);
int lab_rule(int fd, uint32_t rule, struct plimsoll_rule_status *out);
int lab_switch(int fd, uint32_t rule, uint64_t version, bool enable);

#define LAB_MAX_MATCHES 64
#define LAB_MAX_VALUES 16
#define LAB_TEXT_LEN 4200

/* One record, taken apart. */
struct lab_record {
	struct plimsoll_record head;
	struct plimsoll_match matches[LAB_MAX_MATCHES];
	struct plimsoll_value values[LAB_MAX_VALUES];
	char texts[LAB_MAX_VALUES][LAB_TEXT_LEN];	/* terminated */
};

enum {	/* values, by input of process_creation */
	LAB_IMAGE, LAB_COMMAND_LINE, LAB_PARENT_IMAGE, LAB_PARENT_COMMAND_LINE,
	LAB_FOLDER, LAB_USER, LAB_PARENT_USER, LAB_LOGIN, LAB_PID,
	LAB_PARENT_PID, LAB_NUM_VALUES
};

/*
 * Take the record at @data apart.  Returns its length, or 0 where it is not
 * laid out as plimsoll_uapi.h says.
 */
size_t lab_take(const void *data, size_t len, struct lab_record *out);

/* Read on (the descriptor does not block) to the first event of @pid. */
bool lab_find(int fd, pid_t pid, struct lab_record *out);
bool lab_matched(const struct lab_record *record, uint32_t rule);

/*
 * A program: the actor at a path, folders above it made.  It adds one to the
 * descriptor of lab_ran() when its own code runs.
 */
int lab_place(const char *path);
/* How often programs have run since it was asked last. */
unsigned int lab_ran(void);

struct lab_exec {
	const char *path;
	char *const *args;	/* NULL: the path alone */
	const char *folder;	/* to be in, or NULL */
	uid_t uid;
	/* Called in the child instead of execve(); its return is an errno. */
	int (*how)(const struct lab_exec *exec);
	int number;		/* for it */
};

/* Execute and reap; the wait status, or -1.  @out_pid may be NULL. */
int lab_run(const struct lab_exec *exec, pid_t *out_pid);
/* The same with the path alone. */
int lab_run_path(const char *path, pid_t *out_pid);

/*
 * A process that takes memory until no more than @left_kib are free, and holds it
 * until it is killed; it is what the kernel would kill for want of memory.  Its
 * number, or a negative errno.
 */
pid_t lab_hog(long left_kib);
long lab_free_kib(void);

/* Memory that the kernel has for itself and would not give back, or -1. */
long lab_used_kib(void);

/* Bring the loopback device up, with its addresses. */
int lab_loopback_up(void);
/* As a struct lab_exec's how: one event of the network, from it to itself. */
int lab_connect_datagram(const struct lab_exec *exec);

/* Milliseconds since some time. */
uint64_t lab_ms(void);

#endif /* PLIMSOLL_LAB_H */
