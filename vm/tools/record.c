// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record-goodware --disk DISK --content FILE --out DIR [--kernel NAME]: boot the
 * Debian system on DISK with the module and FILE in it, let it work until it is
 * down again, and write every event to DIR/PART.jsonl.
 *
 * FILE is to match every event, so that no event goes by unevaluated.  What
 * the system does on its own behalf only is left out: executions that name
 * the folder VM_WORK, or whose parent does.  One that names VM_WORK "/mark"
 * and a PART begins that part; before the first one it is "boot".
 *
 * Exit status 0 only if the run's token came, no event was lost, and the kernel
 * reported nothing; 2 for wrong usage, 3 where it was not so.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/accel.h"
#include "vm/console.h"
#include "vm/disk.h"
#include "vm/interrupt.h"
#include "vm/lab.h"
#include "vm/records.h"
#include "vm/workdir.h"

#define VM_WORK		"/srv/goodware"
#define MARK		VM_WORK "/mark "
#define DISK_DEVICE	"/dev/vda"
#define SYSTEM		"/sbin/init"
#define DEADLINE	7200.0
#define MEMORY_MIB	1536
#define MAX_PART	32

/* The longest text that an event of the module holds. */
#define CUT_LEN		4096

/* No record may be lost, however late the recorder gets its turn. */
#define APPEND		"plimsoll.ring_len=67108864 systemd.show_status=0"

enum { ID_DRIVERS = 1, ID_LOAD, ID_DEVICE, ID_RECORD };

struct options {
	const char *kernel, *disk, *content, *out;
};

static unsigned int num_problems;

