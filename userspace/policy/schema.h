/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy file as libcyaml reads it: what it does not say is NULL. */
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "policy/policy.h"

#define SCHEMA_LIMIT(section, key, standard, least, most, what) uint64_t *key;
#define SCHEMA_SEVERITY(name, floor) int *name;

struct schema_budget { POLICY_BUDGETS(SCHEMA_LIMIT) };
struct schema_growth { POLICY_GROWTHS(SCHEMA_LIMIT) };
struct schema_kill { POLICY_KILLS(SCHEMA_LIMIT) };
struct schema_severity { POLICY_CODES(SCHEMA_SEVERITY) };

#undef SCHEMA_LIMIT
#undef SCHEMA_SEVERITY

struct schema_exemption {
	int code;		/* enum policy_code */
	char *place, *reason, *until;
};

struct schema_file {
	struct schema_budget *budget;
	struct schema_growth *growth;
	struct schema_kill *kill;
	struct schema_severity *severity;
	char **acknowledge;
	unsigned int acknowledge_count;
	struct schema_exemption *exemptions;
	unsigned int exemptions_count;
};

/*
 * Keys, types and their values, as far as a schema can tell.  0 and *@out, or
 * -1 and *out_error.
 */
int schema_load(const uint8_t *data, size_t len, struct schema_file **out,
		struct policy_error *out_error);
void schema_free(struct schema_file *file);

#endif /* POLICY_SCHEMA_H */
