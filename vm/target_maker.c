// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/target_maker.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "consumer/consumer.h"

int maker_cannot(struct maker *maker, const char *code, const char *format,
		  const char *what, const char *why)
{
	maker->code = code;
	snprintf(maker->error, 256, format, what, why);
	return -1;
}

static char *replace(const char *text, const char *mark, const char *with)
{
	const char *at = strstr(text, mark);

	if (!at)
		return xstrdup(text);
	return xasprintf("%.*s%s%s", (int)(at - text), text, with,
			 at + strlen(mark));
}

/* The kernel's name of a module: that of its file, - as _. */
char *maker_module_name(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name = xstrdup(base ? base + 1 : path);

	name[strcspn(name, ".")] = 0;
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

/* "@name@" is the candidate's file name here, "@candidate@" its path there. */
char *maker_fill_in(const struct maker *maker, const char *text)
{
	char *copy = xstrdup(maker->run->candidate->path);
	char *named = replace(text, "@name@", basename(copy));
	char *filled = maker->candidate ?
		replace(named, "@candidate@", maker->candidate) :
		xstrdup(named);

	free(named);
	free(copy);
	return filled;
}

static int add_file(struct maker *maker, const char *to, unsigned int mode,
		    const char *from)
{
	char *path = maker_fill_in(maker, to);
	int status = 0;

	if (access(from, R_OK))
		status = maker_cannot(maker, "NO_FILE", "%.150s: %s", from,
				strerror(errno));
	else if (maker->initramfs)
		initramfs_file(maker->initramfs, path, mode, from);
	free(path);
	return status;
}

int maker_add_own_files(struct maker *maker)
{
	const struct target *t = maker->target;
	int status = 0;

	for (size_t i = 0; i < t->num_files && !status; i++)
		status = add_file(maker, t->files[i].to, t->files[i].mode,
				  t->files[i].from);
	return status;
}

/* The path here of a file beside the candidate; NULL where it is left out. */
char *maker_beside_path(const struct maker *maker,
			 const struct target_file *beside)
{
	char *path = xasprintf("%s%s", maker->run->candidate->path,
			       beside->from);

	if (access(path, R_OK) == 0 || !beside->optional)
		return path;
	free(path);
	return NULL;
}

int maker_add_files(struct maker *maker)
{
	const struct target *t = maker->target;
	const struct candidate *candidate = maker->run->candidate;
	int status = 0;

	initramfs_data(maker->initramfs, maker->candidate, 0644,
		       candidate->data, candidate->len);
	for (size_t i = 0; i < t->num_beside && !status; i++) {
		char *from = maker_beside_path(maker, &t->beside[i]);

		if (from)
			status = add_file(maker, t->beside[i].to,
					  t->beside[i].mode, from);
		free(from);
	}
	return status ? status : maker_add_own_files(maker);
}

/* A module of the initramfs; its path there, owned by the caller. */
static char *add_module_file(struct maker *maker, const char *from)
{
	char *path = xasprintf(VM_FOLDER "/modules/%zu.ko",
			       maker->num_modules++);

	if (add_file(maker, path, 0644, from) == 0)
		return path;
	free(path);
	return NULL;
}

/* One built for another kernel would be refused, whatever the candidate. */
static int check_fits(struct maker *maker, const char *path)
{
	const struct kernel *kernel = maker->run->kernel;
	struct consumer module;
	char why[256];
	int status = 0;

	if (consumer_read_any(&module, path, why))
		return maker_cannot(maker, "NO_MODULE", "%.120s %.120s", path, why);
	if (!consumer_fits(&module, kernel->release))
		status = maker_cannot(maker, "NO_MODULE", "%.150s is not built for %.80s",
				path, kernel->name);
	consumer_free(&module);
	return status;
}

/* Call @call for what is needed and then for the module itself. */
int maker_each_module(struct maker *maker, const struct target_module *module,
		       on_module call, void *context)
{
	const char *tree = maker->run->kernel->modules;
	size_t first = maker->stock.num;
	char *path;

	if (module->source != TARGET_STOCK) {
		const char *from = module->source == TARGET_FILE ?
			module->name : maker->run->consumer_path;

		path = from && !check_fits(maker, from) ?
			add_module_file(maker, from) : NULL;
		if (path)
			call(maker, path, from, context);
		free(path);
		return path ? 0 : -1;
	}
	if (!tree || module_list_add(&maker->stock, tree, module->name))
		return maker_cannot(maker, "NO_MODULE", "%.80s has no module %s",
			      maker->run->kernel->name, module->name);
	for (size_t i = first; i < maker->stock.num; i++) {
		path = add_module_file(maker, maker->stock.paths[i]);
		if (!path)
			return -1;
		call(maker, path, maker->stock.paths[i], context);
		free(path);
	}
	return 0;
}