__attribute__((format(printf, 1, 2))) static void problem(const char *format,
							  ...)
{
	va_list args;

	fputs("record-goodware: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	num_problems++;
}

static const struct plm_value *value(const struct event *event,
				     const char *name)
{
	const struct plm_supply *shape = &event->template->shape;

	for (uint32_t i = 0; i < shape->num_inputs; i++)
		if (!strcmp(shape->inputs[i].name, name))
			return &event->values[i];
	return NULL;
}

static const char *find_in(const struct event *event, const char *input,
			   const char *text)
{
	const struct plm_value *v = value(event, input);

	return v && v->kind == PLM_VALUE_STRING ?
	       memmem(v->data, v->len, text, strlen(text)) : NULL;
}

static bool is_ours(const struct event *event)
{
	return find_in(event, "CommandLine", VM_WORK) ||
	       find_in(event, "ParentCommandLine", VM_WORK) ||
	       find_in(event, "Image", VM_RECORD_END);
}

/* Does the event begin a part?  Its name goes to @out_part. */
static void take_mark(const struct event *event, char out_part[MAX_PART])
{
	const struct plm_value *v = value(event, "CommandLine");
	const char *at = find_in(event, "CommandLine", MARK);
	const char *end = v ? (const char *)v->data + v->len : NULL;
	size_t len = 0;

	if (!at)
		return;
	for (at += strlen(MARK); at < end && islower((unsigned char)*at) &&
				len + 1 < MAX_PART; at++)
		out_part[len++] = *at;
	out_part[len] = 0;
}

static bool is_full(const struct event *event)
{
	for (uint32_t i = 0; i < event->template->shape.num_inputs; i++)
		if (event->values[i].kind == PLM_VALUE_STRING &&
		    event->values[i].len == CUT_LEN)
			return true;
	return false;
}

static int write_event(const struct event *event, const char *folder,
		       const char *part)
{
	char *path = xasprintf("%s/%s.jsonl", folder, part);
	json_t *json = event_to_json_exact(event);
	FILE *file = fopen(path, "ae");
	int err = !file || json_dumpf(json, file, JSON_COMPACT) ||
		  fputc('\n', file) == EOF;

	if (file && fclose(file))
		err = 1;
	if (err)
		problem("%s: cannot be written", path);
	json_decref(json);
	free(path);
	return err;
}

static void write_all(const struct records *records, const char *folder)
{
	char part[MAX_PART] = "boot";
	size_t num = 0, num_cut = 0;

	for (size_t i = 0; i < records->num; i++) {
		const struct record *r = &records->list[i];

		if (r->head.type != PLIMSOLL_RECORD_EVENT)
			continue;
		take_mark(&r->event, part);
		if (is_ours(&r->event))
			continue;
		/* That length is how a reader knows. */
		if (r->head.flags & PLIMSOLL_RECORD_CUT &&
		    !is_full(&r->event))
			problem("event %zu was cut and does not show it", i);
		num_cut += (r->head.flags & PLIMSOLL_RECORD_CUT) != 0;
		num++;
		if (write_event(&r->event, folder, part))
			return;
	}
	fprintf(stderr, "record-goodware: %zu events, %zu of them cut\n", num,
		num_cut);
}

/* Each has one more than the one before, and matched the rule. */
static void check_records(const struct records *records)
{
	if (records->malformed)
		problem("a record is malformed");
	if (!records->num)
		problem("no event");
	for (size_t i = 0; i < records->num; i++) {
		const struct plimsoll_record *head = &records->list[i].head;

		if (head->type != PLIMSOLL_RECORD_EVENT ||
		    (i && head->seq != records->list[i - 1].head.seq + 1))
			problem("events before number %zu were lost", i);
		if (!head->num_matches)
			problem("event %zu was not evaluated", i);
	}
}

static void check_info(const struct results *results)
{
	const struct result *found = results_find(results, 0, VM_RESULT_INFO,
						  ID_RECORD);
	struct plimsoll_info info;
	const void *data = found ? result_data(results, found, sizeof(info)) :
				   NULL;

	if (!data) {
		problem("the recorder told no figures");
		return;
	}
	memcpy(&info, data, sizeof(info));
	if (info.num_lost || info.num_failed)
		problem("%llu records lost, %llu events failed",
			(unsigned long long)info.num_lost,
			(unsigned long long)info.num_failed);
}

static void check_console(const struct qemu_outcome *outcome)
{
	struct console console = { 0 };

	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	for (size_t i = 0; i < console.num_reports; i++)
		problem("console: %s: %s", console.reports[i].kind,
			console.reports[i].title);
	console_free(&console);
}

static void check_run(const struct qemu_outcome *outcome, const char *token)
{
	const struct results *results = &outcome->results;
	const char *fault = results_fault(results, token);

	if (fault)
		problem("%s; %s", fault, qemu_ending_text(outcome->ending));
	for (size_t i = 0; i < results->num; i++)
		if (results->list[i].head.type == VM_RESULT_STEP &&
		    results->list[i].head.value)
			problem("step %u failed: error %d",
				results->list[i].head.op,
				results->list[i].head.value);
	check_info(results);
	check_console(outcome);
}

static int make_initramfs(const struct options *options,
			  const struct kernel *kernel, const char *token,
			  const char *path, char error[256])
{
	char *name = xasprintf("modules/%s/plimsoll.ko", kernel->release);
	char *consumer = file_part(name), **drivers = NULL;
	struct initramfs initramfs;
	struct script script = { 0 };
	int err;

	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, consumer);
	initramfs_file(&initramfs, VM_FIRMWARE "/1.plm", 0644,
		       options->content);
	err = disk_drivers(kernel, &initramfs, &drivers, error);
	script_step(&script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	for (char **p = drivers; p && *p; p++)
		script_step(&script, VM_STEP_DRIVER, ID_DRIVERS, 0, 0, *p,
			    NULL);
	script_step(&script, VM_STEP_DISK, ID_DRIVERS, 0, 0, DISK_DEVICE,
		    NULL);
	script_step(&script, VM_STEP_CONSUMER, ID_LOAD, 0, 0, VM_CONSUMER,
		    NULL);
	script_step(&script, VM_STEP_DEVICE, ID_DEVICE, 0, 0, NULL, NULL);
	script_step(&script, VM_STEP_RECORD, ID_RECORD, 0, 0, SYSTEM, NULL);
	if (!err && lab_write(&initramfs, &script, path, NULL)) {
		snprintf(error, 256, "no initramfs: is everything built?");
		err = -1;
	}
	script_free(&script);
	initramfs_free(&initramfs);
	disk_drivers_free(drivers);
	free(consumer);
	free(name);
	return err;
}

static void keep_console(const struct qemu_outcome *outcome, const char *folder)
{
	char *path = xasprintf("%s/console", folder);

	if (file_write(path, outcome->console.data, outcome->console.len))
		problem("%s: cannot be written", path);
	free(path);
}

static void run(const struct options *options, const struct kernel *kernel,
		const char *workdir)
{
	char *path = xasprintf("%s/initramfs", workdir);
	struct accelerator accelerator;
	char token[VM_TOKEN_LEN + 1];
	struct qemu_config config = {
		.vmlinux = kernel->vmlinux, .initramfs = path,
		.disk = options->disk, .token = token, .append = APPEND,
		.memory_mib = MEMORY_MIB, .deadline = DEADLINE,
	};
	struct qemu_outcome outcome;
	struct records records = { 0 };
	char error[256] = "no token";

	if (accelerator_find(kernel, workdir, &accelerator, error) ||
	    lab_token(token) ||
	    make_initramfs(options, kernel, token, path, error)) {
		problem("%s", error);
	} else {
		config.accelerator = accelerator.name;
		qemu_run(&config, &outcome);
		keep_console(&outcome, options->out);
		records_read(&records, &outcome.results);
		check_run(&outcome, token);
		check_records(&records);
		write_all(&records, options->out);
		records_free(&records);
		qemu_outcome_free(&outcome);
	}
	free(path);
}

static bool parse(int argc, char **argv, struct options *out)
{
	static const struct option known[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "disk", required_argument, NULL, 'd' },
		{ "content", required_argument, NULL, 'c' },
		{ "out", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*out = (struct options){ .kernel = "debian:6.1" };
	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		switch (option) {
		case 'k': out->kernel = optarg; break;
		case 'd': out->disk = optarg; break;
		case 'c': out->content = optarg; break;
		case 'o': out->out = optarg; break;
		default: return false;
		}
	}
	return optind == argc && out->disk && out->content && out->out;
}

int main(int argc, char **argv)
{
	struct options options;
	struct kernel kernel;
	char error[256], *workdir;

	if (!parse(argc, argv, &options)) {
		fputs("usage: record-goodware --disk DISK --content FILE --out DIR [--kernel NAME]\n",
		      stderr);
		return 2;
	}
	if (kernel_find(options.kernel, &kernel, error)) {
		problem("%s", error);
		return 3;
	}
	interrupt_begin();
	workdir = workdir_make();
	if (workdir)
		run(&options, &kernel, workdir);
	else
		problem("no folder for temporary files");
	workdir_remove(workdir);
	kernel_free(&kernel);
	interrupt_end();
	return num_problems ? 3 : 0;
}
