/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program run once in a process of its own, with bounds on all it does. */
#ifndef REPLAY_CHILD_H
#define REPLAY_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The descriptor on which the program finds child_start's @file. */
#define CHILD_FILE_FD 3
#define CHILD_FILE_PATH "/proc/self/fd/3"

struct child_limits {
	unsigned int cpu_seconds;
	unsigned int wall_seconds;
	size_t output_len;	/* bytes, of each of its two outputs */
};

struct child {
	pid_t pid;
	int out_fd, err_fd;
	double deadline;
	struct child_limits limits;
};

struct child_result {
	int status;		/* as wait() gives it */
	bool late;		/* killed at the end of the wall seconds */
	double cpu_seconds;
	uint8_t *out, *err;	/* owned */
	size_t out_len, err_len;
};

/*
 * A file without a name, for child_start: what is written to it is read from
 * its beginning.  -1 and errno.
 */
int child_file(const char *label);

/*
 * Start argv[0], a path, with @env for its environment, @input as standard
 * input and @file on CHILD_FILE_FD; both stay the caller's.  0 or a negative
 * errno.
 */
int child_start(struct child *child, char *const argv[], char *const env[],
		int input, int file, const struct child_limits *limits);

/* Is it over, or is it late?  Then child_wait() will not take long. */
bool child_is_due(const struct child *child);
/* Make it end now, as one that is late. */
void child_stop(const struct child *child);

/* Wait for its end, and read what it wrote.  0 or a negative errno. */
int child_wait(struct child *child, struct child_result *out);
void child_result_free(struct child_result *result);

#endif /* REPLAY_CHILD_H */
