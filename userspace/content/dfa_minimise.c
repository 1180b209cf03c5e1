// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The smallest automaton that reports the same: Hopcroft's partition
 * refinement, and a numbering by what inputs in order of classes reach first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/dfa.h"

#define NO_STATE UINT32_MAX

struct partition {
	const struct dfa *dfa;
	uint32_t *back_first;	/* by class and state: lists of predecessors */
	uint32_t *back;
	uint32_t *order, *place;	/* states by block, and where they are */
	uint32_t *block;	/* of each state */
	uint32_t *first, *end;	/* of each block in the order */
	uint32_t *marked;	/* how many of a block's first ones are */
	uint32_t num_blocks;
	uint32_t *work;		/* blocks to split others by */
	uint32_t num_work;
	bool *in_work;
	uint32_t *touched, num_touched;
	uint32_t *splitter;
};

static uint32_t next_of(const struct dfa *dfa, uint32_t state, uint32_t class)
{
	return dfa->next[(size_t)state * dfa->num_classes + class];
}

static void make_back(struct partition *p)
{
	const struct dfa *dfa = p->dfa;
	size_t num = dfa->num_states, width = num + 1;

	p->back_first = xcalloc(dfa->num_classes * width,
				sizeof(*p->back_first));
	p->back = xcalloc(dfa->num_classes * num, sizeof(*p->back));
	for (uint32_t c = 0; c < dfa->num_classes; c++) {
		uint32_t *first = p->back_first + c * width;
		uint32_t *back = p->back + c * num;

		for (uint32_t s = 0; s < num; s++)
			first[next_of(dfa, s, c) + 1]++;
		for (uint32_t s = 0; s < num; s++)
			first[s + 1] += first[s];
		/* Filled from each list's end, which leaves its start. */
		for (uint32_t s = (uint32_t)num; s-- > 0;)
			back[--first[next_of(dfa, s, c) + 1]] = s;
		memmove(first, first + 1, num * sizeof(*first));
		first[num] = (uint32_t)num;
	}
}

static void push_work(struct partition *p, uint32_t block)
{
	if (p->in_work[block])
		return;
	p->in_work[block] = true;
	p->work[p->num_work++] = block;
}

/* Two blocks to begin with: those that report, and those that do not. */
static void first_blocks(struct partition *p)
{
	const struct dfa *dfa = p->dfa;
	uint32_t num = 0;

	for (uint32_t kind = 0; kind < 2; kind++) {
		uint32_t from = num;

		for (uint32_t s = 0; s < dfa->num_states; s++) {
			if ((dfa_num_outs(dfa, s) != 0) != kind)
				continue;
			p->order[num] = s;
			p->place[s] = num++;
			p->block[s] = p->num_blocks;
		}
		if (num == from)
			continue;
		p->first[p->num_blocks] = from;
		p->end[p->num_blocks] = num;
		push_work(p, p->num_blocks++);
	}
}

static void mark(struct partition *p, uint32_t state)
{
	uint32_t block = p->block[state];
	uint32_t to = p->first[block] + p->marked[block];
	uint32_t from = p->place[state], other = p->order[to];

	if (from < to)
		return;
	if (!p->marked[block]++)
		p->touched[p->num_touched++] = block;
	p->order[to] = state;
	p->place[state] = to;
	p->order[from] = other;
	p->place[other] = from;
}

/* The smaller part of a block that is marked in part becomes a new one. */
static void split(struct partition *p, uint32_t block)
{
	uint32_t middle = p->first[block] + p->marked[block];
	uint32_t from = p->first[block], end = middle, new = p->num_blocks;

	p->marked[block] = 0;
	if (middle == p->end[block])
		return;
	if (middle - p->first[block] > p->end[block] - middle) {
		from = middle;
		end = p->end[block];
		p->end[block] = middle;
	} else {
		p->first[block] = middle;
	}
	p->num_blocks++;
	p->first[new] = from;
	p->end[new] = end;
	for (uint32_t i = from; i < end; i++)
		p->block[p->order[i]] = new;
	push_work(p, new);
}

