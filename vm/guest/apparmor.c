// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Uses AppArmor policy that the kernel has taken.  A process enters each
 * profile and opens files; what it may and may not must be what the kernel
 * says, asked about the same profile.
 *
 *	apparmor use	exit status 0: all profiles do what they say;
 *			2: they are not all known, or too many to use
 *	apparmor remove	remove all of them
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FS "/sys/kernel/security/apparmor/"
#define MAX_PROFILES 256
#define MAX_NAME 512
#define MAX_POLICY 65536
#define CLASS_FILE 2
#define MAY_WRITE_BIT 2u
#define MAY_READ_BIT 4u
/* Pipes: policy has no say over those, unlike sockets. */
#define RESULT_FD 3
#define GO_FD 4
#define PROBE "probe"

/* What a confined process tries.  They are there before it is confined. */
static const struct {
	const char *path;
	int flags;
	uint32_t needs;
} trials[] = {
	{ "/plimsoll/allowed", O_RDONLY, MAY_READ_BIT },
	{ "/plimsoll/allowed", O_WRONLY, MAY_WRITE_BIT },
	{ "/plimsoll/denied", O_RDONLY, MAY_READ_BIT },
	{ "/plimsoll/denied", O_WRONLY, MAY_WRITE_BIT },
	{ "/etc/shadow", O_RDONLY, MAY_READ_BIT },
	{ "/etc/ld.so.preload", O_WRONLY, MAY_WRITE_BIT },
	{ "/usr/bin/id", O_RDONLY, MAY_READ_BIT },
	{ "/tmp/file", O_WRONLY, MAY_WRITE_BIT },
};

#define NUM_TRIALS (sizeof(trials) / sizeof(trials[0]))

struct profile {
	char name[MAX_NAME], mode[32];
};

static struct profile profiles[MAX_PROFILES];
static size_t num_profiles;

/* Confined: no file of ours but those open already can be counted on. */
static int probe(void)
{
	int results[NUM_TRIALS];
	char go;

	/* The one who started us reads our label meanwhile. */
	if (write(RESULT_FD, "+", 1) != 1 || read(GO_FD, &go, 1) != 1)
		return 1;
	for (size_t i = 0; i < NUM_TRIALS; i++) {
		int fd = open(trials[i].path, trials[i].flags);

		results[i] = fd < 0 ? errno : 0;
		if (fd >= 0)
			close(fd);
	}
	return write(RESULT_FD, results, sizeof(results)) !=
	       (ssize_t)sizeof(results);
}

