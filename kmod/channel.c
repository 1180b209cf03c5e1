// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels and the content in them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "channel.h"
#include "firmware.h"
#include "loaded.h"
#include "plm_check.h"
#include "source.h"

struct channel {
	u32 number;
	bool disabled;
	struct plm_loaded __rcu *loaded;
	u64 num_replaced;
	u64 num_refused;
	struct plm_refusal last;
};

static unsigned int numbers[PLIMSOLL_MAX_CHANNELS] = { 1 };
static unsigned int num_numbers = 1;
module_param_array_named(channels, numbers, uint, &num_numbers, 0444);
MODULE_PARM_DESC(channels, "Numbers of the channels (default: 1)");

static bool off;
module_param(off, bool, 0444);
MODULE_PARM_DESC(off, "Start with content off: load no file, evaluate nothing until a channel is enabled");

static struct channel channels[PLIMSOLL_MAX_CHANNELS];
static u32 num_channels;
static DEFINE_MUTEX(channel_lock);	/* writers; readers use RCU */

static struct channel *find(u32 number)
{
	u32 i;

	for (i = 0; i < num_channels; i++) {
		if (channels[i].number == number)
			return &channels[i];
	}
	return NULL;
}

static struct plm_loaded *running(const struct channel *channel)
{
	return rcu_dereference_protected(channel->loaded,
					 lockdep_is_held(&channel_lock));
}

/* The one place where a refusal becomes an errno. */
static int refusal_errno(const struct plm_refusal *refusal)
{
	if (refusal->err == PLM_NO_MEMORY)
		return -ENOMEM;
	return refusal->stale ? -ESTALE : -EBADMSG;
}

static void note_refusal(struct channel *channel,
			 const struct plm_refusal *refusal)
{
	char rule[24] = "";

	channel->num_refused++;
	channel->last = *refusal;
	if (refusal->fault.rule != PLM_NO_RULE)
		snprintf(rule, sizeof(rule), ", rule %u", refusal->fault.rule);
	pr_warn_ratelimited("channel %u: content refused: %s at byte %u%s\n",
			    channel->number, plm_error_name(refusal->err),
			    refusal->fault.off, rule);
}

static enum plm_err fail(struct plm_refusal *out, enum plm_err err, u32 off)
{
	*out = (struct plm_refusal){
		.err = err, .fault = { .off = off, .rule = PLM_NO_RULE },
	};
	return err;
}

static enum plm_err check(const struct channel *channel, const u8 *data,
			  u32 data_len, bool rollback,
			  struct plm_content *content, struct plm_refusal *out)
{
	const struct plm_loaded *old = running(channel);
	const struct plm_supply *const *supplies;
	u32 num_supplies;

	out->err = plm_check(data, data_len, 0, content, &out->fault);
	if (out->err != PLM_OK)
		return out->err;
	if (content->channel != channel->number)
		return fail(out, PLM_WRONG_CHANNEL, PLM_HDR_CHANNEL);
	supplies = plm_sources_supply(&num_supplies);
	out->err = plm_check_supply(content, supplies, num_supplies,
				    &out->fault);
	if (out->err != PLM_OK)
		return out->err;
	if (old && content->version < old->content.version && !rollback) {
		fail(out, PLM_BAD_VERSION, PLM_HDR_CONTENT_VERSION);
		out->stale = true;
		return out->err;
	}
	return PLM_OK;
}

/* Expedited: the caller waits, and a writer in a hurry must not pile up. */
static void publish(struct channel *channel, struct plm_loaded *loaded)
{
	struct plm_loaded *old;

	old = rcu_replace_pointer(channel->loaded, loaded,
				  lockdep_is_held(&channel_lock));
	if (!old)
		return;
	synchronize_rcu_expedited();
	plm_loaded_free(old);
}

/* The templates that any channel has rules of. */
static u32 wanted_templates(void)
{
	const struct plm_loaded *loaded;
	u32 templates = 0;
	u32 i;

	for (i = 0; i < num_channels; i++) {
		loaded = running(&channels[i]);
		if (loaded)
			templates |= loaded->templates;
	}
	return templates;
}