static void split_by(struct partition *p, uint32_t block)
{
	const struct dfa *dfa = p->dfa;
	uint32_t num = p->end[block] - p->first[block];
	size_t width = (size_t)dfa->num_states + 1;

	memcpy(p->splitter, p->order + p->first[block],
	       num * sizeof(*p->splitter));
	for (uint32_t c = 0; c < dfa->num_classes; c++) {
		const uint32_t *first = p->back_first + c * width;
		const uint32_t *back = p->back +
				       (size_t)c * dfa->num_states;

		p->num_touched = 0;
		for (uint32_t i = 0; i < num; i++)
			for (uint32_t k = first[p->splitter[i]];
			     k < first[p->splitter[i] + 1]; k++)
				mark(p, back[k]);
		for (uint32_t i = 0; i < p->num_touched; i++)
			split(p, p->touched[i]);
	}
}

/* The blocks that inputs reach, numbered; the number of each, and how many. */
static uint32_t number_blocks(const struct partition *p, uint32_t *number,
			      uint32_t *state_of)
{
	const struct dfa *dfa = p->dfa;
	uint32_t num = 1;

	memset(number, 0xff, p->num_blocks * sizeof(*number));
	number[p->block[dfa->start]] = 0;
	state_of[0] = dfa->start;
	for (uint32_t i = 0; i < num; i++) {
		for (uint32_t c = 0; c < dfa->num_classes; c++) {
			uint32_t next = next_of(dfa, state_of[i], c);

			if (number[p->block[next]] != NO_STATE)
				continue;
			number[p->block[next]] = num;
			state_of[num++] = next;
		}
	}
	return num;
}

static void rebuild(struct dfa *dfa, const struct partition *p,
		    const uint32_t *number, const uint32_t *state_of,
		    uint32_t num)
{
	struct dfa out = *dfa;

	out.num_states = num;
	out.start = 0;
	out.next = xcalloc((size_t)num * dfa->num_classes, sizeof(*out.next));
	out.out_first = xcalloc((size_t)num + 1, sizeof(*out.out_first));
	out.outs = xcalloc(num, sizeof(*out.outs));
	for (uint32_t i = 0; i < num; i++) {
		for (uint32_t c = 0; c < dfa->num_classes; c++)
			out.next[(size_t)i * dfa->num_classes + c] =
				number[p->block[next_of(dfa, state_of[i], c)]];
		out.out_first[i + 1] = out.out_first[i];
		if (dfa_num_outs(dfa, state_of[i]))
			out.outs[out.out_first[i + 1]++] =
				dfa->outs[dfa->out_first[state_of[i]]];
	}
	dfa_free(dfa);
	*dfa = out;
}

/* Classes that lead to the same states from everywhere become one. */
static void join_classes(struct dfa *dfa)
{
	uint32_t num = 1, old = dfa->num_classes;
	uint32_t number[256] = { 0 }, class_of[256] = { 0 };

	for (uint32_t c = 1; c < old; c++) {
		uint32_t same = 1, s;

		for (; same < num; same++) {
			for (s = 0; s < dfa->num_states; s++)
				if (next_of(dfa, s, class_of[same]) !=
				    next_of(dfa, s, c))
					break;
			if (s == dfa->num_states)
				break;
		}
		number[c] = same;
		if (same == num)
			class_of[num++] = c;
	}
	for (uint32_t s = 0; s < dfa->num_states; s++)
		for (uint32_t c = 0; c < num; c++)
			dfa->next[(size_t)s * num + c] =
				next_of(dfa, s, class_of[c]);
	for (unsigned int byte = 0; byte < 256; byte++)
		dfa->class_map[byte] = (uint8_t)number[dfa->class_map[byte]];
	dfa->num_classes = num;
}

void dfa_minimise(struct dfa *dfa)
{
	uint32_t num = dfa->num_states;
	uint32_t *memory = xcalloc((size_t)num * 11, sizeof(*memory));
	struct partition p = {
		.dfa = dfa, .order = memory, .place = memory + num,
		.block = memory + 2 * num, .first = memory + 3 * num,
		.end = memory + 4 * num, .marked = memory + 5 * num,
		.work = memory + 6 * num, .touched = memory + 7 * num,
		.splitter = memory + 8 * num,
	};
	uint32_t *number = memory + 9 * num, *state_of = memory + 10 * num;

	p.in_work = xcalloc(num, sizeof(*p.in_work));
	make_back(&p);
	first_blocks(&p);
	while (p.num_work) {
		uint32_t block = p.work[--p.num_work];

		p.in_work[block] = false;
		split_by(&p, block);
	}
	num = number_blocks(&p, number, state_of);
	rebuild(dfa, &p, number, state_of, num);
	join_classes(dfa);
	free(memory);
	free(p.in_work);
	free(p.back_first);
	free(p.back);
}
