// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results go out through QEMU's debug console: a port without a driver, that
 * neither the kernel nor the candidate has any business with.  In a VM from a
 * template they go through memory that the host reads, see protocol.h.
 */
#include <string.h>
#include <sys/io.h>
#include <time.h>

#include "vm/guest/init.h"

#define LOOK_NS	200000L

static struct {
	struct vm_mailbox *head;	/* NULL: the port */
	uint8_t *data;
} ring;

/* Not inherited over an exec, so called by every life of PID 1. */
void report_start(void)
{
	iopl(3);
}

void report_through(struct vm_mailbox *head, uint8_t *data)
{
	ring.head = head;
	ring.data = data;
}

/* Not outsb() of <sys/io.h>: it does not say that it reads memory. */
static void put_port(const void *data, size_t len)
{
	__asm__ volatile("rep outsb"
			 : "+S"(data), "+c"(len)
			 : "d"(VM_RESULT_PORT)
			 : "memory");
}

/* Where the host has not come after, it is waited for. */
static void put_ring(const uint8_t *data, size_t len)
{
	const struct timespec pause = { 0, LOOK_NS };
	uint64_t written = ring.head->written;

	while (len) {
		uint64_t left = written - __atomic_load_n(&ring.head->taken,
							  __ATOMIC_ACQUIRE);
		size_t at = written % VM_RING_LEN;
		size_t part = len;

		if (part > VM_RING_LEN - left)
			part = VM_RING_LEN - left;
		if (part > VM_RING_LEN - at)
			part = VM_RING_LEN - at;
		if (!part) {
			nanosleep(&pause, NULL);
			continue;
		}
		memcpy(ring.data + at, data, part);
		data += part;
		len -= part;
		written += part;
		__atomic_store_n(&ring.head->written, written,
				 __ATOMIC_RELEASE);
	}
}

static void put(const void *data, size_t len)
{
	if (ring.head)
		put_ring(data, len);
	else
		put_port(data, len);
}

void report(struct guest *guest, enum vm_result_type type,
	    const struct step *step, int value, const void *data, size_t len)
{
	struct vm_result head = {
		.magic = VM_RESULT_MAGIC,
		.len = (uint32_t)len,
		.type = (uint16_t)type,
		.op = step ? step->head.op : VM_STEP_NONE,
		.id = step ? step->head.id : 0,
		.value = value,
	};

	put(&head, sizeof(head));
	if (len)
		put(data, len);
	guest->num_results++;
}

void report_end(struct guest *guest)
{
	struct vm_end end = { .num_results = guest->num_results };

	memcpy(end.token, guest->token, VM_TOKEN_LEN);
	report(guest, VM_RESULT_END, NULL, 0, &end, sizeof(end));
}
