/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Networks ("10.0.0.0/8") as expressions over the text of addresses. */
#ifndef SIGMA_CIDR_H
#define SIGMA_CIDR_H

#include "content/regex.h"

/*
 * Make @out the expression of every text that inet_pton takes for an address
 * in the network: IPv4 in decimal, IPv6 in hexadecimal groups.  Addresses that
 * are IPv4 mapped into IPv6 are expected, and in a network understood, as IPv4.
 * NULL, or why @text is no network: a sentence's end, static; regex_free(@out)
 * in either case.
 */
const char *sigma_cidr(struct regex *out, const char *text);

#endif /* SIGMA_CIDR_H */
