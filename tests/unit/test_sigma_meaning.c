// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does a content file say what its rules say?  Compiled rules and the rules as
 * they are written are put to the same events, a million pairs and more.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/machine.h"
#include "sigma/compile.h"
#include "sigma/files.h"
#include "tests/unit/naive/naive.h"
/* Not in the library of the tests: those of the core have no YAML. */
#include "tests/unit/naive/naive.c"
#include "tests/unit/lib/chance.h"

#define NUM_INPUTS 10

/* Rules that were written, and what was made of them. */
struct rules {
	struct tree_file *files;
	size_t num_files;
	const struct tree_node **documents;	/* in the order of the file */
	const struct plm_template *template;
	struct sigma_compilation compilation;
	struct plm_content content;
	struct machine machine;
	uint64_t num_pairs, num_matched, *matched;
};

static const struct tree_node *document_of(const struct rules *r,
					   const struct plm_rule *rule)
{
	for (size_t i = 0; i < r->num_files; i++) {
		for (size_t k = 0; k < r->files[i].num_documents; k++) {
			const struct tree_node *document =
				r->files[i].documents[k];
			const struct tree_node *name = tree_get(document, "id");
			const struct plm_text *wanted = &rule->id;

			if (!name) {
				name = tree_get(document, "title");
				wanted = &rule->title;
			}
			if (name->len == wanted->len &&
			    !memcmp(name->text, wanted->data, name->len))
				return document;
		}
	}
	fail_msg("a rule that nobody wrote");
	return NULL;
}

static void rules_load(struct rules *r, const char *path)
{
	static const struct sigma_options options = {
		.channel = 1, .version = 1, .action = PLM_ACTION_AUDIT,
	};
	struct sigma_files files = { 0 };
	struct plm_fault fault;
	struct plm_rule rule;

	memset(r, 0, sizeof(*r));
	assert_int_equal(sigma_files_add(&files, path), 0);
	sigma_files_sort(&files);
	r->files = xcalloc(files.num, sizeof(*r->files));
	r->num_files = files.num;
	for (size_t i = 0; i < files.num; i++) {
		struct sigma_error error;
		uint8_t *data;
		size_t len;

		assert_int_equal(file_read(files.paths[i], 1 << 20, &data,
					   &len), 0);
		assert_int_equal(tree_load(&r->files[i], data, len, &error),
				 0);
		free(data);
	}
	sigma_compile(&r->compilation, (const char *const *)files.paths,
		      files.num, &options);
	sigma_files_free(&files);
	for (size_t i = 0; i < r->compilation.num_refusals; i++)
		fail_msg("%s: %s", r->compilation.refusals[i].path,
			 r->compilation.refusals[i].error.text);
	assert_int_equal(plm_check(r->compilation.data,
				   (u32)r->compilation.len, 0, &r->content,
				   &fault), PLM_OK);
	r->template = plm_template_find(PLM_PROCESS_CREATION_ID);
	r->documents = xcalloc(plm_num_rules(&r->content),
			       sizeof(*r->documents));
	r->matched = xcalloc(plm_num_rules(&r->content), sizeof(*r->matched));
	for (uint32_t i = 0; plm_get_rule(&r->content, i, &rule); i++)
		r->documents[i] = document_of(r, &rule);
	machine_init(&r->machine, &r->content);
}

static void rules_free(struct rules *r)
{
	for (size_t i = 0; i < r->num_files; i++)
		tree_free(&r->files[i]);
	free(r->files);
	free(r->documents);
	free(r->matched);
	machine_free(&r->machine);
	sigma_compilation_free(&r->compilation);
}

/* Events */

struct event_texts {
	struct plm_value values[NUM_INPUTS];
	char texts[NUM_INPUTS][400];
	size_t lens[NUM_INPUTS];
	bool exact;		/* nothing is changed on purpose */
};

static void put(struct event_texts *e, uint32_t input, char c)
{
	if (e->lens[input] < sizeof(e->texts[input]))
		e->texts[input][e->lens[input]++] = c;
}

static void put_text(struct event_texts *e, uint32_t input, const char *text)
{
	while (*text)
		put(e, input, *text++);
}

