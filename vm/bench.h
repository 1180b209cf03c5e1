/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the boot benchmarks measure; alternate them, machines are noisy. */
#ifndef VM_BENCH_H
#define VM_BENCH_H

#include <stddef.h>

#include "vm/kernel.h"

struct vm_bench;

/* NULL and a sentence where there is no such kernel or nothing boots it. */
struct vm_bench *vm_bench_open(const char *kernel, char out_error[256]);
void vm_bench_close(struct vm_bench *bench);

/* "tcg", "kvm".  Static. */
const char *vm_bench_accelerator(const struct vm_bench *bench);

const struct kernel *vm_bench_kernel(const struct vm_bench *bench);
const char *vm_bench_workdir(const struct vm_bench *bench);

/*
 * Seconds from starting QEMU to the token of an empty PID 1.  Negative: it
 * did not get there.
 */
double vm_bare_boot_seconds(struct vm_bench *bench);

/*
 * Seconds of one scenario on the content at @path with our own module, from
 * nothing to the verdict: initramfs, QEMU, events, judgement.  Negative: the
 * verdict was not pass.  *@out_executed: programs executed.
 */
double vm_scenario_seconds(struct vm_bench *bench, const char *scenario,
			   const char *path, size_t *out_executed);

/* Processes that were started and ended a second. */
struct vm_spawn_rates {
	double without, with;	/* our module, the content loaded */
};

/*
 * Start @count processes without and with, @rounds times in turn, in one VM;
 * fills @rates[0..rounds). 0, or -1 where something did not succeed.
 */
int vm_spawn_rates(struct vm_bench *bench, const char *content,
		   struct vm_spawn_rates *rates, size_t rounds,
		   unsigned int count);

#endif /* VM_BENCH_H */
