// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program in the VM has to do for events of connections and of files,
 * and what no program can do.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "vm/realise.h"
#include "vm/realise_act.h"

static struct event connection(void)
{
	struct event event = {
		.template = plm_template_find(PLM_NETWORK_CONNECTION_ID),
	};

	event_set_string(&event, VM_NET_Image, "/usr/bin/nc", 11);
	event_set_string(&event, VM_NET_DestinationIp, "192.0.2.1", 9);
	event_set_number(&event, VM_NET_DestinationPort, 80);
	return event;
}

static struct event file(void)
{
	struct event event = {
		.template = plm_template_find(PLM_FILE_EVENT_ID),
	};

	event_set_string(&event, VM_FILE_TargetFilename, "/etc/a", 6);
	return event;
}

static void text(struct event *event, uint32_t input, const char *value)
{
	event_set_string(event, input, value, strlen(value));
}

/* Takes the event. */
static void assert_act(struct event event, enum vm_act act, const char *source,
		       const char *destination)
{
	struct execution execution;
	const char *reason = NULL;

	assert_int_equal(realise_event(&event, &execution, &reason), 0);
	assert_null(reason);
	assert_int_equal(execution.act, act);
	if (source)
		assert_string_equal(execution.source, source);
	else
		assert_null(execution.source);
	assert_string_equal(execution.destination, destination);
	assert_null(execution.parent_image);
	execution_free(&execution);
	event_free(&event);
}

static void assert_impossible(struct event event, const char *why)
{
	struct execution execution;
	const char *reason = NULL;

	assert_int_equal(realise_event(&event, &execution, &reason), -1);
	assert_non_null(strstr(reason, why));
	execution_free(&execution);
	event_free(&event);
}

static void test_connections(void **state)
{
	struct event event = connection();

	(void)state;
	assert_act(event, VM_ACT_CONNECT, "", "192.0.2.1");
	event = connection();
	text(&event, VM_NET_Protocol, "udp");
	text(&event, VM_NET_SourceIp, "10.0.0.9");
	assert_act(event, VM_ACT_CONNECT_UDP, "10.0.0.9", "192.0.2.1");
	event = connection();
	text(&event, VM_NET_Initiated, "false");
	assert_act(event, VM_ACT_ACCEPT, "", "192.0.2.1");
	event = connection();
	event_set_absent(&event, VM_NET_DestinationIp);
	text(&event, VM_NET_DestinationIsIpv6, "true");
	assert_act(event, VM_ACT_CONNECT, "", "2001:db8::7");
	event = connection();
	event_set_absent(&event, VM_NET_DestinationIp);
	text(&event, VM_NET_SourceIp, "fd00::1");
	assert_act(event, VM_ACT_CONNECT, "fd00::1", "2001:db8::7");
}

static void test_process(void **state)
{
	struct event event = connection();
	struct execution execution;
	const char *reason;

	(void)state;
	text(&event, VM_NET_CommandLine, "nc  -v");
	text(&event, VM_NET_User, "1000");
	event_set_number(&event, VM_NET_ProcessId, 5000);
	event_set_number(&event, VM_NET_SourcePort, 99);
	assert_int_equal(realise_event(&event, &execution, &reason), 0);
	assert_string_equal(execution.image, "/usr/bin/nc");
	assert_string_equal(execution.command_line, "nc  -v");
	assert_int_equal(execution.uid, 1000);
	assert_int_equal(execution.last_pid, 4999);
	assert_int_equal(execution.ports.source, 99);
	assert_int_equal(execution.ports.destination, 80);
	execution_free(&execution);
	event_free(&event);
}

/* One change of a good event, and why it can't be. */
static void test_impossible_connections(void **state)
{
	static const struct {
		enum vm_net_input input;
		const char *text, *why;
	} cases[] = {
		{ VM_NET_Protocol, "icmp", "neither tcp nor udp" },
		{ VM_NET_Initiated, "yes", "neither" },
		{ VM_NET_SourceIsIpv6, "no", "neither" },
		{ VM_NET_SourceIsIpv6, "true", "two kinds" },
		{ VM_NET_DestinationIsIpv6, "true", "two kinds" },
		{ VM_NET_SourceIp, "::1", "two kinds" },
		{ VM_NET_DestinationIp, "", "is none" },
		{ VM_NET_DestinationIp, "192.0.2", "is none" },
		{ VM_NET_DestinationIp, "192.0.2.01", "is none" },
		{ VM_NET_DestinationIp, "2001:DB8::1", "another way" },
		{ VM_NET_DestinationIp, "2001:db8:0::1", "another way" },
		{ VM_NET_DestinationIp, "::ffff:1.2.3.4", "told as IPv4" },
		{ VM_NET_DestinationIp, "0.0.0.0", "such an address" },
		{ VM_NET_DestinationIp, "224.0.0.1", "such an address" },
		{ VM_NET_DestinationIp, "ff02::1", "such an address" },
		{ VM_NET_DestinationIp, "::", "such an address" },
		{ VM_NET_Image, "nc", "not absolute" },
		{ VM_NET_User, "alice", "uid" },
	};
	struct event event;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		event = connection();
		text(&event, cases[i].input, cases[i].text);
		assert_impossible(event, cases[i].why);
	}
	event = connection();
	event_set_number(&event, VM_NET_DestinationPort, 0);
	assert_impossible(event, "port");
	event = connection();
	event_set_number(&event, VM_NET_SourcePort, 65536);
	assert_impossible(event, "port");
	event = connection();
	text(&event, VM_NET_Protocol, "udp");
	text(&event, VM_NET_Initiated, "false");
	assert_impossible(event, "not accepted");
}

static void test_files(void **state)
{
	struct event event = file();

	(void)state;
	assert_act(event, VM_ACT_CREATE, NULL, "/etc/a");
	event = file();
	text(&event, VM_FILE_EventType, "delete");
	assert_act(event, VM_ACT_DELETE, NULL, "/etc/a");
	event = file();
	text(&event, VM_FILE_SourceFilename, "/etc/b");
	assert_act(event, VM_ACT_RENAME, "/etc/b", "/etc/a");
	event = file();
	text(&event, VM_FILE_EventType, "rename");
	event_set_absent(&event, VM_FILE_TargetFilename);
	assert_act(event, VM_ACT_RENAME, "/tmp/q/y", "/tmp/q/x");
}

static void test_impossible_files(void **state)
{
	static const struct {
		enum vm_file_input input;
		const char *text, *why;
	} cases[] = {
		{ VM_FILE_EventType, "open", "no such thing" },
		{ VM_FILE_EventType, "", "no such thing" },
		{ VM_FILE_EventType, "delete", "only a renamed file" },
		{ VM_FILE_EventType, "create", "only a renamed file" },
		{ VM_FILE_TargetFilename, "a", "not absolute" },
		{ VM_FILE_TargetFilename, "/etc/b", "the name that it has" },
		{ VM_FILE_TargetFilename, "/proc/x", "below that folder" },
		{ VM_FILE_SourceFilename, "/sys/x", "below that folder" },
		{ VM_FILE_SourceFilename, "/", "root folder" },
		{ VM_FILE_SourceFilename, "/a/../b", ". or .." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct event event = file();

		text(&event, VM_FILE_SourceFilename, "/etc/b");
		text(&event, cases[i].input, cases[i].text);
		assert_impossible(event, cases[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_impossible_connections),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_impossible_files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