/* A value with its wildcards filled in and, at times, letters changed. */
static void put_value(struct event_texts *e, uint32_t input,
		      const struct tree_node *value)
{
	static const char fill[] = "ax/ -*?\\.0";
	/* The last ones are no UTF-8. */
	static const char *const letters[] = { "\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x90\xa7", "\xc3\xa9\xc3\xa9", "\xc3", "\x80" };

	for (size_t i = 0; i < value->len; i++) {
		char c = value->text[i];

		if (c == '*')
			for (uint32_t k = below(4); k > 0; k--)
				put(e, input, fill[below(sizeof(fill) - 1)]);
		else if (c == '?' && !below(3))
			put_text(e, input, letters[below(ARRAY_LEN(letters))]);
		else if (c == '?' || (!e->exact && !below(80)))
			put(e, input, fill[below(sizeof(fill) - 1)]);
		else if (!e->exact && !below(20))
			put_text(e, input, c == '-' ? "\xe2\x80\x93" : "");
		else if (!below(30) && c >= 'a' && c <= 'z')
			put(e, input, (char)(c - 32));
		else if (c != '\\' || i + 1 == value->len ||
			 !strchr("*?\\", value->text[i + 1]))
			put(e, input, c);
		else
			put(e, input, value->text[++i]);
	}
}

/* Texts for expressions and encodings, which are not made from the rule. */
static const char *const extras[] = {
	" -F ", " -O ", "-R 00 11 \"", " -W '0a0b0c' ", "/etc/x.conf", "Zm9v",
	"mb28", "Zvbw", "Zm9vYmFy", "a", "AB", " ab12 ", "12", "x1y", "-x", "/x",
	"\xe2\x80\x95x", "YQBiA", "EAYg", "hAGIA", "foo", "A b",
};

static void put_extra(struct event_texts *e, uint32_t input)
{
	static const char wide[] = "a\0b", big[] = "\0a\0b";
	uint32_t which = below(ARRAY_LEN(extras) + 2);

	if (which < ARRAY_LEN(extras))
		put_text(e, input, extras[which]);
	for (size_t i = 0; which == ARRAY_LEN(extras) && i < 4; i++)
		put(e, input, wide[i]);
	for (size_t i = 0; which == ARRAY_LEN(extras) + 1 && i < 4; i++)
		put(e, input, big[i]);
}

static uint32_t input_named(const struct rules *r, const char *key)
{
	size_t len = strcspn(key, "|");

	for (uint32_t i = 0; i < NUM_INPUTS; i++)
		if (strlen(r->template->shape.inputs[i].name) == len &&
		    !strncmp(r->template->shape.inputs[i].name, key, len))
			return i;
	return below(7);	/* a keyword: any of the texts */
}

/* The same with something put in: too many groups, zeros, colons. */
static void put_spoilt(struct event_texts *e, uint32_t input, const char *text)
{
	static const char *const more[] = { ":5", "::", "0", "5:", ".1", ":" };
	uint32_t at = below((uint32_t)strlen(text) + 1);

	for (uint32_t i = 0; i < at; i++)
		put(e, input, text[i]);
	put_text(e, input, more[below(ARRAY_LEN(more))]);
	put_text(e, input, text + at);
}

/* An address in the network, or one bit beside it, in one of its spellings. */
static void put_address(struct event_texts *e, uint32_t input,
			const struct tree_node *network)
{
	bool six = strchr(network->text, ':');
	char text[INET6_ADDRSTRLEN] = "";
	unsigned char a[16] = { 0 };
	int bits = six ? 128 : 32, flip;

	sscanf(network->text, "%45[^/]/%d", text, &bits);
	assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, text, a), 1);
	for (int i = bits; i < (six ? 128 : 32); i++)
		if (below(3) == 0 && (i / 16 != 5 || below(2)))
			a[i / 8] ^= 128 >> i % 8;
	flip = (int)below(six ? 128 : 32);
	if (!e->exact || !below(4))
		a[flip / 8] ^= 128 >> flip % 8;
	if (!six || below(2))
		inet_ntop(six ? AF_INET6 : AF_INET, a, text, sizeof(text));
	else if (below(2))
		snprintf(text, sizeof(text), "%x:%04X:%x:%x:%X:%02x:%x:%x",
			 a[0] << 8 | a[1], a[2] << 8 | a[3], a[4] << 8 | a[5],
			 a[6] << 8 | a[7], a[8] << 8 | a[9], a[10] << 8 | a[11],
			 a[12] << 8 | a[13], a[14] << 8 | a[15]);
	else
		snprintf(text, sizeof(text), below(2) ? "%x:%x::%x:%x:%x" :
			 "%x:%x::7:8:%x:%x:%x", a[0] << 8 | a[1],
			 a[2] << 8 | a[3], a[10] << 8 | a[11],
			 a[12] << 8 | a[13], a[14] << 8 | a[15]);
	if (e->exact || below(2))
		put_text(e, input, text);
	else
		put_spoilt(e, input, text);
}

