/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The `lint` stage: what can be said of content without running it, held
 * against a policy.  policy/codes.h lists what it may find; plimsoll-policy(5)
 * explains each.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "base/words.h"
#include "content/load.h"
#include "policy/policy.h"

struct lint_options {
	const struct policy *policy;
	const char *baseline;		/* path or NULL */
	struct words consumers;		/* paths of modules */
};

/* Lint checked content.  @path names it in findings. */
void lint_run(const struct lint_options *options, const char *path,
	      const struct plm_content *content, struct stage *stage);

/*
 * What the policy demands of a replay that has ended, as findings of its
 * @stage: that of `kill` rules it was over recorded everyday events too, enough of
 * their own template; the numbers are in the stage's evidence, in "templates" of
 * "goodware".
 */
void lint_replay(const struct policy *policy, const char *path,
		 const struct plm_content *content, struct stage *stage);

#endif /* LINT_LINT_H */
