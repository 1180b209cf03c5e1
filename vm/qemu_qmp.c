// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/qemu_qmp.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

#define HELLO "{\"execute\":\"qmp_capabilities\"}\n"

/* Memory that both sides have in a file is not written to the state. */
#define CAPABILITIES							\
	"{\"execute\":\"migrate-set-capabilities\",\"arguments\":"	\
	"{\"capabilities\":["						\
	"{\"capability\":\"x-ignore-shared\",\"state\":true},"		\
	"{\"capability\":\"events\",\"state\":true}]}}\n"

#define STATE_NAME "state"

/* A command, and a descriptor along with it where @descriptor is not 0. */
static int say(int fd, const char *text, int descriptor)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec part = { (char *)text, strlen(text) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (descriptor) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &descriptor, sizeof(int));
	}
	/* A few hundred bytes fit the socket, or QEMU is not there. */
	return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)part.iov_len ?
	       0 : -1;
}

int qmp_hello(int fd, const struct qemu_config *config)
{
	char *text;
	int err;

	if (!config->restore)
		return say(fd, HELLO, 0);
	text = xasprintf(HELLO CAPABILITIES
			 "{\"execute\":\"migrate-incoming\",\"arguments\":"
			 "{\"uri\":\"fd:%d\"}}\n", config->restore);
	err = say(fd, text, 0);
	free(text);
	return err;
}

int qmp_save(int fd, const struct qemu_config *config)
{
	if (say(fd, CAPABILITIES, 0) ||
	    say(fd, "{\"execute\":\"getfd\",\"arguments\":"
		"{\"fdname\":\"" STATE_NAME "\"}}\n", config->save))
		return -1;
	return say(fd, "{\"execute\":\"migrate\",\"arguments\":"
		   "{\"uri\":\"fd:" STATE_NAME "\"}}\n", 0);
}

int qmp_pause(int fd)
{
	return say(fd, "{\"execute\":\"stop\"}\n", 0);
}

int qmp_go_on(int fd)
{
	return say(fd, "{\"execute\":\"cont\"}\n", 0);
}

static void keep_text(char **place, const json_t *json)
{
	const char *text = json_string_value(json);

	if (!text)
		return;
	free(*place);
	*place = xstrdup(text);
}

static void keep_version(struct qemu_outcome *outcome, const json_t *version)
{
	free(outcome->version);
	outcome->version = xasprintf(
		"%lld.%lld.%lld",
		(long long)json_integer_value(json_object_get(version, "major")),
		(long long)json_integer_value(json_object_get(version, "minor")),
		(long long)json_integer_value(json_object_get(version,
							      "micro")));
}

/* One message: the greeting, a reply, or an event. */
static void take_one(struct qemu_outcome *outcome, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	const json_t *greeting = json_object_get(json, "QMP");
	const json_t *error = json_object_get(json, "error");
	const json_t *data = json_object_get(json, "data");
	const char *event = json_string_value(json_object_get(json, "event"));

	if (greeting)
		keep_version(outcome, json_object_get(
				json_object_get(greeting, "version"), "qemu"));
	if (error)
		keep_text(&outcome->refusal, json_object_get(error, "desc"));
	if (event && !strcmp(event, "SHUTDOWN"))
		keep_text(&outcome->shutdown, json_object_get(data, "reason"));
	if (event && !strcmp(event, "BLOCK_IO_ERROR"))
		keep_text(&outcome->disk_error,
			  json_object_get(data, "reason"));
	if (event && !strcmp(event, "STOP"))
		outcome->paused = true;
	if (event && !strcmp(event, "RESUME"))
		outcome->paused = false;
	if (event && !strcmp(event, "MIGRATION"))
		keep_text(&outcome->state, json_object_get(data, "status"));
	json_decref(json);
}

void qmp_take(struct qemu_outcome *outcome)
{
	struct vm_bytes *bytes = &outcome->qmp;
	uint8_t *end;

	while (bytes->len && (end = memchr(bytes->data, '\n', bytes->len))) {
		*end = 0;
		take_one(outcome, (char *)bytes->data);
		bytes->len -= (size_t)(end + 1 - bytes->data);
		memmove(bytes->data, end + 1, bytes->len);
	}
}
