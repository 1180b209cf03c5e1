// SPDX-License-Identifier: GPL-2.0-or-later
/* plimsoll compile: from Sigma rules to a content file. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "options.h"
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
	const char *action;
	uint64_t channel;
	struct words expand;
	struct sigma_options options;
	bool keep_going, json;
};

static void print_help(FILE *to)
{
	fputs(help, to);
}

static bool is_action(const char *word, char out_error[BOOT_ERROR_LEN])
{
	snprintf(out_error, BOOT_ERROR_LEN, "no action %s; audit or kill",
		 word);
	return !strcmp(word, "audit") || !strcmp(word, "kill");
}

/* Whether it is a number at all is told later. */
static bool is_not_zero(const char *word, char out_error[BOOT_ERROR_LEN])
{
	snprintf(out_error, BOOT_ERROR_LEN,
		 "channels and versions begin at 1, not at %s", word);
	return !*word || word[strspn(word, "0")];
}

static bool is_assignment(const char *word, char out_error[BOOT_ERROR_LEN])
{
	const char *sign = strchr(word, '=');

	snprintf(out_error, BOOT_ERROR_LEN, "--expand %s is no NAME=VALUE",
		 word);
	return sign && sign > word;
}

/* -1 to go on, or an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	const struct option_row rows[] = {
		{ "o", OPTION_WORD, &a->out, 0, NULL },
		{ "channel", OPTION_NUMBER, &a->channel, PLM_MAX_CHANNEL,
		  is_not_zero },
		{ "content-version", OPTION_NUMBER, &a->options.version,
		  INT64_MAX, is_not_zero },
		{ "action", OPTION_WORD, &a->action, 0, is_action },
		{ "expand", OPTION_WORDS, &a->expand, 0, is_assignment },
		{ "keep-going", OPTION_FLAG, &a->keep_going, 0, NULL },
		{ "json", OPTION_FLAG, &a->json, 0, NULL },
		{ 0 }
	};
	int status = options_read(argc, argv, rows, print_help);

	if (status >= 0)
		return status;
	a->options.channel = (uint32_t)a->channel;
	if (!strcmp(a->action, "kill"))
		a->options.action = PLM_ACTION_KILL;
	if (optind < argc)
		return -1;
	print_help(stderr);
	return VERDICT_USAGE;
}

/* The caller frees their names and them. */
static struct sigma_placeholder *make_placeholders(const struct words *words)
{
	struct sigma_placeholder *all = xcalloc(words->num + 1, sizeof(*all));

	for (size_t i = 0; i < words->num; i++) {
		const char *word = words->items[i];
		const char *sign = strchr(word, '=');

		all[i] = (struct sigma_placeholder){
			xasprintf("%.*s", (int)(sign - word), word), sign + 1,
		};
	}
	return all;
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

static int compile_all(struct arguments *a, int num_paths, char **paths)
{
	struct sigma_placeholder *placeholders = make_placeholders(&a->expand);
	int status;

	a->options.placeholders = (struct sigma_placeholders){
		placeholders, a->expand.num,
	};
	status = compile(a, num_paths, paths);
	for (size_t i = 0; i < a->expand.num; i++)
		free((char *)placeholders[i].name);
	free(placeholders);
	return status;
}

int cmd_compile(int argc, char **argv)
{
	struct arguments a = {
		.action = "audit", .channel = 1,
		.options = { 1, 1, PLM_ACTION_AUDIT, { NULL, 0 }, 0 },
	};
	int status = parse(argc, argv, &a);

	if (status < 0)
		status = compile_all(&a, argc - optind, argv + optind);
	words_free(&a.expand);
	return status;
}
