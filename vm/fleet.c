// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/fleet.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define DEFAULT_KERNEL "debian:6.1"

static void unknown(struct stage *stage, const char *code, const char *file,
		    const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(stage, SEVERITY_UNKNOWN, code, place, "%s", text);
}

static void add_machine(struct fleet *fleet, const char *name,
			const char *workdir, struct stage *stage)
{
	struct machine machine = { 0 };
	char error[256];

	if (kernel_find(name, &machine.kernel, error)) {
		unknown(stage, "NO_KERNEL", NULL, error);
		return;
	}
	if (accelerator_find(&machine.kernel, workdir, &machine.accelerator,
			     error)) {
		unknown(stage, "NO_ACCELERATOR", NULL, error);
		kernel_free(&machine.kernel);
		return;
	}
	ARRAY_RESERVE(fleet->machines, fleet->num_machines,
		      fleet->cap_machines);
	fleet->machines[fleet->num_machines++] = machine;
}

static int read_module(const struct target *target, struct module *module,
		       char error[256])
{
	return (target->ours ? consumer_read : consumer_read_any)(
		&module->consumer, module->path, error);
}

/*
 * Takes @path; NULL is the module of a target that asks for none.  A module
 * without a word of its own is run all the same.
 */
static void add_module(struct fleet *fleet, const struct target *target,
		       char *path, struct stage *stage)
{
	struct module *module;
	char error[256];

	if (path && access(path, R_OK)) {
		unknown(stage, "NO_CONSUMER", path,
			"the consumer can't be read; is it built?");
		free(path);
		return;
	}
	module = xcalloc(1, sizeof(*module));
	module->path = path;
	module->speaks = path && !read_module(target, module, error);
	if (path && !module->speaks) {
		struct place place = NOWHERE;

		place.file = path;
		stage_finding(stage, SEVERITY_INFO, "NO_SUPPLY", place, "%s",
			      error);
	}
	ARRAY_RESERVE(fleet->modules, fleet->num_modules, fleet->cap_modules);
	fleet->modules[fleet->num_modules++] = module;
}

static void find_machines(struct fleet *fleet,
			  const struct fleet_options *options,
			  const char *workdir, struct stage *stage)
{
	for (size_t i = 0; i < options->kernels.num; i++)
		add_machine(fleet, options->kernels.items[i], workdir, stage);
	if (!options->kernels.num)
		add_machine(fleet, DEFAULT_KERNEL, workdir, stage);
}

static void find_modules(struct fleet *fleet,
			 const struct fleet_options *options,
			 struct stage *stage)
{
	const struct target *target = options->target;

	if (!target_has_consumer(target) && !target->ours) {
		add_module(fleet, target, NULL, stage);
		return;
	}
	for (size_t i = 0; i < options->consumers.num; i++)
		add_module(fleet, target, xstrdup(options->consumers.items[i]),
			   stage);
	if (!target->ours)
		return;
	for (size_t i = 0; !options->consumers.num && i < fleet->num_machines;
	     i++) {
		char *name = xasprintf("modules/%s/plimsoll.ko",
				       fleet->machines[i].kernel.release);

		add_module(fleet, target, file_part(name), stage);
		free(name);
	}
}

bool fleet_fits(const struct module *module, const struct machine *machine)
{
	return !module->speaks ||
	       consumer_fits(&module->consumer, machine->kernel.release);
}

static void count_fits(struct fleet *fleet)
{
	for (size_t k = 0; k < fleet->num_machines; k++) {
		for (size_t m = 0; m < fleet->num_modules; m++) {
			if (!fleet_fits(fleet->modules[m],
					&fleet->machines[k]))
				continue;
			fleet->machines[k].num_consumers++;
			fleet->modules[m]->num_kernels++;
		}
	}
}

void fleet_find(struct fleet *fleet, const struct fleet_options *options,
		const char *workdir, struct stage *stage)
{
	*fleet = (struct fleet){ 0 };
	find_machines(fleet, options, workdir, stage);
	find_modules(fleet, options, stage);
	count_fits(fleet);
	for (size_t k = 0; k < fleet->num_machines; k++)
		if (!fleet->machines[k].num_consumers)
			unknown(stage, "NO_CONSUMER", NULL,
				"no consumer given is built for a kernel given");
	for (size_t m = 0; m < fleet->num_modules; m++)
		if (!fleet->modules[m]->num_kernels)
			unknown(stage, "NO_KERNEL", fleet->modules[m]->path,
				"the consumer is built for none of the kernels");
}

void fleet_free(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->num_modules; i++) {
		if (fleet->modules[i]->speaks)
			consumer_free(&fleet->modules[i]->consumer);
		free(fleet->modules[i]->path);
		free(fleet->modules[i]);
	}
	for (size_t i = 0; i < fleet->num_machines; i++)
		kernel_free(&fleet->machines[i].kernel);
	free(fleet->modules);
	free(fleet->machines);
	*fleet = (struct fleet){ 0 };
}