/* What the field has, the other one has as well, or nearly. */
static void use_other(struct event_texts *e, const struct rules *r,
		      uint32_t input, const struct tree_node *value)
{
	uint32_t other = input_named(r, value->text);
	uint32_t from = 0, num;

	if (!e->lens[input])
		put_text(e, input, "/x1 Ab");
	num = (uint32_t)e->lens[input];
	if (e->values[other].kind != PLM_VALUE_ABSENT || !below(5))
		return;
	e->values[other].kind = PLM_VALUE_STRING;
	if (!below(3))
		from = below(num + 1);
	else if (!below(3))
		num = below(num + 1);
	for (uint32_t i = from; i < num; i++) {
		char c = e->texts[input][i];

		put(e, other, !below(20) && c >= 'a' && c <= 'z' ?
			      (char)(c - 32) : c);
	}
}

static void use_entry(struct event_texts *e, const struct rules *r,
		      const char *key, const struct tree_node *value)
{
	uint32_t input = input_named(r, key);
	struct plm_value *v = &e->values[input];

	if (value->kind == TREE_LIST && value->num_items)
		value = value->items[below((uint32_t)value->num_items)];
	if (value->kind != TREE_TEXT)
		return;
	if (r->template->shape.inputs[input].type == PLM_TYPE_NUMBER &&
	    strstr(key, "|fieldref"))
		return;
	if (r->template->shape.inputs[input].type == PLM_TYPE_NUMBER) {
		v->kind = PLM_VALUE_NUMBER;
		v->number = strtoull(value->text, NULL, 10) +
			    (e->exact ? 0 : below(3) - 1);
		return;
	}
	v->kind = PLM_VALUE_STRING;
	if (strstr(key, "|fieldref")) {
		use_other(e, r, input, value);
		return;
	}
	if (strstr(key, "|cidr")) {
		if (!e->lens[input])
			put_address(e, input, value);
		return;
	}
	if (strstr(key, "|re") || strstr(key, "64") || strstr(key, "wide") ||
	    strstr(key, "utf16") || (!e->exact && !below(8)))
		put_extra(e, input);
	else if (!e->exact && !below(3))
		put(e, input, " /x"[below(3)]);
	put_value(e, input, value);
	if (!e->exact && !below(4))
		put(e, input, " /x"[below(3)]);
}

static void use_selection(struct event_texts *e, const struct rules *r,
			  const struct tree_node *selection)
{
	if (selection->kind == TREE_LIST && selection->num_items)
		selection = selection->items
			[below((uint32_t)selection->num_items)];
	if (selection->kind == TREE_TEXT)
		use_entry(e, r, "", selection);
	if (selection->kind != TREE_MAP)
		return;
	for (size_t i = 0; i < selection->num_items; i += 2) {
		uint32_t times = !strstr(selection->items[i]->text, "|all") ?
				 1u + (!e->exact && !below(6)) :
				 1 + (uint32_t)selection->items[i + 1]
						->num_items;

		for (; (e->exact || below(12)) && times > 0; times--)
			use_entry(e, r, selection->items[i]->text,
				  selection->items[i + 1]);
	}
}

