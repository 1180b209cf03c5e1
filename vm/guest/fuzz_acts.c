// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events that accepted content is about: made of its rules, as the gate makes them for
 * a candidate, and carried out as in a boot.  What a rule matches is where the
 * consumer does most with it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "event/synth.h"
#include "plm_check.h"
#include "vm/guest/fuzz.h"
#include "vm/guest/init.h"
#include "vm/realise.h"

/* A program takes as long as dozens of inputs. */
#define MAX_RULES 16
#define MAX_OTHERS 2

int acts_start(void)
{
	/* Programs whose parent has ended are ours to wait for. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	execute_in_child = cover_child;
	return execute_start();
}

/* A file of ours in the place of a program of the guest's own would stay there. */
static bool is_apart(const char *path)
{
	return !path || strncmp(path, VM_FOLDER "/", strlen(VM_FOLDER "/"));
}

/* What was made for a program; mutants have thousands of names. */
static void forget(const char *path)
{
	char *folder = strdup(path);
	char *slash;

	unlink(path);
	while (folder && (slash = strrchr(folder, '/')) && slash > folder) {
		*slash = 0;
		if (rmdir(folder))
			break;
	}
	free(folder);
}

static void carry_out(const struct execution *execution)
{
	struct script script = { 0 };
	struct guest guest = { 0 };
	struct vm_executed done;
	struct step step;
	size_t pos = 0;

	script_execute(&script, 0, execution);
	guest.script = script.bytes.data;
	guest.script_len = script.bytes.len;
	if (next_step(&guest, &pos, guest.script_len, &step)) {
		execute_one(&step, &done);
		cover_child_end();
		forget(execution->image);
		if (execution->parent_image)
			forget(execution->parent_image);
	}
	script_free(&script);
}

static bool raise_event(const struct synth_event *event)
{
	struct execution execution;
	const char *reason;
	bool good = !realise_event(&event->event, &execution, &reason) &&
		    is_apart(execution.image) &&
		    is_apart(execution.parent_image) &&
		    is_apart(execution.source) &&
		    is_apart(execution.destination);

	if (good)
		carry_out(&execution);
	execution_free(&execution);
	return good;
}

/* Of each rule the first event, which it matches. */
static void raise_firsts(const struct synth *synth)
{
	size_t room = MAX_RULES;

	for (size_t i = 0; i < synth->num_events && room; i++)
		if (!i || synth->events[i - 1].rule != synth->events[i].rule)
			room -= raise_event(&synth->events[i]);
}

/* Which ones the bytes decide, so that an input always does the same. */
static void raise_others(const struct synth *synth, uint64_t sum)
{
	for (size_t i = 0; i < MAX_OTHERS && synth->num_events; i++)
		raise_event(&synth->events[(sum >> 16 * i) %
					   synth->num_events]);
}

void acts_raise(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;
	struct synth synth = { 0 };
	struct model model;

	if (plm_check(data, (u32)len, 0, &content, &fault))
		return;
	model_decode(&model, &content);
	synth_make(&synth, &model);
	raise_firsts(&synth);
	raise_others(&synth, plm_le64(data + PLM_HDR_SUM));
	synth_free(&synth);
	model_free(&model);
}
