// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/session.h"
#include "report/document.h"
#include "vm/boot.h"
#include "vm/interrupt.h"
#include "vm/shell_word.h"

#define MAX_FOREIGN_LEN	((size_t)64 << 20)

/*
 * What a gate takes on, in bytes of all neighbours together: some seconds of
 * two cores in userspace, and of one in an emulated kernel.
 */
#define GATE_BYTES		((uint64_t)600 << 20)
#define GATE_KERNEL_BYTES	((uint64_t)14 << 20)
#define GATE_SECONDS		10	/* of a target that waits for answers */

static uint64_t within(uint64_t num, uint64_t least, uint64_t most)
{
	return num < least ? least : num > most ? most : num;
}

void fuzz_gate_options(struct fuzz_options *options, size_t len)
{
	options->neighbours = within(GATE_BYTES / (len + 1), 2000, 20000);
	options->kernel_neighbours = within(GATE_KERNEL_BYTES / (len + 1), 100,
					    600);
	options->patience = GATE_SECONDS;
}

void fuzz_unknown(struct fuzz *f, const char *code, const char *file,
		  const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(f->stage, SEVERITY_UNKNOWN, code, place, "%s", text);
}

uint8_t *fuzz_make(const struct fuzz *f, uint64_t k, size_t *out_len)
{
	uint8_t *data = xmalloc(damage_room(&f->base));
	struct neighbour_recipe recipe;

	neighbourhood_get(&f->n, k, &recipe);
	*out_len = damage_apply(&f->base, recipe.edits, recipe.num, data);
	return data;
}

/* The command that tries one neighbour again. */
static char *repeat_of(const struct fuzz *f, uint64_t k)
{
	const struct fuzz_options *o = f->options;
	struct vm_bytes line = { 0 };
	char number[24];

	shell_word_add(&line, "plimsoll");
	shell_word_add(&line, "fuzz");
	snprintf(number, sizeof(number), "%" PRIu64, k);
	shell_option_add(&line, "--neighbour", number);
	snprintf(number, sizeof(number), "%" PRIu64, o->seed);
	shell_option_add(&line, "--seed", o->seed ? number : NULL);
	for (size_t i = 0; i < o->kernels.num; i++)
		shell_option_add(&line, "--kernel", o->kernels.items[i]);
	for (size_t i = 0; i < o->consumers.num; i++)
		shell_option_add(&line, "--consumer", o->consumers.items[i]);
	shell_option_add(&line, "--target", o->target);
	shell_option_add(&line, "--baseline", o->baseline);
	/* A name that looks like an option is none. */
	if (f->path[0] == '-')
		shell_word_add(&line, "--");
	shell_word_add(&line, f->path);
	vm_bytes_add(&line, "", 1);
	return (char *)line.data;
}

/* The neighbour as a file in the report's folder; its path, or NULL. */
static char *keep_file(struct fuzz *f, uint64_t k)
{
	size_t len;
	uint8_t *data;
	char *path;
	int err;

	if (!f->options->report_dir)
		return NULL;
	path = xasprintf("%s/neighbour-%" PRIu64, f->options->report_dir, k);
	data = fuzz_make(f, k, &len);
	err = file_write(path, data, len);
	free(data);
	if (!err)
		return path;
	fuzz_unknown(f, "NOT_KEPT", path, strerror(-err));
	free(path);
	return NULL;
}

void fuzz_finding(struct fuzz *f, enum severity severity, const char *code,
		  uint64_t k, const char *part, const char *format, ...)
{
	struct place place = { f->path, FINDING_NO_OFFSET, NULL };
	struct neighbour_recipe recipe;
	char *what, *text = NULL, *repeat = repeat_of(f, k);
	char *file = keep_file(f, k);
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	neighbourhood_get(&f->n, k, &recipe);
	what = neighbour_recipe_text(&recipe);
	stage_finding(f->stage, severity, code, place,
		      "%s: neighbour %" PRIu64 " (%s): %s", part, k, what,
		      text ? text : "?");
	json_array_append_new(f->neighbours, json_pack(
		"{sI ss so ss ss so so}", "number", (json_int_t)k, "code",
		code, "part", document_text(part), "family",
		neighbourhood_family(neighbourhood_family_of(&f->n, k)),
		"what", what,
		"file", file ? document_text(file) : json_null(), "repeat",
		document_text(repeat)));
	free(file);
	free(what);
	free(text);
	free(repeat);
}

/* The worst of the findings since @from. */
static enum verdict verdict_since(const struct stage *stage, size_t from)
{
	enum verdict verdict = VERDICT_PASS;

