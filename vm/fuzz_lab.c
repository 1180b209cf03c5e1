// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/fuzz_lab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/lab.h"
#include "vm/target_script.h"

/* KASAN takes an eighth, what it holds back of freed memory another part. */
#define MEMORY_MIB 512

/* libFuzzer counts bits with one instruction, and asks nobody whether it is there. */
#define CPU QEMU_CPU ",+popcnt"

/*
 * Whatever a kernel can cry about ends it, with all of its log on the console:
 * nothing else is printed while the fuzzer works.  Its clock ticks by itself: to be
 * told of each next tick costs an emulated CPU a sixth of an execution.
 */
static const char options[] =
	"panic_on_warn=1 panic_print=0x20 sysctl.vm.panic_on_oom=1 "
	"log_buf_len=256K kmemleak=off nohz=off highres=off";

/* A channel that is not the content's. */
static uint32_t other_channel(uint32_t channel)
{
	return channel == 1 ? 2 : 1;
}

static struct run run_of(const struct fuzz_lab *lab, struct candidate *none)
{
	const struct fuzz_lab_config *c = &lab->config;

	*none = (struct candidate){ .path = c->path };
	return (struct run){
		.candidate = none, .target = c->target,
		.kernel = &c->machine->kernel,
		.consumer_path = c->module->path,
	};
}

/* A module that was built for this kernel to be quick in, if one was. */
static void add_haste(struct fuzz_lab *lab, struct initramfs *initramfs)
{
	char *name = xasprintf("modules/%s/haste.ko",
			       lab->config.machine->kernel.release);
	char *path = file_part(name);

	lab->hasty = !access(path, R_OK);
	if (lab->hasty)
		initramfs_file(initramfs, FUZZ_HASTE, 0644, path);
	free(path);
	free(name);
}

/* Files and first steps of every VM. */
static int begin(struct fuzz_lab *lab, struct initramfs *initramfs,
		 struct script *prelude, char out_error[TEMPLATE_ERROR_MAX])
{
	const struct fuzz_lab_config *c = &lab->config;
	char *actor = file_part("guest/actor");
	char *fuzz = file_part("guest/fuzz");
	struct candidate none;
	struct run run = run_of(lab, &none);
	int status = 0;

	if (access(fuzz, R_OK)) {
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no %.150s, which make sanitizer builds", fuzz);
		status = -1;
	}
	lab_initramfs(initramfs);
	initramfs_file(initramfs, VM_ACTOR, 0755, actor);
	initramfs_file(initramfs, FUZZ_GUEST, 0755, fuzz);
	add_haste(lab, initramfs);
	if (c->target->ours) {
		initramfs_file(initramfs, VM_CONSUMER, 0644, c->module->path);
		script_step(prelude, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER,
			    NULL);
	} else if (!status) {
		status = target_template(&run, initramfs, prelude, out_error);
		initramfs_data(initramfs, FUZZ_STEPS, 0600,
			       lab->steps.bytes.data, lab->steps.bytes.len);
	}
	free(fuzz);
	free(actor);
	return status;
}

static int prepare_target(struct fuzz_lab *lab,
			  char out_error[TEMPLATE_ERROR_MAX])
{
	struct candidate none;
	struct run run = run_of(lab, &none);

	if (!lab->config.target->ours) {
		lab->modules = target_module_names(&run);
		return target_steps(&run, &lab->steps, out_error);
	}
	lab->base_channel = other_channel(lab->config.channel);
	lab->modules = xcalloc(2, sizeof(*lab->modules));
	lab->modules[0] = xstrdup("plimsoll");
	return 0;
}

static char *make_append(const struct fuzz_lab *lab)
{
	const struct fuzz_lab_config *c = &lab->config;

	if (c->target->ours)
		return xasprintf("%s plimsoll.channels=%u,%u", options,
				 c->channel, lab->base_channel);
	return xasprintf("%s%s%s", options, c->target->append ? " " : "",
			 c->target->append ? c->target->append : "");
}

static int open_template(struct fuzz_lab *lab,
			 char out_error[TEMPLATE_ERROR_MAX])
{
	struct script prelude = { 0 };
	struct initramfs initramfs;
	struct template_config config = {
		.kernel = &lab->config.machine->kernel,
		.accelerator = &lab->config.machine->accelerator,
		.append = lab->append, .memory_mib = lab->memory_mib,
		.cpu = CPU, .initramfs = &initramfs, .prelude = &prelude,
	};

	if (!begin(lab, &initramfs, &prelude, out_error))
		lab->template = template_open(&config, lab->config.workdir,
					      out_error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	return lab->template ? 0 : -1;
}

struct fuzz_lab *fuzz_lab_open(const struct fuzz_lab_config *config,
			       char out_error[TEMPLATE_ERROR_MAX])
{
	struct fuzz_lab *lab = xcalloc(1, sizeof(*lab));

	lab->config = *config;
	lab->memory_mib = MEMORY_MIB + config->target->memory_mib;
	if (!prepare_target(lab, out_error)) {
		lab->append = make_append(lab);
		if (config->boots_only || !open_template(lab, out_error))
			return lab;
	}
	fuzz_lab_close(lab);
	return NULL;
}

void fuzz_lab_close(struct fuzz_lab *lab)
{
	if (!lab)
		return;
	if (lab->has_original)
		original_close(&lab->original);
	template_close(lab->template);
	for (char **name = lab->modules; name && *name; name++)
		free(*name);
	free(lab->modules);
	script_free(&lab->steps);
	free(lab->append);
	free(lab);
}

bool fuzz_lab_can_keep(const struct fuzz_lab *lab)
{
	return lab->config.target->ours && !lab->has_original &&
	       original_is_possible(lab->config.machine->accelerator.name);
}

bool fuzz_lab_is_hasty(const struct fuzz_lab *lab)
{
	return lab->hasty;
}

const char *fuzz_lab_key(const struct fuzz_lab *lab)
{
	return template_key(lab->template);
}

/* All in one initramfs: nothing but a kernel's own beginning comes before. */
static int write_initramfs(struct fuzz_lab *lab, const struct script *script,
			   const char *path)
{
	char error[TEMPLATE_ERROR_MAX];
	struct script whole = { 0 };
	struct initramfs initramfs;
	int err;

	err = begin(lab, &initramfs, &whole, error) ? -EIO : 0;
	vm_bytes_add(&whole.bytes, script->bytes.data, script->bytes.len);
	if (!err)
		err = lab_write(&initramfs, &whole, path, NULL);
	initramfs_free(&initramfs);
	script_free(&whole);
	return err;
}

int fuzz_lab_boot(struct fuzz_lab *lab, const struct template_job *job,
		  struct mailbox *mailbox, struct qemu_outcome *out)
{
	char *initramfs = xasprintf("%s/fuzz-initramfs-%u", lab->config.workdir,
				    atomic_fetch_add(&lab->num_cold, 1));
	struct qemu_config config = {
		.vmlinux = lab->config.machine->kernel.vmlinux,
		.initramfs = initramfs,
		.accelerator = lab->config.machine->accelerator.name,
		.cpu = CPU,
		.append = lab->append, .memory_mib = lab->memory_mib,
		.mailbox = mailbox, .stop = job->stop,
		.token = job->token, .deadline = job->deadline,
	};
	int err = write_initramfs(lab, job->script, initramfs);

	*out = (struct qemu_outcome){ .ending = QEMU_NOT_STARTED };
	if (!err)
		qemu_run(&config, out);
	unlink(initramfs);
	free(initramfs);
	return err;
}
