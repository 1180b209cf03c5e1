// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mailbox: shared memory needs no driver.  PID 1 of a template waits here
 * while its memory is kept; every VM that is started from it finds its own
 * script and files.  No byte of the mailbox is in the template.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/guest/init.h"
#include "vm/guest/mailbox.h"

#define PAGE	4096

/* All of it, where it is not only for results. */
static struct {
	uint8_t *data;
	size_t len;
} mailbox;

static void *map(int fd, size_t len, uint64_t off)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    (off_t)off);
}

/* One without mail is that of a template in the making. */
void mailbox_start(struct guest *guest)
{
	struct vm_mailbox *head;
	void *ring;

	if (guest->mailbox < 0)
		guest->mailbox = mailbox_device();
	if (guest->mailbox < 0)
		return;
	head = map(guest->mailbox, PAGE, 0);
	if (head == MAP_FAILED || head->magic != VM_MAILBOX_MAGIC)
		return;
	ring = map(guest->mailbox, VM_RING_LEN, head->ring_off);
	if (ring != MAP_FAILED)
		report_through(head, ring);
}

static int map_all(const struct guest *guest)
{
	struct stat st;
	void *data;

	if (mailbox.data)
		return 0;
	if (guest->mailbox < 0)
		return ENODEV;
	if (fstat(guest->mailbox, &st))
		return errno;
	data = map(guest->mailbox, (size_t)st.st_size, 0);
	if (data == MAP_FAILED)
		return errno;
	mailbox.data = data;
	mailbox.len = (size_t)st.st_size;
	return 0;
}

/* The host's numbers are checked all the same. */
static bool is_inside(uint64_t off, uint64_t len)
{
	return off <= mailbox.len && len <= mailbox.len - off;
}

/* A part as a file. */
static int write_part(const struct vm_mailbox_part *part, const char *path)
{
	int fd, err = 0;

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

/*
 * Without a rest: a VM that goes on from here goes on in this loop, and not
 * in the scheduler, all of which would have to be translated first.
 */
static void wait_for_mail(void)
{
	const uint32_t *magic = (const void *)mailbox.data;

	while (__atomic_load_n(magic, __ATOMIC_ACQUIRE) != VM_MAILBOX_MAGIC)
		__builtin_ia32_pause();
}

/*
 * What was reported before belongs to the VM that made the template; the count
 * starts again, and with it the script.
 */
int step_snapshot(struct guest *guest, const struct step *step)
{
	struct vm_mailbox *head;
	int err = map_all(guest);

	if (err)
		return err;
	/* Once and for all: every VM would have to do it again. */
	mlockall(MCL_CURRENT);
	if (guest->script_fd >= 0)
		close(guest->script_fd);
	guest->script_fd = -1;
	/* Mail that has been read already, of a VM that stops here again. */
	head = (void *)mailbox.data;
	head->magic = 0;
	report(guest, VM_RESULT_READY, step, 0, NULL, 0);
	wait_for_mail();
	if (!is_inside(head->script.off, head->script.len) ||
	    !is_inside(head->ring_off, VM_RING_LEN))
		return ERANGE;
	report_through(head, mailbox.data + head->ring_off);
	guest->script = mailbox.data + head->script.off;
	guest->script_len = head->script.len;
	guest->pos = 0;
	guest->num_results = 0;
	guest->new_script = true;
	report(guest, VM_RESULT_HELLO, NULL, 0, NULL, 0);
	return 0;
}

int step_receive(struct guest *guest, const struct step *step)
{
	const struct vm_mailbox_part *part;
	const struct vm_mailbox *head;
	const char *path = step->texts[0];
	int err = map_all(guest);

	if (err)
		return err;
	head = (const void *)mailbox.data;
	if (step->head.a >= head->num_files)
		return ENOENT;
	part = &head->files[step->head.a];
	if (!is_inside(part->off, part->len))
		return ERANGE;
	if (step->head.b)
		return hold_file(path, mailbox.data + part->off, part->len);
	err = hold_file(path, NULL, 0);
	return err ? err : write_part(part, path);
}
