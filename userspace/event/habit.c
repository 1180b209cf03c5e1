// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/habit.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/mem.h"
#include "event/solve.h"

static bool is_plain_component(const uint8_t *name, size_t len)
{
	return len && len <= 255 && !(len == 1 && name[0] == '.') &&
	       !(len == 2 && name[0] == '.' && name[1] == '.');
}

bool solve_is_path(const uint8_t *data, size_t len)
{
	size_t start = 1;

	if (!len || len >= 4096 || data[0] != '/' || memchr(data, '\0', len))
		return false;
	for (size_t i = 1; len > 1 && i <= len; i++) {
		if (i < len && data[i] != '/')
			continue;
		if (!is_plain_component(data + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

static bool is_path(const struct habit *habit, const uint8_t *data, size_t len)
{
	(void)habit;
	return solve_is_path(data, len);
}

static bool is_default(const struct habit *habit, const uint8_t *data,
		       size_t len)
{
	for (size_t i = 0; i < HABIT_MAX_DEFAULTS && habit->defaults[i]; i++)
		if (strlen(habit->defaults[i]) == len &&
		    !memcmp(habit->defaults[i], data, len))
			return true;
	return false;
}

/* "root" or a uid in decimal. */
static bool is_user(const struct habit *habit, const uint8_t *data, size_t len)
{
	if (is_default(habit, data, len))
		return true;
	if (!len || len > 9 || data[0] == '0')
		return false;
	for (size_t i = 0; i < len; i++)
		if (data[i] < '0' || data[i] > '9')
			return false;
	return true;
}

/* As it is written, and of one machine. */
static bool is_address(const struct habit *habit, const uint8_t *data,
		       size_t len)
{
	char text[INET6_ADDRSTRLEN] = "", again[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	int family;

	(void)habit;
	if (!len || len >= sizeof(text) || memchr(data, '\0', len))
		return false;
	memcpy(text, data, len);
	family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(family, text, bytes) == 1 &&
	       inet_ntop(family, bytes, again, sizeof(again)) &&
	       !strcmp(text, again) &&
	       (family == AF_INET6 ? bytes[0] != 0xff :
				     bytes[0] && bytes[0] < 224);
}

static const struct habit habits[] = {
	{ "Image", '/', true,
	  { "/usr/bin/true", "/usr/bin/id", "/opt/q/x", "/x", "/z7" },
	  is_path, 0 },
	{ "CommandLine", ' ', true, { "true", "id -u", "x", "7", "_" },
	  NULL, 0 },
	{ "ParentImage", '/', false,
	  { "/usr/sbin/init", "/usr/bin/env", "/opt/q/x", "/x", "/z7" },
	  is_path, 0 },
	{ "ParentCommandLine", ' ', false, { "init", "env x", "x", "7", "_" },
	  NULL, 0 },
	{ "CurrentDirectory", '/', true, { "/", "/root", "/opt/q", "/x" },
	  is_path, 0 },
	{ "User", 0, true, { "root", "1000", "7" }, is_user, 0 },
	{ "ParentUser", 0, false, { "root", "1000", "7" }, is_user, 0 },
	{ "LogonId", 0, true, { NULL }, NULL, 0 },
	{ "Protocol", 0, false, { "tcp", "udp" }, is_default, 0 },
	{ "Initiated", 0, false, { "true", "false" }, is_default, 0 },
	{ "SourceIsIpv6", 0, false, { "false", "true" }, is_default, 0 },
	{ "SourceIp", 0, false,
	  { "10.0.0.1", "192.168.7.7", "fd00::1", "127.0.0.1", "::1" },
	  is_address, 0 },
	{ "SourcePort", 0, false, { NULL }, NULL, 443 },
	{ "DestinationIsIpv6", 0, false, { "false", "true" }, is_default, 0 },
	{ "DestinationIp", 0, true,
	  { "203.0.113.7", "10.0.0.7", "2001:db8::7", "127.0.0.1", "::1" },
	  is_address, 0 },
	{ "DestinationPort", 0, false, { NULL }, NULL, 443 },
	{ "EventType", 0, false, { "create", "rename", "delete" },
	  is_default, 0 },
	{ "TargetFilename", '/', true,
	  { "/tmp/q/x", "/etc/q", "/opt/q/x", "/x7", "/z7" }, is_path, 0 },
	{ "SourceFilename", '/', false,
	  { "/tmp/q/y", "/etc/r", "/opt/q/y", "/y7", "/w7" }, is_path, 0 },
};

const struct habit *habit_of(const struct plm_template *t, uint32_t input)
{
	static const struct habit other = { "", ' ', false, { "x", "7", "_" },
					    NULL, 1000 };

	for (size_t i = 0; i < ARRAY_LEN(habits); i++)
		if (!strcmp(habits[i].input, t->shape.inputs[input].name))
			return &habits[i];
	return &other;
}

bool habit_is_real(const struct habit *habit, const uint8_t *data, size_t len)
{
	if (habit->is_real)
		return habit->is_real(habit, data, len);
	return len && !memchr(data, '\0', len);
}

bool habit_is_address(const struct habit *habit)
{
	return habit->is_real == is_address;
}

bool solve_wants_path(const struct plm_template *t, uint32_t input)
{
	return habit_of(t, input)->separator == '/';
}

bool solve_is_given(const struct plm_template *t, uint32_t input)
{
	return !habit_of(t, input)->separator;
}
