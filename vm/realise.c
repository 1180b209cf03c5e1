// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/realise.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/realise_act.h"

#define MAX_COMPONENT 255
#define MAX_ARGUMENT 131071	/* of one argument, by the kernel's limit */

/* Numbers of processes that the guest can give out, see init_execute.c. */
#define MIN_PID 300
#define MAX_PID 4194304

#define DEFAULT_IMAGE "/usr/bin/true"
#define DEFAULT_PARENT "/usr/bin/dash"
#define DEFAULT_PARENT_COMMAND "/bin/sh -e /opt/job.sh"

typedef const struct plm_value value_t;

static bool is_there(value_t *value)
{
	return value->kind != PLM_VALUE_ABSENT;
}

static char *copy(value_t *value)
{
	return xstrndup((const char *)value->data, value->len);
}

/* Why a path can't stand in a file system as it is, or NULL. */
static const char *path_fault(value_t *path)
{
	const char *data = (const char *)path->data;
	size_t start = 1;

	if (!path->len || data[0] != '/')
		return "a path is not absolute";
	if (memchr(data, 0, path->len))
		return "a path holds a zero byte";
	if (path->len >= PATH_MAX)
		return "a path is longer than a path may be";
	if (path->len == 1)
		return NULL;
	for (size_t i = 1; i <= path->len; i++) {
		size_t len = i - start;

		if (i < path->len && data[i] != '/')
			continue;
		if (!len)
			return "a path has an empty component";
		if (len > MAX_COMPONENT)
			return "a path has a component of more than 255 bytes";
		if ((len == 1 && data[start] == '.') ||
		    (len == 2 && !memcmp(data + start, "..", 2)))
			return "a path has a component . or ..";
		start = i + 1;
	}
	return NULL;
}

const char *realise_path_fault(value_t *path)
{
	static const char *const taken[] = { "/proc/", "/sys/", "/plimsoll/" };

	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (path->len >= strlen(taken[i]) &&
		    !memcmp(path->data, taken[i], strlen(taken[i])))
			return "nothing can be put below that folder";
	if (path->len == 1 && path->data[0] == '/')
		return "a path is the root folder";
	return path_fault(path);
}

static const char *arguments_fault(value_t *line)
{
	size_t start = 0;

	if (memchr(line->data ? line->data : (const u8 *)"", 0, line->len))
		return "a command line holds a zero byte";
	for (size_t i = 0; i <= line->len; i++) {
		if (i < line->len && line->data[i] != ' ')
			continue;
		if (i - start > MAX_ARGUMENT)
			return "an argument is longer than Linux allows";
		start = i + 1;
	}
	return NULL;
}

/* "root" or a uid in decimal, as the template has it. */
static const char *user_fault(value_t *user, uint32_t *out_uid)
{
	uint64_t uid = 0;

	*out_uid = 0;
	if (!is_there(user) ||
	    (user->len == 4 && !memcmp(user->data, "root", 4)))
		return NULL;
	for (size_t i = 0; i < user->len && uid < UINT32_MAX; i++) {
		if (user->data[i] < '0' || user->data[i] > '9')
			return "a user is neither root nor a uid";
		uid = uid * 10 + (uint64_t)(user->data[i] - '0');
	}
	if (!user->len || user->data[0] == '0' || uid >= UINT32_MAX)
		return "a user is neither root nor a uid";
	*out_uid = (uint32_t)uid;
	return NULL;
}

static const char *login_fault(value_t *login, uint32_t uid, uint32_t *out)
{
	*out = VM_NO_UID;
	if (!is_there(login) || login->number == uid)
		return NULL;
	if (login->number >= UINT32_MAX)
		return "a login uid is out of range";
	*out = (uint32_t)login->number;
	return NULL;
}

/* Is an own process, not PID 1, to be the parent? */
static bool wants_parent(value_t *v)
{
	static const enum vm_input inputs[] = {
		VM_INPUT_ParentImage, VM_INPUT_ParentCommandLine,
		VM_INPUT_ParentUser,
	};
	value_t *user = &v[VM_INPUT_ParentUser];
	value_t *number = &v[VM_INPUT_ParentProcessId];

	if (is_there(number) && number->number != 1)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(inputs) - 1; i++)
		if (is_there(&v[inputs[i]]))
			return true;
	return is_there(user) && (user->len != 4 ||
				  memcmp(user->data, "root", 4));
}

/*
 * The guest may choose the number of the next process, and a parent's child
 * comes right behind it.
 */
static const char *numbers_fault(value_t *v, uint32_t *out_last_pid)
{
	value_t *own = &v[VM_INPUT_ProcessId];
	value_t *parent = &v[VM_INPUT_ParentProcessId];
	uint64_t first = 0;

	if (is_there(parent) && parent->number == 1 && wants_parent(v))
		return "PID 1 is another program than the parent asked for";
	if (is_there(parent) && parent->number != 1)
		first = parent->number;
	else if (is_there(own))
		first = own->number - wants_parent(v);
	if (!is_there(own) && (!is_there(parent) || parent->number == 1))
		return NULL;
	if (first < MIN_PID || first >= MAX_PID)
		return "a process can't have that number";
	if (is_there(own) && own->number != first + wants_parent(v))
		return "a process's number does not follow its parent's";
	*out_last_pid = (uint32_t)first - 1;
	return NULL;
}

