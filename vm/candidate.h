/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file being judged, and what will be asked of it in every VM.  A file
 * that the core refuses is one as well: a broken consumer may take it.
 */
#ifndef VM_CANDIDATE_H
#define VM_CANDIDATE_H

#include <stdbool.h>

#include "consumer/consumer.h"
#include "event/synth.h"
#include "vm/goodware.h"
#include "vm/script.h"

/* One execution that the guest is asked for. */
struct asked {
	const struct goodware *good;		/* or */
	const struct synth_event *synth;
	struct execution execution;
	const char *reason;	/* why it can't be executed, or NULL */
	bool first;		/* of its rule and expectation */
	const struct candidate *of;	/* whose event it is */
};

/* A malformed neighbour, and what userspace says of it. */
struct neighbour {
	struct vm_edit edit;
	enum plm_err err;
	bool stale;		/* older than what runs */
	struct plm_fault fault;
};

struct candidate {
	const char *path;
	uint8_t *data;
	size_t len;
	char *digest;
	const char *baseline;	/* path of what it replaces, as given, or NULL */
	char *baseline_digest;
	uint32_t channel;	/* where it is to be loaded */
	enum plm_err err;	/* what the core says of it */
	struct plm_fault fault;
	struct plm_content content;	/* zeroed where err is set */
	struct model model;
	struct synth synth;
	struct asked *asked;	/* goodware first, in order of the table */
	size_t num_asked, cap_asked;

	/* What candidate_baseline() adds. */
	struct candidate *old;	/* what ran before; NULL: nothing */
	bool stands_in;		/* it is this one, under the version before */
	struct neighbour *neighbours;
	size_t num_neighbours;
};

/* 0, or a negative errno where the file can't be read. */
int candidate_load(struct candidate *candidate, const char *path);
/* The same for a parser that is not ours: its bytes say nothing to the core. */
int candidate_load_foreign(struct candidate *candidate, const char *path);
/*
 * What ran before it: the file at @path, or where that is NULL the candidate
 * itself under the version before its own.  0, or a negative errno where the
 * baseline can't be read.
 */
int candidate_baseline(struct candidate *candidate, const char *path);
void candidate_free(struct candidate *candidate);

/* Where the core refuses it on its channel: why; else PLM_OK. */
enum plm_err candidate_fault(const struct candidate *candidate,
			     uint32_t channel, struct plm_fault *out_fault);

/* What the core says of it with what this consumer supplies. */
enum plm_err candidate_expect(const struct candidate *candidate,
			      const struct consumer *consumer,
			      struct plm_fault *out_fault);

/* The id of a rule as a new string; "rule N" where it has none. */
char *candidate_rule(const struct candidate *candidate, uint32_t rule);
/* Is its action to kill? */
bool candidate_kills(const struct candidate *candidate, uint32_t rule);

#endif /* VM_CANDIDATE_H */
