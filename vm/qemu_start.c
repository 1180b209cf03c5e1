// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/qemu_start.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/qemu_command.h"
#include "vm/qemu_qmp.h"

#define QEMU "qemu-system-x86_64"
#define PIPE_LEN (1 << 20)

char *qemu_find(void)
{
	const char *path = getenv("PATH");
	char *copy = xstrdup(path ? path : "/usr/bin:/bin");
	char *save = NULL, *found = NULL;

	for (char *dir = strtok_r(copy, ":", &save); dir && !found;
	     dir = strtok_r(NULL, ":", &save)) {
		found = xasprintf("%s/" QEMU, dir);
		if (dir[0] != '/' || access(found, X_OK)) {
			free(found);
			found = NULL;
		}
	}
	free(copy);
	return found;
}

char *qemu_identity(void)
{
	char *path = qemu_find();
	struct stat st = { 0 };
	char *text;

	if (path)
		stat(path, &st);
	text = xasprintf("%s %lld %lld", path ? path : "", (long long)st.st_size,
			 (long long)st.st_mtime);
	free(path);
	return text;
}

/* Ends that QEMU is to have, and the ends that we keep. */
struct ends {
	int theirs[QEMU_NUM_SOURCES], ours[QEMU_NUM_SOURCES];
};

static void close_all(const int *fds)
{
	for (int i = 0; i < QEMU_NUM_SOURCES; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int open_ends(struct ends *ends)
{
	int pair[2];

	for (int i = 0; i < QEMU_NUM_SOURCES; i++)
		ends->theirs[i] = ends->ours[i] = -1;
	for (int i = 0; i < QEMU_NUM_SOURCES; i++) {
		if (i == QEMU_QMP ? socketpair(AF_UNIX,
					       SOCK_STREAM | SOCK_CLOEXEC, 0,
					       pair) : pipe2(pair, O_CLOEXEC))
			return -1;
		ends->ours[i] = pair[0];
		ends->theirs[i] = pair[1];
		if (i != QEMU_QMP)
			fcntl(pair[0], F_SETPIPE_SZ, PIPE_LEN);
		fcntl(pair[0], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

/* Between fork and exec: only what may be called there. */
static void become_qemu(const struct ends *ends,
			const struct qemu_config *config, char **arguments,
			char **environment, pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A terminal's Ctrl-C is ours to handle. */
	setpgid(0, 0);
	/* One that is kept outlives this thread, but not its conversation. */
	if (!config->keep)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(ends->theirs[QEMU_ERRORS], STDERR_FILENO);
	for (int i = 0; i < QEMU_NUM_SOURCES; i++)
		fcntl(ends->theirs[i], F_SETFD, 0);
	if (config->mailbox)
		fcntl(config->mailbox->fd, F_SETFD, 0);
	if (config->restore)
		fcntl(config->restore, F_SETFD, 0);
	if (config->keep)
		fcntl(config->keep->theirs, F_SETFD, 0);
	execve(arguments[0], arguments, environment);
	_exit(127);
}

/* What a copy is to have, and what its original has. */
static void list_ends(const struct ends *ends, const struct qemu_config *config,
		      int fds[COPIES_NUM])
{
	fds[COPIES_CONSOLE] = ends->theirs[QEMU_CONSOLE];
	fds[COPIES_RESULTS] = ends->theirs[QEMU_RESULTS];
	fds[COPIES_ERRORS] = ends->theirs[QEMU_ERRORS];
	fds[COPIES_QMP] = ends->theirs[QEMU_QMP];
	fds[COPIES_MAILBOX] = config->mailbox->fd;
}

static pid_t fork_qemu(const struct qemu_config *config, const char *path,
		       const struct ends *ends, struct qemu_outcome *out)
{
	struct original *keep = config->keep;
	struct qemu_channels channels = { ends->theirs[QEMU_CONSOLE],
					  ends->theirs[QEMU_RESULTS],
					  ends->theirs[QEMU_QMP] };
	char **arguments = qemu_arguments(path, config, &channels);
	char **environment = NULL;
	pid_t parent = getpid(), pid;
	int fds[COPIES_NUM];

	out->command_line = qemu_command_line(arguments);
	if (keep) {
		list_ends(ends, config, fds);
		environment = original_environment(keep, fds);
	}
	pid = fork();
	if (pid == 0)
		become_qemu(ends, config, arguments,
			    environment ? environment : environ, parent);
	if (keep) {
		original_environment_free(environment);
		keep->pid = pid > 0 ? pid : 0;
		close(keep->theirs);
		keep->theirs = -1;
	}
	qemu_arguments_free(arguments);
	return pid;
}

static pid_t copy_qemu(const struct qemu_config *config,
		       const struct ends *ends, struct qemu_outcome *out)
{
	int fds[COPIES_NUM];
	pid_t pid;

	list_ends(ends, config, fds);
	pid = original_copy(config->copy_of, fds);
	out->is_copy = pid > 0;
	return pid;
}

static bool start(const struct qemu_config *config, const char *path,
		  struct qemu_outcome *out, struct qemu_process *process)
{
	struct ends ends;

	if (open_ends(&ends)) {
		close_all(ends.theirs);
		close_all(ends.ours);
		return false;
	}
	process->pid = config->copy_of ? copy_qemu(config, &ends, out) :
					 fork_qemu(config, path, &ends, out);
	close_all(ends.theirs);
	if (process->pid < 0) {
		close_all(ends.ours);
		return false;
	}
	memcpy(process->fds, ends.ours, sizeof(process->fds));
	/* A copy was greeted when it was the original, and may have been paused. */
	if (!out->is_copy)
		qmp_hello(process->fds[QEMU_QMP], config);
	else if (!qemu_counts_time(config))
		qmp_go_on(process->fds[QEMU_QMP]);
	return true;
}

bool qemu_start(const struct qemu_config *config, struct qemu_outcome *out,
		struct qemu_process *out_process)
{
	char *path = qemu_find();
	bool started = path && start(config, path, out, out_process);

	free(path);
	return started;
}
