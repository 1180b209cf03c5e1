// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mutants/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/mutants/schema.h"

unsigned int plm_mutant;
unsigned char *plm_mutant_seen;
struct plm_mutant_tables *plm_mutant_tables;

int plm_differs(unsigned int id, int differs)
{
	if (plm_mutant_seen && differs)
		plm_mutant_seen[id] = 1;
	return plm_mutant == id;
}

int plm_mut(unsigned int id)
{
	return plm_differs(id, 1);
}

/* cmocka's: a test that has failed once need not go on. */
void _fail(const char *file, int line);
void _fail(const char *file, int line)
{
	fprintf(stderr, "%s:%d: failed\n", file, line);
	_exit(1);
}

static void mutate_tables(void)
{
	for (struct plm_mutant_tables *tables = plm_mutant_tables; tables;
	     tables = tables->next)
		tables->mutate();
}

/* Processor time ends it with SIGPROF, and if it sleeps, SIGALRM does. */
static void limit(unsigned int ms)
{
	const struct itimerval timer = {
		.it_value = { ms / 1000, ms % 1000 * 1000 },
	};

	setitimer(ITIMER_PROF, &timer, NULL);
	alarm(60 + ms / 20);
}

static void become(const struct mutants_request *request, int in, int out)
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(in);
	close(out);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
	limit(request->limit);
	plm_mutant = request->mutant;
	mutate_tables();
}

static void serve(int in, int out)
{
	struct mutants_request request;
	int status;
	pid_t pid;

	while (read(in, &request, sizeof(request)) == sizeof(request)) {
		pid = fork();
		if (pid < 0)
			_exit(3);
		if (pid == 0) {
			become(&request, in, out);
			return;
		}
		if (waitpid(pid, &status, 0) != pid ||
		    write(out, &status, sizeof(status)) != sizeof(status))
			_exit(3);
	}
	_exit(0);
}

static void watch(const char *path)
{
	int fd = open(path, O_RDWR);
	struct stat st;
	void *seen;

	if (fd < 0 || fstat(fd, &st))
		_exit(3);
	seen = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	close(fd);
	if (seen == MAP_FAILED)
		_exit(3);
	plm_mutant_seen = seen;
	mutate_tables();
}

__attribute__((constructor)) static void begin(void)
{
	const char *server = getenv(MUTANTS_SERVER);
	const char *seen = getenv(MUTANTS_SEEN);
	int in, out;

	if (server && sscanf(server, "%d %d", &in, &out) == 2)
		serve(in, out);
	else if (seen)
		watch(seen);
}
