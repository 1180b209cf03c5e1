// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source of network_connection: TCP connections that processes begin and
 * accept, datagram sockets that they connect.
 *
 * Packets move in interrupts, under whatever process happens to run, so no
 * hook is on them.  All are on what a process itself calls, with its socket
 * locked:
 *	tcp_connect		sends the first packet; the addresses are set
 *	security_sock_graft	gives an accepted connection to its new socket
 *	__ip[46]_datagram_connect	have set the peer when they return
 */
#include <linux/cred.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <net/sock.h>

#include "address.h"
#include "event.h"
#include "frame.h"
#include "hook.h"
#include "lineage.h"
#include "source.h"
#include "supply.h"
#include "value.h"

/* X(type, name, fill): what this source supplies. */
#define NET_SUPPLY(X)						\
	X(STRING, Image, fill_image)				\
	X(STRING, CommandLine, fill_command_line)		\
	X(STRING, User, fill_user)				\
	X(NUMBER, ProcessId, fill_process_id)			\
	X(STRING, Protocol, fill_protocol)			\
	X(STRING, Initiated, fill_initiated)			\
	X(STRING, SourceIsIpv6, fill_source_is_ipv6)		\
	X(STRING, SourceIp, fill_source_ip)			\
	X(NUMBER, SourcePort, fill_source_port)			\
	X(STRING, DestinationIsIpv6, fill_destination_is_ipv6)	\
	X(STRING, DestinationIp, fill_destination_ip)		\
	X(NUMBER, DestinationPort, fill_destination_port)

PLM_SUPPLY(net_supply, PLM_NETWORK_CONNECTION_ID, NET_SUPPLY);
PLM_SUPPLY_COMPLETE(PLM_NETWORK_CONNECTION_INPUTS, NET_SUPPLY);

struct frame {
	struct plm_value *values;	/* PLM_NUM_SUPPLIED */
	const struct plm_ancestor *self;	/* of current, or NULL */
	const char *protocol;
	bool initiated;
	struct plm_address source, destination;
	char user[PLM_USER_LEN];
	char source_ip[PLM_ADDRESS_LEN];
	char destination_ip[PLM_ADDRESS_LEN];
};

static struct plm_frames frames;

static void fill_image(struct frame *frame, struct plm_value *value)
{
	if (frame->self)
		*value = frame->self->image;
}

static void fill_command_line(struct frame *frame, struct plm_value *value)
{
	if (frame->self)
		*value = frame->self->command_line;
}

static void fill_user(struct frame *frame, struct plm_value *value)
{
	plm_value_user(value, frame->user, current_uid());
}

static void fill_process_id(struct frame *frame, struct plm_value *value)
{
	plm_value_number(value, task_tgid_nr(current));
}

static void fill_protocol(struct frame *frame, struct plm_value *value)
{
	plm_value_text(value, frame->protocol, strlen(frame->protocol));
}

static void fill_initiated(struct frame *frame, struct plm_value *value)
{
	plm_value_truth(value, frame->initiated);
}

static void fill_source_is_ipv6(struct frame *frame, struct plm_value *value)
{
	plm_value_truth(value, frame->source.is_ipv6);
}

static void fill_source_ip(struct frame *frame, struct plm_value *value)
{
	plm_value_text(value, frame->source_ip,
		       plm_address_text(&frame->source, frame->source_ip));
}

static void fill_source_port(struct frame *frame, struct plm_value *value)
{
	plm_value_number(value, frame->source.port);
}

static void fill_destination_is_ipv6(struct frame *frame,
				     struct plm_value *value)
{
	plm_value_truth(value, frame->destination.is_ipv6);
}

static void fill_destination_ip(struct frame *frame, struct plm_value *value)
{
	plm_value_text(value, frame->destination_ip,
		       plm_address_text(&frame->destination,
					frame->destination_ip));
}

