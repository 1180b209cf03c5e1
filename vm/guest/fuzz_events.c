// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events for content that was accepted, one of each cheap kind: a datagram
 * socket connects, a file comes, is renamed and goes, a program is executed.
 * The texts in them are the content's own, so that its rules have something to
 * match.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/guest/fuzz.h"

#define FOLDER		"/tmp/fuzz"
#define MIN_TEXT	4
#define MAX_TEXT	100
#define NUM_TEXTS	4
#define STACK_LEN	65536

static int sock = -1;
static char texts[NUM_TEXTS][MAX_TEXT + 1];
static char *arguments[NUM_TEXTS + 2] = { (char *)VM_ACTOR };

int events_start(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	mkdir("/tmp", 0777);
	mkdir(FOLDER, 0777);
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return errno;
	ioctl(sock, SIOCSIFFLAGS, &lo);
	return 0;
}

/* The next printable run from *pos on. */
static size_t next_text(const uint8_t *data, size_t len, size_t *pos, char *out)
{
	size_t num = 0;

	while (*pos < len && num < MAX_TEXT) {
		uint8_t c = data[(*pos)++];

		if (isprint(c))
			out[num++] = (char)c;
		else if (num >= MIN_TEXT)
			break;
		else
			num = 0;
	}
	out[num] = 0;
	return num;
}

/* Which ones is decided by the bytes, so that an input always does the same. */
static void find_texts(const uint8_t *data, size_t len)
{
	uint32_t sum = (uint32_t)len;
	size_t pos;

	for (size_t i = 0; i < len; i += 16)
		sum = sum * 31 + data[i];
	pos = len / 2 + sum % (len / 2 + 1);
	for (size_t i = 0; i < NUM_TEXTS; i++) {
		if (!next_text(data, len, &pos, texts[i])) {
			pos = 0;
			next_text(data, len, &pos, texts[i]);
		}
		arguments[i + 1] = texts[i];
	}
}

static void connect_somewhere(const char *text)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)(text[0] << 8 | text[1])),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};

	if (!to.sin_port)
		to.sin_port = htons(443);
	connect(sock, (struct sockaddr *)&to, sizeof(to));
}

static void path_of(char *out, size_t len, const char *text)
{
	int head = snprintf(out, len, FOLDER "/%s", text);

	for (char *at = out + sizeof(FOLDER); at < out + head; at++)
		if (*at == '/')
			*at = '_';
}

static void change_file(const char *from, const char *to)
{
	char first[MAX_TEXT + sizeof(FOLDER) + 8];
	char second[sizeof(first)];
	int fd;

	path_of(first, sizeof(first), from);
	path_of(second, sizeof(second), to);
	fd = open(first, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	rename(first, second);
	unlink(second);
}

/* Shares our memory, so that the pages of a program come once only. */
static int become(void *data)
{
	static char *const none[] = { NULL };

	(void)data;
	cover_child();
	execve(VM_ACTOR, arguments, none);
	_exit(127);
}

static void execute(void)
{
	static uint8_t stack[STACK_LEN] __attribute__((aligned(16)));
	int status;
	pid_t pid = clone(become, stack + sizeof(stack),
			  CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);

	if (pid < 0)
		return;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	cover_child_end();
}

void events_cheap(const uint8_t *data, size_t len)
{
	find_texts(data, len);
	connect_somewhere(texts[0]);
}

void events_raise(const uint8_t *data, size_t len)
{
	events_cheap(data, len);
	change_file(texts[1], texts[2]);
	execute();
}
