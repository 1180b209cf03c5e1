// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/target.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/held.h"
#include "base/mem.h"
#include "report/stage.h"
#include "vm/target_read.h"

#define FILE_MAX_LEN ((size_t)256 << 20)

const char *target_phase_name(enum target_phase phase)
{
#define PHASE_NAME(name, text) [TARGET_##name] = text,
	static const char *const names[TARGET_NUM_PHASES] = {
		TARGET_PHASES(PHASE_NAME)
	};
#undef PHASE_NAME

	return names[phase];
}

static void free_files(struct target_file *files, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		free(files[i].from);
		free(files[i].to);
	}
	free(files);
}

static void free_steps(struct target *target)
{
	for (size_t i = 0; i < target->num_steps; i++) {
		struct target_step *step = &target->steps[i];

		for (size_t k = 0; k < step->num; k++)
			free(step->texts[k]);
		free(step->texts);
		free(step->module.name);
		free(step->module.options);
	}
	free(target->steps);
}

void target_free(struct target *target)
{
	for (size_t i = 0; i < target->num_modules; i++) {
		free(target->modules[i].name);
		free(target->modules[i].options);
	}
	free(target->modules);
	free_files(target->beside, target->num_beside);
	free_files(target->files, target->num_files);
	free_steps(target);
	free(target->name);
	free(target->about);
	free(target->path);
	free(target->digest);
	free(target->append);
	free(target->candidate);
	*target = (struct target){ 0 };
}

void target_hold(const struct target *target, const char *path)
{
	for (size_t i = 0; i < target->num_files; i++)
		held_add(target->files[i].from, FILE_MAX_LEN);
	for (size_t i = 0; i < target->num_modules; i++)
		if (target->modules[i].source == TARGET_FILE)
			held_add(target->modules[i].name, FILE_MAX_LEN);
	for (size_t i = 0; i < target->num_beside; i++) {
		char *beside = xasprintf("%s%s", path, target->beside[i].from);

		if (access(beside, R_OK) == 0)
			held_add(beside, FILE_MAX_LEN);
		free(beside);
	}
}

bool target_has_consumer(const struct target *target)
{
	for (size_t i = 0; i < target->num_modules; i++)
		if (target->modules[i].source == TARGET_CONSUMER)
			return true;
	for (size_t i = 0; i < target->num_steps; i++)
		if (target->steps[i].module.name &&
		    target->steps[i].module.source == TARGET_CONSUMER)
			return true;
	return false;
}

/* Ours by name; anything with a slash or a dot is a path. */
static char *path_of(const char *name)
{
	char *part, *path;

	if (strpbrk(name, "/."))
		return xstrdup(name);
	part = xasprintf("targets/%s.yaml", name);
	path = file_part(part);
	free(part);
	return path;
}

static int parse(struct target *target, const uint8_t *data, size_t len,
		 struct target_reader *reader)
{
	struct tree_file file;
	char *folder, *copy;
	int status = tree_load(&file, data, len, &reader->error);

	if (!status && file.num_documents != 1)
		status = sigma_fail(&reader->error, (struct position){ 1, 1 },
				    SIGMA_BAD_VALUE,
				    "a target is one document, here are %zu",
				    file.num_documents);
	copy = xstrdup(target->path);
	folder = realpath(dirname(copy), NULL);
	reader->folder = folder ? folder : "";
	if (!status)
		status = target_read(reader, file.documents[0]);
	tree_free(&file);
	free(folder);
	free(copy);
	return status;
}

int target_load(const char *name, struct target *out,
		char out_error[TARGET_ERROR_LEN])
{
	struct target_reader reader = { .target = out };
	uint8_t *data;
	size_t len;
	int err;

	*out = (struct target){ .path = path_of(name) };
	err = file_read(out->path, TREE_MAX_LEN, &data, &len);
	if (err) {
		snprintf(out_error, TARGET_ERROR_LEN, "no target %.200s: %s",
			 name, strerror(-err));
		target_free(out);
		return -1;
	}
	out->digest = digest_of(data, len);
	err = parse(out, data, len, &reader);
	free(data);
	if (err) {
		snprintf(out_error, TARGET_ERROR_LEN, "%.200s:%zu:%zu: %s",
			 out->path, reader.error.at.line,
			 reader.error.at.column, reader.error.text);
		target_free(out);
	}
	return err;
}
