// SPDX-License-Identifier: GPL-2.0-or-later
/* Two automata walked at once; and what can be said of one. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/dfa.h"

struct merger {
	struct dfa *out;
	const struct dfa *a, *b;
	uint32_t of_a[256], of_b[256];	/* the classes of each class */
	uint32_t *pairs;	/* states of both, by state */
	uint32_t *table;	/* hash table of states, + 1 */
	uint32_t table_len, max_states;
	size_t cap_outs, num_outs;
};

/* A class for each pair of classes that some byte has. */
static bool merge_classes(struct merger *m)
{
	struct dfa *out = m->out;

	out->num_classes = 1;
	for (unsigned int byte = 0; byte < 256; byte++) {
		uint32_t class = 1;

		while (class < out->num_classes &&
		       (m->of_a[class] != m->a->class_map[byte] ||
			m->of_b[class] != m->b->class_map[byte]))
			class++;
		if (class > 255)
			return false;
		if (class == out->num_classes)
			out->num_classes++;
		m->of_a[class] = m->a->class_map[byte];
		m->of_b[class] = m->b->class_map[byte];
		out->class_map[byte] = (uint8_t)class;
	}
	return true;
}

/* The state of a pair; max_states where there is no room for it. */
static uint32_t state_of(struct merger *m, uint32_t a, uint32_t b)
{
	uint64_t hash = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
	uint32_t at = (uint32_t)(hash >> 32), state;

	for (; (state = m->table[at & (m->table_len - 1)]); at++)
		if (m->pairs[2 * (state - 1)] == a &&
		    m->pairs[2 * (state - 1) + 1] == b)
			return state - 1;
	state = m->out->num_states;
	if (state == m->max_states)
		return state;
	m->table[at & (m->table_len - 1)] = ++m->out->num_states;
	m->pairs[2 * state] = a;
	m->pairs[2 * state + 1] = b;
	return state;
}

static bool merge_states(struct merger *m)
{
	struct dfa *out = m->out;

	out->start = state_of(m, m->a->start, m->b->start);
	for (uint32_t s = 0; s < out->num_states; s++) {
		const uint32_t *a = m->a->next + (size_t)m->pairs[2 * s] *
				    m->a->num_classes;
		const uint32_t *b = m->b->next + (size_t)m->pairs[2 * s + 1] *
				    m->b->num_classes;

		for (uint32_t c = 0; c < out->num_classes; c++) {
			uint32_t next = state_of(m, a[m->of_a[c]],
						 b[m->of_b[c]]);

			if (next == m->max_states)
				return false;
			out->next[(size_t)s * out->num_classes + c] = next;
		}
	}
	return true;
}

static void put_out(struct merger *m, uint32_t output)
{
	ARRAY_RESERVE(m->out->outs, m->num_outs, m->cap_outs);
	m->out->outs[m->num_outs++] = output;
}

static bool merge_outputs(struct merger *m, uint32_t max_outputs)
{
	struct dfa *out = m->out;

	out->out_first = xcalloc((size_t)out->num_states + 1,
				 sizeof(*out->out_first));
	for (uint32_t s = 0; s < out->num_states; s++) {
		const struct dfa *of[2] = { m->a, m->b };
		uint32_t i[2], end[2];

		for (int k = 0; k < 2; k++) {
			i[k] = of[k]->out_first[m->pairs[2 * s + k]];
			end[k] = of[k]->out_first[m->pairs[2 * s + k] + 1];
		}
		while (i[0] < end[0] || i[1] < end[1]) {
			int k = i[0] == end[0] ||
				(i[1] < end[1] &&
				 of[1]->outs[i[1]] < of[0]->outs[i[0]]);

			put_out(m, of[k]->outs[i[k]++]);
		}
		if (m->num_outs - out->out_first[s] > max_outputs)
			return false;
		out->out_first[s + 1] = (uint32_t)m->num_outs;
	}
	return true;
}

bool dfa_merge(struct dfa *out, const struct dfa *a, const struct dfa *b,
	       uint32_t max_cells, uint32_t max_outputs)
{
	struct merger m = { .out = out, .a = a, .b = b, .table_len = 1 };
	bool done = false;

	memset(out, 0, sizeof(*out));
	if (!merge_classes(&m))
		return false;
	m.max_states = max_cells / out->num_classes;
	while (m.table_len < 2 * (m.max_states + 1))
		m.table_len *= 2;
	m.table = xcalloc(m.table_len, sizeof(*m.table));
	m.pairs = xcalloc((size_t)m.max_states + 1, 2 * sizeof(*m.pairs));
	out->next = xcalloc((size_t)m.max_states + 1, out->num_classes *
			    sizeof(*out->next));
	done = m.max_states && merge_states(&m) &&
	       merge_outputs(&m, max_outputs);
	free(m.table);
	free(m.pairs);
	if (!done)
		dfa_free(out);
	return done;
}

/* Does any of the inputs without a report end so? */
static bool ends_silent(const struct dfa *dfa)
{
	bool *seen = xcalloc(dfa->num_states, sizeof(*seen));
	uint32_t *list = xcalloc(dfa->num_states, sizeof(*list));
	uint32_t num = 1;
	bool found = false;

	list[0] = dfa->start;
	seen[dfa->start] = true;
	for (uint32_t i = 0; i < num && !found; i++) {
		const uint32_t *row = dfa->next + (size_t)list[i] *
				      dfa->num_classes;

		found = !dfa_num_outs(dfa, row[0]);
		for (uint32_t c = 1; c < dfa->num_classes; c++) {
			if (seen[row[c]] || dfa_num_outs(dfa, row[c]))
				continue;
			seen[row[c]] = true;
			list[num++] = row[c];
		}
	}
	free(seen);
	free(list);
	return found;
}

bool dfa_always(const struct dfa *dfa)
{
	return !ends_silent(dfa);
}

bool dfa_never(const struct dfa *dfa)
{
	return !dfa->out_first[dfa->num_states];
}
