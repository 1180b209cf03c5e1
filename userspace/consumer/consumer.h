/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A consumer's own word: what a built kernel module says that its event
 * sources supply, read from its ELF section PLM_SUPPLY_SECTION.
 */
#ifndef CONSUMER_CONSUMER_H
#define CONSUMER_CONSUMER_H

#include <stdbool.h>

#include "plm_check.h"

struct consumer {
	char *path;
	char *digest;		/* "sha256:..." */
	char *vermagic;		/* "6.1.0-56-amd64 SMP ...", or NULL */
	char *version;		/* MODULE_VERSION, or NULL */
	struct plm_supply supplies[PLM_MAX_TEMPLATES];
	const struct plm_supply *list[PLM_MAX_TEMPLATES];	/* of those */
	u32 num_supplies;
};

/*
 * Read the module at @path.  0, or -1 and a sentence in @out_error: not
 * readable, not a relocatable x86-64 ELF file, no such section, or a section
 * that is malformed.
 */
int consumer_read(struct consumer *consumer, const char *path,
		  char out_error[256]);
/*
 * The same for a module of anybody's, which need not say what it supplies:
 * num_supplies is then 0.
 */
int consumer_read_any(struct consumer *consumer, const char *path,
		      char out_error[256]);
/* By its vermagic: is it built for this release?  Without one: yes. */
bool consumer_fits(const struct consumer *consumer, const char *release);
void consumer_free(struct consumer *consumer);

#endif /* CONSUMER_CONSUMER_H */
