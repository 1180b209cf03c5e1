/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would this kernel load this module?  What the kernel compares when it loads
 * one - its version magic, and the version of every symbol that it uses - is
 * compared here, before anything boots.
 */
#ifndef CONSUMER_FIT_H
#define CONSUMER_FIT_H

#include <stddef.h>

struct fit;

enum fit_verdict {
	FIT_GOOD,
	FIT_WRONG_KERNEL,	/* version magic */
	FIT_WRONG_SYMBOL,	/* one that is not there, or of another version */
	FIT_UNKNOWN,		/* the kernel's side is not to be had */
};

/*
 * Read what the kernel of @release exports and asks for, from the module tree
 * at @modules (lib/modules/RELEASE, with its link "build").  NULL, and a
 * sentence, where it does not tell.
 */
struct fit *fit_open(const char *modules, const char *release,
		     char out_error[256]);
void fit_close(struct fit *fit);

/* Does the module at @path fit?  If not, @out_why is a sentence. */
enum fit_verdict fit_check(const struct fit *fit, const char *path,
			   char out_why[256]);

#endif /* CONSUMER_FIT_H */
