/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a content file must keep to before it may ship: budgets, how far it may
 * grow, what may be used for the first time, and which findings stand exempted
 * until when.  plimsoll-policy(5) is the manual of the file.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/codes.h"
#include "policy/limits.h"

#define POLICY_MAX_LEN		(1u << 20)	/* bytes of the file */
#define POLICY_MAX_ENTRIES	10000u		/* of one list */
#define POLICY_MAX_TEXT_LEN	1000u

/* A finding that is known and let pass for a while. */
struct exemption {
	enum policy_code code;
	char *place;		/* rule id, or what the finding names */
	char *reason;
	char until[11];		/* "2026-12-31": the last day of it */
};

#define POLICY_LIMIT_MEMBER(section, key, standard, least, most, what) \
	uint64_t section##_##key;

struct policy {
	char *path;		/* NULL: the one that is built in */
	char *digest;		/* of the file, or NULL */
	POLICY_LIMITS(POLICY_LIMIT_MEMBER)
	enum severity severities[POLICY_NUM_CODES];
	char **acknowledged;	/* features, as policy/feature.h names them */
	size_t num_acknowledged;
	struct exemption *exemptions;
	size_t num_exemptions;
};

#undef POLICY_LIMIT_MEMBER

struct policy_error {
	bool unreadable;	/* the file, as against what stands in it */
	size_t line, column;	/* from 1; 0 where there is none */
	char text[480];		/* one sentence, with the key */
};

/* The strict one that is built in. */
void policy_init(struct policy *policy);

/*
 * Read the policy at @path; what it does not say is as in the built-in one.
 * 0, or -1 and *out_error: nothing that is not understood is passed over.
 * policy_free() in either case.
 */
int policy_load(struct policy *policy, const char *path,
		struct policy_error *out_error);
void policy_free(struct policy *policy);

/* The policy as a file that policy_load() reads as the same. */
void policy_print(const struct policy *policy, FILE *out);

/* Fill *error and return -1. */
int policy_fail(struct policy_error *error, size_t line, size_t column,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "warning".  Static. */
const char *policy_severity_name(enum severity severity);

#endif /* POLICY_POLICY_H */