/*
 * Switch to @loaded or, if NULL, to nothing.  Its events are raised before it
 * is there and those of what was there until it is gone, so that none is
 * missed.  Where they cannot be had nothing has changed.
 */
static enum plm_err switch_to(struct channel *channel,
			      struct plm_loaded *loaded)
{
	u32 before = wanted_templates();
	int ret = 0;

	if (loaded)
		ret = plm_sources_want(before | loaded->templates);
	if (ret) {
		plm_sources_want(before);
		return ret == -ENOMEM ? PLM_NO_MEMORY : PLM_INPUT_NOT_SUPPLIED;
	}
	publish(channel, loaded);
	plm_sources_want(wanted_templates());
	return PLM_OK;
}

static int replace(struct channel *channel, u8 *data, u32 data_len,
		   bool rollback, struct plm_refusal *out)
{
	struct plm_content content;
	struct plm_loaded *loaded;
	enum plm_err err;

	if (check(channel, data, data_len, rollback, &content, out) != PLM_OK)
		goto err_refused;
	loaded = plm_loaded_make(&content, data);
	if (!loaded) {
		fail(out, PLM_NO_MEMORY, 0);
		goto err_refused;
	}
	err = switch_to(channel, loaded);
	if (err != PLM_OK) {
		loaded->data = NULL;
		plm_loaded_free(loaded);
		fail(out, err, 0);
		goto err_refused;
	}
	channel->num_replaced++;
	return 0;

err_refused:
	kvfree(data);
	note_refusal(channel, out);
	return refusal_errno(out);
}

int plm_channel_replace(u32 number, u8 *data, u32 data_len, bool rollback,
			struct plm_refusal *out)
{
	struct channel *channel;
	int ret;

	mutex_lock(&channel_lock);
	channel = find(number);
	if (channel) {
		ret = replace(channel, data, data_len, rollback, out);
	} else {
		kvfree(data);
		ret = -ENOENT;
	}
	mutex_unlock(&channel_lock);
	return ret;
}

int plm_channel_clear(u32 number)
{
	struct channel *channel;

	mutex_lock(&channel_lock);
	channel = find(number);
	if (channel)
		switch_to(channel, NULL);
	mutex_unlock(&channel_lock);
	return channel ? 0 : -ENOENT;
}

int plm_channel_refuse(u32 number, enum plm_err err, struct plm_refusal *out)
{
	struct channel *channel;
	int ret = -ENOENT;

	mutex_lock(&channel_lock);
	channel = find(number);
	if (channel) {
		fail(out, err, 0);
		note_refusal(channel, out);
		ret = refusal_errno(out);
	}
	mutex_unlock(&channel_lock);
	return ret;
}

static int switch_rule(struct channel *channel,
		       const struct plimsoll_switch *arg)
{
	struct plm_loaded *loaded = running(channel);

	if (!loaded || loaded->content.version != arg->content_version ||
	    arg->rule >= plm_num_rules(&loaded->content))
		return -ENOENT;
	plm_loaded_switch(loaded, arg->rule, arg->enable);
	return 0;
}

/* On return no event is evaluated as it was before. */
int plm_channel_switch(const struct plimsoll_switch *arg)
{
	struct channel *channel;
	int ret = 0;

	mutex_lock(&channel_lock);
	channel = find(arg->channel);
	if (!channel)
		ret = -ENOENT;
	else if (arg->rule == PLIMSOLL_WHOLE_CHANNEL)
		WRITE_ONCE(channel->disabled, !arg->enable);
	else
		ret = switch_rule(channel, arg);
	mutex_unlock(&channel_lock);
	if (!ret)
		synchronize_rcu_expedited();
	return ret;
}

static void fill_status(const struct channel *channel,
			struct plimsoll_channel_status *arg)
{
	const struct plm_loaded *loaded = running(channel);

