// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PART_ALIGN 4096

/* The ring is the mailbox's end; the rest is for the script and files. */
#define RING_OFF (MAILBOX_LEN - VM_RING_LEN)

int mailbox_open(struct mailbox *mailbox)
{
	void *data;
	int err;

	*mailbox = (struct mailbox){ .fd = memfd_create("plimsoll-mailbox",
							MFD_CLOEXEC) };
	if (mailbox->fd < 0)
		return -errno;
	if (ftruncate(mailbox->fd, (off_t)MAILBOX_LEN))
		goto err_fd;
	data = mmap(NULL, MAILBOX_LEN, PROT_READ | PROT_WRITE, MAP_SHARED,
		    mailbox->fd, 0);
	if (data == MAP_FAILED)
		goto err_fd;
	mailbox->head = data;
	mailbox->ring = (const uint8_t *)data + RING_OFF;
	return 0;

err_fd:
	err = -errno;
	close(mailbox->fd);
	return err;
}

void mailbox_close(struct mailbox *mailbox)
{
	munmap(mailbox->head, MAILBOX_LEN);
	close(mailbox->fd);
}

/* Append a part; false where it does not fit. */
static bool put(struct mailbox *mailbox, uint64_t *used, const void *data,
		size_t len, struct vm_mailbox_part *out)
{
	if (len > RING_OFF - *used)
		return false;
	*out = (struct vm_mailbox_part){ *used, len };
	if (len && data)
		memcpy((uint8_t *)mailbox->head + *used, data, len);
	*used += len;
	*used += -*used & (PART_ALIGN - 1);
	return true;
}

int mailbox_fill(struct mailbox *mailbox, const struct script *script,
		 const struct mailbox_file *files, size_t num_files)
{
	size_t head_len = sizeof(struct vm_mailbox) +
			  num_files * sizeof(struct vm_mailbox_part);
	struct vm_mailbox *head = mailbox->head;
	uint64_t used = head_len + (-head_len & (PART_ALIGN - 1));
	bool fits;

	if (head_len > RING_OFF / 2)
		return -EFBIG;
	fits = put(mailbox, &used, script->bytes.data, script->bytes.len,
		   &head->script);
	for (size_t i = 0; fits && i < num_files; i++)
		fits = put(mailbox, &used, files[i].data, files[i].len,
			   &head->files[i]);
	if (!fits)
		return -EFBIG;
	head->num_files = (uint32_t)num_files;
	head->ring_off = RING_OFF;
	__atomic_store_n(&head->magic, VM_MAILBOX_MAGIC, __ATOMIC_RELEASE);
	return 0;
}

bool mailbox_take(struct mailbox *mailbox, const void **out_data,
		  size_t *out_len)
{
	struct vm_mailbox *head = mailbox->head;
	uint64_t written = __atomic_load_n(&head->written, __ATOMIC_ACQUIRE);
	uint64_t len = written - mailbox->taken;
	size_t at = (size_t)(mailbox->taken % VM_RING_LEN);

	/* What was handed out before is done with. */
	__atomic_store_n(&head->taken, mailbox->taken, __ATOMIC_RELEASE);
	*out_len = 0;
	if (len > VM_RING_LEN)
		return false;
	if (len > VM_RING_LEN - at)
		len = VM_RING_LEN - at;
	*out_data = mailbox->ring + at;
	*out_len = (size_t)len;
	mailbox->taken += len;
	return true;
}
