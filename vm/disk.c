// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/protocol.h"
#include "vm/scenario.h"
#include "vm/workdir.h"

#define DISK_MIB 64
#define FILE_MAX_LEN ((size_t)256 << 20)

/* The same file system in every run. */
#define DISK_UUID "706c6d73-6f6c-6c00-8000-000000000001"

/*
 * In the order in which they are wanted; what they depend on comes along.  The
 * check sum is asked for by name at mount time, so no dependency tells it.
 */
static const char *const drivers[] = {
	"virtio_pci", "virtio_blk", "crc32c_generic", "ext4",
};

static int put_file(const char *root, const char *to, unsigned int mode,
		    const void *data, size_t len)
{
	char *path = xasprintf("%s%s", root, to);
	char *folder = xstrdup(path);
	int err = file_mkdirs(dirname(folder));

	if (!err)
		err = file_write(path, data, len);
	if (!err && chmod(path, mode))
		err = -errno;
	free(folder);
	free(path);
	return err;
}

static int copy_file(const char *root, const char *to, unsigned int mode,
		     const char *from)
{
	uint8_t *data;
	size_t len;
	int err = file_read(from, FILE_MAX_LEN, &data, &len);

	if (err)
		return err;
	err = put_file(root, to, mode, data, len);
	free(data);
	return err;
}

static int put_content(const char *root, const struct candidate *candidate)
{
	char *to = scenario_content_path(candidate);
	int err = put_file(root, to, 0600, candidate->data, candidate->len);

	free(to);
	return err;
}

static int fill_root(const char *root, const char *consumer,
		     const struct candidate *candidate)
{
	char *init = file_part("guest/init");
	char *actor = file_part("guest/actor");
	int err = copy_file(root, VM_INIT, 0755, init);

	if (!err)
		err = copy_file(root, VM_ACTOR, 0755, actor);
	if (!err)
		err = copy_file(root, VM_CONSUMER, 0644, consumer);
	if (!err)
		err = put_content(root, candidate);
	free(actor);
	free(init);
	return err;
}

/* mke2fs is not on the path of everybody who has it. */
static void become_mke2fs(char *const *arguments, const char *log)
{
	static const char *const places[] = { "/sbin/mke2fs",
					      "/usr/sbin/mke2fs" };
	int fd = open(log, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	execvp("mke2fs", arguments);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		execv(places[i], arguments);
	_exit(127);
}

static int run_mke2fs(const char *path, const char *root, const char *log,
		      size_t content_len)
{
	char *size = xasprintf("%zuM", DISK_MIB + 2 * (content_len >> 20));
	char *arguments[] = { "mke2fs", "-q", "-F", "-t", "ext4", "-m", "0",
			      "-U", DISK_UUID, "-E",
			      "lazy_itable_init=0,lazy_journal_init=1,hash_seed=" DISK_UUID,
			      "-d", (char *)root, (char *)path, size,
			      NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0)
		become_mke2fs(arguments, log);
	free(size);
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int disk_make(const char *path, const char *workdir, const char *consumer,
	      const struct candidate *candidate, char out_error[256])
{
	char *root = xasprintf("%s/root", workdir);
	char *log = xasprintf("%s/mke2fs.log", workdir);
	int err = fill_root(root, consumer, candidate);
	int status = 0;

	if (err) {
		snprintf(out_error, 256, "the disk's files: %s",
			 strerror(-err));
	} else {
		status = run_mke2fs(path, root, log, candidate->len);
		if (status)
			snprintf(out_error, 256,
				 "mke2fs (package e2fsprogs) %s: status %d",
				 status == 127 ? "is missing" : "failed",
				 status);
	}
	unlink(log);
	free(log);
	workdir_remove(root);
	return err || status ? -1 : 0;
}

int disk_drivers(const struct kernel *kernel, struct initramfs *initramfs,
		 char ***out_names, char out_error[256])
{
	struct module_list list = { 0 };
	char **names;
	int ret = 0;

	for (size_t i = 0; i < ARRAY_LEN(drivers) && !ret; i++) {
		ret = kernel->modules ? module_list_add(&list, kernel->modules,
							drivers[i]) : -1;
		if (ret)
			snprintf(out_error, 256, "%.80s has no module %s",
				 kernel->name, drivers[i]);
	}
	names = xcalloc(list.num + 1, sizeof(*names));
	for (size_t i = 0; i < list.num; i++) {
		names[i] = xasprintf(VM_FOLDER "/drivers/%zu.ko", i);
		initramfs_file(initramfs, names[i], 0644, list.paths[i]);
	}
	module_list_free(&list);
	*out_names = names;
	return ret;
}

void disk_drivers_free(char **names)
{
	for (char **p = names; p && *p; p++)
		free(*p);
	free(names);
}
