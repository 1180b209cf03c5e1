// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lineages: a hash table from process to immutable record.
 *
 * A process is known by the address of its signal_struct: unlike a pid it is
 * not used again while anybody can still ask, because it lives until the last
 * task of the process is freed, and the entry goes when the leader is.
 */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <trace/events/sched.h>

#include "lineage.h"
#include "lineage_seed.h"
#include "probe.h"
#include "stats.h"

#define BUCKET_BITS 12
#define NUM_BUCKETS BIT(BUCKET_BITS)

/*
 * A tracepoint may not sleep, and may not call for reclaim either.  The memory
 * is not charged to a control group: a full one would make its processes unknown.
 */
#define PROBE_GFP (GFP_NOWAIT | __GFP_NOWARN)

struct bucket {
	struct hlist_head head;
	raw_spinlock_t lock;	/* also taken in softirq */
};

struct entry {
	struct hlist_node link;
	const struct signal_struct *key;
	struct plm_ancestor __rcu *ancestor;
	struct rcu_head rcu;
};

static struct bucket *buckets;

static struct bucket *bucket_of(const struct signal_struct *key)
{
	return &buckets[hash_ptr(key, BUCKET_BITS)];
}

static struct entry *find(struct bucket *bucket, const struct signal_struct *key)
{
	struct entry *entry;

	hlist_for_each_entry_rcu(entry, &bucket->head, link,
				 lockdep_is_held(&bucket->lock)) {
		if (entry->key == key)
			return entry;
	}
	return NULL;
}

static void put_ancestor(struct plm_ancestor *ancestor)
{
	if (ancestor && refcount_dec_and_test(&ancestor->refs))
		kfree_rcu(ancestor, rcu);
}

const struct plm_ancestor *plm_lineage_find(const struct task_struct *task)
{
	struct entry *entry = find(bucket_of(task->signal), task->signal);

	return entry ? rcu_dereference(entry->ancestor) : NULL;
}

/*
 * Make @ancestor, whose reference is taken over and which may be NULL, that of
 * @key.  With @only_new a process that has an entry keeps it.
 */
