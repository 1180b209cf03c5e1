// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run-in-vm [OPTION]... PROGRAM...: run test programs, one after the other, in
 * a VM, and say whether all was well.  A PROGRAM is a path in the VM and its
 * arguments, in one word; "=PATH" lets PID 1 itself execute, under that path.
 *
 *	--kernel NAME	default: debian:6.1
 *	--consumer FILE	instead of the sound one for that kernel
 *	--folder DIR	take the files of DIR along, into /kselftest
 *	--firmware FILE	as the content that the module finds when it starts
 *	--load		load the consumer first, as our PID 1 does
 *	--append TEXT	more of the kernel's command line
 *	--smp N, --memory MIB
 *
 * What the programs print goes to standard output, where each is announced by a
 * line "# program: ...".  Exit status 0 only if every program ran as many tests
 * as it had planned, at least one, all of them passed, none was skipped; and
 * the run's token came, and the kernel neither reported anything on its console,
 * leaks included, which it was made to look for where it can, nor became tainted.  1 if not, 2 for
 * wrong usage, 3 where nothing could be run.
 */
#include <dirent.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/accel.h"
#include "vm/console.h"
#include "vm/interrupt.h"
#include "vm/lab.h"
#include "vm/workdir.h"

#define FOLDER "/kselftest"
#define DEADLINE 60.0		/* of the processor, and for each program: */
#define PROGRAM_TIME 60.0

/* What any module out of the kernel's tree, unsigned, sets: O and E. */
#define EXPECTED_TAINT ((1u << 12) | (1u << 13))

enum { ID_LOAD = 1, ID_LEAKS, ID_FIGURES, ID_PROGRAM };

struct options {
	const char *kernel, *consumer, *folder, *append, *firmware;
	bool load;
	unsigned int num_cpus, memory_mib;
	char **programs;
	unsigned int num_programs;
};

/* What the lines of a program come to. */
struct tally {
	unsigned long planned, passed, failed, skipped;
	bool has_plan;
};

static unsigned int num_problems;

