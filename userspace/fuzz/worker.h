/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The side that runs under sanitizers: it takes neighbours of a job one after
 * the other and writes down what the core says of each.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

/*
 * The worker that is called @id.  The job is on descriptor CHILD_FILE_FD, events
 * for accepted neighbours are lines of standard input.  An exit status.
 */
int fuzz_worker(unsigned int id);

#endif /* FUZZ_WORKER_H */
