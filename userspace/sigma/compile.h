/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From rule files to one content file. */
#ifndef SIGMA_COMPILE_H
#define SIGMA_COMPILE_H

#include "sigma/error.h"
#include "sigma/rule.h"

/* One rule of the input. */
struct sigma_source {
	char *path;
	struct position at;
	struct sigma_rule rule;
	bool refused;
};

/* One rule, or file, that is not in the output. */
struct sigma_refusal {
	char *path;
	char *rule;		/* id, or NULL */
	struct sigma_error error;
};

struct sigma_compilation {
	struct sigma_source *sources;
	size_t num_sources, cap_sources;
	struct sigma_refusal *refusals;	/* by path and line */
	size_t num_refusals, cap_refusals;
	uint64_t steps_left;	/* none: nothing is encoded, as what is left out
				 * would depend on the order */
	uint64_t bytes_left;	/* of SIGMA_MAX_BYTES; likewise */
	size_t num_rules;	/* met, refused ones included; a file that is
				 * no YAML counts as one */
	uint8_t *data;		/* the content file, or NULL where no rule
				 * is left */
	size_t len;
};

/* Bytes of all rule files together. */
#define SIGMA_MAX_BYTES (256u << 20)

struct sigma_options {
	uint32_t channel;
	uint64_t version;
	uint32_t action;	/* enum plm_action */
	struct sigma_placeholders placeholders;
	uint64_t max_steps;	/* fewer than SIGMA_MAX_STEPS; 0: those */
};

/*
 * Compile rule files.  What can't be compiled is left out and listed; it is
 * for the caller to decide whether that will do.  The content depends on the
 * rules only, not on names or order of the files.
 */
void sigma_compile(struct sigma_compilation *out, const char *const *paths,
		   size_t num_paths, const struct sigma_options *options);
void sigma_compilation_free(struct sigma_compilation *compilation);

#endif /* SIGMA_COMPILE_H */
