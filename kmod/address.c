// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of sockets.
 */
#include <linux/ipv6.h>
#include <linux/kernel.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>

#include "address.h"

#define NUM_WORDS 8	/* of an IPv6 address */

static void set_ipv4(struct plm_address *out, __be32 address, __be16 port)
{
	out->is_ipv6 = false;
	out->ipv4 = address;
	out->port = ntohs(port);
}

static void set_ipv6(struct plm_address *out, const struct in6_addr *address,
		     __be16 port)
{
	if (ipv6_addr_v4mapped(address)) {
		set_ipv4(out, address->s6_addr32[3], port);
		return;
	}
	out->is_ipv6 = true;
	out->ipv6 = *address;
	out->port = ntohs(port);
}

/* A socket of IPv6 that talks IPv4 has its addresses as one of IPv4 does. */
static bool talks_ipv6(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 &&
	       !ipv6_addr_v4mapped(&sk->sk_v6_daddr);
}

void plm_address_local(const struct sock *sk, struct plm_address *out)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct ipv6_pinfo *np = inet6_sk(sk);

	if (talks_ipv6(sk) && np)
		set_ipv6(out, &np->saddr, inet->inet_sport);
	else
		set_ipv4(out, inet->inet_saddr, inet->inet_sport);
}

void plm_address_peer(const struct sock *sk, struct plm_address *out)
{
	const struct inet_sock *inet = inet_sk(sk);

	if (talks_ipv6(sk))
		set_ipv6(out, &sk->sk_v6_daddr, inet->inet_dport);
	else
		set_ipv4(out, inet->inet_daddr, inet->inet_dport);
}

/*
 * The first of the longest runs of zeros, of two words at least; returns its
 * length.
 */
static u32 longest_zeros(const struct in6_addr *address, u32 *out_start)
{
	u32 i, run = 0, longest = 1;

	*out_start = NUM_WORDS;
	for (i = 0; i < NUM_WORDS; i++) {
		run = address->s6_addr16[i] ? 0 : run + 1;
		if (run > longest) {
			longest = run;
			*out_start = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

/*
 * The kernel's own format would write some addresses with dots, which to
 * everybody else are plain ones.
 */
static size_t ipv6_text(const struct in6_addr *address, char *text)
{
	u32 start, num = longest_zeros(address, &start);
	size_t len = 0;
	u32 i;

	for (i = 0; i < NUM_WORDS; i++) {
		if (num && i == start) {
			len += scnprintf(text + len, PLM_ADDRESS_LEN - len,
					 "::");
			i += num - 1;
			continue;
		}
		len += scnprintf(text + len, PLM_ADDRESS_LEN - len, "%s%x",
				 i && !(num && i == start + num) ? ":" : "",
				 ntohs(address->s6_addr16[i]));
	}
	return len;
}

size_t plm_address_text(const struct plm_address *address,
			char text[PLM_ADDRESS_LEN])
{
	if (address->is_ipv6)
		return ipv6_text(&address->ipv6, text);
	return scnprintf(text, PLM_ADDRESS_LEN, "%pI4", &address->ipv4);
}
