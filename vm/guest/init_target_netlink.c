// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command of generic netlink: its acknowledgement is the errno, and each
 * attribute of the reply is a line of output.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vm/guest/init_target.h"

#define MAX_MESSAGE 16384
#define PATIENCE_SECONDS 10

struct message {
	struct nlmsghdr head;
	struct genlmsghdr generic;
	uint8_t attributes[MAX_MESSAGE];
};

static void add_attribute(struct message *message, uint16_t id,
			  const void *data, size_t len)
{
	struct nlattr attribute = { .nla_len = (uint16_t)(NLA_HDRLEN + len),
				    .nla_type = id };
	size_t at = NLMSG_ALIGN(message->head.nlmsg_len);

	if (at + NLA_ALIGN(NLA_HDRLEN + len) > sizeof(*message))
		return;
	memcpy((uint8_t *)message + at, &attribute, sizeof(attribute));
	memcpy((uint8_t *)message + at + NLA_HDRLEN, data, len);
	message->head.nlmsg_len = (uint32_t)(at + NLA_HDRLEN + len);
}

static void begin(struct message *message, uint16_t family, uint8_t command)
{
	static uint32_t sequence;

	memset(message, 0, sizeof(*message));
	message->head = (struct nlmsghdr){
		.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = ++sequence,
	};
	message->generic.cmd = command;
	message->generic.version = 1;
}

/* Texts go with their zero, as the kernel wants them. */
static void add_text_attribute(struct message *message, const char *text)
{
	char *word;
	uint16_t id = (uint16_t)strtoul(text, &word, 10);
	const char *value = strchr(++word, ' ');
	uint64_t number;
	uint8_t bytes[1024];

	if (!value) {
		add_attribute(message, id, "", 0);
		return;
	}
	value++;
	number = strtoull(value, NULL, 10);
	if (!strncmp(word, "text ", 5))
		add_attribute(message, id, value, strlen(value) + 1);
	else if (!strncmp(word, "hex ", 4))
		add_attribute(message, id, bytes,
			      target_hex(value, bytes, sizeof(bytes)));
	else
		add_attribute(message, id, &number,
			      strtoul(word + 1, NULL, 10) / 8);
}

typedef void (*on_attribute)(uint16_t id, const uint8_t *data, size_t len,
			     void *context);

static void each_attribute(const struct nlmsghdr *head, on_attribute call,
			   void *context)
{
	const uint8_t *p = (const uint8_t *)head + NLMSG_LENGTH(GENL_HDRLEN);
	const uint8_t *end = (const uint8_t *)head + head->nlmsg_len;
	struct nlattr attribute;

	while (p < end && (size_t)(end - p) >= sizeof(attribute)) {
		memcpy(&attribute, p, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN ||
		    attribute.nla_len > end - p)
			return;
		call(attribute.nla_type & NLA_TYPE_MASK, p + NLA_HDRLEN,
		     attribute.nla_len - (size_t)NLA_HDRLEN, context);
		if (NLA_ALIGN(attribute.nla_len) > end - p)
			return;
		p += NLA_ALIGN(attribute.nla_len);
	}
}

/* All that comes up to the acknowledgement; its errno. */
static int exchange(int fd, const struct message *message, on_attribute call,
		    void *context)
{
	static uint8_t buffer[65536]
		__attribute__((aligned(__alignof__(struct nlmsghdr))));
	struct nlmsghdr *head;
	ssize_t got;

	if (send(fd, message, message->head.nlmsg_len, 0) < 0)
		return errno;
	while ((got = recv(fd, buffer, sizeof(buffer), 0)) > 0) {
		size_t left = (size_t)got;

		for (head = (struct nlmsghdr *)buffer; NLMSG_OK(head, left);
		     head = NLMSG_NEXT(head, left)) {
			if (head->nlmsg_seq != message->head.nlmsg_seq)
				continue;
			if (head->nlmsg_type == NLMSG_ERROR)
				return -((struct nlmsgerr *)NLMSG_DATA(head))->error;
			each_attribute(head, call, context);
		}
	}
	return got < 0 ? errno : ENODATA;
}

static void keep_family(uint16_t id, const uint8_t *data, size_t len,
			void *context)
{
	if (id == CTRL_ATTR_FAMILY_ID && len == sizeof(uint16_t))
		memcpy(context, data, len);
}

static bool is_text(const uint8_t *data, size_t len)
{
	if (len < 2 || data[len - 1])
		return false;
	for (size_t i = 0; i + 1 < len; i++)
		if (!isprint(data[i]))
			return false;
	return true;
}

static void tell_attribute(uint16_t id, const uint8_t *data, size_t len,
			   void *context)
{
	struct target_answer *answer = context;

	answer_printf(answer, "%u: ", id);
	if (is_text(data, len)) {
		answer_printf(answer, "%s", (const char *)data);
	} else {
		answer_printf(answer, "0x");
		for (size_t i = 0; i < len; i++)
			answer_printf(answer, "%02x", data[i]);
	}
	answer_printf(answer, "\n");
}

/* ENOENT may be a parser's answer; that there is no family is none. */
static int find_family(int fd, const char *name, uint16_t *out_family)
{
	static struct message message;
	int err;

	*out_family = 0;
	begin(&message, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	add_attribute(&message, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	err = exchange(fd, &message, keep_family, out_family);
	return err == ENOENT || (!err && !*out_family) ? EPROTONOSUPPORT : err;
}

static int ask(int fd, char *const *texts, struct target_answer *answer)
{
	static struct message message;
	const char *name = target_value(texts, "netlink");
	const char *command = target_value(texts, "command");
	uint16_t family;
	int err = find_family(fd, name, &family);

	if (err)
		return err;
	begin(&message, family, (uint8_t)strtoul(command, NULL, 10));
	for (; *texts; texts++)
		if (!strncmp(*texts, "attributes=", 11))
			add_text_attribute(&message, *texts + 11);
	return exchange(fd, &message, tell_attribute, answer);
}

void target_netlink(char *const *texts, struct target_answer *answer)
{
	struct timeval patience = { PATIENCE_SECONDS, 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0) {
		answer->error = errno;
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	answer->error = ask(fd, texts, answer);
	close(fd);
}
