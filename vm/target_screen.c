// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/target_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/lab.h"

#define FILE_MAX_LEN ((size_t)64 << 20)

struct template *target_screen_open(const struct target *target,
				    const struct machine *machine,
				    const struct module *module,
				    unsigned int memory_mib,
				    const char *workdir, char out_error[256])
{
	/* No one candidate: the template is for all of them. */
	struct candidate none = { .path = "" };
	struct run run = {
		.candidate = &none, .target = target,
		.kernel = &machine->kernel, .consumer_path = module->path,
	};
	struct template *template = NULL;
	struct script prelude = { 0 };
	struct initramfs initramfs;
	struct template_config config = {
		.kernel = &machine->kernel,
		.accelerator = &machine->accelerator,
		.append = target->append,
		.memory_mib = memory_mib + target->memory_mib,
		.initramfs = &initramfs,
		.prelude = &prelude,
	};

	lab_initramfs(&initramfs);
	if (!target_template(&run, &initramfs, &prelude, out_error))
		template = template_open(&config, workdir, out_error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	return template;
}

static int read_files(char *const *paths, size_t num,
		      struct template_file *files, char out_error[256])
{
	uint8_t *data;
	int err;

	for (size_t i = 0; i < num; i++) {
		err = file_read(paths[i], FILE_MAX_LEN, &data, &files[i].len);
		if (err) {
			snprintf(out_error, 256, "%.150s: %s", paths[i],
				 strerror(-err));
			return -1;
		}
		files[i].data = data;
	}
	return 0;
}

int target_screen_run(const struct run *run, const struct template *template,
		      const char *token, struct qemu_outcome *out,
		      int *out_err, char out_error[256])
{
	struct template_file files[TARGET_MAX_SENT] = { 0 };
	char *paths[TARGET_MAX_SENT];
	struct script script = { 0 };
	struct template_job job = {
		.script = &script, .files = files, .token = token,
		.deadline = accelerator_deadline(run->accelerator, 0) +
			    target_seconds(run, &run->scenario->boots[0]),
	};
	int status = target_job(run, token, &script, paths, &job.num_files,
				out_error);

	if (!status)
		status = read_files(paths, job.num_files, files, out_error);
	if (!status)
		*out_err = template_run(template, &job, out);
	for (size_t i = 0; i < job.num_files; i++) {
		free((void *)files[i].data);
		free(paths[i]);
	}
	script_free(&script);
	return status;
}