__attribute__((format(printf, 1, 2))) static void problem(const char *format,
							  ...)
{
	va_list args;

	fputs("# run-in-vm: ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	num_problems++;
}

static void count_line(struct tally *tally, const char *line)
{
	if (!strncmp(line, "1..", 3)) {
		/* A second plan is none. */
		tally->planned = tally->has_plan ? 0 : strtoul(line + 3, NULL, 10);
		tally->has_plan = true;
	} else if (!strncmp(line, "not ok ", 7)) {
		tally->failed++;
	} else if (!strncmp(line, "ok ", 3)) {
		if (strstr(line, "# SKIP"))
			tally->skipped++;
		else
			tally->passed++;
	}
}

static void judge_tally(const char *program, const struct tally *tally,
			int status)
{
	if (!tally->has_plan || !tally->planned)
		problem("%s planned no test", program);
	if (tally->passed + tally->failed + tally->skipped != tally->planned)
		problem("%s planned %lu tests and ran %lu", program,
			tally->planned,
			tally->passed + tally->failed + tally->skipped);
	if (tally->failed)
		problem("%s: %lu tests failed", program, tally->failed);
	if (tally->skipped)
		problem("%s: %lu tests were skipped", program, tally->skipped);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		problem("%s ended with wait status %#x", program,
			(unsigned int)status);
}

/* All that one program printed. */
static char *output_of(const struct results *results, uint32_t id)
{
	struct vm_bytes bytes = { 0 };

	for (size_t i = 0; i < results->num; i++)
		if (results->list[i].head.type == VM_RESULT_OUTPUT &&
		    results->list[i].head.id == id)
			vm_bytes_add(&bytes,
				     results->bytes.data + results->list[i].off,
				     results->list[i].head.len);
	vm_bytes_add(&bytes, "", 1);
	return (char *)bytes.data;
}

static void judge_program(const struct results *results, const char *program,
			  uint32_t id)
{
	const struct result *ran = results_find(results, 0, VM_RESULT_RAN, id);
	const struct result *began = NULL;
	char *output = output_of(results, id);
	struct tally tally = { 0 };
	char *save = NULL;

	printf("# program: %s\n", program);
	for (char *line = strtok_r(output, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		puts(line);
		count_line(&tally, line);
	}
	free(output);
	if (!ran) {
		problem("%s did not end", program);
		return;
	}
	for (size_t i = 0; &results->list[i] != ran; i++)
		if (results->list[i].head.id != id)
			began = &results->list[i];
	printf("# seconds: %.1f\n",
	       ran->seconds - (began ? began->seconds : 0));
	judge_tally(program, &tally, ran->head.value);
}

static bool is_pid1(const char *program)
{
	return program[0] == '=';
}

static void judge_pid1(const struct results *results, uint32_t id)
{
	const struct result *done = results_find(results, 0, VM_RESULT_STEP, id);

	if (!done || done->head.value)
		problem("PID 1 did not execute: error %d",
			done ? done->head.value : -1);
}

static void judge_console(const struct qemu_outcome *outcome)
{
	struct console console = { 0 };

	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	if (outcome->console_cut)
		problem("the kernel said more than is kept");
	if (console.num_banners > 1)
		problem("the kernel started %zu times", console.num_banners);
	for (size_t i = 0; i < console.num_reports; i++) {
		problem("console: %s: %s", console.reports[i].kind,
			console.reports[i].title);
		printf("%s\n", console.reports[i].text);
	}
	console_free(&console);
}

/* What it found is on the console; here is whether it has looked. */
static void judge_leaks(const struct results *results)
{
	const struct result *done = results_find(results, 0, VM_RESULT_STEP,
						 ID_LEAKS);

	if (!done)
		problem("leaks were not looked for");
	else if (done->head.value)
		problem("leaks could not be looked for: %s",
			strerror(done->head.value));
}

static void judge_taint(const struct results *results)
{
	const struct result *found = results_find(results, 0, VM_RESULT_FIGURES,
						  ID_FIGURES);
	struct vm_figures figures;
	const void *data = found ? result_data(results, found, sizeof(figures)) :
				   NULL;

	if (!data) {
		problem("no taint mask");
		return;
	}
	memcpy(&figures, data, sizeof(figures));
	if (figures.tainted & ~(uint64_t)EXPECTED_TAINT)
		problem("the kernel is tainted: %#llx",
			(unsigned long long)figures.tainted);
	if (figures.lockdep == VM_LOCKDEP_GAVE_UP)
		problem("the kernel no longer watches its locks");
}

static void judge(const struct options *options,
		  const struct qemu_outcome *outcome, const char *token)
{
	const struct results *results = &outcome->results;
	const char *fault = results_fault(results, token);
	const struct result *loaded;

	for (unsigned int i = 0; i < options->num_programs; i++)
		if (is_pid1(options->programs[i]))
			judge_pid1(results, ID_PROGRAM + i);
		else
			judge_program(results, options->programs[i],
				      ID_PROGRAM + i);
	if (fault)
		problem("%s; %s", fault, qemu_ending_text(outcome->ending));
	loaded = results_find(results, 0, VM_RESULT_STEP, ID_LOAD);
	if (options->load && (!loaded || loaded->head.value))
		problem("the consumer was not loaded: error %d",
			loaded ? loaded->head.value : -1);
	judge_console(outcome);
	judge_leaks(results);
	judge_taint(results);
	if (num_problems)
		printf("%.*s\n", (int)outcome->console.len,
		       (const char *)outcome->console.data);
}

static int add_folder(struct initramfs *initramfs, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		char *from = xasprintf("%s/%s", path, entry->d_name);
		char *to = xasprintf(FOLDER "/%s", entry->d_name);

		if (entry->d_name[0] != '.' && stat(from, &st) == 0 &&
		    S_ISREG(st.st_mode))
			initramfs_file(initramfs, to, st.st_mode & 0777, from);
		free(from);
		free(to);
	}
	closedir(dir);
	return 0;
}

static void make_script(const struct options *options, const char *token,
			struct script *script)
{
	script_step(script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	if (options->load)
		script_step(script, VM_STEP_CONSUMER, ID_LOAD, 0, 0,
			    VM_CONSUMER, NULL);
	for (unsigned int i = 0; i < options->num_programs; i++) {
		const char *program = options->programs[i];

		if (is_pid1(program))
			script_become(script, ID_PROGRAM + i, program + 1,
				      program + 1);
		else
			script_run(script, ID_PROGRAM + i, program);
	}
	script_step(script, VM_STEP_LEAKS, ID_LEAKS, 1, 0, NULL, NULL);
	script_step(script, VM_STEP_FIGURES, ID_FIGURES, 0, 0, NULL, NULL);
	script_step(script, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
}

static int make_initramfs(const struct options *options,
			  const struct kernel *kernel, const char *token,
			  const char *path)
{
	char *name = xasprintf("modules/%s/plimsoll.ko", kernel->release);
	char *consumer = file_part(name);
	struct initramfs initramfs;
	struct script script = { 0 };
	int err = 0;

	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_CONSUMER, 0644,
		       options->consumer ? options->consumer : consumer);
	if (options->firmware)
		initramfs_file(&initramfs, VM_FIRMWARE "/1.plm", 0644,
			       options->firmware);
	if (options->folder)
		err = add_folder(&initramfs, options->folder);
	make_script(options, token, &script);
	if (!err)
		err = lab_write(&initramfs, &script, path, NULL);
	script_free(&script);
	initramfs_free(&initramfs);
	free(consumer);
	free(name);
	return err;
}

static int cannot(const char *what)
{
	fprintf(stderr, "run-in-vm: %s\n", what);
	return 3;
}

static int run(const struct options *options, const struct kernel *kernel,
	       const char *workdir)
{
	char *path = xasprintf("%s/initramfs", workdir);
	struct accelerator accelerator;
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	char error[256];
	int err = -1;

	if (accelerator_find(kernel, workdir, &accelerator, error))
		err = cannot(error);
	else if (lab_token(token) ||
		 make_initramfs(options, kernel, token, path))
		err = cannot("no initramfs: is everything built?");
	if (err < 0) {
		struct qemu_config config = {
			.vmlinux = kernel->vmlinux, .initramfs = path,
			.accelerator = accelerator.name, .token = token,
			.append = options->append,
			.num_cpus = options->num_cpus,
			.memory_mib = options->memory_mib,
			.deadline = DEADLINE +
				    PROGRAM_TIME * options->num_programs,
		};

		qemu_run(&config, &outcome);
		judge(options, &outcome, token);
		qemu_outcome_free(&outcome);
		err = num_problems > 0;
	}
	free(path);
	return err;
}

static bool parse(int argc, char **argv, struct options *out)
{
	static const struct option known[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "consumer", required_argument, NULL, 'c' },
		{ "folder", required_argument, NULL, 'f' },
		{ "append", required_argument, NULL, 'a' },
		{ "smp", required_argument, NULL, 's' },
		{ "memory", required_argument, NULL, 'm' },
		{ "firmware", required_argument, NULL, 'w' },
		{ "load", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*out = (struct options){ .kernel = "debian:6.1" };
	while ((option = getopt_long(argc, argv, "+", known, NULL)) >= 0) {
		switch (option) {
		case 'k': out->kernel = optarg; break;
		case 'c': out->consumer = optarg; break;
		case 'f': out->folder = optarg; break;
		case 'w': out->firmware = optarg; break;
		case 'a': out->append = optarg; break;
		case 's':
			out->num_cpus = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'm':
			out->memory_mib =
				(unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'l': out->load = true; break;
		default: return false;
		}
	}
	out->programs = argv + optind;
	out->num_programs = (unsigned int)(argc - optind);
	return out->num_programs > 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct kernel kernel;
	char error[256];
	char *workdir;
	int ret;

	if (!parse(argc, argv, &options)) {
		fputs("usage: run-in-vm [OPTION]... PROGRAM...\n", stderr);
		return 2;
	}
	if (kernel_find(options.kernel, &kernel, error))
		return cannot(error);
	interrupt_begin();
	workdir = workdir_make();
	ret = workdir ? run(&options, &kernel, workdir) :
			cannot("no folder for temporary files");
	workdir_remove(workdir);
	kernel_free(&kernel);
	interrupt_end();
	return ret;
}
