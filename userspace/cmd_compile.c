// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll compile: from Sigma rules to a content file. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "report/stage.h"
#include "sigma/compile.h"
#include "sigma/files.h"
#include "verbs.h"

static const char help[] =
	"usage: plimsoll compile [OPTION]... RULE.yml|DIR...\n\n"
	"Compile Sigma rules, and all *.yml and *.yaml below folders, into one\n"
	"content file.  Unless every rule compiles, nothing is written.\n\n"
	"  -o OUT.plm            default: the channel's number and .plm\n"
	"  --channel N           1 to 9999; default 1\n"
	"  --content-version N   from 1; default 1\n"
	"  --action audit|kill   what a match does; default audit\n"
	"  --expand NAME=VALUE   a value of %NAME% for the modifier expand;\n"
	"                        repeatable, also for one name\n"
	"  --keep-going          leave out what can't be compiled\n"
	"  --json                one JSON document on standard output\n"
	"  --help                this text\n";

struct arguments {
	const char *out;
	struct sigma_options options;
	struct sigma_placeholder *placeholders;
	size_t cap_placeholders;
	bool keep_going, json;
};

/* A whole decimal number within bounds, or false. */
static bool parse_number(const char *text, uint64_t min, uint64_t max,
			 uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return !errno && !*end && *out >= min && *out <= max;
}

static bool parse_action(const char *text, uint32_t *out)
{
	*out = !strcmp(text, "kill") ? PLM_ACTION_KILL : PLM_ACTION_AUDIT;
	return *out == PLM_ACTION_KILL || !strcmp(text, "audit");
}

/* "NAME=VALUE": split in place, so that both live as long as argv. */
static bool add_placeholder(struct arguments *a, char *text)
{
	char *value = strchr(text, '=');

	if (!value || value == text)
		return false;
	*value++ = 0;
	ARRAY_RESERVE(a->placeholders, a->options.placeholders.num,
		      a->cap_placeholders);
	a->placeholders[a->options.placeholders.num++] =
		(struct sigma_placeholder){ text, value };
	a->options.placeholders.items = a->placeholders;
	return true;
}

static bool parse_option(struct arguments *a, int option, char *value)
{
	uint64_t number = 0;
	bool fine = true;

	switch (option) {
	case 'o':
		a->out = value;
		break;
	case 'c':
		fine = parse_number(value, 1, PLM_MAX_CHANNEL, &number);
		a->options.channel = (uint32_t)number;
		break;
	case 'v':
		fine = parse_number(value, 1, INT64_MAX, &a->options.version);
		break;
	case 'a':
		fine = parse_action(value, &a->options.action);
		break;
	case 'e':
		fine = add_placeholder(a, value);
		break;
	case 'k':
		a->keep_going = true;
		break;
	case 'j':
		a->json = true;
		break;
	default:
		return false;
	}
	if (!fine)
		fprintf(stderr, "plimsoll compile: '%s' is not a valid %s\n",
			value, option == 'c' ? "channel" : option == 'v' ?
			"content version" : option == 'e' ? "NAME=VALUE" :
			"action");
	return fine;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "channel", required_argument, NULL, 'c' },
		{ "content-version", required_argument, NULL, 'v' },
		{ "action", required_argument, NULL, 'a' },
		{ "expand", required_argument, NULL, 'e' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return VERDICT_PASS;
		}
		if (!parse_option(a, option, optarg))
			return VERDICT_USAGE;
	}
	if (optind < argc)
		return -1;
	fputs(help, stderr);
	return VERDICT_USAGE;
}

static int find_files(struct sigma_files *files, int num_paths, char **paths)
{
	for (int i = 0; i < num_paths; i++) {
		int err = sigma_files_add(files, paths[i]);

		if (err) {
			fprintf(stderr, "plimsoll: %s: %s\n", paths[i],
				strerror(-err));
			return VERDICT_UNKNOWN;
		}
	}
	sigma_files_sort(files);
	if (files->num)
		return VERDICT_PASS;
	fputs("plimsoll: no *.yml or *.yaml was found\n", stderr);
	return VERDICT_FAIL;
}

static void print_refusals(const struct sigma_compilation *c)
{
	for (size_t i = 0; i < c->num_refusals; i++) {
		const struct sigma_refusal *r = &c->refusals[i];

		if (*r->path)
			fprintf(stderr, "%s:%zu:%zu: ", r->path,
				r->error.at.line, r->error.at.column);
		fprintf(stderr, "error: %s [%s]\n", r->error.text,
			sigma_code_name(r->error.code));
	}
}

static json_t *rules_json(const struct sigma_compilation *c)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < c->num_sources; i++) {
		const struct sigma_source *s = &c->sources[i];

		if (s->refused)
			continue;
		json_array_append_new(rules, json_pack("{so so so sI sI sI}",
			"id", document_text(s->rule.id),
			"title", document_text(s->rule.title),
			"file", document_text(s->path),
			"line", (json_int_t)s->at.line,
			"steps", (json_int_t)s->rule.steps,
			"bytes", (json_int_t)s->rule.bytes));
	}
	return rules;
}

