// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/target_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/target_maker.h"
#include "vm/target_screen.h"

#define MAX_DAMAGED 10000
#define DAMAGED_BATCHES 5
#define SECONDS_EACH 0.1	/* of loading once more */

/* The plans only say what is judged; the steps are the target's own. */
const struct scenario target_scenarios[] = {
	{ "load", "content in, used, undone; again and again; leaks", false, {
		{ .name = "load", .plans = {
			PLAN_TAINT, PLAN_ROUNDS, PLAN_POWER_OFF } } } },
	{ "reject-many", "each byte flipped in turn, and memory", true, {
		{ .name = "reject", .plans = {
			PLAN_TAINT, PLAN_REJECT, PLAN_POWER_OFF } } } },
};

const size_t num_target_scenarios = ARRAY_LEN(target_scenarios);

const struct scenario *target_scenario_find(const char *name)
{
	for (size_t i = 0; i < num_target_scenarios; i++)
		if (!strcmp(target_scenarios[i].name, name))
			return &target_scenarios[i];
	return NULL;
}

static void note_loaded(struct maker *maker, const char *path)
{
	char *name = maker_module_name(path);

	ARRAY_RESERVE(maker->loaded, maker->num_loaded, maker->cap_loaded);
	maker->loaded[maker->num_loaded++] = name;
}

/* The module that --consumer names is unloaded under its own name. */
static char *name_consumer(const struct maker *maker, const char *text)
{
	char *name, *named;

	if (strcmp(text, "rmmod=consumer") || !maker->run->consumer_path)
		return xstrdup(text);
	name = maker_module_name(maker->run->consumer_path);
	named = xasprintf("rmmod=%s", name);
	free(name);
	return named;
}

static void insmod_now(struct maker *maker, const char *guest_path,
		       const char *from, void *context)
{
	const struct target_module *module = context;
	const char *base = strrchr(from, '/');
	bool asked = module->source != TARGET_STOCK ||
		     !strncmp(base ? base + 1 : from, module->name,
			      strlen(module->name));

	script_step(maker->script, VM_STEP_INSMOD, 0, 0, 0, guest_path,
		    asked ? module->options : NULL);
	note_loaded(maker, from);
}

static int add_modules(struct maker *maker)
{
	const struct target *t = maker->target;

	for (size_t i = 0; i < t->num_modules; i++)
		if (maker_each_module(maker, &t->modules[i], insmod_now,
				(void *)&t->modules[i]))
			return -1;
	return 0;
}

struct texts {
	char **items;
	size_t num, cap;
};

static void add_text(struct texts *texts, char *text)
{
	ARRAY_RESERVE(texts->items, texts->num, texts->cap);
	texts->items[texts->num++] = text;
}

/* The last one is the module itself; those before it are needed. */
static void insmod_later(struct maker *maker, const char *guest_path,
			 const char *from, void *context)
{
	struct texts *texts = context;
	size_t last = texts->num;

	(void)maker;
	(void)from;
	if (last && !strncmp(texts->items[last - 1], "insmod=", 7)) {
		char *needed = xasprintf("needs=%s",
					 texts->items[last - 1] + 7);

		free(texts->items[last - 1]);
		texts->items[last - 1] = needed;
	}
	add_text(texts, xasprintf("insmod=%s", guest_path));
}

/* What steps take when nothing else is said is the candidate. */
static void add_source(struct texts *texts, const struct target_step *step)
{
	const char *kind = target_value(step->texts, "kind");

	if (target_value(step->texts, "from") ||
	    target_value(step->texts, "text") ||
	    target_value(step->texts, "hex"))
		return;
	if (!strcmp(kind, "write") || !strcmp(kind, "ioctl"))
		add_text(texts, xstrdup("from=@candidate@"));
}

static int add_step(struct maker *maker, const struct target_step *step,
		    uint32_t id)
{
	struct texts texts = { 0 };
	int status = 0;

	add_text(&texts, xstrdup(step->texts[0]));
	add_source(&texts, step);
	if (step->module.name)
		status = maker_each_module(maker, &step->module, insmod_later,
				     &texts);
	for (size_t i = 1; i < step->num; i++)
		add_text(&texts, name_consumer(maker, step->texts[i]));
	for (size_t i = 0; i < texts.num; i++) {
		char *filled = maker_fill_in(maker, texts.items[i]);

		free(texts.items[i]);
		texts.items[i] = filled;
	}
	add_text(&texts, NULL);
	script_texts(maker->script, VM_STEP_TARGET, id, step->phase, 0,
		     texts.items);
	for (size_t i = 0; texts.items[i]; i++)
		free(texts.items[i]);
	free(texts.items);
	return status;
}

