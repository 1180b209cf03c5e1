/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMs with a fuzzer in them: from a template, or, for evidence, booted.  A lab
 * is what all VMs of one kernel, consumer and target have in common; any number
 * of them may run at a time, from several threads.
 */
#ifndef VM_FUZZ_VM_H
#define VM_FUZZ_VM_H

#include "vm/bytes.h"
#include "vm/fleet.h"
#include "vm/fuzz_share.h"
#include "vm/template.h"

struct fuzz_lab_config {
	const struct machine *machine;
	const struct module *module;
	const struct target *target;
	const char *path;	/* of the file: a target may want its name */
	uint32_t channel;	/* of content of ours */
	const char *workdir;	/* for temporary files */
	bool boots_only;	/* no VM from a template is asked for */
};

struct fuzz_lab;

/* NULL and a sentence where there is none to be had. */
struct fuzz_lab *fuzz_lab_open(const struct fuzz_lab_config *config,
			       char out_error[TEMPLATE_ERROR_MAX]);
void fuzz_lab_close(struct fuzz_lab *lab);
/* Of the template. */
const char *fuzz_lab_key(const struct fuzz_lab *lab);
/* Do its explorers go without lockdep and KASAN's traces (vm/haste)? */
bool fuzz_lab_is_hasty(const struct fuzz_lab *lab);

/*
 * Can a VM be kept, and is there none yet?  Ours can: its consumer is loaded anew.  What
 * a target's steps leave behind in a kernel nobody knows.
 */
bool fuzz_lab_can_keep(const struct fuzz_lab *lab);

/* Inputs for a guest, in order. */
struct fuzz_list {
	struct vm_bytes bytes;
	uint32_t num;
};

/* False where it is too long, or the list too full. */
bool fuzz_list_add(struct fuzz_list *list, const void *data, size_t len,
		   uint32_t ways);
void fuzz_list_free(struct fuzz_list *list);

struct fuzz_job {
	enum fuzz_mode mode;
	uint32_t seed, seconds, max_len;	/* of FUZZ_EXPLORE */
	uint32_t repeat;			/* of FUZZ_TRY; 0: once */
	const struct fuzz_list *inputs;
	bool cold;				/* booted, not from the template */
	bool keep;				/* of FUZZ_TRY: where it survives, the
						 * lab's further VMs are its copies */
};

struct fuzz_counts {
	enum fuzz_state state;
	uint64_t num_executions, num_accepted, num_firmware;
	uint64_t num_covered, num_points, num_tried;
};

enum fuzz_ending {
	FUZZ_ENDED,		/* by itself, or by us */
	FUZZ_CRASHED,		/* kind, title and text say how */
	FUZZ_LOST,		/* text says why nobody can tell */
};

struct fuzz_outcome {
	enum fuzz_ending ending;
	char *kind, *title, *text;	/* or NULL */
	struct vm_bytes console;
	struct fuzz_counts counts;
	double seconds, cpu_seconds;
};

/* Why a VM was ended from outside. */
enum fuzz_stop {
	FUZZ_NOT_STOPPED,
	FUZZ_OVER,		/* nothing more is wanted of it */
	FUZZ_HANGS,		/* an execution did not come to its end */
	FUZZ_LATE,		/* it was asked to end, and did not */
};

struct fuzz_vm;

/* A VM that is not started yet; NULL with errno set. */
struct fuzz_vm *fuzz_vm_make(struct fuzz_lab *lab, const struct fuzz_job *job);
/* Run it to its end; one that is kept is stopped there. */
void fuzz_vm_run(struct fuzz_vm *vm, struct fuzz_outcome *out);
void fuzz_vm_free(struct fuzz_vm *vm);
void fuzz_outcome_free(struct fuzz_outcome *outcome);

/* While it runs, from any thread: */
void fuzz_vm_counts(const struct fuzz_vm *vm, struct fuzz_counts *out);
/* Ask an explorer to end: it looks at the kernel's log once more. */
void fuzz_vm_end(struct fuzz_vm *vm);
/* End it at once. */
void fuzz_vm_stop(struct fuzz_vm *vm, enum fuzz_stop why);

/*
 * Take what was found since the last time, one thread at a time; also after
 * its end.
 */
void fuzz_vm_take(struct fuzz_vm *vm,
		  void (*found)(void *context, const uint8_t *data, size_t len),
		  void *context);

/*
 * After its end: the inputs that were tried last, in order; the last is the one
 * that was being tried.
 */
void fuzz_vm_recent(const struct fuzz_vm *vm, struct fuzz_list *out);

#endif /* VM_FUZZ_VM_H */
