// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/candidate.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "plm_content.h"
#include "report/stage.h"
#include "vm/damage.h"
#include "vm/neighbours.h"
#include "vm/realise.h"

#define DEFAULT_CHANNEL 1
#define FOREIGN_MAX_LEN ((size_t)64 << 20)

/*
 * Executions of one VM.  Of every rule one event that must match and one near
 * miss are always among them; the other forms of them while there is room.
 */
#define MAX_EVENTS 4000

/* A file that is no content file at all still has to be offered somewhere. */
static uint32_t channel_of(const struct candidate *candidate)
{
	uint32_t channel = 0;

	if (candidate->len >= PLM_HDR_CHANNEL + 4)
		channel = plm_le32(candidate->data + PLM_HDR_CHANNEL);
	return channel && channel <= PLM_MAX_CHANNEL ? channel :
						       DEFAULT_CHANNEL;
}

static struct asked *add_asked(struct candidate *candidate)
{
	ARRAY_RESERVE(candidate->asked, candidate->num_asked,
		      candidate->cap_asked);
	candidate->asked[candidate->num_asked] =
		(struct asked){ .of = candidate };
	return &candidate->asked[candidate->num_asked++];
}

static void add_goodware(struct candidate *candidate)
{
	for (size_t i = 0; i < num_goodware; i++) {
		struct asked *asked = add_asked(candidate);

		asked->good = &goodware[i];
		realise_goodware(&goodware[i], &asked->execution);
	}
}

static void add_event(struct candidate *candidate,
		      const struct synth_event *event, bool first, bool room)
{
	struct asked *asked = add_asked(candidate);

	asked->synth = event;
	asked->first = first;
	realise_event(&event->event, &asked->execution, &asked->reason);
	if (!first && !room && !asked->reason)
		asked->reason = "the VM has enough events of this rule";
}

static void add_events(struct candidate *candidate)
{
	const struct synth *synth = &candidate->synth;
	bool *seen = xcalloc(candidate->model.num_rules + 1, 2);
	size_t room = MAX_EVENTS;

	for (size_t i = 0; i < synth->num_events; i++) {
		const struct synth_event *event = &synth->events[i];
		bool *of_rule = &seen[2 * event->rule + event->expect];

		add_event(candidate, event, !*of_rule, room > 0);
		*of_rule = true;
		room -= room > 0;
	}
	free(seen);
}

/* Everything that follows from the bytes, which are the candidate's now. */
static void fill(struct candidate *candidate, uint8_t *data, size_t len)
{
	candidate->data = data;
	candidate->len = len;
	candidate->digest = digest_of(data, len);
	candidate->channel = channel_of(candidate);
	candidate->err = plm_check(data, (u32)len, 0, &candidate->content,
				   &candidate->fault);
	add_goodware(candidate);
	if (candidate->err != PLM_OK)
		return;
	model_decode(&candidate->model, &candidate->content);
	synth_make(&candidate->synth, &candidate->model);
	add_events(candidate);
}

int candidate_load(struct candidate *candidate, const char *path)
{
	uint8_t *data;
	size_t len;
	int err = file_read(path, PLM_MAX_FILE_LEN + 1, &data, &len);

	*candidate = (struct candidate){ .path = path };
	if (!err)
		fill(candidate, data, len);
	return err;
}

/* A machine that had the same rules before, one version older. */
static void stand_in(struct candidate *candidate)
{
	uint64_t version = candidate->content.version;
	uint8_t *data;

	if (candidate->err != PLM_OK)
		return;
	version -= version > 1;
	data = xmemdup(candidate->data, candidate->len);
	damage_put(data + PLM_HDR_CONTENT_VERSION, (uint32_t)version);
	damage_put(data + PLM_HDR_CONTENT_VERSION + 4,
		   (uint32_t)(version >> 32));
	damage_seal(data, candidate->len);
	candidate->old = xcalloc(1, sizeof(*candidate->old));
	candidate->old->path = candidate->path;
	candidate->stands_in = true;
	fill(candidate->old, data, candidate->len);
}

int candidate_load_foreign(struct candidate *candidate, const char *path)
{
	int err;

	*candidate = (struct candidate){ .path = path, .err = PLM_BAD_MAGIC };
	err = file_read(path, FOREIGN_MAX_LEN, &candidate->data,
			&candidate->len);
	if (!err)
		candidate->digest = digest_of(candidate->data, candidate->len);
	return err;
}

int candidate_baseline(struct candidate *candidate, const char *path)
{
	int err;

	neighbours_make(candidate);
	if (!path) {
		stand_in(candidate);
		return 0;
	}
	candidate->old = xcalloc(1, sizeof(*candidate->old));
	err = candidate_load(candidate->old, path);
	if (err)
		return err;
	candidate->baseline = path;
	candidate->baseline_digest = xstrdup(candidate->old->digest);
	return 0;
}

void candidate_free(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->num_asked; i++)
		execution_free(&candidate->asked[i].execution);
	free(candidate->asked);
	if (candidate->old)
		candidate_free(candidate->old);
	free(candidate->old);
	free(candidate->neighbours);
	if (candidate->data && candidate->err == PLM_OK) {
		synth_free(&candidate->synth);
		model_free(&candidate->model);
	}
	free(candidate->baseline_digest);
	free(candidate->digest);
	free(candidate->data);
	*candidate = (struct candidate){ 0 };
}

enum plm_err candidate_fault(const struct candidate *candidate,
			     uint32_t channel, struct plm_fault *out_fault)
{
	*out_fault = candidate->fault;
	if (candidate->err != PLM_OK || candidate->content.channel == channel)
		return candidate->err;
	*out_fault = (struct plm_fault){ .off = PLM_HDR_CHANNEL,
					 .rule = PLM_NO_RULE };
	return PLM_WRONG_CHANNEL;
}

enum plm_err candidate_expect(const struct candidate *candidate,
			      const struct consumer *consumer,
			      struct plm_fault *out_fault)
{
	if (candidate->err != PLM_OK || !consumer) {
		*out_fault = candidate->fault;
		return candidate->err;
	}
	return plm_check_supply(&candidate->content, consumer->list,
				consumer->num_supplies, out_fault);
}

char *candidate_rule(const struct candidate *candidate, uint32_t rule)
{
	struct plm_rule found;

	if (candidate->err == PLM_OK &&
	    plm_get_rule(&candidate->content, rule, &found))
		return xstrndup((const char *)found.id.data, found.id.len);
	return xasprintf("rule %u", rule);
}

bool candidate_kills(const struct candidate *candidate, uint32_t rule)
{
	struct plm_rule found;

	return candidate->err == PLM_OK &&
	       plm_get_rule(&candidate->content, rule, &found) &&
	       found.action == PLM_ACTION_KILL;
}
