// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"
#include "vm/console.h"
#include "vm/lab.h"
#include "vm/qemu_command.h"
#include "vm/template_state.h"
#include "vm/template_store.h"

#define FORM 3			/* of what is kept; a new one: old ones do not fit */
#define MEMORY_MIB 256

struct template {
	struct template_files files;
	char *key;
	char *append;
	char *accelerator;
	char *cpu;
	unsigned int num_cpus, memory_mib;
	bool slow_clock;
	bool is_new;
};

/* All that the memory depends on, as one text. */
static char *make_key(const struct template_config *config,
		      const char *initramfs_digest)
{
	char *qemu = qemu_identity();
	char *text, *key;

	text = xasprintf("%d %s %s %s %s %s %u %u %d %zu %s %s", FORM,
			 config->kernel->digest, initramfs_digest, qemu,
			 config->accelerator->name,
			 config->cpu ? config->cpu : QEMU_CPU, config->num_cpus,
			 config->memory_mib, config->slow_clock, MAILBOX_LEN,
			 qemu_kernel_options,
			 config->append ? config->append : "");
	key = digest_of(text, strlen(text));
	free(text);
	free(qemu);
	return key;
}

/* PID 1's own steps, and then it waits. */
static int finish_initramfs(const struct template_config *config,
			    char **out_digest)
{
	struct initramfs *initramfs = config->initramfs;
	struct script script = { 0 };
	int err;

	if (config->prelude)
		vm_bytes_add(&script.bytes, config->prelude->bytes.data,
			     config->prelude->bytes.len);
	/* The file of the taint mask is open from here on. */
	script_step(&script, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(&script, VM_STEP_SNAPSHOT, 0, 0, 0, NULL, NULL);
	initramfs_data(initramfs, VM_SCRIPT, 0600, script.bytes.data,
		       script.bytes.len);
	script_free(&script);
	err = initramfs_finish(initramfs);
	if (!err)
		*out_digest = digest_of(initramfs->bytes.data,
					initramfs->bytes.len);
	return err;
}

/* The first step of the prelude that failed, or that it is not all done. */
static void explain(const struct qemu_outcome *outcome,
		    char out_error[TEMPLATE_ERROR_MAX])
{
	const struct results *results = &outcome->results;
	struct console console;

	for (size_t i = 0; i < results->num; i++) {
		const struct vm_result *head = &results->list[i].head;
		const char *name = results_step_name(head->op);

		if (head->type != VM_RESULT_STEP || !head->value)
			continue;
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: its step %s failed: %s",
			 name ? name : "?", strerror(head->value));
		return;
	}
	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	snprintf(out_error, TEMPLATE_ERROR_MAX,
		 "no template: %s after %.1f s%s%s%.60s%s%.60s%s%.*s",
		 qemu_ending_text(outcome->ending), outcome->seconds,
		 outcome->console_cut ? "; more was said than is kept" : "",
		 console.num_reports ? "; " : "",
		 console.num_reports ? console.reports[0].title : "",
		 outcome->refusal ? "; " : "",
		 outcome->refusal ? outcome->refusal : "",
		 outcome->errors.len ? "; " : "",
		 (int)(outcome->errors.len < 80 ? outcome->errors.len : 80),
		 outcome->errors.len ? (const char *)outcome->errors.data : "");
	console_free(&console);
}

bool template_is_sound(const struct qemu_outcome *outcome,
		       enum qemu_ending wanted)
{
	const struct results *results = &outcome->results;
	struct console console;
	bool sound = outcome->ending == wanted;

	for (size_t i = 0; i < results->num; i++)
		sound &= !results->list[i].head.value;
	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	sound &= !console.num_reports && !outcome->console_cut;
	console_free(&console);
	return sound;
}

