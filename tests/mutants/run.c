// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mutants/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/mutants/server.h"

#define MAX_ARGS 64

/* A program that forks a mutant when it is asked to. */
struct server {
	pid_t pid;	/* 0: not started yet */
	int to, from;
};

/* What the processes have in common. */
struct shared {
	unsigned int next;
	struct outcome outcomes[];
};

static void *share(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(3);
	}
	return memory;
}

static void run_command(const char *command)
{
	char *words = xstrdup(command), *rest = words;
	char *argv[MAX_ARGS + 1] = { 0 };

	for (size_t i = 0; rest && i < MAX_ARGS; i++)
		argv[i] = strsep(&rest, " ");
	execv(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Quick deaths: nobody reads the reports of mutants. */
static void set_options(void)
{
	setenv("ASAN_OPTIONS", "detect_leaks=0:symbolize=0:handle_segv=0:"
	       "handle_abort=0:hard_rss_limit_mb=2048:"
	       "max_allocation_size_mb=2048", 1);
	setenv("UBSAN_OPTIONS", "print_stacktrace=0:symbolize=0", 1);
}

/* The original */

static bool measure(struct test *test, size_t num_mutants)
{
	char path[] = "/tmp/mutants.XXXXXX";
	int fd = mkstemp(path), status;
	struct rusage usage;
	pid_t pid;

	if (fd < 0 || ftruncate(fd, (off_t)num_mutants)) {
		perror(path);
		exit(3);
	}
	test->seen = mmap(NULL, num_mutants, PROT_READ | PROT_WRITE, MAP_SHARED,
			  fd, 0);
	close(fd);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		setenv(MUTANTS_SEEN, path, 1);
		run_command(test->command);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		exit(3);
	unlink(path);
	test->ms = (unsigned int)((usage.ru_utime.tv_sec +
				   usage.ru_stime.tv_sec) * 1000 +
				  (usage.ru_utime.tv_usec +
				   usage.ru_stime.tv_usec) / 1000);
	if (status)
		printf("# fails without a mutant: %s\n", test->command);
	return !status;
}

static int compare_tests(const void *left, const void *right)
{
	const struct test *a = left, *b = right;

	return (a->ms > b->ms) - (a->ms < b->ms);
}

bool tests_measure(struct tests *tests, size_t num_mutants)
{
	bool good = true;

	set_options();
	for (size_t i = 0; i < tests->num; i++)
		good &= measure(&tests->list[i], num_mutants);
	qsort(tests->list, tests->num, sizeof(*tests->list), compare_tests);
	return good;
}

void tests_free(struct tests *tests)
{
	for (size_t i = 0; i < tests->num; i++)
		free(tests->list[i].command);
	free(tests->list);
}

/* Mutants */

static void start(struct server *server, const struct test *test)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC)) {
		perror("pipe");
		exit(3);
	}
	server->pid = fork();
	if (server->pid == 0) {
		char *fds = xasprintf("%d %d", to[0], from[1]);

		fcntl(to[0], F_SETFD, 0);
		fcntl(from[1], F_SETFD, 0);
		setenv(MUTANTS_SERVER, fds, 1);
		run_command(test->command);
	}
	close(to[0]);
	close(from[1]);
	server->to = to[1];
	server->from = from[0];
}

/* What waitpid says of the mutant; a mutant must not outlive several times the
 * original.
 */
static int ask(struct server *server, const struct test *test,
	       unsigned int mutant)
{
	struct mutants_request request = { mutant, 400 + 6 * test->ms };
	int status;

	if (!server->pid)
		start(server, test);
	if (write(server->to, &request, sizeof(request)) != sizeof(request) ||
	    read(server->from, &status, sizeof(status)) != sizeof(status)) {
		fprintf(stderr, "%s is gone\n", test->command);
		exit(3);
	}
	return status;
}

static struct outcome run_mutant(const struct tests *tests,
				 struct server *servers, unsigned int mutant)
{
	struct outcome outcome = { .done = true };

	for (size_t i = 0; i < tests->num; i++) {
		int status;

		if (!tests->list[i].seen[mutant])
			continue;
		outcome.asked++;
		status = ask(&servers[i], &tests->list[i], mutant);
		if (!status)
			continue;
		outcome.test = (unsigned char)(i + 1);
		outcome.hung = WIFSIGNALED(status) &&
			       (WTERMSIG(status) == SIGPROF ||
				WTERMSIG(status) == SIGALRM);
		break;
	}
	return outcome;
}

static void work(const struct tests *tests, const bool *chosen,
		 size_t num_mutants, struct shared *shared)
{
	struct server *servers = xcalloc(tests->num, sizeof(*servers));
	unsigned int mutant;

	while ((mutant = __atomic_add_fetch(&shared->next, 1,
					    __ATOMIC_RELAXED)) < num_mutants)
		if (chosen[mutant])
			shared->outcomes[mutant] = run_mutant(tests, servers,
							      mutant);
	for (size_t i = 0; i < tests->num; i++)
		if (servers[i].pid) {
			close(servers[i].to);
			waitpid(servers[i].pid, NULL, 0);
		}
	free(servers);
}

/* What is under way; a signal leaves out the mutants that have not begun. */
static struct shared *running;

static void end_early(int number)
{
	(void)number;
	__atomic_store_n(&running->next, INT_MAX, __ATOMIC_RELAXED);
}

static void on_signals(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

struct outcome *tests_run(const struct tests *tests, const bool *chosen,
			  size_t num_mutants, unsigned int jobs)
{
	struct shared *shared = share(sizeof(*shared) + num_mutants *
				      sizeof(shared->outcomes[0]));
	int status, bad = 0;

	fflush(stdout);
	running = shared;
	on_signals(SIG_IGN);	/* of the processes, and of their tests */
	for (unsigned int i = 0; i < jobs; i++)
		if (fork() == 0) {
			work(tests, chosen, num_mutants, shared);
			_exit(0);
		}
	on_signals(end_early);
	for (;;) {
		pid_t pid = wait(&status);

		if (pid < 0 && errno == ECHILD)
			break;
		if (pid > 0)
			bad |= status;
	}
	if (bad) {
		fputs("mutants: not every mutant could be run\n", stderr);
		exit(3);
	}
	return shared->outcomes;
}