static void fill_destination_port(struct frame *frame,
				  struct plm_value *value)
{
	plm_value_number(value, frame->destination.port);
}

static void fill(struct frame *frame)
{
	memset(frame->values, 0, PLM_NUM_SUPPLIED * sizeof(*frame->values));
	NET_SUPPLY(PLM_SUPPLY_FILL)
}

/* What the kernel's own threads connect is no process's doing. */
static void raise(const struct sock *sk, const char *protocol, bool initiated)
{
	struct frame *frame = plm_frames_get(&frames);
	struct plm_event event = {
		.template_id = PLM_NETWORK_CONNECTION_ID,
		.num_values = PLM_NUM_SUPPLIED,
		.values = frame->values,
	};
	u16 flags = 0;

	if (current->flags & PF_KTHREAD)
		return;
	rcu_read_lock();
	frame->self = plm_lineage_find(current);
	frame->protocol = protocol;
	frame->initiated = initiated;
	plm_address_local(sk, initiated ? &frame->source : &frame->destination);
	plm_address_peer(sk, initiated ? &frame->destination : &frame->source);
	fill(frame);
	if (frame->self && frame->self->cut)
		flags |= PLIMSOLL_RECORD_CUT;
	plm_event_raise(&event, flags);
	rcu_read_unlock();
}

static const struct sock *first_argument(struct pt_regs *regs)
{
	return (const struct sock *)regs_get_kernel_argument(regs, 0);
}

static bool enter_tcp_connect(struct pt_regs *regs, void *data)
{
	raise(first_argument(regs), "tcp", true);
	return false;
}

/* Other kinds of sockets are grafted as well. */
static bool enter_sock_graft(struct pt_regs *regs, void *data)
{
	const struct sock *sk = first_argument(regs);

	if ((sk->sk_family == AF_INET || sk->sk_family == AF_INET6) &&
	    (sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_MPTCP))
		raise(sk, "tcp", false);
	return false;
}

static bool follow_udp(const struct sock *sk, void *data)
{
	if (sk->sk_protocol != IPPROTO_UDP)
		return false;
	*(const struct sock **)data = sk;
	return true;
}

/* For a socket of IPv6 that is to talk IPv4 the one below calls this one. */
static bool enter_ip4_datagram_connect(struct pt_regs *regs, void *data)
{
	const struct sock *sk = first_argument(regs);

	return sk->sk_family == AF_INET && follow_udp(sk, data);
}

static bool enter_ip6_datagram_connect(struct pt_regs *regs, void *data)
{
	return follow_udp(first_argument(regs), data);
}

static void leave_datagram_connect(unsigned long ret, void *data)
{
	if (!(int)ret)
		raise(*(const struct sock **)data, "udp", true);
}

static struct plm_hook hooks[] = {
	{ .function = "tcp_connect", .enter = enter_tcp_connect },
	{ .function = "security_sock_graft", .enter = enter_sock_graft },
	{ .function = "__ip4_datagram_connect",
	  .enter = enter_ip4_datagram_connect,
	  .leave = leave_datagram_connect },
	{ .function = "__ip6_datagram_connect",
	  .enter = enter_ip6_datagram_connect,
	  .leave = leave_datagram_connect },
};

static int net_start(void)
{
	return plm_frames_make(&frames, sizeof(struct frame), PLM_NUM_SUPPLIED);
}

static void net_stop(void)
{
	plm_hooks_unregister(hooks, ARRAY_SIZE(hooks));
	plm_frames_free(&frames);
}

static int net_enable(bool enable)
{
	return plm_hooks_enable(hooks, ARRAY_SIZE(hooks), enable);
}

static u64 net_missed(void)
{
	return plm_hooks_missed(hooks, ARRAY_SIZE(hooks));
}

const struct plm_source plm_source_net = {
	.name = "network_connection",
	.supply = &net_supply,
	.start = net_start,
	.stop = net_stop,
	.enable = net_enable,
	.missed = net_missed,
};