/* In the order of the phases; over loading it is watched who reads. */
static int add_steps(struct maker *maker)
{
	const struct target *t = maker->target;
	size_t num_loading = 0;
	int status = 0;

	for (size_t i = 0; i < t->num_steps && !status; i++) {
		bool loads = t->steps[i].phase == TARGET_LOAD;

		if (loads && !num_loading++)
			script_step(maker->script, VM_STEP_TARGET_WATCH, 0, 0,
				    0, maker->candidate, NULL);
		status = add_step(maker, &t->steps[i], target_step_id(i));
		if (loads && (i + 1 == t->num_steps ||
			      t->steps[i + 1].phase != TARGET_LOAD))
			script_step(maker->script, VM_STEP_TARGET_WATCH, 0, 1,
				    0, maker->candidate, NULL);
	}
	return status;
}

/* How many files @boot offers after the first, and how far apart. */
static size_t num_damaged(const struct run *run, size_t *out_stride)
{
	size_t len = run->candidate->len;

	*out_stride = (len + MAX_DAMAGED - 1) / MAX_DAMAGED;
	return *out_stride ? len / *out_stride : 0;
}

static void add_damage(struct maker *maker)
{
	size_t stride, num = num_damaged(maker->run, &stride);
	size_t batch = (num + DAMAGED_BATCHES - 1) / DAMAGED_BATCHES;
	char *text = xasprintf("%zu", stride);

	for (size_t i = 0; i < num; i += batch) {
		script_step(maker->script, VM_STEP_TARGET_DAMAGE, 0,
			    (uint32_t)(num - i < batch ? num - i : batch),
			    (uint32_t)(i * stride), maker->candidate, text);
		script_step(maker->script, VM_STEP_FIGURES, 0, 1, 0, NULL,
			    NULL);
	}
	free(text);
}

