/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets: how a VM hands a content file to a parser in the kernel, and learns
 * what became of it.  One target is one YAML file, see plimsoll-target(5).
 */
#ifndef VM_TARGET_H
#define VM_TARGET_H

#include "vm/target_answer.h"

#define TARGET_OURS "plimsoll"

/* Where a module comes from. */
enum target_source {
	TARGET_STOCK,		/* the kernel's tree, with what it needs */
	TARGET_FILE,		/* a file beside the target's */
	TARGET_CONSUMER,	/* what --consumer names */
};

struct target_module {
	enum target_source source;
	char *name;		/* stock: its name; file: its path here */
	char *options;		/* or NULL */
};

/* A file for the guest. */
struct target_file {
	char *from;		/* path here; beside: what follows the candidate's */
	char *to;		/* in the guest */
	unsigned int mode;
	bool optional;		/* beside: it may be missing */
};

/* One step: its texts, see target_answer.h, NULL at the end. */
struct target_step {
	enum target_phase phase;
	char **texts;
	size_t num, cap;
	struct target_module module;	/* of insmod; name NULL: none */
	double seconds;			/* that it may wait */
};

struct target {
	char *name, *about;
	char *path, *digest;		/* of the file that says all this */
	char *append;			/* more of the command line, or NULL */
	char *candidate;		/* where it lies in the guest */
	unsigned int memory_mib;	/* more memory than usual */
	bool ours;			/* judged by what the core says */
	bool keeps_modules;		/* they can't be unloaded */
	bool refuses_damage;		/* a damaged file must be refused */
	struct target_module *modules;
	size_t num_modules, cap_modules;
	struct target_file *beside;
	size_t num_beside, cap_beside;
	struct target_file *files;
	size_t num_files, cap_files;
	struct target_step *steps;	/* in the order of the phases */
	size_t num_steps, cap_steps;
};

#define TARGET_ERROR_LEN 800

/*
 * The target that is called @name, or the file of that path: a name with a
 * slash or a dot is a path.  0, or -1 and a sentence that begins with file,
 * line and column where there are any.
 */
int target_load(const char *name, struct target *out,
		char out_error[TARGET_ERROR_LEN]);
void target_free(struct target *target);

/*
 * Read now, see base/held.h, what a VM is given with the candidate of @path: the
 * target's own files, and those beside the candidate that are there.  Every run
 * then has the same.  The caller calls held_free().
 */
void target_hold(const struct target *target, const char *path);

/* Does it load what --consumer names? */
bool target_has_consumer(const struct target *target);

/* "setup", "load", "use", "undo".  Static. */
const char *target_phase_name(enum target_phase phase);

#endif /* VM_TARGET_H */
