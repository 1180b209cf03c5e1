// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define MAX_PARAMS 4096

static const struct {
	const char *type, *path;
} mounts[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "devtmpfs", "/dev" },
};

static char params[MAX_PARAMS];

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

int mount_debugfs(void)
{
	if (mount("none", DEBUGFS, "debugfs", 0, NULL) && errno != EBUSY)
		return errno;
	return 0;
}

/*
 * "plimsoll.NAME=VALUE" of the kernel's command line, as libkmod would give
 * them to the module, without the prefix.
 */
static void read_params(void)
{
	static const char prefix[] = "plimsoll.";
	static char line[MAX_PARAMS];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, line, sizeof(line) - 1);
	char *save = NULL;

	if (fd >= 0)
		close(fd);
	line[len > 0 ? len : 0] = 0;
	for (char *word = strtok_r(line, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		if (strncmp(word, prefix, sizeof(prefix) - 1))
			continue;
		if (params[0])
			strncat(params, " ", MAX_PARAMS - strlen(params) - 1);
		strncat(params, word + sizeof(prefix) - 1,
			MAX_PARAMS - strlen(params) - 1);
	}
}

const char *consumer_params(void)
{
	if (!params[0])
		read_params();
	return params;
}

int system_start(void)
{
	int err = 0;

	umask(022);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].path, 0755);
		if (mount("none", mounts[i].path, mounts[i].type, 0, NULL))
			err = errno;
	}
	/*
	 * A quiet boot saves time; from here on the consumer's own lines are
	 * worth theirs.
	 */
	write_text("/proc/sys/kernel/printk", "7 4 1 7");
	/* A process may have any number that Linux has. */
	write_text("/proc/sys/kernel/pid_max", "4194304");
	return err;
}

pid_t start_aside(void)
{
	return (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
}

int load_module_fd(int fd, const char *options)
{
	return syscall(SYS_finit_module, fd, options, 0) ? errno : 0;
}

int load_module(const char *path, const char *options)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno;
	err = load_module_fd(fd, options);
	close(fd);
	return err;
}

int unload_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

int step_insmod(struct guest *guest, const struct step *step)
{
	const char *options = step->texts[1];

	(void)guest;
	return load_module(step->texts[0], options ? options : "");
}

int step_consumer(struct guest *guest, const struct step *step)
{
	(void)guest;
	return load_module(step->texts[0], consumer_params());
}

int step_remove(struct guest *guest, const struct step *step)
{
	(void)guest;
	return unload_module(step->texts[0]);
}

void keep_open(const struct guest *guest, bool over_exec)
{
	const int fds[] = { guest->script_fd, guest->device, guest->mailbox };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			fcntl(fds[i], F_SETFD, over_exec ? 0 : FD_CLOEXEC);
}

/*
 * PID 1 executes a real file at the path of a usual PID 1, which is this same
 * program, and goes on with the script there.
 */
int step_become(struct guest *guest, const struct step *step)
{
	static char state[128];
	char *env[] = { state, NULL };
	const char *path = step->texts[0];
	int err = make_folders(path);

	/* The script has to be there afterwards. */
	if (guest->script_fd < 0)
		return ENOTSUP;
	if (err)
		return err;
	unlink(path);
	/* On the disk it lies apart; an initramfs has it where it must be. */
	if (link(VM_INIT, path) && link("/init", path))
		return errno;
	snprintf(state, sizeof(state), "PLIMSOLL_STATE=%d %d %d %zu %lu %u %.32s",
		 guest->script_fd, guest->device, guest->mailbox, guest->pos,
		 guest->num_results, step->head.id, guest->token);
	keep_open(guest, true);
	execve(path, step->texts + 1, env);
	return errno;
}

static void end(struct guest *guest, const struct step *step)
{
	/* The result of this step has to come before the very last one. */
	report(guest, VM_RESULT_STEP, step, 0, NULL, 0);
	if (guest->has_token)
		report_end(guest);
}

int step_stop(struct guest *guest, const struct step *step)
{
	end(guest, step);
	for (;;)
		pause();
}

int step_reboot(struct guest *guest, const struct step *step)
{
	end(guest, step);
	sync();
	return reboot(step->head.a ? RB_POWER_OFF : RB_AUTOBOOT) ? errno : 0;
}
