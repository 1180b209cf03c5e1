// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spawn COUNT: execute itself so many times, one process after the other, with
 * the arguments of ordinary programs, and print the nanoseconds that it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS 12
#define NUM_LINES (sizeof(lines) / sizeof(lines[0]))

/* Executed so, it ends at once. */
static char *const in_child[] = { "SPAWNED=1", NULL };

static char *const lines[][WORDS] = {
	{ "ls", "--color=auto", "-la", "/home/alice/src" },
	{ "sh", "-c", "test -x /usr/sbin/anacron || run-parts --report /etc/cron.daily" },
	{ "gcc", "-std=gnu11", "-O2", "-g", "-Wall", "-Iinclude", "-MMD", "-c",
	  "-o", "build/obj/main.o", "src/main.c" },
	{ "git", "fetch", "--update-head-ok", "--prune", "origin" },
	{ "rsync", "-aH", "--delete", "--numeric-ids", "/home/",
	  "backup@store.example.net:/pool/home/" },
	{ "python3", "-m", "pytest", "-x", "-q", "tests/test_layout.py" },
	{ "expr", "17", "+", "1" },
	{ "dpkg-deb", "--fsys-tarfile", "/var/cache/apt/archives/libpq5.deb" },
};

static int spawn(const char *self, char *const *line)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -1;
	if (!pid) {
		execve(self, line, in_child);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	long long began;

	if (getenv("SPAWNED"))
		return 0;
	began = now();
	for (unsigned long i = 0; i < count; i++)
		if (spawn(argv[0], lines[i % NUM_LINES]))
			return 1;
	printf("%lld\n", now() - began);
	return 0;
}
