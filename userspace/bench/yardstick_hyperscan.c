// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/yardstick.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What the callback must know of a criterion. */
struct wanted {
	uint32_t op, len;
};

struct yardstick {
	hs_database_t *databases[PLM_MAX_INPUTS];
	hs_scratch_t *scratch;
	struct wanted *wanted;	/* by criterion */
	uint32_t *holds;	/* a bit each */
	uint32_t *held;		/* those with a bit, to take it back */
	uint32_t num_held;
	uint32_t len;		/* of the input at hand */
};

/* All texts of one input, as Hyperscan takes them. */
struct literals {
	const char **texts;
	size_t *lens;
	unsigned int *flags, *ids;
	unsigned int num;
};

static void literals_init(struct literals *l, size_t num)
{
	l->texts = xcalloc(num, sizeof(*l->texts));
	l->lens = xcalloc(num, sizeof(*l->lens));
	l->flags = xcalloc(num, sizeof(*l->flags));
	l->ids = xcalloc(num, sizeof(*l->ids));
	l->num = 0;
}

static void literals_free(struct literals *l)
{
	free(l->texts);
	free(l->lens);
	free(l->flags);
	free(l->ids);
}

static void add(struct literals *l, uint32_t id, const struct plm_criterion *c)
{
	unsigned int flags = c->op == PLM_OP_ENDSWITH ? 0 : HS_FLAG_SINGLEMATCH;

	if (!(c->flags & PLM_FLAG_CASED))
		flags |= HS_FLAG_CASELESS;
	l->texts[l->num] = (const char *)c->text.data;
	l->lens[l->num] = c->text.len;
	l->flags[l->num] = flags;
	l->ids[l->num++] = id;
}

static int compile(struct yardstick *y, uint32_t input,
		   const struct literals *l)
{
	hs_compile_error_t *error = NULL;

	if (!l->num)
		return 0;
	if (hs_compile_lit_multi(l->texts, l->flags, l->ids, l->lens, l->num,
				 HS_MODE_BLOCK, NULL, &y->databases[input],
				 &error) != HS_SUCCESS) {
		hs_free_compile_error(error);
		return -1;
	}
	return hs_alloc_scratch(y->databases[input], &y->scratch) == HS_SUCCESS
		       ? 0 : -1;
}

struct yardstick *yardstick_new(const struct plm_content *content,
				const char **out_why)
{
	struct yardstick *y = xcalloc(1, sizeof(*y));
	uint32_t num = plm_num_criteria(content);
	struct plm_criterion c;
	struct literals l;
	int err = 0;

	y->wanted = xcalloc(num + 1, sizeof(*y->wanted));
	y->holds = xcalloc(num / 32 + 1, sizeof(*y->holds));
	y->held = xcalloc(num + 1, sizeof(*y->held));
	literals_init(&l, num + 1);
	for (uint32_t input = 0; input < PLM_MAX_INPUTS && !err; input++) {
		l.num = 0;
		for (uint32_t i = 0; plm_get_criterion(content, i, &c); i++) {
			if (c.input != input || !plm_op_is_string(c.op) ||
			    c.op == PLM_OP_PATTERN)
				continue;
			y->wanted[i] = (struct wanted){ c.op, c.text.len };
			add(&l, i, &c);
		}
		err = compile(y, input, &l);
	}
	literals_free(&l);
	if (!err)
		return y;
	*out_why = "Hyperscan does not compile these texts";
	yardstick_free(y);
	return NULL;
}

void yardstick_free(struct yardstick *y)
{
	if (!y)
		return;
	for (size_t i = 0; i < PLM_MAX_INPUTS; i++)
		hs_free_database(y->databases[i]);
	hs_free_scratch(y->scratch);
	free(y->wanted);
	free(y->holds);
	free(y->held);
	free(y);
}

size_t yardstick_bytes(const struct yardstick *y)
{
	size_t sum = 0, len;

	for (size_t i = 0; i < PLM_MAX_INPUTS; i++)
		if (y->databases[i] &&
		    hs_database_size(y->databases[i], &len) == HS_SUCCESS)
			sum += len;
	return sum;
}

static int on_match(unsigned int id, unsigned long long from,
		    unsigned long long to, unsigned int flags, void *context)
{
	struct yardstick *y = context;
	const struct wanted *w = &y->wanted[id];
	uint32_t bit = (uint32_t)1 << (id % 32);

	(void)from;
	(void)flags;
	if ((w->op == PLM_OP_STARTSWITH || w->op == PLM_OP_EQUALS) &&
	    to != w->len)
		return 0;
	if ((w->op == PLM_OP_ENDSWITH || w->op == PLM_OP_EQUALS) &&
	    to != y->len)
		return 0;
	if (!(y->holds[id / 32] & bit))
		y->held[y->num_held++] = id;
	y->holds[id / 32] |= bit;
	return 0;
}

const uint32_t *yardstick_scan(struct yardstick *y,
			       const struct plm_event *event)
{
	while (y->num_held) {
		uint32_t id = y->held[--y->num_held];

		y->holds[id / 32] &= ~((uint32_t)1 << (id % 32));
	}
	for (uint32_t i = 0; i < event->num_values; i++) {
		const struct plm_value *value = &event->values[i];

		if (!y->databases[i] || value->kind != PLM_VALUE_STRING)
			continue;
		y->len = value->len;
		if (hs_scan(y->databases[i], (const char *)value->data,
			    value->len, 0, y->scratch, on_match, y) !=
		    HS_SUCCESS)
			abort();
	}
	return y->holds;
}