/* About one of the rules, and not too close to it. */
static void make_event(struct event_texts *e, const struct rules *r)
{
	uint32_t which = below(plm_num_rules(&r->content));
	const struct tree_node *detection = tree_get(r->documents[which],
						     "detection");

	memset(e->values, 0, sizeof(e->values));
	memset(e->lens, 0, sizeof(e->lens));
	e->exact = below(2);
	for (size_t i = 0; i < detection->num_items; i += 2)
		if (strcmp(detection->items[i]->text, "condition") && below(4))
			use_selection(e, r, detection->items[i + 1]);
	for (uint32_t i = 0; i < NUM_INPUTS; i++) {
		struct plm_value *v = &e->values[i];
		bool number = r->template->shape.inputs[i].type ==
			      PLM_TYPE_NUMBER;

		if (v->kind == PLM_VALUE_ABSENT && below(2)) {
			v->kind = number ? PLM_VALUE_NUMBER : PLM_VALUE_STRING;
			v->number = number ? below(9) : 0;
			if (!number && below(3))
				put_extra(e, i);
		}
		if (v->kind != PLM_VALUE_STRING)
			continue;
		v->data = (const u8 *)e->texts[i];
		v->len = (u32)e->lens[i];
	}
}

/* What the file says, a bit for each rule. */
static void ask_file(struct rules *r, const struct event_texts *e, bool *says)
{
	struct plm_event event = { PLM_PROCESS_CREATION_ID, NUM_INPUTS,
				   e->values };
	u32 rule, budget = 1 << 20;

	memset(says, 0, plm_num_rules(&r->content));
	assert_int_equal(plm_eval_begin(&r->content, &event, &r->machine.scratch,
					&budget, &rule), PLM_OK);
	while (plm_eval_next(&r->machine.scratch, &rule)) {
		budget = 1 << 20;
		assert_int_equal(plm_eval_rule(&r->content, &event,
					       &r->machine.scratch, rule, &budget,
					       &says[rule]), PLM_OK);
	}
	plm_eval_end(&r->machine.scratch);
}

static void compare(struct rules *r, const struct event_texts *e)
{
	bool *says = xcalloc(plm_num_rules(&r->content), sizeof(*says));
	struct plm_rule rule;

	ask_file(r, e, says);
	for (uint32_t i = 0; plm_get_rule(&r->content, i, &rule); i++) {
		bool naive = naive_matches(r->documents[i], r->template,
					   e->values);

		if (naive != says[i]) {
			for (uint32_t k = 0; k < NUM_INPUTS; k++)
				fprintf(stderr, "%s: kind %u, %llu '%.*s'\n",
					r->template->shape.inputs[k].name,
					e->values[k].kind, (unsigned long long)
					e->values[k].number,
					(int)e->lens[k], e->texts[k]);
			fail_msg("rule %.*s, line %zu: as written %d, compiled "
				 "%d", (int)rule.id.len, rule.id.data,
				 r->documents[i]->at.line, naive, says[i]);
		}
		r->matched[i] += naive;
		r->num_matched += naive;
	}
	r->num_pairs += plm_num_rules(&r->content);
	free(says);
}

static void compare_many(struct rules *r, uint64_t num_pairs)
{
	struct event_texts *e = xcalloc(1, sizeof(*e));

	while (r->num_pairs < num_pairs) {
		make_event(e, r);
		compare(r, e);
	}
	free(e);
}

/* Random rules */

static const char *const values[] = {
	"a", "AB", "/x", "-x", " -a b", "a*b", "?x", "*1?", "a\\*", "\\\\x",
	"ab12", "foo", "*", "x y", "é", "a?*", "/a -b", "b\\", "1",
};

/* @kind as in the choices below. */
static void write_value(FILE *f, char kind)
{
	const char *value;

	do
		value = values[below(ARRAY_LEN(values))];
	while ((kind != 'v' && strpbrk(value, "*?\\")) ||
	       (kind == 'o' && strlen(value) < 2));
	fprintf(f, "'%s'", value);
}

static const char *const regexes[] = {
	"a.b", "^a", "x$", "(a|b)1+", "[a-f0-9]{2,3}", "\\d\\d", "-x|/x",
	"[^a]b", "^(foo|ab)", "a?x", ".",
};

static const char *const networks[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.3.128/25", "127.0.0.1",
	"0.0.0.0/0", "9.255.252.0/22", "100.64.0.0/10", "fe80::/10", "::1",
	"::/0", "2001:db8::/32", "2001:db8:0:0:8000::/66", "fc00::/7",
	"2001:db8:0:5::/64", "::/96", "1:0:0:2::/63", "::ab:0:0:0/80",
	"0:0:0:1:0:0:0:0/127", "64:ff9b::/96", "2002::/17",
};

