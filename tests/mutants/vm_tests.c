// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutants-in-vm [OPTION]... MODULE PROGRAM...: what server.c is for programs, for the
 * programs of tests/kselftest and a module whose sources are mutated: for each
 * mutant a fresh VM from a template, in which the module that holds the mutant's
 * number is told it and the programs run.  A mutant is killed by a program that
 * fails, by a report of the kernel or a taint, and by a VM that does not end.
 *
 *	--firmware FILE	as the content that the module finds when it starts
 *	--append TEXT	more of the kernel's command line
 *	--load		load the module as PID 1 does, before the programs
 *	--memory MIB, --smp N
 *
 * MODULE is a folder with plimsoll.ko and plm_mutant.ko.
 */
#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/mutants/server.h"
#include "vm/accel.h"
#include "vm/console.h"
#include "vm/interrupt.h"
#include "vm/lab.h"
#include "vm/template.h"
#include "vm/workdir.h"

#define KERNEL		"debian:6.1"
#define FOLDER		"/kselftest"
#define HOLDER		"/plm_mutant.ko"
#define CHOOSE		"/choose"
#define STARVED		FOLDER "/starved"
#define PROGRAMS	"build/kselftest"

/* What any module out of the kernel's tree, unsigned, sets: O and E. */
#define EXPECTED_TAINT ((1u << 12) | (1u << 13))

enum { ID_HOLDER = 1, ID_CHOOSE, ID_LOAD, ID_FIGURES, ID_PROGRAM };

struct options {
	const char *firmware, *append, *module;
	bool load;
	unsigned int memory_mib, num_cpus;
	char **programs;
	unsigned int num_programs;
};

static void cannot(const char *what)
{
	fprintf(stderr, "mutants-in-vm: %s\n", what);
	exit(3);
}

/* The template */

/* A program's name without its folder and arguments. */
static bool is_program(const struct options *options, const char *name)
{
	for (unsigned int i = 0; i < options->num_programs; i++)
		if (!strncmp(options->programs[i], name, strlen(name)) &&
		    (!options->programs[i][strlen(name)] ||
		     options->programs[i][strlen(name)] == ' '))
			return true;
	return false;
}

/* Of the collection's programs those that run, and all that they use. */
static void add_folder(struct initramfs *initramfs,
		       const struct options *options)
{
	DIR *dir = opendir(PROGRAMS);
	struct dirent *entry;

	if (!dir)
		cannot("no " PROGRAMS);
	while ((entry = readdir(dir))) {
		const char *dot = strrchr(entry->d_name, '.');
		char *from = xasprintf(PROGRAMS "/%s", entry->d_name);
		char *to = xasprintf(FOLDER "/%s", entry->d_name);

		if (is_program(options, entry->d_name) ||
		    !strcmp(entry->d_name, "actor") ||
		    (dot && !strcmp(dot, ".plm")))
			initramfs_file(initramfs, to, 0755, from);
		free(from);
		free(to);
	}
	closedir(dir);
}

static struct template *open_template(const struct options *options,
				      const struct kernel *kernel,
				      const struct accelerator *accelerator,
				      const char *workdir)
{
	char *consumer = xasprintf("%s/plimsoll.ko", options->module);
	char *holder = xasprintf("%s/plm_mutant.ko", options->module);
	struct script prelude = { 0 };
	struct initramfs initramfs;
	char error[TEMPLATE_ERROR_MAX];
	struct template_config config = {
		.kernel = kernel, .accelerator = accelerator,
		.append = options->append, .memory_mib = options->memory_mib,
		.num_cpus = options->num_cpus,
		.initramfs = &initramfs, .prelude = &prelude,
	};
	struct template *template;

	script_step(&prelude, VM_STEP_INSMOD, ID_HOLDER, 0, 0, HOLDER, NULL);
	lab_initramfs(&initramfs);
	initramfs_file(&initramfs, VM_CONSUMER, 0644, consumer);
	initramfs_file(&initramfs, HOLDER, 0644, holder);
	initramfs_file(&initramfs, CHOOSE, 0755, "build/mutants/choose");
	initramfs_file(&initramfs, STARVED, 0755, "build/mutants/starved");
	if (options->firmware)
		initramfs_file(&initramfs, VM_FIRMWARE "/1.plm", 0644,
			       options->firmware);
	add_folder(&initramfs, options);
	template = template_open(&config, workdir, error);
	if (!template)
		cannot(error);
	initramfs_free(&initramfs);
	script_free(&prelude);
	free(consumer);
	free(holder);
	return template;
}

/* One mutant */