	for (size_t i = from; i < stage->num_findings; i++) {
		enum severity severity = stage->findings[i].severity;

		if (severity == SEVERITY_FAIL)
			verdict = VERDICT_FAIL;
		else if (severity == SEVERITY_UNKNOWN)
			verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
	}
	return verdict;
}

json_t *fuzz_part(struct fuzz *f, const char *label, size_t from, bool complete,
		  double seconds)
{
	enum verdict verdict = verdict_since(f->stage, from);
	json_t *part, *list;

	if (!complete)
		verdict = verdict_worse(verdict, VERDICT_UNKNOWN);
	part = json_pack("{so ss sf so}", "label", document_text(label),
			 "verdict", verdict_name(verdict), "seconds", seconds,
			 "findings", stage_findings_json(f->stage, from));
	list = json_object_get(f->stage->evidence, "runs");
	json_array_append_new(list, part);
	return part;
}

static bool load_ours(struct fuzz *f)
{
	if (content_load(&f->loaded, f->path, f->stage) != VERDICT_PASS)
		return false;
	if (f->options->baseline &&
	    content_load(&f->old, f->options->baseline, f->stage) !=
	    VERDICT_PASS)
		return false;
	model_decode(&f->model, &f->loaded.content);
	synth_make(&f->synth, &f->model);
	return true;
}

static bool load_foreign(struct fuzz *f)
{
	int err = file_read(f->path, MAX_FOREIGN_LEN, &f->loaded.data,
			    &f->loaded.len);

	if (err)
		fuzz_unknown(f, "UNREADABLE", f->path, strerror(-err));
	return !err;
}

/* The list in evidence: what there is, and how it was gone through. */
static json_t *neighbourhood_json(const struct fuzz *f)
{
	json_t *list = json_object();

	for (size_t i = 0; i < neighbourhood_num_families(); i++)
		if (f->n.counts[i])
			json_object_set_new(
				list, neighbourhood_family(i),
				json_integer((json_int_t)f->n.counts[i]));
	return json_pack("{sI sI so}", "seed", (json_int_t)f->n.seed, "finite",
			 (json_int_t)f->n.num_finite, "families", list);
}

static void run_parts(struct fuzz *f)
{
	const struct fuzz_options *o = f->options;

	f->base = (struct damage_base){ f->loaded.data, f->loaded.len,
					f->old.data, f->old.len };
	neighbourhood_init(&f->n, &f->base, f->ours, o->seed);
	json_object_set_new(f->stage->evidence, "neighbourhood",
			    neighbourhood_json(f));
	if (!f->n.num_finite) {
		fuzz_unknown(f, "NOT_DONE", f->path, "has no neighbours");
		return;
	}
	if (f->ours && o->neighbours)
		fuzz_userspace(f);
	if (o->kernel_neighbours && !interrupted())
		fuzz_kernels(f);
	if (interrupted())
		fuzz_unknown(f, "INTERRUPTED", NULL, "interrupted");
}

static void summarise(const struct fuzz *f)
{
	if (f->ours)
		stage_summary(f->stage, "%" PRIu64 " neighbours, %" PRIu64
			      " accepted; %" PRIu64 " in %zu kernels",
			      f->num_tried, f->num_accepted, f->num_offered,
			      f->num_kernels);
	else
		stage_summary(f->stage, "%" PRIu64 " neighbours in %zu kernels",
			      f->num_offered, f->num_kernels);
}

/* Whether each part has done all that it was to do. */
static bool all_passed(const struct fuzz *f)
{
	const json_t *runs = json_object_get(f->stage->evidence, "runs");
	size_t num = json_array_size(runs);

	for (size_t i = 0; i < num; i++) {
		const char *verdict = json_string_value(json_object_get(
			json_array_get(runs, i), "verdict"));

		if (!verdict || strcmp(verdict, verdict_name(VERDICT_PASS)))
			return false;
	}
	return num > 0;
}

void fuzz_run(const struct fuzz_options *options, const char *path,
	      struct stage *stage)
{
	struct fuzz f = {
		.options = options, .path = path, .stage = stage,
		.ours = !boot_target_foreign(options->target),
		.neighbours = json_array(),
	};

	stage_begin(stage);
	interrupt_begin();
	json_object_set_new(stage->evidence, "runs", json_array());
	json_object_set_new(stage->evidence, "neighbours", f.neighbours);
	if (f.ours ? load_ours(&f) : load_foreign(&f))
		run_parts(&f);
	summarise(&f);
	if (all_passed(&f))
		stage_pass(stage);
	synth_free(&f.synth);
	model_free(&f.model);
	content_unload(&f.loaded);
	content_unload(&f.old);
	stage_end(stage);
	interrupt_end();
}
