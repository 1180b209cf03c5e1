/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the mutated module asks of the kernel fails when it is told to, for want of
 * memory: stock kernels inject no faults.  plm_mutant.ko holds the count.
 */
#ifndef MUTANTS_FAULTS_H
#define MUTANTS_FAULTS_H

/* As the files have it that include this first, or the headers bring another. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/miscdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

/* The so many-th from now on fails; 0: none. */
extern unsigned int plm_mutant_fault;

static inline bool plm_fails(void)
{
	return plm_mutant_fault && !--plm_mutant_fault;
}

#define kmalloc(...)	(plm_fails() ? NULL : kmalloc(__VA_ARGS__))
#define kzalloc(...)	(plm_fails() ? NULL : kzalloc(__VA_ARGS__))
#define kcalloc(...)	(plm_fails() ? NULL : kcalloc(__VA_ARGS__))
#define kvmalloc(...)	(plm_fails() ? NULL : kvmalloc(__VA_ARGS__))
#define kvcalloc(...)	(plm_fails() ? NULL : kvcalloc(__VA_ARGS__))
#define vmalloc(...)	(plm_fails() ? NULL : vmalloc(__VA_ARGS__))
#define vzalloc(...)	(plm_fails() ? NULL : vzalloc(__VA_ARGS__))
#define __alloc_percpu(...)						\
	(plm_fails() ? NULL : __alloc_percpu(__VA_ARGS__))

#define misc_register(device)						\
	(plm_fails() ? -ENOMEM : misc_register(device))
#define register_kprobe(probe)						\
	(plm_fails() ? -ENOMEM : register_kprobe(probe))
#define register_kretprobe(probe)					\
	(plm_fails() ? -ENOMEM : register_kretprobe(probe))
#define tracepoint_probe_register(...)					\
	(plm_fails() ? -ENOMEM : tracepoint_probe_register(__VA_ARGS__))

#endif /* MUTANTS_FAULTS_H */