/* Some modifiers, and what a value may then be. */
static const struct {
	const char *text;
	char kind;	/* v: any value, p: without wildcards, o: and not
			 * too short, r: expression, n: network, f: field, e: true or false */
} choices[] = {
	{ "", 'v' }, { "|contains", 'v' }, { "|startswith", 'v' },
	{ "|endswith", 'v' }, { "|contains|all", 'v' }, { "|cased", 'v' },
	{ "|contains|cased", 'v' }, { "|neq", 'v' }, { "|neq|contains", 'v' },
	{ "|windash", 'v' }, { "|windash|contains", 'v' },
	{ "|windash|contains|all", 'v' }, { "|base64|contains", 'p' },
	{ "|base64offset|contains", 'o' }, { "|wide|contains", 'p' },
	{ "|utf16be|contains", 'p' }, { "|utf16|startswith", 'p' },
	{ "|wide|base64offset|contains", 'p' },
	{ "|cased|base64offset|contains", 'o' }, { "|re", 'r' },
	{ "|re|i", 'r' }, { "|re|s", 'r' }, { "|cidr", 'n' },
	{ "|cidr|neq", 'n' }, { "|fieldref", 'f' }, { "|fieldref|neq", 'f' },
	{ "|fieldref|startswith", 'f' }, { "|endswith|fieldref", 'f' },
	{ "|fieldref|cased", 'f' }, { "|cased|fieldref|startswith", 'f' }, { "|exists", 'e' },
};

/* Modifiers that say how a value is compared need one. */
static bool takes_null(const char *modifiers)
{
	return !strstr(modifiers, "contains") && !strstr(modifiers, "with") &&
	       !strstr(modifiers, "windash");
}

static void write_entry(FILE *f)
{
	static const char *const fields[] = { "Image", "CommandLine", "User",
					      "" };
	static const char *const others[] = { "ParentImage", "ParentUser",
					      "ParentCommandLine",
					      "CurrentDirectory" };
	static const char *const numeric[] = { "", "|lt", "|lte", "|gt",
					       "|gte", "|neq" };
	uint32_t which = below(ARRAY_LEN(choices)), num = 1 + below(3);
	const char *field;
	char kind = choices[which].kind;

	if (!below(8)) {
		if (below(4))
			fprintf(f, "ProcessId%s: %u\n", numeric[below(6)],
				below(6));
		else
			fputs("ProcessId|fieldref: [LogonId, ParentProcessId]"
			      "\n", f);
		return;
	}
	field = fields[below(strchr("enf", kind) || below(3) ? 3 : 4)];
	fprintf(f, "'%s%s': ", field, choices[which].text);
	if (kind == 'e') {
		fprintf(f, "%s\n", below(2) ? "true" : "false");
		return;
	}
	fputs("[", f);
	for (uint32_t i = 0; i < num; i++) {
		fputs(i ? ", " : "", f);
		if (kind == 'r')
			fprintf(f, "'%s'", regexes[below(ARRAY_LEN(regexes))]);
		else if (kind == 'f')
			fputs(others[below(4)], f);
		else if (kind == 'n')
			fprintf(f, "'%s'", networks[below(ARRAY_LEN(networks))]);
		else if (kind == 'v' && !below(12))
			fputs(below(2) && *field &&
			      takes_null(choices[which].text) ? "null" : "''",
			      f);
		else
			write_value(f, kind);
	}
	fputs("]\n", f);
}

static void write_selection(FILE *f, const char *name)
{
	bool list = !below(4);

	fprintf(f, "    %s:\n", name);
	if (list && !below(3)) {
		fputs("        - ", f);
		write_value(f, 'v');
		fputs("\n", f);
	}
	for (uint32_t i = 1 + below(2); i > 0; i--) {
		fputs(list ? "        - " : "        ", f);
		write_entry(f);
		if (!list)
			break;	/* one field twice would be one key twice */
	}
}

