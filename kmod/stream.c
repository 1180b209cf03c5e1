// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stream of records.
 *
 * Positions are bytes since the module started, so that a smaller one is an
 * older one; the ring holds those from tail to head.  A writer throws the oldest
 * records away until there is room: it is an event source and cannot wait.
 */
#include <linux/align.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "stats.h"
#include "stream.h"

#define RECORD_LEN sizeof(struct plimsoll_record)
#define MIN_RING_LEN (256u << 10)
#define MAX_RING_LEN (64u << 20)
#define MAX_RECORD_LEN (MIN_RING_LEN / 4)
#define SKIP_AT_ONCE 64

static unsigned int ring_len = 1u << 20;
module_param(ring_len, uint, 0444);
MODULE_PARM_DESC(ring_len, "Bytes of the ring of matches (256 KiB to 64 MiB, rounded up to a power of two)");

struct ring {
	raw_spinlock_t lock;	/* also held by writers in atomic context */
	u8 *data;
	u32 mask;
	u64 head, tail;		/* positions */
	u64 head_seq, tail_seq;	/* sequence numbers of the records there */
};

struct plm_reader {
	struct mutex lock;	/* of buffer */
	u64 pos, seq;		/* under ring.lock */
	bool all;		/* under ring.lock */
	u8 *buffer;		/* MAX_RECORD_LEN: one record on its way out */
};

static struct ring ring;
static atomic_t num_readers;
static atomic_t num_all;
static DECLARE_WAIT_QUEUE_HEAD(readers);

static void wake_readers(struct irq_work *work)
{
	wake_up_interruptible_poll(&readers, EPOLLIN | EPOLLRDNORM);
}

/* An event source may hold locks that a wakeup takes. */
static struct irq_work wake_work;

static void ring_put(u64 pos, const void *data, u32 len)
{
	u32 off = pos & ring.mask;
	u32 part = min(len, ring.mask + 1 - off);

	memcpy(ring.data + off, data, part);
	memcpy(ring.data, (const u8 *)data + part, len - part);
}

static void ring_get(u64 pos, void *data, u32 len)
{
	u32 off = pos & ring.mask;
	u32 part = min(len, ring.mask + 1 - off);

	memcpy(data, ring.data + off, part);
	memcpy((u8 *)data + part, ring.data, len - part);
}

static u32 value_len(const struct plm_value *value)
{
	return value->kind == PLM_VALUE_STRING ? value->len : 0;
}

static u64 record_len(const struct plm_event *event,
		      const struct plm_verdict *verdict)
{
	u64 len = RECORD_LEN +
		  verdict->num_matches * sizeof(struct plimsoll_match);
	u32 i;

	for (i = 0; i < event->num_values; i++)
		len += sizeof(struct plimsoll_value) +
		       ALIGN((u64)value_len(&event->values[i]), 8);
	return len;
}

static u64 put_value(u64 pos, const struct plm_value *value)
{
	static const u8 zeros[8];
	u32 len = value_len(value);
	struct plimsoll_value out = {
		.kind = value->kind,
		.len = len,
	};

	if (value->kind == PLM_VALUE_NUMBER)
		out.number = value->number;
	ring_put(pos, &out, sizeof(out));
	pos += sizeof(out);
	if (len)
		ring_put(pos, value->data, len);
	ring_put(pos + len, zeros, ALIGN(len, 8) - len);
	return pos + ALIGN(len, 8);
}

static void drop_oldest(void)
{
	struct plimsoll_record oldest;

	ring_get(ring.tail, &oldest, RECORD_LEN);
	ring.tail += oldest.len;
	ring.tail_seq++;
}

