// SPDX-License-Identifier: GPL-2.0-or-later
/* Neighbours of a target's candidate, each through the target's own steps. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "vm/damage.h"
#include "vm/guest/init_target.h"

#define TOLD_AT_ONCE 256

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

struct told_list {
	struct vm_told list[TOLD_AT_ONCE];
	size_t count, at_once;
};

static void add_told(struct guest *guest, const struct step *step,
		     struct told_list *told, bool last)
{
	if (told->count && (last || told->count >= told->at_once)) {
		report(guest, VM_RESULT_TOLD, step, 0, told->list,
		       told->count * sizeof(told->list[0]));
		told->count = 0;
	}
}

/* One neighbour: written, loaded, used where it was accepted, undone. */
static int try_neighbour(const char *path, const struct damage_base *base,
			 const struct vm_edit *edits, size_t num, uint8_t *bad,
			 struct vm_told *out)
{
	size_t len = damage_apply(base, edits, num, bad);
	int err = target_put_file(path, bad, len);

	if (err)
		return err;
	out->told = target_once_more(true, &out->error);
	return 0;
}

int step_target_neighbours(struct guest *guest, const struct step *step)
{
	static struct told_list told;
	enum target_told before = target_loaded();
	const char *path = step->texts[0];
	const uint64_t harm = figures_harm();
	bool cried = false;
	uint64_t end = now_ms() + step->head.a;
	struct damage_base base = { 0 };
	struct vm_edit edits[VM_MAX_EDITS];
	uint8_t *good, *recipes, *bad;
	size_t len, pos = 0, num;
	int err = read_whole(path, &good, &base.len);

	if (!err)
		err = read_whole(step->texts[1], &recipes, &len);
	if (err)
		return err;
	base.data = good;
	bad = malloc(damage_room(&base));
	if (!bad)
		return ENOMEM;
	told.count = 0;
	told.at_once = step->head.b && step->head.b < TOLD_AT_ONCE ?
		       step->head.b : TOLD_AT_ONCE;
	while (!err && !cried && (!step->head.a || now_ms() < end) &&
	       (num = next_recipe(recipes, len, &pos, edits))) {
		err = try_neighbour(path, &base, edits, num, bad,
				    &told.list[told.count]);
		told.count += !err;
		add_told(guest, step, &told, false);
		/* One by one they are tried to find out which one it was. */
		cried = told.at_once == 1 && figures_harm() != harm;
	}
	add_told(guest, step, &told, true);
	if (!err)
		err = target_put_file(path, good, base.len);
	if (!err)
		err = target_once_at_last(before);
	free(bad);
	free(recipes);
	free(good);
	return err;
}
