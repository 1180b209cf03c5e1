// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/in_kernel.h"
#include "report/document.h"
#include "vm/interrupt.h"

#define NAME_LEN 60
#define DIGEST_LEN 8

static void unknown(struct stage *stage, const char *code, const char *text)
{
	stage_finding(stage, SEVERITY_UNKNOWN, code, NOWHERE, "%s", text);
}

/* "KASAN: slab-out-of-bounds in f" as a part of a file's name. */
static char *slug_of(const struct kernel_crash *crash, const char *digest)
{
	char *name = xasprintf("%s-%s", crash->kind, crash->title);
	char *slug;
	size_t len = 0;

	for (const char *p = name; *p && len < NAME_LEN; p++) {
		if (isalnum((unsigned char)*p) || *p == '_')
			name[len++] = (char)tolower((unsigned char)*p);
		else if (len && name[len - 1] != '-')
			name[len++] = '-';
	}
	while (len && name[len - 1] == '-')
		len--;
	slug = xasprintf("%.*s-%.*s", (int)len, name, DIGEST_LEN,
			 digest + strlen("sha256:"));
	free(name);
	return slug;
}

static bool write_file(const char *path, const void *data, size_t len)
{
	int err = file_write(path, data, len);

	if (err)
		fprintf(stderr, "plimsoll: %s: %s\n", path, strerror(-err));
	return !err;
}

/* A path as an argument for a shell. */
static char *quoted(const char *text)
{
	struct vm_bytes out = { 0 };

	if (!text[strcspn(text, " \t\n\"'\\$`&|;<>()*?[]#~!{}")])
		return xstrdup(text);
	vm_bytes_add(&out, "'", 1);
	for (; *text; text++) {
		if (*text == '\'')
			vm_bytes_add(&out, "'\\'", 3);
		vm_bytes_add(&out, text, 1);
	}
	vm_bytes_add(&out, "'", 2);
	return (char *)out.data;
}

static void add_option(char **command, const char *option, const char *value)
{
	char *word = value ? quoted(value) : NULL;
	char *longer = word ? xasprintf("%s %s %s", *command, option, word) :
			      xstrdup(*command);

	free(word);
	free(*command);
	*command = longer;
}

/* What was tried before comes before: the last is the file itself. */
static char *repeat_command(const struct kernel_crash *crash,
			    const struct kernel_place *place,
			    char *const *paths, size_t num)
{
	char *command = xasprintf("plimsoll fuzz --in-kernel --repeat %u",
				  crash->times);

	add_option(&command, "--target", place->target);
	add_option(&command, "--kernel", place->kernel);
	add_option(&command, "--consumer", place->consumer);
	for (size_t i = 0; i + 1 < num; i++)
		add_option(&command, "--before", paths[i]);
	if (num)
		add_option(&command, "--", paths[num - 1]);
	return command;
}

/* Write its inputs; their paths, an array of the caller's. */
static char **keep_inputs(const struct kernel_crash *crash,
			  const struct kernel_place *place, const char *slug)
{
	size_t num = crash->inputs.num;
	char **paths = xcalloc(num + 1, sizeof(*paths));
	struct fuzz_entry entry;
	const uint8_t *data;

	for (size_t i = 0; i < num; i++) {
		data = fuzz_list_at(&crash->inputs, i, &entry);
		paths[i] = i + 1 == num ?
			xasprintf("%s/%s", place->dir, slug) :
			xasprintf("%s/%s.before-%02zu", place->dir, slug, i);
		write_file(paths[i], data, entry.len);
	}
	return paths;
}

static const char *how_sure(const struct kernel_crash *crash)
{
	return crash->confirmed ? "confirmed by a cold boot" :
	       !crash->tried ? "not known whether it repeats" :
	       crash->repeats ? "repeats, but not in a VM that was booted" :
				"does not repeat";
}

/* The kernel's report for people, with all that the VM's console said. */
static void keep_text(const struct kernel_crash *crash, const char *path,
		      const char *command)
{
	char *text = xasprintf("%s: %s\n%s; VMs that it ended: %llu\n%s\n\n%s\n\nconsole:\n%.*s",
			       crash->kind, crash->title, how_sure(crash),
			       (unsigned long long)crash->num_seen, command,
			       crash->text, (int)crash->console.len,
			       crash->console.len ?
				       (const char *)crash->console.data : "");
	char *file = xasprintf("%s.txt", path);

	write_file(file, text, strlen(text));
	free(file);
	free(text);
}