static void write_rule(FILE *f, uint32_t number)
{
	static const char *const conditions[] = {
		"sel_a", "sel_a and sel_b", "sel_a or not sel_b",
		"not (sel_a and sel_b) and other", "1 of sel_*",
		"all of sel_* and not other", "2 of them", "any of them",
		"not 1 of sel_*", "sel_a or sel_b and not other",
		"[sel_a and other, sel_b]",
	};

	fprintf(f, "---\ntitle: random\nid: 00000000-0000-0000-0000-%012u\n"
		"logsource: {category: process_creation}\ndetection:\n",
		number);
	write_selection(f, "sel_a");
	write_selection(f, "sel_b");
	write_selection(f, "other");
	fprintf(f, "    condition: %s\n",
		conditions[below(ARRAY_LEN(conditions))]);
}

/* A rule that says nothing, or always the same, is none: write another one. */
static void write_good_rule(FILE *f, uint32_t number)
{
	for (;;) {
		char *text = NULL;
		size_t len = 0;
		FILE *memory = open_memstream(&text, &len);
		uint64_t steps = SIGMA_MAX_STEPS;
		struct sigma_rule rule = { 0 };
		struct tree_file tree;
		struct sigma_error error;
		int status;

		write_rule(memory, number);
		fclose(memory);
		if (tree_load(&tree, (uint8_t *)text, len, &error))
			fail_msg("%s: %s", text, error.text);
		status = sigma_rule_compile(&rule, tree.documents[0], NULL,
					    &steps, &error);
		if (status && error.code != SIGMA_CONSTANT)
			fail_msg("%s: %s", text, error.text);
		sigma_rule_free(&rule);
		tree_free(&tree);
		if (!status)
			fwrite(text, 1, len, f);
		free(text);
		if (!status)
			return;
	}
}

static void test_random_rules(void **state)
{
	char path[] = "/tmp/plimsoll-rules-XXXXXX.yml";
	uint64_t num_pairs = 0, num_matched = 0;
	uint32_t num_rounds;

	(void)state;
	/* A million pairs, whether there are published rules or not. */
	num_rounds = getenv("SIGMA_DATA") ? 20 : 90;
	for (uint32_t round = 0; round < num_rounds; round++) {
		struct rules rules;
		int fd;
		FILE *f;

		memcpy(strstr(path, "rules-") + 6, "XXXXXX", 6);
		fd = mkstemps(path, 4);
		assert_true(fd >= 0);
		f = fdopen(fd, "w");
		chance_seed(4711 + round);
		for (uint32_t i = 0; i < 100; i++)
			write_good_rule(f, i);
		assert_int_equal(fclose(f), 0);
		rules_load(&rules, path);
		compare_many(&rules, 10000);
		unlink(path);
		num_pairs += rules.num_pairs;
		num_matched += rules.num_matched;
		rules_free(&rules);
	}
	assert_true(num_pairs >= 200000);
	assert_true(num_matched > num_pairs / 20);
	assert_true(num_matched < num_pairs - num_pairs / 20);
}

/* Every rule of a folder matches some of the events. */
static void compare_folder(const char *path, uint64_t num_pairs)
{
	struct rules rules;

	rules_load(&rules, path);
	chance_seed(17);
	compare_many(&rules, num_pairs);
	for (uint32_t i = 0; i < plm_num_rules(&rules.content); i++)
		if (!rules.matched[i])
			fail_msg("%s never matched", tree_get(
				 rules.documents[i], "title")->text);
	assert_true(rules.num_matched < rules.num_pairs / 2);
	rules_free(&rules);
}

static void test_own_rules(void **state)
{
	(void)state;
	compare_folder("tests/samples/rules", 50000);
}

static void test_constructs(void **state)
{
	(void)state;
	compare_folder("tests/samples/constructs/linux.yml", 90000);
	compare_folder("tests/samples/constructs/windows.yml", 40000);
}

static void test_published_rules(void **state)
{
	const char *path = getenv("SIGMA_DATA");

	(void)state;
	/* Without them the random rules make up the number. */
	if (path)
		compare_folder(path, 670000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_rules),
		cmocka_unit_test(test_own_rules),
		cmocka_unit_test(test_constructs),
		cmocka_unit_test(test_published_rules),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
