// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A whole system, recorded: PID 1 leaves its place to the init of the disk, and
 * a child of it stays behind and tells of every event until the system is down.
 *
 * systemd ends every process but those of root whose name begins with '@', and
 * hands over to /run/initramfs/shutdown at last, where there is one: so this
 * program is PID 1 again when everything else is over.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plimsoll_uapi.h"
#include "vm/guest/init.h"

#define EXIT_FOLDER	VM_MOUNT "/run/initramfs"
#define EXIT_PATH	EXIT_FOLDER VM_RECORD_END

static volatile sig_atomic_t is_over;

static void on_end(int number)
{
	(void)number;
	is_over = 1;
}

/* Until it is told that all is over; what came until then is still told. */
static void tell_all(struct guest *guest, const struct step *step)
{
	struct pollfd polled = { .fd = guest->device, .events = POLLIN };
	struct sigaction action = { .sa_handler = on_end };
	struct plimsoll_info info = { 0 };
	sigset_t blocked, none;

	/* Only ppoll() lets the signal in: none comes between test and wait. */
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (!is_over) {
		device_drain(guest, step);
		ppoll(&polled, 1, NULL, &none);
	}
	device_drain(guest, step);
	if (ioctl(guest->device, PLIMSOLL_IOC_INFO, &info) == 0)
		report(guest, VM_RESULT_INFO, step, 0, &info, sizeof(info));
	report(guest, VM_RESULT_STEP, step, 0, NULL, 0);
	report_end(guest);
	_exit(0);
}

/* A copy of this program where systemd looks for it at the end. */
static int place_exit(void)
{
	uint8_t *data;
	size_t len;
	FILE *file;
	int err;

	mkdir(VM_MOUNT "/run", 0755);
	if (mount("tmpfs", VM_MOUNT "/run", "tmpfs", MS_NOSUID | MS_NODEV,
		  "mode=755") || mkdir(EXIT_FOLDER, 0755))
		return errno;
	err = read_whole("/init", &data, &len);
	if (err)
		return err;
	file = fopen(EXIT_PATH, "we");
	if (!file || fwrite(data, 1, len, file) != len)
		err = EIO;
	if (file && fclose(file))
		err = errno;
	if (!err && chmod(EXIT_PATH, 0755))
		err = errno;
	free(data);
	return err;
}

int step_record(struct guest *guest, const struct step *step)
{
	static char *const environment[] = { "HOME=/", "TERM=linux", NULL };
	int err = place_exit();
	pid_t pid;

	if (err)
		return err;
	/* As an initramfs leaves it: the system makes it writable by itself. */
	if (mount(NULL, VM_MOUNT, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		return errno;
	pid = fork();
	if (pid < 0)
		return errno;
	if (pid == 0) {
		/* The memory that ps and systemd read. */
		program_invocation_name[0] = '@';
		setsid();
		tell_all(guest, step);
	}
	/* From here on the child alone reports. */
	err = step_root(guest, step);
	if (!err)
		execve(step->texts[0], step->texts, environment);
	fprintf(stderr, "init: %s: %s\n", step->texts[0],
		strerror(err ? err : errno));
	_exit(1);
}

void record_end(void)
{
	kill(-1, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	sync();
	reboot(RB_POWER_OFF);
}
