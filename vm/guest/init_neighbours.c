// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Spoilt forms of a content file, made here from recipes: thousands of files
 * come in the place of one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plimsoll_uapi.h"
#include "vm/damage.h"
#include "vm/guest/init.h"

#define OFFERED_AT_ONCE 1024

struct attack {
	struct guest *guest;
	const struct step *step;
	uint32_t flags;			/* of the replacement */
	struct damage_base base;
	const uint8_t *recipes;
	size_t pos, len;
	uint8_t *bad;			/* damage_room() bytes */
	struct vm_refusal list[OFFERED_AT_ONCE];
	size_t count;
	size_t use_from, use_to;	/* steps of the script */
	size_t at_once;			/* answers */
};

size_t next_recipe(const uint8_t *recipes, size_t len, size_t *pos,
		   struct vm_edit *out_edits)
{
	size_t num = 0;

	while (num < VM_MAX_EDITS && len - *pos >= sizeof(*out_edits)) {
		memcpy(&out_edits[num], recipes + *pos, sizeof(*out_edits));
		*pos += sizeof(*out_edits);
		if (!(out_edits[num++].flags & VM_EDIT_MORE))
			break;
	}
	return num;
}

static void tell(struct attack *attack)
{
	if (attack->count)
		report(attack->guest, VM_RESULT_REFUSALS, attack->step, 0,
		       attack->list, attack->count * sizeof(attack->list[0]));
	attack->count = 0;
	device_drain(attack->guest, attack->step);
}

static int offer(struct attack *attack, const struct vm_edit *edits, size_t num)
{
	struct plimsoll_replace done;
	size_t len = damage_apply(&attack->base, edits, num, attack->bad);
	/* A length of zero would take the content out: that is no file. */
	int err = len ? content_replace(attack->guest, attack->step->head.a,
					attack->flags, attack->bad, len,
					&done) : ENODATA;

	attack->list[attack->count++] = (struct vm_refusal){
		.error = err,
		.err = len ? done.err : 0,
		.fault_off = len ? done.fault_off : 0,
		.fault_rule = len ? done.fault_rule : 0,
	};
	return err;
}

/* What was taken is used. */
static void use(struct attack *attack)
{
	struct step step;
	struct vm_executed done;
	size_t pos = attack->use_from;

	tell(attack);
	while (next_step(attack->guest, &pos, attack->use_to, &step)) {
		execute_one(&step, &done);
		device_drain(attack->guest, attack->step);
		report(attack->guest, VM_RESULT_EXECUTED, attack->step, 0,
		       &done, sizeof(done));
	}
}

static int run(struct attack *attack)
{
	const uint64_t harm = figures_harm();
	struct vm_edit edits[VM_MAX_EDITS];
	bool cried = false;
	size_t num;

	attack->bad = malloc(damage_room(&attack->base));
	if (!attack->bad)
		return ENOMEM;
	while (!cried && (num = next_recipe(attack->recipes, attack->len,
					    &attack->pos, edits))) {
		int err = offer(attack, edits, num);

		if (!err && attack->use_to > attack->use_from)
			use(attack);
		else if (attack->count >= attack->at_once)
			tell(attack);
		/* One by one they are tried to find out which one it was. */
		cried = attack->at_once == 1 && figures_harm() != harm;
	}
	tell(attack);
	free(attack->bad);
	return 0;
}

static int read_files(struct attack *attack)
{
	const struct content_file *good, *recipes, *old;
	char **texts = attack->step->texts;
	int err = content_file(texts[0], &good);

	if (!err)
		err = content_file(texts[1], &recipes);
	if (err)
		return err;
	attack->base = (struct damage_base){ .data = good->data,
					     .len = good->len };
	attack->recipes = recipes->data;
	attack->len = recipes->len;
	attack->pos = 0;
	/* A baseline need not be; an empty one is none. */
	if (texts[2] && !content_file(texts[2], &old) && old->len) {
		attack->base.old = old->data;
		attack->base.old_len = old->len;
	}
	return 0;
}

static int begin(struct guest *guest, const struct step *step, uint32_t flags,
		 struct attack **out)
{
	static struct attack attack;

	attack.guest = guest;
	attack.step = step;
	attack.flags = flags;
	attack.count = 0;
	attack.at_once = OFFERED_AT_ONCE;
	attack.use_from = attack.use_to = guest->pos;
	*out = &attack;
	return read_files(&attack);
}

int step_neighbours(struct guest *guest, const struct step *step)
{
	struct attack *attack;
	int err = begin(guest, step, 0, &attack);

	return err ? err : run(attack);
}

/* Whatever ran before, an older version is no reason to refuse. */
int step_attack(struct guest *guest, const struct step *step)
{
	struct step kept = *step, skipped;
	struct attack *attack;
	char *texts[] = { step->texts[0], step->texts[1], step->texts[2],
			  NULL };
	size_t at_once = strtoul(step->texts[3], NULL, 10);
	int err;

	/* Texts of other steps come to lie where these do. */
	kept.texts = texts;
	err = begin(guest, &kept, PLIMSOLL_REPLACE_ROLLBACK, &attack);
	for (uint32_t i = 0; i < step->head.b; i++)
		if (!next_step(guest, &guest->pos, guest->script_len, &skipped))
			return EINVAL;
	attack->use_to = guest->pos;
	if (at_once && at_once < OFFERED_AT_ONCE)
		attack->at_once = at_once;
	return err ? err : run(attack);
}
