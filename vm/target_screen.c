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

/*
 * Those beside the candidate.  It is not read again: what the digest is of, and
 * what the VM is sent, are the same bytes.
 */
static int read_files(const struct candidate *candidate, char *const *paths,
		      size_t num, struct mailbox_file *files,
		      char out_error[256])
{
	uint8_t *data;
	int err;

	files[0] = (struct mailbox_file){ candidate->data, candidate->len };
	for (size_t i = 1; i < num; i++) {
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

/* The recipes are the last file, whatever is sent before. */
static void add_neighbours(const struct target_neighbours *neighbours,
			   struct template_job *job,
			   struct mailbox_file *files)
{
	files[TARGET_MAX_SENT] = neighbours->recipes;
	job->num_files = TARGET_MAX_SENT + 1;
	job->deadline += neighbours->seconds;
}

int target_screen_run(const struct run *run, const struct template *template,
		      const struct target_neighbours *neighbours,
		      const char *token, struct qemu_outcome *out,
		      int *out_err, char out_error[256])
{
	struct mailbox_file files[TARGET_MAX_SENT + 1] = { 0 };
	size_t num_sent = 0;
	char *paths[TARGET_MAX_SENT];
	struct script script = { 0 };
	struct template_job job = {
		.script = &script, .files = files, .token = token,
		.deadline = accelerator_deadline(run->accelerator, 0) +
			    target_seconds(run, &run->scenario->boots[0]),
	};
	int status = target_job(run, token, neighbours, &script, paths,
				&num_sent, out_error);

	if (!status)
		status = read_files(run->candidate, paths, num_sent, files,
				    out_error);
	job.num_files = num_sent;
	if (neighbours)
		add_neighbours(neighbours, &job, files);
	if (!status)
		*out_err = template_run(template, &job, out);
	for (size_t i = 0; i < num_sent; i++) {
		if (i)
			free((void *)files[i].data);
		free(paths[i]);
	}
	script_free(&script);
	return status;
}