static ssize_t read_text(const char *path, char *text, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while (len < cap - 1 && (got = read(fd, text + len, cap - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	text[len] = 0;
	return (ssize_t)len;
}

/* "name (mode)" a line; a name may hold blanks. */
static bool take_label(char *line, struct profile *out)
{
	char *mode = strrchr(line, '(');

	line[strcspn(line, "\n")] = 0;
	if (!mode || mode <= line + 1 || !strchr(mode, ')'))
		return false;
	mode[-1] = 0;
	mode[strcspn(mode, ")")] = 0;
	return snprintf(out->name, sizeof(out->name), "%s", line) <
		       (int)sizeof(out->name) &&
	       snprintf(out->mode, sizeof(out->mode), "%s", mode + 1) <
		       (int)sizeof(out->mode);
}

/* True if that is all of them: what is not listed is not used. */
static bool list_profiles(void)
{
	static char text[MAX_POLICY];
	ssize_t len = read_text(FS "profiles", text, sizeof(text));
	bool all = len >= 0 && len < (ssize_t)sizeof(text) - 1;
	char *line, *save = NULL;

	num_profiles = 0;
	if (len < 0)
		return false;
	for (line = strtok_r(text, "\n", &save);
	     line && num_profiles < MAX_PROFILES;
	     line = strtok_r(NULL, "\n", &save)) {
		if (take_label(line, &profiles[num_profiles]))
			num_profiles++;
		else
			all = false;
	}
	return all && !line;
}

/* The kernel's own answer: may files of this path be opened so? */
static bool allowed(const char *profile, const char *path, uint32_t needs,
		    bool *out)
{
	char query[6 + MAX_NAME + 2 + 4096], answer[256];
	int len = snprintf(query, sizeof(query), "label%c%s%c%c%s", 0, profile,
			   0, CLASS_FILE, path);
	int fd = open(FS ".access", O_RDWR | O_CLOEXEC);
	unsigned long allow;
	ssize_t got = -1;

	if (fd < 0)
		return false;
	if (write(fd, query, (size_t)len) == len)
		got = read(fd, answer, sizeof(answer) - 1);
	close(fd);
	if (got <= 0)
		return false;
	answer[got] = 0;
	if (sscanf(answer, "allow %lx", &allow) != 1)
		return false;
	*out = (allow & needs) == needs;
	return true;
}

/* In the child: the change of profile happens at the exec. */
static void enter(const char *name, int results, int go)
{
	char *arguments[] = { "apparmor", PROBE, NULL };
	char *environment[] = { NULL };
	char text[MAX_NAME + 8];
	int len = snprintf(text, sizeof(text), "exec %s", name);
	int fd = open("/proc/self/attr/apparmor/exec", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, (size_t)len) != len)
		_exit(120);
	/* Both are above these numbers, see main(). */
	dup2(results, RESULT_FD);
	dup2(go, GO_FD);
	execve("/proc/self/exe", arguments, environment);
	_exit(121);
}

static bool has_label(pid_t pid, const struct profile *wanted)
{
	struct profile label;
	char path[64], text[MAX_NAME + 64];

	snprintf(path, sizeof(path), "/proc/%d/attr/apparmor/current", pid);
	if (read_text(path, text, sizeof(text)) < 0 ||
	    !take_label(text, &label))
		return false;
	if (strcmp(label.name, wanted->name) || strcmp(label.mode, wanted->mode))
		printf("entered %s (%s) and not %s (%s)\n", label.name,
		       label.mode, wanted->name, wanted->mode);
	return !strcmp(label.name, wanted->name) &&
	       !strcmp(label.mode, wanted->mode);
}

/* Only these two modes deny what the policy does not allow. */
static bool enforces(const struct profile *profile)
{
	return !strcmp(profile->mode, "enforce") ||
	       !strcmp(profile->mode, "kill");
}

static bool compare(const struct profile *profile, const int *results)
{
	unsigned int num_denied = 0;
	bool same = true;

	for (size_t i = 0; i < NUM_TRIALS; i++) {
		bool may, did = results[i] == 0;

		if (!allowed(profile->name, trials[i].path, trials[i].needs,
			     &may)) {
			printf("%s: the kernel does not answer\n",
			       profile->name);
			return false;
		}
		may |= !enforces(profile);
		num_denied += !did;
		if (did == may && (did || results[i] == EACCES))
			continue;
		printf("%s: %s is %s by the policy, but opening it: %s\n",
		       profile->name, trials[i].path,
		       may ? "allowed" : "denied", strerror(results[i]));
		same = false;
	}
	printf("%s (%s): entered, %zu opens, %u denied\n", profile->name,
	       profile->mode, NUM_TRIALS, num_denied);
	return same;
}

/* A profile of mode kill ends the process at its first denial. */
static bool died_of_it(const struct profile *profile, int status)
{
	if (strcmp(profile->mode, "kill") || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGKILL)
		return false;
	printf("%s (kill): entered, and killed at a denial\n", profile->name);
	return true;
}

static bool use_profile(const struct profile *profile)
{
	int results[NUM_TRIALS], told_by[2], go[2], status = 0;
	bool entered = false, told = false;
	char here;
	pid_t pid;

	if (pipe2(told_by, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		return false;
	pid = fork();
	if (pid == 0)
		enter(profile->name, told_by[1], go[0]);
	close(told_by[1]);
	close(go[0]);
	if (pid > 0 && read(told_by[0], &here, 1) == 1) {
		entered = has_label(pid, profile);
		if (write(go[1], "+", 1) == 1)
			told = read(told_by[0], results, sizeof(results)) ==
			       (ssize_t)sizeof(results);
	}
	close(told_by[0]);
	close(go[1]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (entered && told)
		return compare(profile, results);
	if (entered && died_of_it(profile, status))
		return true;
	printf("%s (%s): not entered, status %#x\n", profile->name,
	       profile->mode, status);
	return false;
}

static void make_files(void)
{
	mkdir("/etc", 0755);
	mkdir("/usr", 0755);
	mkdir("/usr/bin", 0755);
	mkdir("/tmp", 0755);
	for (size_t i = 0; i < NUM_TRIALS; i++) {
		int fd = open(trials[i].path, O_WRONLY | O_CREAT, 0644);

		if (fd >= 0)
			close(fd);
	}
}

static int use(void)
{
	bool good = true;

	if (!list_profiles()) {
		puts("the profiles can't be listed, or are too many to use");
		return 2;
	}
	make_files();
	for (size_t i = 0; i < num_profiles; i++)
		good &= use_profile(&profiles[i]);
	if (!num_profiles)
		puts("the policy holds no profile");
	return good && num_profiles ? 0 : 1;
}

/* How many went.  Removing one takes those inside of it along. */
static size_t remove_listed(void)
{
	size_t num_removed = 0;

	for (size_t i = 0; i < num_profiles; i++) {
		int fd = open(FS ".remove", O_WRONLY | O_CLOEXEC);
		size_t len = strlen(profiles[i].name);

		if (fd < 0)
			return 0;
		if (write(fd, profiles[i].name, len) == (ssize_t)len)
			num_removed++;
		else if (errno != ENOENT)
			printf("%s: %s\n", profiles[i].name, strerror(errno));
		close(fd);
	}
	return num_removed;
}

/* There may be more of them than one list holds. */
static int remove_all(void)
{
	while (!list_profiles() || num_profiles) {
		if (!remove_listed()) {
			printf("%zu profiles are left, or more\n",
			       num_profiles);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, PROBE))
		return probe();
	/* Hold the two numbers that the probe has its pipes at. */
	while (open("/dev/null", O_RDONLY | O_CLOEXEC) < GO_FD)
		;
	signal(SIGPIPE, SIG_IGN);
	if (!strcmp(verb, "use"))
		return use();
	return !strcmp(verb, "remove") ? remove_all() : 2;
}