static json_t *crash_json(const struct kernel_crash *crash, char *const *paths,
			  const char *command, size_t len)
{
	json_t *files = json_array();

	for (size_t i = 0; i < crash->inputs.num; i++)
		json_array_append_new(files, document_text(paths[i]));
	return json_pack("{ss so so si si so sb sb si sI sI sf so}", "kind",
			 crash->kind, "title", document_text(crash->title),
			 "files", files, "len", (int)len, "found_len",
			 (int)crash->first_len, "how_sure",
			 json_string(how_sure(crash)), "repeats",
			 crash->repeats, "confirmed", crash->confirmed,
			 "vms_to_tell", (int)crash->num_vms, "vms_ended",
			 (json_int_t)crash->num_seen, "executions",
			 (json_int_t)crash->executions, "seconds",
			 crash->seconds, "repeat", document_text(command));
}

static void add_finding(const struct kernel_crash *crash, const char *path,
			const char *command, struct stage *stage)
{
	bool reported = strcmp(crash->kind, "LEAK") &&
			strcmp(crash->kind, "HANG") &&
			strcmp(crash->kind, "DISAGREE");
	char *code = xasprintf("%s%s", reported ? "KERNEL_" : "", crash->kind);
	struct place place = NOWHERE;

	place.file = path;
	stage_finding(stage, SEVERITY_FAIL, code, place,
		      "%s; %s; after %llu executions, %.0f s; repeat: %s",
		      crash->title, how_sure(crash),
		      (unsigned long long)crash->executions, crash->seconds,
		      command);
	free(code);
}

void kernel_report_crash(const struct kernel_crash *crash,
			 const struct kernel_place *place, struct stage *stage)
{
	struct fuzz_entry entry = { 0 };
	size_t num = crash->inputs.num;
	const uint8_t *data = num ? fuzz_list_at(&crash->inputs, num - 1,
						 &entry) : NULL;
	char *digest = digest_of(data ? data : (const uint8_t *)"", entry.len);
	char *slug = slug_of(crash, digest);
	char **paths = keep_inputs(crash, place, slug);
	char *command = repeat_command(crash, place, paths, num);
	char *path = xasprintf("%s/%s", place->dir, slug);

	keep_text(crash, path, command);
	add_finding(crash, num ? path : NULL, command, stage);
	json_array_append_new(json_object_get(stage->evidence, "crashes"),
			      crash_json(crash, paths, command, entry.len));
	for (size_t i = 0; i < num; i++)
		free(paths[i]);
	free(paths);
	free(path);
	free(command);
	free(slug);
	free(digest);
}

/* Each of these means that nothing can be said of what was not found. */
static void add_doubts(const struct kernel_explore *explore,
		       struct stage *stage)
{
	const struct fuzz_counts *c = &explore->counts;

	if (interrupted())
		unknown(stage, "INTERRUPTED", "interrupted");
	if (explore->num_lost)
		stage_finding(stage, SEVERITY_UNKNOWN, "VM_LOST", NOWHERE,
			      "%zu of %zu VMs: %s", explore->num_lost,
			      explore->num_vms, explore->why_lost);
	if (!c->num_executions && !explore->crashes.num)
		unknown(stage, "NOTHING_TRIED", "no input was tried");
	else if (c->num_executions && !c->num_points)
		unknown(stage, "NO_COVERAGE",
			"KCOV saw nothing: was the module built for this kernel, with KCOV_INSTRUMENT := y in its Kbuild?");
	else if (c->num_executions && !c->num_accepted)
		stage_finding(stage, SEVERITY_WARNING, "NONE_ACCEPTED",
			      NOWHERE, "no input was accepted, the file itself included: what comes after that was not tried");
}

/* On a busy machine the second is longer than what the VMs have of it. */
static double rate_of(const struct fuzz_counts *counts, double seconds)
{
	return seconds > 0 ? (double)counts->num_executions / seconds : 0;
}

void kernel_report_explore(const struct kernel_explore *explore,
			   struct stage *stage)
{
	const struct fuzz_counts *c = &explore->counts;
	double rate = rate_of(c, explore->took);
	json_t *json = json_pack(
		"{sI sI sI sI sI si si si si si sf sf sf sf}", "executions",
		(json_int_t)c->num_executions, "accepted",
		(json_int_t)c->num_accepted, "firmware",
		(json_int_t)c->num_firmware, "points",
		(json_int_t)c->num_points, "counters",
		(json_int_t)c->num_covered, "inputs",
		(int)explore->corpus->num, "new_inputs",
		(int)explore->corpus->num_new, "replayed",
		(int)explore->num_replayed, "vms", (int)explore->num_vms,
		"seed", (int)explore->seed, "seconds", explore->took,
		"executions_per_second", rate, "cpu_seconds",
		explore->cpu_took, "executions_per_cpu_second",
		rate_of(c, explore->cpu_took));

	json_object_update(stage->evidence, json);
	json_decref(json);
	stage_summary(stage, "%llu executions, %.0f/s, %llu program points, %zu inputs, %zu crashes",
		      (unsigned long long)c->num_executions, rate,
		      (unsigned long long)c->num_points, explore->corpus->num,
		      explore->crashes.num);
	add_doubts(explore, stage);
}
