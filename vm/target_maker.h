/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the parts that make a target's boot: what goes into the guest. */
#ifndef VM_TARGET_MAKER_H
#define VM_TARGET_MAKER_H

#include "vm/modules.h"
#include "vm/target_script.h"

struct maker {
	const struct run *run;
	const struct target *target;
	struct initramfs *initramfs;	/* NULL: the files are there */
	struct script *script;
	char *candidate;		/* in the guest */
	struct module_list stock;	/* that are in the initramfs */
	size_t num_modules;
	char **loaded;			/* names, in order */
	size_t num_loaded, cap_loaded;
	const char *code;
	char *error;			/* of 256 bytes */
};

/* -1, with the code and the sentence of a finding. */
int maker_cannot(struct maker *maker, const char *code, const char *format,
		 const char *what, const char *why);

/* "@name@" and "@candidate@" filled in; a new string. */
char *maker_fill_in(const struct maker *maker, const char *text);

/* The kernel's name of a module: that of its file, - as _; a new string. */
char *maker_module_name(const char *path);

/* The target's own files; and with them the candidate and those beside it. */
int maker_add_own_files(struct maker *maker);
int maker_add_files(struct maker *maker);

/* The path here of a file beside the candidate; NULL where it is left out. */
char *maker_beside_path(const struct maker *maker,
			const struct target_file *beside);

typedef void (*on_module)(struct maker *maker, const char *guest_path,
			  const char *from, void *context);

/* Call @call for what is needed and then for the module itself. */
int maker_each_module(struct maker *maker, const struct target_module *module,
		      on_module call, void *context);

#endif /* VM_TARGET_MAKER_H */