static void push_locked(struct plimsoll_record *record,
			const struct plm_event *event,
			const struct plm_verdict *verdict)
{
	u64 pos;
	u32 i;

	while (ring.head + record->len - ring.tail > (u64)ring.mask + 1)
		drop_oldest();
	record->seq = ring.head_seq++;
	pos = ring.head;
	ring_put(pos, record, RECORD_LEN);
	pos += RECORD_LEN;
	for (i = 0; i < verdict->num_matches; i++) {
		ring_put(pos, &verdict->matches[i],
			 sizeof(verdict->matches[i]));
		pos += sizeof(verdict->matches[i]);
	}
	for (i = 0; i < event->num_values; i++)
		pos = put_value(pos, &event->values[i]);
	ring.head = pos;
}

void plm_stream_push(const struct plm_event *event,
		     const struct plm_verdict *verdict)
{
	struct plimsoll_record record = {
		.type = PLIMSOLL_RECORD_EVENT,
		.num_matches = verdict->num_matches,
		.template_id = event->template_id,
		.num_values = event->num_values,
		.flags = verdict->flags,
	};
	unsigned long flags;
	u64 len;

	if (!atomic_read(&num_readers) ||
	    (!verdict->num_matches && !atomic_read(&num_all)))
		return;
	len = record_len(event, verdict);
	if (len > MAX_RECORD_LEN) {
		atomic64_inc(&plm_stats.num_lost);
		return;
	}
	record.len = len;
	record.pid = task_tgid_nr(current);
	record.time_ns = ktime_get_boot_fast_ns();
	raw_spin_lock_irqsave(&ring.lock, flags);
	push_locked(&record, event, verdict);
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	if (wq_has_sleeper(&readers))
		irq_work_queue(&wake_work);
}

/*
 * Go past up to @max records that do not concern @reader; *@out is the header of
 * the one it stands at then.  Returns whether to go on; ring.lock is held.
 */
static bool skip_locked(struct plm_reader *reader, struct plimsoll_record *out,
			u32 max)
{
	while (reader->pos >= ring.tail && reader->pos < ring.head) {
		ring_get(reader->pos, out, RECORD_LEN);
		if (out->num_matches || reader->all)
			return false;
		if (!max--)
			return true;
		reader->pos += out->len;
		reader->seq++;
	}
	return false;
}

/*
 * The header of what @reader is to get next.  Returns false if there is nothing;
 * ring.lock is held.
 */
static bool next_locked(struct plm_reader *reader,
			struct plimsoll_record *out)
{
	if (reader->pos < ring.tail) {
		memset(out, 0, sizeof(*out));
		out->len = RECORD_LEN;
		out->type = PLIMSOLL_RECORD_LOST;
		out->seq = ring.tail_seq - 1;
		return true;
	}
	skip_locked(reader, out, U32_MAX);
	return reader->pos < ring.head;
}

/*
 * Go past what does not concern @reader a little at a time, so that a ring full
 * of it does not keep the writers, and interrupts, waiting.
 */
static void skip(struct plm_reader *reader)
{
	struct plimsoll_record record;
	unsigned long flags;
	bool more = true;

	while (more) {
		raw_spin_lock_irqsave(&ring.lock, flags);
		more = skip_locked(reader, &record, SKIP_AT_ONCE);
		raw_spin_unlock_irqrestore(&ring.lock, flags);
	}
}

static bool ready(struct plm_reader *reader)
{
	struct plimsoll_record record;
	unsigned long flags;
	bool found;

	skip(reader);
	raw_spin_lock_irqsave(&ring.lock, flags);
	found = next_locked(reader, &record);
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	return found;
}

/* Where a reader stands. */
struct place {
	u64 pos, seq;
};

/*
 * Take the next record of at most @room bytes into @reader->buffer; it stood at
 * *@out_place.  Returns its length; 0: there is none; -EINVAL: it is longer, and
 * stays.
 */