static json_t *refusals_json(const struct sigma_compilation *c)
{
	json_t *refused = json_array();

	for (size_t i = 0; i < c->num_refusals; i++) {
		const struct sigma_refusal *r = &c->refusals[i];

		json_array_append_new(refused, json_pack(
			"{so so sI sI ss so}",
			"file", *r->path ? document_text(r->path) :
					   json_null(),
			"rule", r->rule ? document_text(r->rule) : json_null(),
			"line", (json_int_t)r->error.at.line,
			"column", (json_int_t)r->error.at.column,
			"code", sigma_code_name(r->error.code),
			"text", document_text(r->error.text)));
	}
	return refused;
}

/* @out: the path of the file that was written, or NULL. */
static int print_json(const struct arguments *a,
		      const struct sigma_compilation *c, size_t num_compiled,
		      const char *out, enum verdict verdict)
{
	char *digest = out ? digest_of(c->data, c->len) : NULL;
	json_t *json = json_pack(
		"{ss so sI so sI sI sI sI so so}",
		"verdict", verdict_name(verdict),
		"file", out ? document_text(out) : json_null(),
		"bytes", (json_int_t)(out ? c->len : 0),
		"digest", digest ? json_string(digest) : json_null(),
		"channel", (json_int_t)a->options.channel,
		"version", (json_int_t)a->options.version,
		"num_rules", (json_int_t)c->num_rules,
		"num_compiled", (json_int_t)num_compiled,
		"rules", rules_json(c),
		"refused", refusals_json(c));

	free(digest);
	return document_print(json);
}

static size_t count_compiled(const struct sigma_compilation *c)
{
	size_t num = 0;

	for (size_t i = 0; i < c->num_sources; i++)
		num += !c->sources[i].refused;
	return num;
}

/* What rules have of the memory: on average, and the one that has most. */
static void print_memory(const struct sigma_compilation *c)
{
	const struct sigma_rule *most = NULL;
	uint64_t sum = 0, num = 0;

	for (size_t i = 0; i < c->num_sources; i++) {
		const struct sigma_rule *rule = &c->sources[i].rule;

		if (c->sources[i].refused)
			continue;
		sum += rule->bytes;
		num++;
		if (!most || rule->bytes > most->bytes)
			most = rule;
	}
	fprintf(stderr, "%" PRIu64 " bytes a rule, at most %" PRIu64 " (%s)\n",
		sum / num, most->bytes, most->id);
}

/* What rules a file holds that can't be read nobody can tell. */
static bool all_read(const struct sigma_compilation *c)
{
	for (size_t i = 0; i < c->num_refusals; i++)
		if (c->refusals[i].error.code == SIGMA_FILE_UNREADABLE)
			return false;
	return true;
}

/* Write what was compiled, unless something is missing that must not be. */
static enum verdict finish(const struct arguments *a,
			   const struct sigma_compilation *c, const char *out)
{
	size_t num_compiled = count_compiled(c);
	enum verdict verdict = all_read(c) ? VERDICT_FAIL : VERDICT_UNKNOWN;
	int err = 0;

	if (verdict == VERDICT_FAIL && c->data && (a->keep_going || !c->num_refusals)) {
		err = file_write_to(out, c->data, c->len);
		verdict = err ? VERDICT_UNKNOWN : VERDICT_PASS;
	}
	print_refusals(c);
	fprintf(stderr, "%zu of %zu rules compiled", num_compiled,
		c->num_rules);
	if (err)
		fprintf(stderr, "; %s could not be written: %s\n", out,
			strerror(-err));
	else if (verdict == VERDICT_PASS)
		fprintf(stderr, " into %s, %zu bytes\n", out, c->len);
	else
		fputs("; nothing was written\n", stderr);
	if (verdict == VERDICT_PASS)
		print_memory(c);
	if (a->json && print_json(a, c, num_compiled,
				  verdict == VERDICT_PASS ? out : NULL,
				  verdict))
		return VERDICT_UNKNOWN;
	return verdict;
}

static int compile(const struct arguments *a, int num_paths, char **paths)
{
	struct sigma_compilation compilation;
	struct sigma_files files = { 0 };
	int status = find_files(&files, num_paths, paths);
	char *out;

	if (status == VERDICT_PASS) {
		out = a->out ? xstrdup(a->out) :
			       xasprintf("%u.plm", a->options.channel);
		sigma_compile(&compilation, (const char *const *)files.paths,
			      files.num, &a->options);
		status = finish(a, &compilation, out);
		sigma_compilation_free(&compilation);
		free(out);
	}
	sigma_files_free(&files);
	return status;
}

int cmd_compile(int argc, char **argv)
{
	struct arguments a = {
		.options = { 1, 1, PLM_ACTION_AUDIT, { NULL, 0 }, 0 },
	};
	int status = parse(argc, argv, &a);

	if (status < 0)
		status = compile(&a, argc - optind, argv + optind);
	free(a.placeholders);
	return status;
}
