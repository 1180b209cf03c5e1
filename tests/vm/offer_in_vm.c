// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * offer-in-vm KERNEL CONSUMER FILE NUMBER: so many damaged copies of a content
 * file, all different, offered to one VM that goes on from a template.  Prints
 * what became of them; status 0 if the VM told of each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "plm_format.h"
#include "vm/interrupt.h"
#include "vm/lab.h"
#include "vm/template.h"
#include "vm/workdir.h"

#define MAX_NUMBER 100000
#define CHANNEL 1
#define DEADLINE 120

struct offer {
	uint8_t *data;
	size_t len;
	struct mailbox_file *files;	/* each a damaged copy */
	size_t num;
};

/* One byte of each is another one; no two files are the same. */
static void make_files(struct offer *offer)
{
	offer->files = xcalloc(offer->num, sizeof(*offer->files));
	for (size_t i = 0; i < offer->num; i++) {
		uint8_t *copy = xmemdup(offer->data, offer->len);

		copy[i % offer->len] ^= (uint8_t)(1 + i / offer->len);
		offer->files[i] = (struct mailbox_file){ copy, offer->len };
	}
}

static void free_offer(struct offer *offer)
{
	for (size_t i = 0; offer->files && i < offer->num; i++)
		free((void *)offer->files[i].data);
	free(offer->files);
	free(offer->data);
}

static void make_script(const struct offer *offer, const char *token,
			struct script *out)
{
	script_step(out, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	for (uint32_t i = 0; i < offer->num; i++) {
		script_step(out, VM_STEP_RECEIVE, 0, i, 1, VM_CANDIDATE, NULL);
		script_step(out, VM_STEP_REPLACE, i + 1, CHANNEL, 0,
			    VM_CANDIDATE, NULL);
	}
	script_step(out, VM_STEP_STOP, 0, 0, 0, NULL, NULL);
}

static int tell(const struct qemu_outcome *outcome, const char *token,
		size_t num)
{
	const char *fault = results_fault(&outcome->results, token);
	size_t refused = 0, taken = 0, other = 0;

	for (size_t i = 0; i < outcome->results.num; i++) {
		const struct vm_result *head = &outcome->results.list[i].head;

		if (head->type != VM_RESULT_REPLACED)
			continue;
		refused += head->value == EBADMSG;
		taken += head->value == 0;
		other += head->value != 0 && head->value != EBADMSG;
	}
	printf("%zu refused, %zu taken, %zu otherwise, in %.2f s: %s\n",
	       refused, taken, other, outcome->seconds,
	       fault ? fault : "complete");
	return fault || refused + taken + other != num ? 1 : 0;
}

static int run(const struct offer *offer, const struct template *template)
{
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	struct script script = { 0 };
	int status = 1;

	if (lab_token(token))
		return 1;
	make_script(offer, token, &script);
	if (template_run(template, &(struct template_job){
				 .script = &script, .files = offer->files,
				 .num_files = offer->num, .token = token,
				 .deadline = DEADLINE }, &outcome) == 0)
		status = tell(&outcome, token, offer->num);
	qemu_outcome_free(&outcome);
	script_free(&script);
	return status;
}

static int run_on(const struct offer *offer, const struct kernel *kernel,
		  const char *consumer, const char *workdir)
{
	char error[TEMPLATE_ERROR_MAX];
	struct accelerator accelerator;
	struct script prelude = { 0 };
	struct initramfs initramfs;
	struct template *template = NULL;
	int status = 1;

	script_step(&prelude, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(&prelude, VM_STEP_DEVICE, 0, 0, 0, NULL, NULL);
	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, consumer);
	if (accelerator_find(kernel, workdir, &accelerator, error) == 0)
		template = template_open(&(struct template_config){
				.kernel = kernel, .accelerator = &accelerator,
				.append = "plimsoll.channels=1",
				.initramfs = &initramfs, .prelude = &prelude,
			}, workdir, error);
	if (template)
		status = run(offer, template);
	else
		fprintf(stderr, "offer-in-vm: %s\n", error);
	template_close(template);
	initramfs_free(&initramfs);
	script_free(&prelude);
	return status;
}

int main(int argc, char **argv)
{
	struct offer offer = { 0 };
	struct kernel kernel;
	char error[256];
	char *workdir;
	int status = 1;

	offer.num = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
	if (!offer.num || offer.num > MAX_NUMBER ||
	    kernel_find(argv[1], &kernel, error) ||
	    file_read(argv[3], PLM_MAX_FILE_LEN, &offer.data, &offer.len)) {
		fputs("usage: offer-in-vm KERNEL CONSUMER FILE NUMBER\n",
		      stderr);
		return 2;
	}
	interrupt_begin();
	make_files(&offer);
	workdir = workdir_make();
	if (workdir)
		status = run_on(&offer, &kernel, argv[2], workdir);
	workdir_remove(workdir);
	free_offer(&offer);
	kernel_free(&kernel);
	interrupt_end();
	return status;
}