	memset(arg, 0, sizeof(*arg));
	arg->channel = channel->number;
	if (channel->disabled)
		arg->flags |= PLIMSOLL_CHANNEL_DISABLED;
	arg->num_replaced = channel->num_replaced;
	arg->num_refused = channel->num_refused;
	arg->last_err = channel->last.err;
	arg->last_fault_off = channel->last.fault.off;
	if (!loaded)
		return;
	arg->flags |= PLIMSOLL_CHANNEL_LOADED;
	arg->content_version = loaded->content.version;
	arg->data_len = loaded->content.len;
	arg->num_rules = plm_num_rules(&loaded->content);
	arg->num_events = plm_loaded_num_events(loaded);
}

int plm_channel_status(struct plimsoll_channel_status *arg)
{
	const struct channel *channel;

	mutex_lock(&channel_lock);
	channel = find(arg->channel);
	if (channel)
		fill_status(channel, arg);
	mutex_unlock(&channel_lock);
	return channel ? 0 : -ENOENT;
}

static int fill_rule_status(const struct plm_loaded *loaded,
			    struct plimsoll_rule_status *arg)
{
	u32 channel = arg->channel, index = arg->rule;
	struct plm_rule_count count;
	struct plm_rule rule;

	if (!loaded || !plm_get_rule(&loaded->content, index, &rule))
		return -ENOENT;
	count = plm_loaded_count(loaded, index);
	memset(arg, 0, sizeof(*arg));
	arg->channel = channel;
	arg->rule = index;
	arg->content_version = loaded->content.version;
	arg->flags = atomic_read(&loaded->rules[index].flags);
	arg->action = rule.action;
	arg->num_evaluated = count.num_evaluated;
	arg->num_matched = count.num_matched;
	arg->num_faulted = count.num_faulted;
	arg->last_err = READ_ONCE(loaded->rules[index].last_err);
	arg->id_len = min_t(u32, rule.id.len, sizeof(arg->id));
	memcpy(arg->id, rule.id.data, arg->id_len);
	return 0;
}

int plm_channel_rule_status(struct plimsoll_rule_status *arg)
{
	const struct channel *channel;
	int ret = -ENOENT;

	mutex_lock(&channel_lock);
	channel = find(arg->channel);
	if (channel)
		ret = fill_rule_status(running(channel), arg);
	mutex_unlock(&channel_lock);
	return ret;
}

void plm_channels_evaluate(const struct plm_event *event,
			   struct plm_verdict *verdict)
{
	struct plm_loaded *loaded;
	u32 i;

	rcu_read_lock();
	for (i = 0; i < num_channels; i++) {
		loaded = rcu_dereference(channels[i].loaded);
		if (loaded && !READ_ONCE(channels[i].disabled))
			plm_loaded_evaluate(loaded, event, verdict);
	}
	rcu_read_unlock();
}

bool plm_channels_off(void)
{
	return off;
}

u32 plm_channels_list(u32 *out_numbers)
{
	u32 i;

	for (i = 0; i < num_channels; i++)
		out_numbers[i] = channels[i].number;
	return num_channels;
}

static int add_channel(u32 number)
{
	if (!number || number > PLM_MAX_CHANNEL || find(number)) {
		pr_err("channels: %u is out of range or given twice\n", number);
		return -EINVAL;
	}
	channels[num_channels].number = number;
	channels[num_channels].disabled = off;
	num_channels++;
	return 0;
}

int plm_channels_start(void)
{
	u32 i;
	int ret;

	for (i = 0; i < num_numbers; i++) {
		ret = add_channel(numbers[i]);
		if (ret)
			return ret;
	}
	return 0;
}

void plm_channels_load(void)
{
	u32 i;

	if (off)
		pr_info("started with content off\n");
	for (i = 0; !off && i < num_channels; i++)
		plm_firmware_load(channels[i].number);
}

void plm_channels_stop(void)
{
	u32 i;

	mutex_lock(&channel_lock);
	for (i = 0; i < num_channels; i++)
		publish(&channels[i], NULL);
	mutex_unlock(&channel_lock);
}
