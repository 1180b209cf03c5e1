// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static struct sigaction before[ARRAY_LEN(signals)];
static volatile sig_atomic_t came;
static int event_fd = -1;
static unsigned int depth;

static void on_signal(int number)
{
	static const uint64_t one = 1;
	int saved = errno;

	came = number;
	/* A full counter is as good as one more. */
	if (write(event_fd, &one, sizeof(one)) < 0)
		came = number;
	errno = saved;
}

void interrupt_begin(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	if (depth++)
		return;
	came = 0;
	event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		/* What nohup has switched off stays off. */
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

/* The signal that came, or 0. */
static int end(void)
{
	int number = came;

	if (--depth)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &before[i], NULL);
	if (event_fd >= 0)
		close(event_fd);
	event_fd = -1;
	came = 0;
	return number;
}

void interrupt_end(void)
{
	int number = end();

	if (number)
		raise(number);
}

void interrupt_told(void)
{
	end();
}

int interrupt_fd(void)
{
	return event_fd;
}

bool interrupted(void)
{
	return came != 0;
}