static void make_script(const struct options *options, unsigned int mutant,
			const char *token, struct script *script)
{
	char *choose = xasprintf(CHOOSE " %u", mutant);

	*script = (struct script){ 0 };
	script_step(script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	script_run(script, ID_CHOOSE, choose);
	if (options->load)
		script_step(script, VM_STEP_CONSUMER, ID_LOAD, 0, 0,
			    VM_CONSUMER, NULL);
	for (unsigned int i = 0; i < options->num_programs; i++) {
		char *command = xasprintf(FOLDER "/%s", options->programs[i]);

		script_run(script, ID_PROGRAM + i, command);
		free(command);
	}
	script_step(script, VM_STEP_FIGURES, ID_FIGURES, 0, 0, NULL, NULL);
	script_step(script, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
	free(choose);
}

static bool is_quiet(const struct qemu_outcome *outcome)
{
	struct console console = { 0 };
	bool quiet;

	console_scan(&console, (const char *)outcome->console.data,
		     outcome->console.len);
	quiet = !console.num_reports && console.num_banners <= 1;
	console_free(&console);
	return quiet;
}

static bool is_untainted(const struct results *results)
{
	const struct result *found = results_find(results, 0, VM_RESULT_FIGURES,
						  ID_FIGURES);
	struct vm_figures figures;
	const void *data = found ? result_data(results, found, sizeof(figures)) :
				   NULL;

	if (!data)
		return false;
	memcpy(&figures, data, sizeof(figures));
	return !(figures.tainted & ~(uint64_t)EXPECTED_TAINT);
}

static bool has_passed(const struct options *options,
		       const struct results *results)
{
	const struct result *step;

	for (unsigned int i = 0; i < options->num_programs; i++) {
		step = results_find(results, 0, VM_RESULT_RAN, ID_PROGRAM + i);
		if (!step || step->head.value)
			return false;
	}
	step = results_find(results, 0, VM_RESULT_STEP, ID_LOAD);
	return !options->load || (step && !step->head.value);
}

/* As waitpid would have it: 0, a failure, or that its time was over. */
static int run(const struct options *options, const struct template *template,
	       unsigned int mutant, double deadline)
{
	char token[VM_TOKEN_LEN + 1];
	struct qemu_outcome outcome;
	const struct result *chosen;
	struct script script;
	int status = 1 << 8;

	if (lab_token(token))
		cannot("no token");
	make_script(options, mutant, token, &script);
	if (template_run(template, &(struct template_job){
			.script = &script, .token = token,
			.deadline = deadline }, &outcome))
		cannot("no VM");
	chosen = results_find(&outcome.results, 0, VM_RESULT_RAN, ID_CHOOSE);
	if (!chosen || chosen->head.value)
		cannot("the mutant could not be chosen");
	if (!results_fault(&outcome.results, token) && is_quiet(&outcome) &&
	    is_untainted(&outcome.results) &&
	    has_passed(options, &outcome.results))
		status = 0;
	else if (outcome.ending == QEMU_DEADLINE)
		status = SIGALRM;
	if (status && getenv("VM_TESTS_SHOW"))
		fprintf(stderr, "%.*s\n", (int)outcome.console.len,
			(const char *)outcome.console.data);
	script_free(&script);
	qemu_outcome_free(&outcome);
	return status;
}

static void serve(const struct options *options,
		  const struct template *template, int in, int out)
{
	struct mutants_request request;
	int status;

	while (read(in, &request, sizeof(request)) == sizeof(request)) {
		status = run(options, template, request.mutant,
			     30 + request.limit / 1000.0);
		if (write(out, &status, sizeof(status)) != sizeof(status))
			exit(3);
	}
}

/* Nothing is seen of what the module would have done: all may differ. */
static void mark_seen(const char *path)
{
	int fd = open(path, O_RDWR);
	struct stat st;
	void *seen;

	if (fd < 0 || fstat(fd, &st))
		cannot(path);
	seen = mmap(NULL, (size_t)st.st_size, PROT_WRITE, MAP_SHARED, fd, 0);
	if (seen == MAP_FAILED)
		cannot(path);
	memset(seen, 1, (size_t)st.st_size);
	close(fd);
}

static int work(const struct options *options, const struct template *template)
{
	const char *server = getenv(MUTANTS_SERVER);
	const char *seen = getenv(MUTANTS_SEEN);
	int in, out;

	if (server && sscanf(server, "%d %d", &in, &out) == 2) {
		serve(options, template, in, out);
		return 0;
	}
	if (seen)
		mark_seen(seen);
	return run(options, template, getenv("VM_TESTS_MUTANT") ?
		   (unsigned int)strtoul(getenv("VM_TESTS_MUTANT"), NULL, 10) :
		   0, 300) != 0;
}

static bool parse(int argc, char **argv, struct options *out)
{
	static const struct option known[] = {
		{ "append", required_argument, NULL, 'a' },
		{ "memory", required_argument, NULL, 'm' },
		{ "smp", required_argument, NULL, 's' },
		{ "firmware", required_argument, NULL, 'w' },
		{ "load", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*out = (struct options){ 0 };
	while ((option = getopt_long(argc, argv, "+", known, NULL)) >= 0) {
		switch (option) {
		case 'w': out->firmware = optarg; break;
		case 'a': out->append = optarg; break;
		case 'm':
			out->memory_mib =
				(unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 's':
			out->num_cpus = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'l': out->load = true; break;
		default: return false;
		}
	}
	if (argc - optind < 2)
		return false;
	out->module = argv[optind];
	out->programs = argv + optind + 1;
	out->num_programs = (unsigned int)(argc - optind - 1);
	return true;
}

int main(int argc, char **argv)
{
	struct accelerator accelerator;
	struct template *template;
	struct options options;
	struct kernel kernel;
	char error[256];
	char *workdir;
	int ret;

	if (!parse(argc, argv, &options)) {
		fputs("usage: mutants-in-vm [OPTION]... MODULE PROGRAM...\n", stderr);
		return 2;
	}
	if (kernel_find(KERNEL, &kernel, error))
		cannot(error);
	interrupt_begin();
	workdir = workdir_make();
	if (!workdir || accelerator_find(&kernel, workdir, &accelerator, error))
		cannot("no folder, or no accelerator");
	template = open_template(&options, &kernel, &accelerator, workdir);
	ret = work(&options, template);
	template_close(template);
	workdir_remove(workdir);
	kernel_free(&kernel);
	interrupt_end();
	return ret;
}