static int take(struct plm_reader *reader, size_t room, struct place *out_place)
{
	struct plimsoll_record record;
	unsigned long flags;
	int ret = 0;

	skip(reader);
	raw_spin_lock_irqsave(&ring.lock, flags);
	if (!next_locked(reader, &record))
		goto out;
	ret = -EINVAL;
	if (record.len > room)
		goto out;
	ret = record.len;
	out_place->pos = reader->pos;
	out_place->seq = reader->seq;
	if (record.type == PLIMSOLL_RECORD_LOST) {
		memcpy(reader->buffer, &record, RECORD_LEN);
		reader->pos = ring.tail;
		reader->seq = ring.tail_seq;
	} else {
		ring_get(reader->pos, reader->buffer, record.len);
		reader->pos += record.len;
		reader->seq++;
	}
out:
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	return ret;
}

/* What could not be handed over has not been read. */
static void put_back(struct plm_reader *reader, const struct place *place)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring.lock, flags);
	reader->pos = place->pos;
	reader->seq = place->seq;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
}

static void count_lost(const struct plm_reader *reader,
		       const struct place *place)
{
	struct plimsoll_record record;

	memcpy(&record, reader->buffer, RECORD_LEN);
	if (record.type == PLIMSOLL_RECORD_LOST)
		atomic64_add(record.seq + 1 - place->seq, &plm_stats.num_lost);
}

/* As many records as there are and fit; 0 if there are none. */
static ssize_t read_records(struct plm_reader *reader, char __user *buf,
			    size_t count)
{
	struct place place;
	size_t done = 0;
	int len;

	for (;;) {
		len = take(reader, count - done, &place);
		if (len <= 0)
			return done ? done : len;
		if (copy_to_user(buf + done, reader->buffer, len)) {
			put_back(reader, &place);
			return done ? done : -EFAULT;
		}
		count_lost(reader, &place);
		done += len;
		cond_resched();
	}
}

ssize_t plm_stream_read(struct plm_reader *reader, char __user *buf,
			size_t count, bool nonblock)
{
	ssize_t ret;

	for (;;) {
		if (mutex_lock_interruptible(&reader->lock))
			return -ERESTARTSYS;
		ret = read_records(reader, buf, count);
		mutex_unlock(&reader->lock);
		if (ret)
			return ret;
		if (nonblock)
			return -EAGAIN;
		ret = wait_event_interruptible(readers, ready(reader));
		if (ret)
			return ret;
	}
}

/* The queue is joined before the ring is looked at: no wakeup is missed. */
__poll_t plm_stream_poll(struct plm_reader *reader, struct file *file,
			 poll_table *wait)
{
	poll_wait(file, &readers, wait);
	return ready(reader) ? EPOLLIN | EPOLLRDNORM : 0;
}

struct plm_reader *plm_stream_open(void)
{
	struct plm_reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	unsigned long flags;

	if (!reader)
		return NULL;
	reader->buffer = kvmalloc(MAX_RECORD_LEN, GFP_KERNEL);
	if (!reader->buffer) {
		kfree(reader);
		return NULL;
	}
	mutex_init(&reader->lock);
	raw_spin_lock_irqsave(&ring.lock, flags);
	reader->pos = ring.head;
	reader->seq = ring.head_seq;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	atomic_inc(&num_readers);
	return reader;
}

void plm_stream_set_all(struct plm_reader *reader, bool all)
{
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&ring.lock, flags);
	was = reader->all;
	reader->all = all;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	atomic_add(all - was, &num_all);
}

void plm_stream_close(struct plm_reader *reader)
{
	plm_stream_set_all(reader, false);
	atomic_dec(&num_readers);
	kvfree(reader->buffer);
	kfree(reader);
}

int plm_stream_start(void)
{
	u32 len = roundup_pow_of_two(clamp(ring_len, MIN_RING_LEN,
					   MAX_RING_LEN));

	raw_spin_lock_init(&ring.lock);
	init_irq_work(&wake_work, wake_readers);
	ring.mask = len - 1;
	ring.data = vmalloc(len);
	return ring.data ? 0 : -ENOMEM;
}

void plm_stream_stop(void)
{
	irq_work_sync(&wake_work);
	vfree(ring.data);
	ring.data = NULL;
}
