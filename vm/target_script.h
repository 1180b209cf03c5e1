/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A target's part of a boot: the files for the guest, and the script. */
#ifndef VM_TARGET_SCRIPT_H
#define VM_TARGET_SCRIPT_H

#include "vm/initramfs.h"
#include "vm/run.h"

/* What a file is taken through where the target is not ours. */
extern const struct scenario target_scenarios[];
extern const size_t num_target_scenarios;

const struct scenario *target_scenario_find(const char *name);

/*
 * Fill @initramfs and *@out_script for this boot.  0, or -1 with the code of
 * a finding and a sentence; script_free() in either case.
 */
int target_prepare(const struct run *run, const struct boot_plan *boot,
		   const char *token, struct initramfs *initramfs,
		   struct script *out_script, const char **out_code,
		   char out_error[256]);

/*
 * For VMs that go on from a template: what is the same for all of them, and
 * is done before the memory is kept.
 */
int target_template(const struct run *run, struct initramfs *initramfs,
		    struct script *out_prelude, char out_error[256]);

/*
 * For a fuzzer in the guest: where the candidate lies, as a step RECEIVE, and
 * then the steps of all phases, to be carried out over and over.  The modules
 * and files are those of target_template().
 */
int target_steps(const struct run *run, struct script *out_script,
		 char out_error[256]);

/*
 * The kernel's names of the modules that the target is about, NULL at the end;
 * an array of the caller's.  None where a step loads one, because it has then no
 * place to stay at.
 */
char **target_module_names(const struct run *run);

#define TARGET_MAX_SENT 8	/* the candidate and files beside it */

/*
 * And what is each VM's own: its script, and the paths of the files that it
 * is sent, new strings of the caller's; the first is the candidate's.
 */
struct target_neighbours;	/* target_screen.h; or NULL */
int target_job(const struct run *run, const char *token,
	       const struct target_neighbours *neighbours, struct script *out_script, char *out_paths[TARGET_MAX_SENT],
	       size_t *out_num, char out_error[256]);

/* Seconds that its steps may take, beyond a boot. */
double target_seconds(const struct run *run, const struct boot_plan *boot);

/* Results of the step at @index carry this id. */
static inline uint32_t target_step_id(size_t index)
{
	return (uint32_t)index + 1;
}

#endif /* VM_TARGET_SCRIPT_H */
