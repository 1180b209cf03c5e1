// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void execution_free(struct execution *execution)
{
	free(execution->image);
	free(execution->folder);
	free(execution->command_line);
	free(execution->parent_image);
	free(execution->parent_command_line);
	free(execution->source);
	free(execution->destination);
	*execution = (struct execution){ 0 };
}

static void add_text(struct script *script, struct vm_step *head,
		     const char *text)
{
	vm_bytes_add(&script->bytes, text, strlen(text) + 1);
	head->num_texts++;
}

/*
 * The arguments whose join by single spaces is @line: two spaces in a row
 * make an empty argument.  Returns how many.
 */
static uint32_t add_arguments(struct script *script, struct vm_step *head,
			      const char *line)
{
	uint32_t count = 1;
	size_t start = script->bytes.len;

	add_text(script, head, line);
	for (size_t i = start; i < script->bytes.len; i++) {
		if (script->bytes.data[i] != ' ')
			continue;
		script->bytes.data[i] = 0;
		head->num_texts++;
		count++;
	}
	return count;
}

/* The head is written last, when its numbers are known. */
static size_t begin(struct script *script, const struct vm_step *head)
{
	size_t at = script->bytes.len;

	vm_bytes_add(&script->bytes, head, sizeof(*head));
	return at;
}

static void end(struct script *script, struct vm_step *head, size_t at)
{
	vm_bytes_pad(&script->bytes, 8);
	head->len = (uint32_t)(script->bytes.len - at);
	memcpy(script->bytes.data + at, head, sizeof(*head));
}

void script_step(struct script *script, enum vm_step_op op, uint32_t id,
		 uint32_t a, uint32_t b, const char *text0, const char *text1)
{
	struct vm_step head = { .op = (uint16_t)op, .id = id, .a = a, .b = b };
	size_t at = begin(script, &head);

	if (text0)
		add_text(script, &head, text0);
	if (text0 && text1)
		add_text(script, &head, text1);
	end(script, &head, at);
}

void script_texts(struct script *script, enum vm_step_op op, uint32_t id,
		  uint32_t a, uint32_t b, char *const *texts)
{
	struct vm_step head = { .op = (uint16_t)op, .id = id, .a = a, .b = b };
	size_t at = begin(script, &head);

	for (; *texts; texts++)
		add_text(script, &head, *texts);
	end(script, &head, at);
}

void script_execute(struct script *script, uint32_t id,
		    const struct execution *execution)
{
	struct vm_step head = {
		.op = VM_STEP_EXECUTE, .id = id,
		.uid = execution->uid, .parent_uid = execution->parent_uid,
		.login_uid = execution->login_uid,
		.last_pid = execution->last_pid,
		.act = execution->act, .ports = execution->ports,
	};
	size_t at = begin(script, &head);

	add_text(script, &head, execution->image);
	add_text(script, &head, execution->folder);
	add_text(script, &head, execution->source ? execution->source : "");
	add_text(script, &head, execution->destination ?
		 execution->destination : "");
	head.num_args = add_arguments(script, &head, execution->command_line);
	if (execution->parent_image) {
		add_text(script, &head, execution->parent_image);
		add_arguments(script, &head, execution->parent_command_line);
	}
	end(script, &head, at);
}

static void add_program(struct script *script, enum vm_step_op op, uint32_t id,
			const char *image, const char *command_line)
{
	struct vm_step head = { .op = (uint16_t)op, .id = id };
	size_t at = begin(script, &head);

	if (image)
		add_text(script, &head, image);
	add_arguments(script, &head, command_line);
	end(script, &head, at);
}

void script_become(struct script *script, uint32_t id, const char *image,
		   const char *command_line)
{
	add_program(script, VM_STEP_BECOME, id, image, command_line);
}

void script_run(struct script *script, uint32_t id, const char *command_line)
{
	add_program(script, VM_STEP_RUN, id, NULL, command_line);
}

void script_free(struct script *script)
{
	free(script->bytes.data);
	*script = (struct script){ 0 };
}
