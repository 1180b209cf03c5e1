// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mailbox of a VM that goes on from a template.  PID 1 waits here while its
 * memory is kept; every VM that is started from it finds its own script and
 * files.  Shared memory needs no driver, and no byte of it is in the template.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vm/guest/init.h"

#define DEVICES	"/sys/bus/pci/devices"
#define LOOK_NS	200000L

static struct {
	const uint8_t *data;
	size_t len;
} mailbox;

static bool has_text(const char *device, const char *name, const char *wanted)
{
	char path[128], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%.32s/%s", device, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	return !strncmp(text, wanted, strlen(wanted));
}

/* Its memory answers only once the device is enabled. */
static int map_device(const char *device)
{
	char path[128];
	struct stat st;
	void *data;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%.32s/enable", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) < 0)
		return errno;
	close(fd);
	snprintf(path, sizeof(path), DEVICES "/%.32s/resource2", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		return errno;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return errno;
	mailbox.data = data;
	mailbox.len = (size_t)st.st_size;
	return 0;
}

static int map_mailbox(void)
{
	DIR *devices;
	struct dirent *entry;
	int err = ENODEV;

	if (mailbox.data)
		return 0;
	devices = opendir(DEVICES);
	if (!devices)
		return errno;
	while (err == ENODEV && (entry = readdir(devices)))
		if (has_text(entry->d_name, "vendor", VM_MAILBOX_VENDOR) &&
		    has_text(entry->d_name, "device", VM_MAILBOX_DEVICE))
			err = map_device(entry->d_name);
	closedir(devices);
	return err;
}

/* A part as a file; the host's numbers are checked all the same. */
static int write_part(const struct vm_mailbox_part *part, const char *path)
{
	int fd, err = 0;

	if (part->off > mailbox.len || part->len > mailbox.len - part->off)
		return ERANGE;
	err = make_folders(path);
	if (err)
		return err;
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	err = write_whole(fd, mailbox.data + part->off, part->len);
	close(fd);
	return err;
}

static void wait_for_mail(void)
{
	const struct timespec pause = { 0, LOOK_NS };
	const _Atomic uint32_t *magic = (const void *)mailbox.data;

	while (atomic_load(magic) != VM_MAILBOX_MAGIC)
		nanosleep(&pause, NULL);
}

/*
 * What was reported before belongs to the VM that made the template; the count
 * starts again, and with it the script.
 */
int step_snapshot(struct guest *guest, const struct step *step)
{
	const struct vm_mailbox *head;
	int err = map_mailbox();

	if (err)
		return err;
	report(guest, VM_RESULT_READY, step, 0, NULL, 0);
	wait_for_mail();
	head = (const void *)mailbox.data;
	err = write_part(&head->script, VM_SCRIPT);
	close(guest->script_fd);
	guest->script_fd = open(VM_SCRIPT, O_RDONLY | O_CLOEXEC);
	if (!err && guest->script_fd < 0)
		err = errno;
	guest->pos = 0;
	guest->num_results = 0;
	guest->new_script = true;
	report(guest, VM_RESULT_HELLO, NULL, err, NULL, 0);
	return err;
}

int step_receive(struct guest *guest, const struct step *step)
{
	const struct vm_mailbox *head;
	int err = map_mailbox();

	(void)guest;
	if (err)
		return err;
	head = (const void *)mailbox.data;
	if (step->head.a >= head->num_files)
		return ENOENT;
	return write_part(&head->files[step->head.a], step->texts[0]);
}