static json_t *make_facts(const struct template_config *config,
			  const struct qemu_outcome *outcome,
			  const char *initramfs_digest)
{
	return json_pack("{si ss ss ss ss? ss sI sf}", "form", FORM, "kernel",
			 config->kernel->digest, "initramfs", initramfs_digest,
			 "accelerator", config->accelerator->name, "qemu",
			 outcome->version, "command", outcome->command_line,
			 "made", (json_int_t)time(NULL), "seconds",
			 outcome->seconds);
}

/* Boot it to where it waits; 0, or a negative errno and a sentence. */
static int boot_it(struct qemu_config *qemu, struct qemu_outcome *outcome,
		   char out_error[TEMPLATE_ERROR_MAX])
{
	struct mailbox mailbox;
	int err = mailbox_open(&mailbox);

	if (err) {
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: its mailbox: %s", strerror(-err));
		return err;
	}
	qemu->mailbox = &mailbox;
	qemu_run(qemu, outcome);
	mailbox_close(&mailbox);
	if (!template_is_sound(outcome, QEMU_SAVED)) {
		explain(outcome, out_error);
		return -EIO;
	}
	err = template_state_unplace_mailbox(qemu->save);
	if (err)
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: what QEMU wrote of its state can't be read: %s",
			 strerror(-err));
	return err;
}

/* Takes the folder and the facts. */
static int keep(char *folder, const struct template *template, json_t *facts,
		char out_error[TEMPLATE_ERROR_MAX])
{
	int err = template_store_keep(folder, template->key, facts);

	if (err)
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: it can't be kept: %s",
			 strerror(-err));
	json_decref(facts);
	return err;
}

/* Into the folder, which this takes, and from there to the store. */
static int make_in(char *folder, const struct template *template,
		   const struct template_config *config, const char *initramfs,
		   const char *initramfs_digest,
		   char out_error[TEMPLATE_ERROR_MAX])
{
	char *ram = xasprintf("%s/ram", folder);
	char *state = xasprintf("%s/state", folder);
	struct qemu_config qemu = {
		.vmlinux = config->kernel->vmlinux, .initramfs = initramfs,
		.accelerator = template->accelerator,
		.cpu = template->cpu,
		.append = template->append, .num_cpus = template->num_cpus,
		.memory_mib = template->memory_mib, .ram = ram,
		.slow_clock = template->slow_clock,
		.save = open(state, O_RDWR | O_CLOEXEC),
		.deadline = accelerator_deadline(config->accelerator, 0),
	};
	struct qemu_outcome outcome = { 0 };
	int err = boot_it(&qemu, &outcome, out_error);

	close(qemu.save);
	if (err)
		template_store_drop(folder);
	else
		err = keep(folder, template, make_facts(config, &outcome,
							initramfs_digest),
			   out_error);
	qemu_outcome_free(&outcome);
	free(state);
	free(ram);
	return err;
}

static int make(const struct template *template,
		const struct template_config *config, const char *workdir,
		const char *initramfs_digest,
		char out_error[TEMPLATE_ERROR_MAX])
{
	char *initramfs = xasprintf("%s/template-initramfs", workdir);
	int err = file_write(initramfs, config->initramfs->bytes.data,
			     config->initramfs->bytes.len);
	char *folder = NULL;

	if (!err) {
		folder = template_store_begin((size_t)template->memory_mib
					      << 20);
		err = folder ? 0 : -errno;
	}
	if (err)
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: its files: %s", strerror(-err));
	else
		err = make_in(folder, template, config, initramfs,
			      initramfs_digest, out_error);
	unlink(initramfs);
	free(initramfs);
	return err;
}

/* From the cache; made anew where there is none, or where it is damaged. */
static int open_or_make(struct template *template,
			const struct template_config *config,
			const char *workdir, const char *initramfs_digest,
			char out_error[TEMPLATE_ERROR_MAX])
{
	int err = template_store_open(template->key, &template->files);

	if (!err)
		return 0;
	if (err != -ENOENT)
		template_store_remove(template->key);
	template->is_new = true;
	err = make(template, config, workdir, initramfs_digest, out_error);
	if (err)
		return err;
	err = template_store_open(template->key, &template->files);
	if (err)
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: what was kept can't be read back: %s",
			 strerror(-err));
	return err;
}

