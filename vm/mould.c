// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/mould.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/lab.h"
#include "vm/rehearsal.h"
#include "vm/target_screen.h"

/* A file is there in the mailbox, read, and copied by the consumer. */
#define MEMORY_MIB 256
#define MEMORY_TIMES 8

/* A rehearsal takes as long as some three VMs without one. */
#define REHEARSED_FROM 4

struct moulds {
	const struct target *target;
	const struct boot_plan *plan;
	size_t num_wanted;
	const char *workdir;
	pthread_mutex_t lock;
	struct mould **list;
	size_t num, cap;
};

struct moulds *moulds_new(const struct target *target,
			  const struct boot_plan *plan, size_t num,
			  const char *workdir)
{
	struct moulds *moulds = xcalloc(1, sizeof(*moulds));

	*moulds = (struct moulds){
		.target = target, .plan = plan, .num_wanted = num,
		.workdir = workdir, .lock = PTHREAD_MUTEX_INITIALIZER,
	};
	return moulds;
}

void moulds_free(struct moulds *moulds)
{
	if (!moulds)
		return;
	for (size_t i = 0; i < moulds->num; i++) {
		struct mould *mould = moulds->list[i];

		if (mould->original)
			original_close(mould->original);
		free(mould->original);
		template_close(mould->template);
		free(mould);
	}
	free(moulds->list);
	pthread_mutex_destroy(&moulds->lock);
	free(moulds);
}

/*
 * What a kernel does at its first execution it need not do in every VM.  The
 * consumer is not there yet.
 */
static void warm_up(struct script *prelude)
{
	struct execution one = {
		.image = (char *)"/bin/true", .folder = (char *)"/",
		.command_line = (char *)"true",
		.parent_image = (char *)"/bin/sh",
		.parent_command_line = (char *)"sh",
		.uid = 1000, .parent_uid = 1000, .login_uid = 1000,
	};

	script_execute(prelude, 0, &one);
}

static void open_template(const struct moulds *moulds, struct mould *mould)
{
	struct script prelude = { 0 };
	struct initramfs initramfs;
	char *actor = file_part("guest/actor");
	char *append = xasprintf("plimsoll.channels=%u", mould->channel);
	struct template_config config = {
		.kernel = &mould->machine->kernel,
		.accelerator = &mould->machine->accelerator,
		.append = append,
		.memory_mib = mould->memory_mib,
		.slow_clock = true,
		.initramfs = &initramfs,
		.prelude = &prelude,
	};

	warm_up(&prelude);
	script_step(&prelude, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(&prelude, VM_STEP_DEVICE, 0, 0, 0, NULL, NULL);
	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_ACTOR, 0755, actor);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, mould->module->path);
	mould->template = template_open(&config, moulds->workdir,
					mould->error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	free(append);
	free(actor);
}

/* Where there can be none, it does without. */
static void rehearse(const struct moulds *moulds, struct mould *mould)
{
	const struct accelerator *accelerator = &mould->machine->accelerator;
	struct original *original;

	if (!mould->template || moulds->num_wanted < REHEARSED_FROM ||
	    !original_is_possible(accelerator->name))
		return;
	original = xcalloc(1, sizeof(*original));
	if (rehearsal_run(mould->template, moulds->plan, accelerator,
			  mould->channel, moulds->workdir, original) == 0)
		mould->original = original;
	else
		free(original);
}

static unsigned int memory_for(const struct candidate *candidate)
{
	unsigned int mib = MEMORY_MIB;

	while (mib < MEMORY_MIB + MEMORY_TIMES * (candidate->len >> 20))
		mib *= 2;
	return mib;
}

static struct mould *make(struct moulds *moulds, const struct mould *wanted)
{
	struct mould *mould = xmemdup(wanted, sizeof(*wanted));

	if (moulds->target->ours) {
		open_template(moulds, mould);
		rehearse(moulds, mould);
	} else {
		mould->template = target_screen_open(
			moulds->target, mould->machine, mould->module,
			mould->memory_mib, moulds->workdir, mould->error);
	}
	ARRAY_RESERVE(moulds->list, moulds->num, moulds->cap);
	moulds->list[moulds->num++] = mould;
	return mould;
}

const struct mould *moulds_find(struct moulds *moulds,
				const struct machine *machine,
				const struct module *module,
				const struct candidate *candidate)
{
	struct mould wanted = {
		.machine = machine, .module = module,
		.channel = candidate->channel,
		.memory_mib = memory_for(candidate),
	};
	struct mould *found = NULL;

	pthread_mutex_lock(&moulds->lock);
	for (size_t i = 0; i < moulds->num && !found; i++) {
		struct mould *old = moulds->list[i];

		if (old->machine == machine && old->module == module &&
		    old->channel == wanted.channel &&
		    old->memory_mib == wanted.memory_mib)
			found = old;
	}
	if (!found)
		found = make(moulds, &wanted);
	pthread_mutex_unlock(&moulds->lock);
	return found;
}
