// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/realise_act.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/realise.h"

#define DEFAULT_IPV4 "203.0.113.7"
#define DEFAULT_IPV6 "2001:db8::7"
#define DEFAULT_PORT 4444
#define DEFAULT_TARGET "/tmp/q/x"
#define DEFAULT_SOURCE "/tmp/q/y"

typedef const struct plm_value value_t;

/* An address of an event, in both forms. */
struct place {
	bool given, is_ipv6;
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
};

static bool is_there(value_t *value)
{
	return value->kind != PLM_VALUE_ABSENT;
}

static bool is_text(value_t *value, const char *text)
{
	return value->len == strlen(text) &&
	       !memcmp(value->data ? value->data : (const u8 *)"", text,
		       value->len);
}

/* *@out stays as it is where the event leaves it open. */
static const char *read_truth(value_t *value, bool *out)
{
	if (!is_there(value))
		return NULL;
	if (!is_text(value, "true") && !is_text(value, "false"))
		return "what is true or false is neither";
	*out = is_text(value, "true");
	return NULL;
}

/* Written as the kernel's source writes it, and an address of one machine. */
static const char *read_address(value_t *value, struct place *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char again[INET6_ADDRSTRLEN] = "";
	int family;

	out->given = is_there(value);
	if (!out->given)
		return NULL;
	if (!value->len || value->len >= sizeof(out->text) ||
	    memchr(value->data, 0, value->len))
		return "an address is none";
	memcpy(out->text, value->data, value->len);
	out->is_ipv6 = strchr(out->text, ':') != NULL;
	family = out->is_ipv6 ? AF_INET6 : AF_INET;
	if (inet_pton(family, out->text, out->bytes) != 1 ||
	    !inet_ntop(family, out->bytes, again, sizeof(again)) ||
	    strcmp(again, out->text))
		return "an address is none, or is written in another way";
	if (out->is_ipv6 && !memcmp(out->bytes, mapped, sizeof(mapped)))
		return "an IPv4 address within IPv6 is told as IPv4";
	if (out->is_ipv6 ? out->bytes[0] == 0xff || !strcmp(out->text, "::") :
	    out->bytes[0] == 0 || out->bytes[0] >= 224)
		return "no connection is made to or from such an address";
	return NULL;
}

static const char *read_port(value_t *value, uint16_t *out)
{
	if (!is_there(value))
		return NULL;
	if (!value->number || value->number > UINT16_MAX)
		return "no connection has such a port";
	*out = (uint16_t)value->number;
	return NULL;
}

/* Both ends are of one kind, which the event may say twice or not at all. */
static const char *read_kind(value_t *v, const struct place *source,
			     const struct place *destination, bool *out_ipv6)
{
	bool is_ipv6 = destination->given ? destination->is_ipv6 :
					    source->is_ipv6;
	bool source_says = is_ipv6, destination_says = is_ipv6;
	const char *fault = read_truth(&v[VM_NET_SourceIsIpv6], &source_says);

	if (!fault)
		fault = read_truth(&v[VM_NET_DestinationIsIpv6],
				   &destination_says);
	if (fault)
		return fault;
	if (!source->given && !destination->given)
		is_ipv6 = source_says || destination_says;
	*out_ipv6 = is_ipv6;
	if ((source->given && source->is_ipv6 != is_ipv6) ||
	    (is_there(&v[VM_NET_SourceIsIpv6]) && source_says != is_ipv6) ||
	    (is_there(&v[VM_NET_DestinationIsIpv6]) &&
	     destination_says != is_ipv6))
		return "the ends of a connection are of two kinds";
	return NULL;
}

static const char *read_connection_act(value_t *v, enum vm_act *out)
{
	value_t *protocol = &v[VM_NET_Protocol];
	bool initiated = true;
	const char *fault = read_truth(&v[VM_NET_Initiated], &initiated);
	bool udp = is_there(protocol) && is_text(protocol, "udp");

	if (fault)
		return fault;
	if (is_there(protocol) && !udp && !is_text(protocol, "tcp"))
		return "a protocol is neither tcp nor udp";
	if (udp && !initiated)
		return "what comes in datagrams is not accepted by anybody";
	*out = !initiated ? VM_ACT_ACCEPT :
	       udp ? VM_ACT_CONNECT_UDP : VM_ACT_CONNECT;
	return NULL;
}

const char *realise_connection(value_t *v, struct execution *out)
{
	struct place source = { 0 }, destination = { 0 };
	bool is_ipv6 = false;
	const char *fault = read_connection_act(v, &out->act);

	out->ports.destination = DEFAULT_PORT;
	if (!fault)
		fault = read_address(&v[VM_NET_SourceIp], &source);
	if (!fault)
		fault = read_address(&v[VM_NET_DestinationIp], &destination);
	if (!fault)
		fault = read_kind(v, &source, &destination, &is_ipv6);
	if (!fault)
		fault = read_port(&v[VM_NET_SourcePort], &out->ports.source);
	if (!fault)
		fault = read_port(&v[VM_NET_DestinationPort],
				  &out->ports.destination);
	if (fault)
		return fault;
	out->source = xstrdup(source.text);
	out->destination = xstrdup(destination.given ? destination.text :
				   is_ipv6 ? DEFAULT_IPV6 : DEFAULT_IPV4);
	return NULL;
}

static const char *read_file_act(value_t *v, enum vm_act *out)
{
	static const struct {
		const char *name;
		enum vm_act act;
	} kinds[] = {
		{ "create", VM_ACT_CREATE },
		{ "rename", VM_ACT_RENAME },
		{ "delete", VM_ACT_DELETE },
	};
	value_t *kind = &v[VM_FILE_EventType];
	bool has_source = is_there(&v[VM_FILE_SourceFilename]);

	*out = has_source ? VM_ACT_RENAME : VM_ACT_CREATE;
	if (!is_there(kind))
		return NULL;
	*out = VM_ACT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (is_text(kind, kinds[i].name))
			*out = kinds[i].act;
	if (!*out)
		return "no such thing is done to a file";
	if (has_source && *out != VM_ACT_RENAME)
		return "only a renamed file had another name before";
	return NULL;
}

static char *path_or(value_t *value, const char *ordinary)
{
	return is_there(value) ?
		xstrndup((const char *)value->data, value->len) :
		xstrdup(ordinary);
}

const char *realise_file(value_t *v, struct execution *out)
{
	static const enum vm_file_input paths[] = {
		VM_FILE_TargetFilename, VM_FILE_SourceFilename,
	};
	const char *fault = read_file_act(v, &out->act);

	for (size_t i = 0; !fault && i < ARRAY_LEN(paths); i++)
		if (is_there(&v[paths[i]]))
			fault = realise_path_fault(&v[paths[i]]);
	if (fault)
		return fault;
	out->destination = path_or(&v[VM_FILE_TargetFilename], DEFAULT_TARGET);
	if (out->act != VM_ACT_RENAME)
		return NULL;
	out->source = path_or(&v[VM_FILE_SourceFilename], DEFAULT_SOURCE);
	return strcmp(out->source, out->destination) ? NULL :
		"a file is renamed to the name that it has";
}