static int add_script(struct maker *maker, const struct boot_plan *boot,
		      const char *token)
{
	const struct target *t = maker->target;
	int status;

	script_step(maker->script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	script_step(maker->script, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	status = add_modules(maker);
	if (!status)
		status = add_steps(maker);
	if (boot_has_plan(boot, PLAN_REJECT))
		add_damage(maker);
	else
		script_step(maker->script, VM_STEP_TARGET_ROUNDS, 0,
			    MAX_ROUNDS, 0, NULL, NULL);
	for (size_t i = maker->num_loaded; i-- > 0 && !t->keeps_modules;)
		script_step(maker->script, VM_STEP_REMOVE, 0, 0, 0,
			    maker->loaded[i], NULL);
	script_step(maker->script, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(maker->script, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
	return status;
}

static void maker_begin(struct maker *maker, const struct run *run,
			struct initramfs *initramfs, struct script *script,
			char out_error[256])
{
	*maker = (struct maker){
		.run = run, .target = run->target, .initramfs = initramfs,
		.script = script, .code = "NO_CONSUMER", .error = out_error,
	};
	snprintf(out_error, 256, "the target needs a consumer (--consumer)");
	maker->candidate = maker_fill_in(maker, run->target->candidate);
}

static void maker_end(struct maker *maker)
{
	for (size_t i = 0; i < maker->num_loaded; i++)
		free(maker->loaded[i]);
	free(maker->loaded);
	module_list_free(&maker->stock);
	free(maker->candidate);
}

int target_prepare(const struct run *run, const struct boot_plan *boot,
		   const char *token, struct initramfs *initramfs,
		   struct script *out_script, const char **out_code,
		   char out_error[256])
{
	struct maker maker;
	int status;

	maker_begin(&maker, run, initramfs, out_script, out_error);
	status = maker_add_files(&maker);
	if (!status)
		status = add_script(&maker, boot, token);
	*out_code = maker.code;
	maker_end(&maker);
	return status;
}

static void only_file(struct maker *maker, const char *guest_path,
		      const char *from, void *context)
{
	(void)maker;
	(void)guest_path;
	(void)from;
	(void)context;
}

int target_template(const struct run *run, struct initramfs *initramfs,
		    struct script *out_prelude, char out_error[256])
{
	const struct target *t = run->target;
	struct maker maker;
	int status;

	maker_begin(&maker, run, initramfs, out_prelude, out_error);
	status = maker_add_own_files(&maker);
	if (!status)
		status = add_modules(&maker);
	/* Those that a step loads, in the order in which it will name them. */
	for (size_t i = 0; i < t->num_steps && !status; i++)
		if (t->steps[i].module.name)
			status = maker_each_module(&maker, &t->steps[i].module,
					     only_file, NULL);
	maker_end(&maker);
	return status;
}

static int add_sent(struct maker *maker, char *out_paths[TARGET_MAX_SENT],
		    size_t *out_num)
{
	const struct target *t = maker->target;

	out_paths[(*out_num)++] = xstrdup(maker->run->candidate->path);
	script_step(maker->script, VM_STEP_RECEIVE, 0, 0, 0, maker->candidate,
		    NULL);
	for (size_t i = 0; i < t->num_beside; i++) {
		char *from = maker_beside_path(maker, &t->beside[i]);

		if (!from)
			continue;
		if (*out_num == TARGET_MAX_SENT) {
			free(from);
			return maker_cannot(maker, "NO_FILE", "%s%s",
				      "more files beside the candidate than a VM is sent",
				      "");
		}
		script_step(maker->script, VM_STEP_RECEIVE, 0,
			    (uint32_t)*out_num, 0, t->beside[i].to, NULL);
		out_paths[(*out_num)++] = from;
	}
	return 0;
}

static void add_neighbours(struct maker *maker,
			   const struct target_neighbours *neighbours)
{
	script_step(maker->script, VM_STEP_RECEIVE, 0, TARGET_MAX_SENT, 0,
		    VM_NEIGHBOURS, NULL);
	script_step(maker->script, VM_STEP_TARGET_NEIGHBOURS, 0,
		    neighbours->milliseconds, neighbours->at_once,
		    maker->candidate, VM_NEIGHBOURS);
}

int target_job(const struct run *run, const char *token,
	       const struct target_neighbours *neighbours,
	       struct script *out_script, char *out_paths[TARGET_MAX_SENT],
	       size_t *out_num, char out_error[256])
{
	const struct target *t = run->target;
	struct maker maker;
	int status = 0;

	*out_num = 0;
	maker_begin(&maker, run, NULL, out_script, out_error);
	script_step(maker.script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	script_step(maker.script, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	for (size_t i = 0; i < t->num_modules && !status; i++)
		status = maker_each_module(&maker, &t->modules[i], only_file, NULL);
	if (!status)
		status = add_sent(&maker, out_paths, out_num);
	if (!status)
		status = add_steps(&maker);
	if (neighbours)
		add_neighbours(&maker, neighbours);
	script_step(maker.script, VM_STEP_FIGURES, 0, 0, 0, NULL, NULL);
	script_step(maker.script, VM_STEP_STOP, 0, 0, 0, NULL, NULL);
	maker_end(&maker);
	return status;
}

int target_steps(const struct run *run, struct script *out_script,
		 char out_error[256])
{
	const struct target *t = run->target;
	struct maker maker;
	int status = 0;

	maker_begin(&maker, run, NULL, out_script, out_error);
	script_step(out_script, VM_STEP_RECEIVE, 0, 0, 0, maker.candidate,
		    NULL);
	for (size_t i = 0; i < t->num_modules && !status; i++)
		status = maker_each_module(&maker, &t->modules[i], only_file,
					   NULL);
	for (size_t i = 0; i < t->num_steps && !status; i++)
		status = add_step(&maker, &t->steps[i], target_step_id(i));
	maker_end(&maker);
	return status;
}

char **target_module_names(const struct run *run)
{
	const struct target *t = run->target;
	char **names = xcalloc(t->num_modules + 1, sizeof(*names));
	size_t num = 0;

	for (size_t i = 0; i < t->num_steps; i++)
		if (t->steps[i].module.name)
			return names;
	for (size_t i = 0; i < t->num_modules; i++)
		names[num++] = maker_module_name(
			t->modules[i].source == TARGET_CONSUMER ?
				run->consumer_path : t->modules[i].name);
	return names;
}

double target_seconds(const struct run *run, const struct boot_plan *boot)
{
	double once = SECONDS_EACH;
	size_t stride;

	for (size_t i = 0; i < run->target->num_steps; i++)
		once += run->target->steps[i].seconds;
	if (!boot_has_plan(boot, PLAN_REJECT))
		return once * (MAX_ROUNDS + 2);
	/* And once behind each batch. */
	return once * (2 + DAMAGED_BATCHES) +
	       SECONDS_EACH * (double)num_damaged(run, &stride);
}