static const char *values_fault(value_t *v, struct execution *out)
{
	const char *fault = NULL;

	if (is_there(&v[VM_INPUT_Image]))
		fault = realise_path_fault(&v[VM_INPUT_Image]);
	if (!fault && is_there(&v[VM_INPUT_ParentImage]))
		fault = realise_path_fault(&v[VM_INPUT_ParentImage]);
	if (!fault && is_there(&v[VM_INPUT_CurrentDirectory]))
		fault = path_fault(&v[VM_INPUT_CurrentDirectory]);
	if (!fault)
		fault = arguments_fault(&v[VM_INPUT_CommandLine]);
	if (!fault)
		fault = arguments_fault(&v[VM_INPUT_ParentCommandLine]);
	if (!fault)
		fault = user_fault(&v[VM_INPUT_User], &out->uid);
	if (!fault)
		fault = user_fault(&v[VM_INPUT_ParentUser], &out->parent_uid);
	if (!fault)
		fault = login_fault(&v[VM_INPUT_LogonId], out->uid,
				    &out->login_uid);
	if (!fault)
		fault = numbers_fault(v, &out->last_pid);
	return fault;
}

/* What the event leaves open follows from the rest, or is ordinary. */
static void fill(value_t *v, struct execution *out)
{
	out->image = is_there(&v[VM_INPUT_Image]) ?
		copy(&v[VM_INPUT_Image]) : xstrdup(DEFAULT_IMAGE);
	out->command_line = is_there(&v[VM_INPUT_CommandLine]) ?
		copy(&v[VM_INPUT_CommandLine]) : xstrdup(out->image);
	out->folder = is_there(&v[VM_INPUT_CurrentDirectory]) ?
		copy(&v[VM_INPUT_CurrentDirectory]) : xstrdup("/");
	if (!wants_parent(v))
		return;
	out->parent_image = is_there(&v[VM_INPUT_ParentImage]) ?
		copy(&v[VM_INPUT_ParentImage]) : xstrdup(DEFAULT_PARENT);
	if (is_there(&v[VM_INPUT_ParentCommandLine]))
		out->parent_command_line = copy(&v[VM_INPUT_ParentCommandLine]);
	else
		out->parent_command_line = xstrdup(
			is_there(&v[VM_INPUT_ParentImage]) ?
			out->parent_image : DEFAULT_PARENT_COMMAND);
}

/* Templates of what a program does once it runs, and who it is. */
static const struct {
	uint32_t template_id;
	const char *(*realise)(value_t *values, struct execution *out);
	uint32_t image, command_line, user, process_id;
} acts[] = {
	{ PLM_NETWORK_CONNECTION_ID, realise_connection, VM_NET_Image,
	  VM_NET_CommandLine, VM_NET_User, VM_NET_ProcessId },
	{ PLM_FILE_EVENT_ID, realise_file, VM_FILE_Image,
	  VM_FILE_CommandLine, VM_FILE_User, VM_FILE_ProcessId },
};

static const char *realise_process(value_t *values, struct execution *out)
{
	const char *fault = values_fault(values, out);

	if (!fault)
		fill(values, out);
	return fault;
}

static const char *realise_act(size_t which, value_t *values,
			       struct execution *out)
{
	struct plm_value process[VM_NUM_INPUTS] = {
		[VM_INPUT_Image] = values[acts[which].image],
		[VM_INPUT_CommandLine] = values[acts[which].command_line],
		[VM_INPUT_User] = values[acts[which].user],
		[VM_INPUT_ProcessId] = values[acts[which].process_id],
	};
	const char *fault = realise_process(process, out);

	return fault ? fault : acts[which].realise(values, out);
}

int realise_event(const struct event *event, struct execution *out,
		  const char **out_reason)
{
	uint32_t id = event->template->shape.template_id;

	*out = (struct execution){ .login_uid = VM_NO_UID };
	*out_reason = "the guest has no such kind of event";
	if (id == PLM_PROCESS_CREATION_ID)
		*out_reason = realise_process(event->values, out);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (acts[i].template_id == id)
			*out_reason = realise_act(i, event->values, out);
	return *out_reason ? -1 : 0;
}

void realise_goodware(const struct goodware *good, struct execution *out)
{
	*out = (struct execution){
		.image = xstrdup(good->image),
		.folder = xstrdup("/"),
		.command_line = xstrdup(good->command_line),
		.login_uid = VM_NO_UID,
	};
	if (!good->parent_image)
		return;
	out->parent_image = xstrdup(good->parent_image);
	out->parent_command_line = xstrdup(good->parent_command_line);
}

static void set(struct event *event, uint32_t input, const char *text)
{
	if (text)
		event_set_string(event, input, text, strlen(text));
}

struct event goodware_event(const struct goodware *good)
{
	struct event event = {
		.template = plm_template_find(PLM_PROCESS_CREATION_ID),
	};

	set(&event, VM_INPUT_Image, good->image);
	set(&event, VM_INPUT_CommandLine, good->command_line);
	set(&event, VM_INPUT_ParentImage, good->parent_image);
	set(&event, VM_INPUT_ParentCommandLine, good->parent_command_line);
	set(&event, VM_INPUT_CurrentDirectory, "/");
	set(&event, VM_INPUT_User, "root");
	if (!good->is_pid1)
		set(&event, VM_INPUT_ParentUser, "root");
	event_set_number(&event, VM_INPUT_LogonId, 0);
	return event;
}

static bool same(value_t *asked, value_t *seen, bool cut)
{
	size_t len = seen->len;

	if (asked->kind != seen->kind)
		return false;
	if (asked->kind == PLM_VALUE_NUMBER)
		return asked->number == seen->number;
	if (asked->len != len && !(cut && len && len < asked->len))
		return false;
	return !len || !memcmp(asked->data, seen->data, len);
}

int realise_difference(const struct event *asked, const struct event *seen,
		       bool cut)
{
	for (uint32_t i = 0; i < asked->template->shape.num_inputs; i++)
		if (is_there(&asked->values[i]) &&
		    !same(&asked->values[i], &seen->values[i], cut))
			return (int)i;
	return -1;
}
