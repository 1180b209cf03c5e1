// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutants [-j JOBS] [-s STEP] [-l LIST] [-q] ARGUMENTS TABLE TEST...: run the mutants of
 * TABLE through the tests, each a program with its arguments, and say what
 * became of them, as TAP: a test for each source file, whose mutants must all
 * be killed but for those that ARGUMENTS has a reason for.
 *
 *	-s STEP	only every so many, and none of those that are argued about
 *	-l LIST	only those whose numbers are in the file LIST, a line for each
 *	-q	without the reasons
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/mutants/run.h"

struct options {
	unsigned int jobs;
	unsigned int step;
	const char *list;	/* NULL: all */
	bool quiet;
};

/* Of a file or of all. */
struct score {
	unsigned int num;
	unsigned int killed;
	unsigned int hung;
	unsigned int equivalent;
	unsigned int alive;
};

static unsigned int num_tap;
static bool failed;

static void tap(bool good, const char *what)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++num_tap, what);
	failed |= !good;
}

static void choose_listed(const struct table *table, const char *path,
			  bool *chosen)
{
	FILE *file = fopen(path, "r");
	unsigned int number;

	if (!file) {
		perror(path);
		exit(3);
	}
	while (fscanf(file, "%u%*[^\n]", &number) == 1)
		if (number < table->num)
			chosen[number] = true;
	fclose(file);
}

static bool *choose(const struct table *table, const struct options *options)
{
	bool *chosen = xcalloc(table->num, sizeof(*chosen));
	unsigned int num = 0;

	if (options->list) {
		choose_listed(table, options->list, chosen);
		return chosen;
	}
	for (size_t i = 1; i < table->num; i++)
		if (options->step == 1)
			chosen[i] = true;
		else if (!table->mutants[i].why)
			chosen[i] = num++ % options->step == 0;
	return chosen;
}

/* Those that were not run, when a run was ended early.  How many? */
static size_t leave_out(const struct table *table,
			const struct outcome *outcomes, bool *chosen)
{
	size_t num = 0;

	for (size_t i = 1; i < table->num; i++)
		if (chosen[i] && !outcomes[i].done) {
			chosen[i] = false;
			num++;
		}
	return num;
}

static void print_survivor(const struct mutant *m, size_t number,
			   const struct outcome *outcome)
{
	printf("# %s:%u: %zu is alive%s\n", m->file, m->line, number,
	       outcome->asked ? "" : ", and no test makes it differ");
	printf("#   in %s %s\n", m->file, m->function);
	printf("#   mutant %s :: %s\n", m->context, m->what);
}

static void count(struct score *score, const struct mutant *m, size_t number,
		  const struct outcome *outcome)
{
	score->num++;
	if (outcome->test) {
		score->killed++;
		score->hung += outcome->hung;
	} else if (m->why) {
		score->equivalent++;
	} else {
		score->alive++;
		print_survivor(m, number, outcome);
	}
}

static void report_file(const char *file, const struct score *score)
{
	char *what = xasprintf("%s: %u of %u killed, %u argued equivalent",
			       file, score->killed, score->num,
			       score->equivalent);

	tap(!score->alive && score->killed, what);
	free(what);
}

static void add(struct score *sum, const struct score *score)
{
	sum->num += score->num;
	sum->killed += score->killed;
	sum->hung += score->hung;
	sum->equivalent += score->equivalent;
	sum->alive += score->alive;
}

static struct score report(const struct table *table, const bool *chosen,
			   const struct outcome *outcomes)
{
	struct score sum = { 0 }, score = { 0 };

	for (size_t i = 1; i < table->num; i++) {
		const struct mutant *m = &table->mutants[i];

		if (chosen[i])
			count(&score, m, i, &outcomes[i]);
		if (i + 1 < table->num && !strcmp(m->file, m[1].file))
			continue;
		if (score.num)
			report_file(m->file, &score);
		add(&sum, &score);
		score = (struct score){ 0 };
	}
	return sum;
}

