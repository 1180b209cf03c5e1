// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "vm/interrupt.h"

/* What leaks little must leak often before anybody sees it. */
#define LEAK_TIMES 50000u

/* A kernel that stands still does so anywhere in its loop: where is chance. */
static bool stands_still(const char *kind)
{
	static const char *const kinds[] = {
		"SOFT_LOCKUP", "HARD_LOCKUP", "RCU_STALL",
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

bool kernel_crash_is(const struct kernel_crash *crash,
		     const struct fuzz_outcome *outcome)
{
	return outcome->ending == FUZZ_CRASHED &&
	       !strcmp(crash->kind, outcome->kind) &&
	       (stands_still(crash->kind) ||
		!strcmp(crash->title, outcome->title));
}

static struct kernel_crash *find(const struct kernel_crashes *crashes,
				 const struct fuzz_outcome *outcome)
{
	for (size_t i = 0; i < crashes->num; i++)
		if (kernel_crash_is(crashes->list[i], outcome))
			return crashes->list[i];
	return NULL;
}

void kernel_crashes_add(struct kernel_crashes *crashes, struct fuzz_vm *vm,
			struct fuzz_outcome *outcome, uint64_t executions,
			double seconds)
{
	struct kernel_crash *crash = find(crashes, outcome);

	if (crash) {
		crash->num_seen++;
		return;
	}
	crash = xcalloc(1, sizeof(*crash));
	crash->kind = xstrdup(outcome->kind);
	crash->title = xstrdup(outcome->title);
	crash->text = xstrdup(outcome->text);
	vm_bytes_add(&crash->console, outcome->console.data,
		     outcome->console.len);
	crash->num_seen = 1;
	crash->executions = executions;
	crash->seconds = seconds;
	crash->times = strcmp(crash->kind, "LEAK") ? 1 : LEAK_TIMES;
	fuzz_vm_recent(vm, &crash->recent);
	ARRAY_RESERVE(crashes->list, crashes->num, crashes->cap);
	crashes->list[crashes->num++] = crash;
}

static void free_crash(struct kernel_crash *crash)
{
	free(crash->kind);
	free(crash->title);
	free(crash->text);
	free(crash->console.data);
	fuzz_list_free(&crash->recent);
	fuzz_list_free(&crash->inputs);
	free(crash);
}

void kernel_crashes_free(struct kernel_crashes *crashes)
{
	for (size_t i = 0; i < crashes->num; i++)
		free_crash(crashes->list[i]);
	free(crashes->list);
	*crashes = (struct kernel_crashes){ 0 };
}

const uint8_t *fuzz_list_at(const struct fuzz_list *list, size_t index,
			    struct fuzz_entry *out)
{
	size_t pos = 0;

	for (size_t i = 0; i < list->num; i++) {
		memcpy(out, list->bytes.data + pos, sizeof(*out));
		pos += sizeof(*out);
		if (i == index)
			return list->bytes.data + pos;
		pos += out->len + (-out->len & 7);
	}
	return NULL;
}

/* Those from @first to before @end. */
static void copy_some(const struct fuzz_list *from, size_t first, size_t end,
		      struct fuzz_list *to)
{
	struct fuzz_entry entry;
	const uint8_t *data;

	for (size_t i = first; i < end; i++) {
		data = fuzz_list_at(from, i, &entry);
		if (data)
			fuzz_list_add(to, data, entry.len, entry.ways);
	}
}

/*
 * Do the last @num of what was tried repeat it?  Then they are kept.  The first input
 * is the module's base as well, so that may have to be @base.
 */
static bool last_ones(struct kernel_crash *crash, struct fuzz_lab *lab,
		      const struct kernel_input *base, size_t num)
{
	struct fuzz_list some = { 0 };
	size_t end = crash->recent.num, at = 0;

	if (base)
		fuzz_list_add(&some, base->data, base->len, FUZZ_WAY_DIRECT);
	copy_some(&crash->recent, end - num, end, &some);
	if (!kernel_crash_try(crash, lab, &some, false, &at)) {
		fuzz_list_free(&some);
		return false;
	}
	/* It may well have come sooner than it did the first time. */
	fuzz_list_free(&crash->inputs);
	copy_some(&some, 0, at + 1, &crash->inputs);
	fuzz_list_free(&some);
	return true;
}

/* One alone, or else the fewest that it takes, by halves. */
static bool find_inputs(struct kernel_crash *crash, struct fuzz_lab *lab,
			const struct kernel_input *base)
{
	size_t num = crash->recent.num, fewer;

	/* It may not have taken an input at all: the start of a VM is enough. */
	if (!num)
		return base && last_ones(crash, lab, base, 0);
	if (last_ones(crash, lab, NULL, 1) ||
	    (base && last_ones(crash, lab, base, 1)))
		return true;
	if (num == 1 || !last_ones(crash, lab, base, num))
		return false;
	for (fewer = num / 2; fewer > 1 && last_ones(crash, lab, base, fewer);)
		fewer /= 2;
	return true;
}

/* Each of the last ones very often: the one that leaks is the first to end it. */
static bool find_leak(struct kernel_crash *crash, struct fuzz_lab *lab)
{
	size_t num = crash->recent.num, at = 0;

	if (!num || !kernel_crash_try(crash, lab, &crash->recent, false, &at))
		return false;
	copy_some(&crash->recent, at, at + 1, &crash->inputs);
	return true;
}

static void investigate(struct kernel_crash *crash, struct fuzz_lab *lab,
			const struct kernel_input *base)
{
	struct fuzz_entry entry = { 0 };
	size_t at;

	crash->repeats = crash->times > 1 ? find_leak(crash, lab) :
					    find_inputs(crash, lab, base);
	if (!crash->repeats) {
		copy_some(&crash->recent, 0, crash->recent.num,
			  &crash->inputs);
		return;
	}
	fuzz_list_at(&crash->inputs, crash->inputs.num - 1, &entry);
	crash->first_len = entry.len;
	if (crash->inputs.num == 1 && crash->times == 1)
		kernel_crash_minimise(crash, lab, base);
	crash->confirmed = kernel_crash_try(crash, lab, &crash->inputs, true,
					    &at);
}

void kernel_crash_investigate(struct kernel_crash *crash, struct fuzz_lab *lab,
			      const struct kernel_input *base)
{
	investigate(crash, lab, base);
	crash->tried = !interrupted() && (crash->confirmed || !crash->lost);
}