static bool set(const struct signal_struct *key, struct plm_ancestor *ancestor,
		bool only_new, gfp_t gfp)
{
	struct bucket *bucket = bucket_of(key);
	struct entry *fresh = kmalloc(sizeof(*fresh), gfp);
	struct plm_ancestor *old = ancestor;
	struct entry *entry;
	unsigned long flags;
	bool done = true;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	entry = find(bucket, key);
	if (entry) {
		if (!only_new)
			old = rcu_replace_pointer(entry->ancestor, ancestor,
						  lockdep_is_held(&bucket->lock));
	} else if (fresh) {
		fresh->key = key;
		RCU_INIT_POINTER(fresh->ancestor, ancestor);
		hlist_add_head_rcu(&fresh->link, &bucket->head);
		fresh = NULL;
		old = NULL;
	} else {
		done = false;
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	kfree(fresh);
	put_ancestor(old);
	return done;
}

static void drop(const struct signal_struct *key)
{
	struct bucket *bucket = bucket_of(key);
	struct entry *entry;
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	entry = find(bucket, key);
	if (entry)
		hlist_del_rcu(&entry->link);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	if (!entry)
		return;
	put_ancestor(rcu_dereference_protected(entry->ancestor, true));
	kfree_rcu(entry, rcu);
}

static struct plm_ancestor *get_ancestor(const struct signal_struct *key)
{
	struct bucket *bucket = bucket_of(key);
	struct plm_ancestor *ancestor = NULL;
	struct entry *entry;
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	entry = find(bucket, key);
	if (entry)
		ancestor = rcu_dereference_protected(entry->ancestor,
						     lockdep_is_held(&bucket->lock));
	if (ancestor)
		refcount_inc(&ancestor->refs);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return ancestor;
}

static void copy_value(struct plm_value *out, const struct plm_value *value,
		       u8 **text)
{
	*out = *value;
	if (value->kind != PLM_VALUE_STRING)
		return;
	memcpy(*text, value->data, value->len);
	out->data = *text;
	*text += value->len;
}

static struct plm_ancestor *make_ancestor(const struct plm_value *image,
					  const struct plm_value *command_line,
					  bool cut, gfp_t gfp)
{
	struct plm_ancestor *ancestor;
	u8 *text;

	ancestor = kmalloc(struct_size(ancestor, text, (size_t)image->len +
				       command_line->len), gfp);
	if (!ancestor)
		return NULL;
	refcount_set(&ancestor->refs, 1);
	ancestor->cut = cut;
	text = ancestor->text;
	copy_value(&ancestor->image, image, &text);
	copy_value(&ancestor->command_line, command_line, &text);
	return ancestor;
}

bool plm_lineage_exec(const struct plm_value *image,
		      const struct plm_value *command_line, bool cut)
{
	struct plm_ancestor *ancestor;

	ancestor = make_ancestor(image, command_line, cut, PROBE_GFP);
	return set(current->signal, ancestor, false, PROBE_GFP) && ancestor;
}

/*
 * The entry goes when the leader is freed.  A task that is freed after our
 * look at pid_alive() will find the entry; one that was before may not have,
 * so take it out again.  One that another thread's exec replaced is dead as well,
 * and the process is not.
 */
bool plm_lineage_seed_one(struct task_struct *task,
			  const struct plm_value *image,
			  const struct plm_value *command_line, bool cut)
{
	struct plm_ancestor *ancestor;

	ancestor = make_ancestor(image, command_line, cut, GFP_KERNEL);
	if (!ancestor || !set(task->signal, ancestor, true, GFP_KERNEL))
		return false;
	if (!pid_alive(task) && thread_group_leader(task))
		drop(task->signal);
	return true;
}

static void probe_fork(void *data, struct task_struct *parent,
		       struct task_struct *child)
{
	struct plm_ancestor *ancestor;

	if (child->signal == parent->signal)
		return;
	ancestor = get_ancestor(parent->signal);
	if (ancestor && !set(child->signal, ancestor, false, PROBE_GFP))
		atomic64_inc(&plm_stats.num_failed);
}

/*
 * The leader is freed last, but for one that another thread's exec replaced:
 * that one no longer leads, and the process lives on.
 */
static void probe_free(void *data, struct task_struct *task)
{
	if (thread_group_leader(task))
		drop(task->signal);
}

static struct plm_probe probes[] = {
	{ .name = "sched_process_fork", .func = probe_fork },
	{ .name = "sched_process_free", .func = probe_free },
};

static void __maybe_unused check_probe_types(void)
{
	check_trace_callback_type_sched_process_fork(probe_fork);
	check_trace_callback_type_sched_process_free(probe_free);
}

static void free_all(void)
{
	struct hlist_node *next;
	struct entry *entry;
	u32 i;

	for (i = 0; i < NUM_BUCKETS; i++) {
		hlist_for_each_entry_safe(entry, next, &buckets[i].head, link) {
			put_ancestor(rcu_dereference_protected(entry->ancestor,
							       true));
			kfree(entry);
		}
	}
	kvfree(buckets);
	buckets = NULL;
}

int plm_lineage_start(void)
{
	u32 i;
	int ret;

	buckets = kvcalloc(NUM_BUCKETS, sizeof(*buckets), GFP_KERNEL);
	if (!buckets)
		return -ENOMEM;
	for (i = 0; i < NUM_BUCKETS; i++)
		raw_spin_lock_init(&buckets[i].lock);
	ret = plm_probes_attach(probes, ARRAY_SIZE(probes));
	if (ret)
		free_all();
	return ret;
}

void plm_lineage_stop(void)
{
	plm_probes_detach(probes, ARRAY_SIZE(probes));
	free_all();
}
