// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/habit.h"

#include <string.h>

#include "base/mem.h"
#include "event/solve.h"

static const struct habit habits[] = {
	{ "Image", '/', true,
	  { "/usr/bin/true", "/usr/bin/id", "/opt/q/x", "/x", "/z7" } },
	{ "CommandLine", ' ', true, { "true", "id -u", "x", "7", "_" } },
	{ "ParentImage", '/', false,
	  { "/usr/sbin/init", "/usr/bin/env", "/opt/q/x", "/x", "/z7" } },
	{ "ParentCommandLine", ' ', false, { "init", "env x", "x", "7", "_" } },
	{ "CurrentDirectory", '/', true, { "/", "/root", "/opt/q", "/x" } },
	{ "User", 0, true, { "root", "1000", "7" } },
	{ "ParentUser", 0, false, { "root", "1000", "7" } },
	{ "LogonId", 0, true, { NULL } },
	{ "Protocol", 0, false, { "tcp", "udp" } },
	{ "Initiated", 0, false, { "true", "false" } },
	{ "SourceIsIpv6", 0, false, { "false", "true" } },
	{ "SourceIp", 0, false,
	  { "10.0.0.1", "192.168.7.7", "fd00::1", "127.0.0.1", "::1" } },
	{ "DestinationIsIpv6", 0, false, { "false", "true" } },
	{ "DestinationIp", 0, true,
	  { "203.0.113.7", "10.0.0.7", "2001:db8::7", "127.0.0.1", "::1" } },
	{ "DestinationPort", 0, true, { NULL } },
	{ "EventType", 0, false, { "create", "rename", "delete" } },
	{ "TargetFilename", '/', true,
	  { "/tmp/q/x", "/etc/q", "/opt/q/x", "/x7", "/z7" } },
	{ "SourceFilename", '/', false,
	  { "/tmp/q/y", "/etc/r", "/opt/q/y", "/y7", "/w7" } },
};

const struct habit *habit_of(const struct plm_template *t, uint32_t input)
{
	static const struct habit other = { "", ' ', false, { "x", "7", "_" } };

	for (size_t i = 0; i < ARRAY_LEN(habits); i++)
		if (!strcmp(habits[i].input, t->shape.inputs[input].name))
			return &habits[i];
	return &other;
}

bool solve_wants_path(const struct plm_template *t, uint32_t input)
{
	return habit_of(t, input)->separator == '/';
}

bool solve_is_given(const struct plm_template *t, uint32_t input)
{
	return !habit_of(t, input)->separator;
}
