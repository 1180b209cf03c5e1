/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two ends of a connection, and addresses as text.
 */
#ifndef PLM_ADDRESS_H
#define PLM_ADDRESS_H

#include <net/sock.h>

#define PLM_ADDRESS_LEN 48	/* bytes of buffer for an address as text */

struct plm_address {
	bool is_ipv6;
	union {
		__be32 ipv4;
		struct in6_addr ipv6;
	};
	u16 port;
};

/*
 * Where a connected socket is, and where its peer is.  The caller holds the
 * socket, or it may change meanwhile.  IPv4 within IPv6 is told as IPv4.
 */
void plm_address_local(const struct sock *sk, struct plm_address *out);
void plm_address_peer(const struct sock *sk, struct plm_address *out);

/* Canonical text without a terminator (IPv6: RFC 5952); its length. */
size_t plm_address_text(const struct plm_address *address,
			char text[PLM_ADDRESS_LEN]);

#endif /* PLM_ADDRESS_H */
