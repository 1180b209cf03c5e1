// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/copies.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define LIBRARY "copies.so"
#define PRELOAD "LD_PRELOAD="

/* An answer takes milliseconds, of a machine that is not overwhelmed. */
#define PATIENCE_S 20

extern char **environ;

bool original_is_possible(const char *accelerator)
{
	char *library = file_part(LIBRARY);
	bool possible = !strcmp(accelerator, "tcg") &&
			access(library, R_OK) == 0;

	free(library);
	return possible;
}

int original_open(struct original *original)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int pair[2];

	*original = (struct original){ .ours = -1, .theirs = -1,
				       .lock = PTHREAD_MUTEX_INITIALIZER };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	original->ours = pair[0];
	original->theirs = pair[1];
	if (setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		return -errno;
	return 0;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* A copy that came too late is nobody's, but a child of ours. */
static void end_late(struct original *original)
{
	int32_t pid;

	while (original->late &&
	       recv(original->ours, &pid, sizeof(pid), MSG_DONTWAIT) ==
	       sizeof(pid))
		if (pid > 0)
			end_child(pid);
}

void original_close(struct original *original)
{
	if (original->theirs >= 0)
		close(original->theirs);
	if (original->pid > 0)
		end_child(original->pid);
	end_late(original);
	if (original->ours >= 0)
		close(original->ours);
	pthread_mutex_destroy(&original->lock);
}

char **original_environment(const struct original *original,
			    const int fds[COPIES_NUM])
{
	char *library = file_part(LIBRARY);
	size_t num = 0, kept = 0;
	char **list;

	while (environ[num])
		num++;
	list = xcalloc(num + 3, sizeof(*list));
	for (size_t i = 0; i < num; i++)
		if (strncmp(environ[i], PRELOAD, sizeof(PRELOAD) - 1))
			list[kept++] = xstrdup(environ[i]);
	list[kept++] = xasprintf(PRELOAD "%s", library);
	list[kept] = xasprintf(COPIES_ENV "=%d %d %d %d %d %d",
			       original->theirs, fds[COPIES_CONSOLE],
			       fds[COPIES_RESULTS], fds[COPIES_ERRORS],
			       fds[COPIES_QMP], fds[COPIES_MAILBOX]);
	free(library);
	return list;
}

void original_environment_free(char **environment)
{
	for (char **p = environment; *p; p++)
		free(*p);
	free(environment);
}

/* One byte and @num descriptors; what comes back. */
static int ask(struct original *original, char what, const int *fds,
	       size_t num)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(COPIES_NUM * sizeof(int))];
	} along = { 0 };
	struct iovec part = { &what, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int32_t answer = -EPIPE;
	ssize_t got;

	if (num) {
		message.msg_control = &along;
		message.msg_controllen = CMSG_SPACE(num * sizeof(int));
		along.head.cmsg_level = SOL_SOCKET;
		along.head.cmsg_type = SCM_RIGHTS;
		along.head.cmsg_len = CMSG_LEN(num * sizeof(int));
		memcpy(CMSG_DATA(&along.head), fds, num * sizeof(int));
	}
	if (original->late ||
	    sendmsg(original->ours, &message, MSG_NOSIGNAL) != 1)
		return -EPIPE;
	do
		got = recv(original->ours, &answer, sizeof(answer), 0);
	while (got < 0 && errno == EINTR);
	if (got == sizeof(answer))
		return answer;
	/* If it comes yet, it is not the next one's. */
	original->late = true;
	shutdown(original->ours, SHUT_WR);
	return -EPIPE;
}

int original_stop(struct original *original)
{
	int32_t hello;

	/* A QEMU that the library could not be loaded into says nothing. */
	if (recv(original->ours, &hello, sizeof(hello), MSG_DONTWAIT) !=
	    sizeof(hello))
		return -ENOSYS;
	return ask(original, COPIES_STOP, NULL, 0);
}

pid_t original_copy(struct original *original, const int fds[COPIES_NUM])
{
	pid_t pid;

	pthread_mutex_lock(&original->lock);
	pid = ask(original, COPIES_MAKE, fds, COPIES_NUM);
	pthread_mutex_unlock(&original->lock);
	return pid;
}