struct template *template_open(const struct template_config *config,
			       const char *workdir,
			       char out_error[TEMPLATE_ERROR_MAX])
{
	struct template *template = xcalloc(1, sizeof(*template));
	char *digest = NULL;
	int err = finish_initramfs(config, &digest);

	template->files = (struct template_files){ .ram = -1, .state = -1 };
	template->append = config->append ? xstrdup(config->append) : NULL;
	template->accelerator = xstrdup(config->accelerator->name);
	template->cpu = config->cpu ? xstrdup(config->cpu) : NULL;
	template->num_cpus = config->num_cpus;
	template->slow_clock = config->slow_clock;
	template->memory_mib = config->memory_mib ? config->memory_mib :
						    MEMORY_MIB;
	if (err) {
		snprintf(out_error, TEMPLATE_ERROR_MAX,
			 "no template: its initramfs: %s", strerror(-err));
	} else {
		template->key = make_key(config, digest);
		err = open_or_make(template, config, workdir, digest,
				   out_error);
	}
	free(digest);
	if (!err)
		return template;
	template_close(template);
	return NULL;
}

void template_close(struct template *template)
{
	if (!template)
		return;
	template_store_close(&template->files);
	free(template->key);
	free(template->append);
	free(template->accelerator);
	free(template->cpu);
	free(template);
}

const char *template_key(const struct template *template)
{
	return template->key;
}

json_t *template_evidence(const struct template *template)
{
	return json_deep_copy(template->files.facts);
}

bool template_is_new(const struct template *template)
{
	return template->is_new;
}

/* A descriptor that starts at the beginning, for one VM alone. */
static int reopen(int fd)
{
	char *path = xasprintf("/proc/self/fd/%d", fd);
	int own = open(path, O_RDONLY | O_CLOEXEC);

	free(path);
	return own;
}

int template_run_with(const struct template *template,
		      const struct template_job *job, struct mailbox *mailbox,
		      struct qemu_outcome *out)
{
	/* By its descriptor: a template that is pruned meanwhile stays ours. */
	char *ram = xasprintf("/proc/%d/fd/%d", (int)getpid(),
			      template->files.ram);
	struct qemu_config qemu = {
		.accelerator = template->accelerator,
		.cpu = template->cpu,
		.num_cpus = template->num_cpus,
		.memory_mib = template->memory_mib, .ram = ram,
		.slow_clock = template->slow_clock, .mailbox = mailbox,
		.restore = reopen(template->files.state),
		.token = job->token, .deadline = job->deadline,
		.stop = job->stop, .keep = job->keep, .copy_of = job->copy_of,
	};
	int err = qemu.restore < 0 ? -errno : 0;

	if (!err) {
		qemu_run(&qemu, out);
		close(qemu.restore);
	}
	free(ram);
	return err;
}

static int run_once(const struct template *template,
		    const struct template_job *job, struct qemu_outcome *out)
{
	struct mailbox mailbox;
	int err = mailbox_open(&mailbox);

	*out = (struct qemu_outcome){ .ending = QEMU_NOT_STARTED };
	if (err)
		return err;
	err = mailbox_fill(&mailbox, job->script, job->files, job->num_files);
	if (!err)
		err = template_run_with(template, job, &mailbox, out);
	mailbox_close(&mailbox);
	return err;
}

int template_run(const struct template *template,
		 const struct template_job *job, struct qemu_outcome *out)
{
	int err = run_once(template, job, out);
	struct template_job alone = *job;

	if (err || !job->copy_of || out->ending != QEMU_NOT_STARTED)
		return err;
	/* An original that is gone was only quicker. */
	alone.copy_of = NULL;
	qemu_outcome_free(out);
	return run_once(template, &alone, out);
}