/* An argument must be one, and must be right. */
static void report_arguments(const struct table *table,
			     const struct outcome *outcomes)
{
	unsigned int num_wrong = 0;

	for (size_t i = 1; i < table->num; i++) {
		const struct mutant *m = &table->mutants[i];

		if (!m->why || !outcomes[i].test)
			continue;
		printf("# %s:%u: %s: argued to be equivalent, and killed: %s :: "
		       "%s\n", m->file, m->line, m->function, m->context,
		       m->what);
		num_wrong++;
	}
	tap(!table->num_unfit, "every argument is about a mutant");
	tap(!num_wrong, "no mutant is killed that is argued to be equivalent");
}

static void print_reasons(const struct table *table)
{
	const char *last = "";

	for (size_t i = 1; i < table->num; i++) {
		const struct mutant *m = &table->mutants[i];

		if (!m->why)
			continue;
		if (strcmp(m->why, last))
			printf("# equivalent: %s\n", m->why);
		printf("#   %s:%u: %s :: %s\n", m->file, m->line, m->context,
		       m->what);
		last = m->why;
	}
}

static void print_tests(const struct tests *tests, size_t num_mutants,
			const struct outcome *outcomes)
{
	for (size_t i = 0; i < tests->num; i++) {
		unsigned int num = 0;

		for (size_t j = 1; j < num_mutants; j++)
			num += outcomes[j].test == i + 1;
		printf("# %5u killed by %s (%u ms)\n", num,
		       tests->list[i].command, tests->list[i].ms);
	}
}

static void print_score(const struct score *sum)
{
	unsigned int all = sum->num - sum->equivalent;

	printf("# score: %u of %u, %.2f%%; %u more are equivalent; %u of the "
	       "killed had to be stopped\n", sum->killed, all,
	       all ? 100.0 * sum->killed / all : 0, sum->equivalent, sum->hung);
}

static bool read_options(int argc, char **argv, struct options *options)
{
	int option;

	while ((option = getopt(argc, argv, "j:s:l:q")) != -1) {
		if (option == 'j')
			options->jobs = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 's')
			options->step = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 'l')
			options->list = optarg;
		else if (option == 'q')
			options->quiet = true;
		else
			return false;
	}
	return options->jobs && options->step && optind + 3 <= argc;
}

int main(int argc, char **argv)
{
	struct options options = { .jobs = 2, .step = 1 };
	struct outcome *outcomes;
	struct tests tests;
	struct table table;
	struct score sum;
	size_t num_left;
	bool *chosen;

	if (!read_options(argc, argv, &options)) {
		fputs("usage: mutants [-j JOBS] [-s STEP] [-l LIST] [-q] "
		      "ARGUMENTS TABLE TEST...\n", stderr);
		return 2;
	}
	table_read(&table, argv[optind + 1]);
	table_read_arguments(&table, argv[optind]);
	tests.num = (size_t)(argc - optind - 2);
	tests.list = xcalloc(tests.num, sizeof(*tests.list));
	for (size_t i = 0; i < tests.num; i++)
		tests.list[i].command = xstrdup(argv[optind + 2 + (int)i]);
	tap(tests_measure(&tests, table.num), "the original passes its tests");
	if (failed) {
		puts("1..1");
		return 1;
	}
	chosen = choose(&table, &options);
	outcomes = tests_run(&tests, chosen, table.num, options.jobs);
	num_left = leave_out(&table, outcomes, chosen);
	sum = report(&table, chosen, outcomes);
	report_arguments(&table, outcomes);
	if (!options.quiet)
		print_reasons(&table);
	print_tests(&tests, table.num, outcomes);
	print_score(&sum);
	if (num_left) {
		printf("# ended early: nothing is known of %zu more\n", num_left);
		failed = true;
	}
	printf("1..%u\n", num_tap);
	free(chosen);
	tests_free(&tests);
	table_free(&table);
	return failed;
}
