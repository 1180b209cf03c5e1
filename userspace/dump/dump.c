// SPDX-License-Identifier: GPL-2.0-or-later
#include "dump/dump.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "content/cost.h"
#include "content/machine.h"

#define WIDTH	79

const char *dump_action(uint32_t action)
{
	return action == PLM_ACTION_KILL ? "kill" : "audit";
}

const char *dump_level(uint32_t level)
{
	static const char *const names[] = {
		"informational", "low", "medium", "high", "critical",
	};
	uint32_t index = level - PLM_LEVEL_INFORMATIONAL;

	return index < ARRAY_LEN(names) ? names[index] : "unknown";
}

/* Print a text whose newlines are spaces where a line may be broken. */
static void print_wrapped(FILE *out, const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int len = (int)strcspn(text, "\n");

		if (column > indent && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", len, text);
		column += len;
		text += len + (text[len] == '\n');
	}
	putc('\n', out);
}

static void print_quoted(FILE *out, const char *label,
			 const struct model_text *text)
{
	char *quoted = dump_quote(text->data, text->len);

	fprintf(out, "  %-10s%s\n", label, quoted);
	free(quoted);
}

static void print_header(const struct dump *d, FILE *out)
{
	const struct plm_content *c = &d->loaded->content;
	char *digest = digest_of(d->loaded->data, d->loaded->len);

	fprintf(out, "%s: %zu bytes, %s\n", d->path, d->loaded->len, digest);
	fprintf(out, "channel %u, content version %llu, format version %u\n",
		c->channel, (unsigned long long)c->version,
		PLM_FORMAT_VERSION);
	fprintf(out, "%u rules, %u criteria, %u automata; "
		"%u rules are evaluated on every event\n",
		plm_num_rules(c), plm_num_criteria(c), plm_num_automata(c),
		c->num_always);
	fprintf(out, "memory: %zu bytes of content, %zu beside it, %zu on each "
		"processor\n", d->loaded->len, machine_shared_len(c),
		machine_scratch_len(c));
	free(digest);
}

static void print_templates(const struct dump *d, FILE *out)
{
	struct plm_template_ref t;

	for (u32 i = 0; plm_get_template(&d->loaded->content, i, &t); i++) {
		const struct plm_template *known = plm_template_find(t.id);

		fprintf(out, "\ntemplate %s (%u): %u rules, needs inputs up to "
			"%s (%u of %u), shape %016llx\n", known->name, t.id,
			t.num_rules, t.num_inputs ?
			known->shape.inputs[t.num_inputs - 1].name : "none",
			t.num_inputs, known->shape.num_inputs,
			(unsigned long long)t.shape);
	}
}

static void print_rules(const struct dump *d, FILE *out)
{
	uint64_t *bytes = cost_of_rules(&d->loaded->content);

	for (size_t i = 0; i < d->model.num_rules; i++) {
		const struct model_rule *rule = &d->model.rules[i];
		char *condition = dump_condition(&d->model, rule,
			dump_max_condition(d->model.num_rules));

		fprintf(out, "\nrule %zu: %.*s\n", i, (int)rule->id.len,
			(const char *)rule->id.data);
		print_quoted(out, "title", &rule->title);
		print_quoted(out, "tags", &rule->tags);
		fprintf(out, "  %-10s%s, on %s, level %s\n", "action",
			dump_action(rule->action), rule->template->name,
			dump_level(rule->level));
		fprintf(out, "  %-10s%llu bytes\n", "memory",
			(unsigned long long)bytes[i]);
		fprintf(out, "  %-10s", "when");
		print_wrapped(out, condition, 12);
		free(condition);
	}
	free(bytes);
}

static void print_criteria(const struct dump *d, FILE *out)
{
	struct plm_criterion c;

	putc('\n', out);
	for (u32 i = 0; plm_get_criterion(&d->loaded->content, i, &c); i++) {
		char *text = dump_criterion(&d->model.criteria[i]);

		fprintf(out, "criterion %u: %s; triggers %u rules\n", i, text,
			c.num_triggers);
		free(text);
	}
}

static void print_automata(const struct dump *d, FILE *out)
{
	const struct plm_content *c = &d->loaded->content;
	struct plm_template_ref t;
	struct plm_automaton a;

	putc('\n', out);
	for (u32 i = 0; plm_get_automaton(c, i, &a); i++) {
		plm_get_template(c, a.template_index, &t);
		fprintf(out, "automaton %u: %s%s: %u states (%u with a row, "
			"%u silent), %u classes, %u edges, %u outputs, "
			"%zu bytes\n", i,
			plm_template_find(t.id)->shape.inputs[a.input].name,
			a.flags & PLM_FLAG_CASED ? " cased" : "",
			a.num_states, a.num_dense, a.num_hot, a.num_classes,
			a.num_edges, a.num_outputs, (size_t)a.tables_len * 4);
	}
}

void dump_text(const struct dump *dump, FILE *out)
{
	print_header(dump, out);
	print_templates(dump, out);
	print_rules(dump, out);
	print_criteria(dump, out);
	print_automata(dump, out);
}
