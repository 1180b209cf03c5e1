// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes under way: a small table, without locks, because a task's entry is
 * the task's own and is only looked for by the task itself.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "pending.h"

#define BUCKET_BITS 6
#define NUM_BUCKETS BIT(BUCKET_BITS)
#define NUM_WAYS 4

static struct plm_pending table[NUM_BUCKETS][NUM_WAYS];

static struct plm_pending *bucket_of(const struct task_struct *task)
{
	return table[hash_ptr(task, BUCKET_BITS)];
}

struct plm_pending *plm_pending_claim(const char *kind)
{
	struct plm_pending *bucket = bucket_of(current);
	u32 i;

	for (i = 0; i < NUM_WAYS; i++) {
		if (!cmpxchg(&bucket[i].task, NULL, current)) {
			bucket[i].kind = kind;
			return &bucket[i];
		}
	}
	return NULL;
}

struct plm_pending *plm_pending_find(void)
{
	struct plm_pending *bucket = bucket_of(current);
	u32 i;

	for (i = 0; i < NUM_WAYS; i++) {
		if (READ_ONCE(bucket[i].task) == current)
			return &bucket[i];
	}
	return NULL;
}

bool plm_pending_note(struct plm_pending *pending,
		      const struct plm_value *target,
		      const struct plm_value *source, bool cut)
{
	size_t len = (size_t)target->len + source->len;
	u8 *text = kmalloc(len + 1, GFP_NOWAIT | __GFP_NOWARN);

	kfree(pending->text);
	pending->text = text;
	if (!text)
		return false;
	memcpy(text, target->data, target->len);
	if (source->len)
		memcpy(text + target->len, source->data, source->len);
	pending->target_len = target->len;
	pending->source_len = source->len;
	pending->cut = cut;
	return true;
}

void plm_pending_release(struct plm_pending *pending)
{
	kfree(pending->text);
	pending->text = NULL;
	pending->both = false;
	/* Whoever claims it next finds it as it is left. */
	smp_store_release(&pending->task, NULL);
}

void plm_pending_stop(void)
{
	u32 i, way;

	for (i = 0; i < NUM_BUCKETS; i++) {
		for (way = 0; way < NUM_WAYS; way++)
			plm_pending_release(&table[i][way]);
	}
}
