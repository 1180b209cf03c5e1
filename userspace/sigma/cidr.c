// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/cidr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/mem.h"

#define NUM_GROUPS	8u	/* of an IPv6 address */
#define ALL_DIGITS	0xffffu	/* a set of hexadecimal digits */

struct network {
	uint8_t address[16];
	unsigned int len;	/* bytes: 4 or 16 */
	unsigned int prefix;	/* bits */
};

/* Reading */

static bool read_prefix(const char *text, unsigned int max, unsigned int *out)
{
	size_t len = strlen(text);

	if (!len || len > 3 || strspn(text, "0123456789") != len)
		return false;
	*out = 0;
	for (; *text; text++)
		*out = *out * 10 + (unsigned int)(*text - '0');
	return *out <= max;
}

static bool has_host_bits(const struct network *n)
{
	for (unsigned int bit = n->prefix; bit < n->len * 8; bit++)
		if (n->address[bit / 8] >> (7 - bit % 8) & 1)
			return true;
	return false;
}

/* A network of mapped addresses is one of IPv4. */
static void unmap(struct network *n)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (n->len != 16 || n->prefix < 96 ||
	    memcmp(n->address, mapped, sizeof(mapped)))
		return;
	memmove(n->address, n->address + 12, 4);
	n->len = 4;
	n->prefix -= 96;
}

static const char *read_network(struct network *n, const char *text)
{
	const char *slash = strchrnul(text, '/');
	char address[INET6_ADDRSTRLEN] = "";

	if ((size_t)(slash - text) < sizeof(address))
		memcpy(address, text, (size_t)(slash - text));
	n->len = strchr(address, ':') ? 16 : 4;
	if (inet_pton(n->len == 4 ? AF_INET : AF_INET6, address,
		      n->address) != 1)
		return "is no network: an IPv4 or IPv6 address, a slash and "
		       "the number of its fixed bits";
	n->prefix = n->len * 8;
	if (*slash && !read_prefix(slash + 1, n->len * 8, &n->prefix))
		return "is no network: behind the slash stands the number of "
		       "fixed bits, up to 32 or 128";
	if (has_host_bits(n))
		return "is no network: bits behind the fixed ones are set";
	unmap(n);
	return NULL;
}

/* Building */

static void put_byte(struct regex *regex, struct regex_node *list, char c)
{
	regex_add(list, regex_byte(regex, (uint8_t)c, true));
}

/* One of the digits in a set, a bit each from 0 on. */
static struct regex_node *digit(struct regex *regex, unsigned int digits)
{
	uint64_t set[4] = { 0 };

	for (unsigned int i = 0; i < 16; i++)
		if (digits >> i & 1)
			set_add(set, (uint8_t)"0123456789abcdef"[i]);
	set_close_case(set);
	return regex_set(regex, set);
}

static struct regex_node *optional(struct regex *regex,
				   struct regex_node *node)
{
	return regex_repeat(regex, node, 0, 1);
}

/* IPv4 */

/* Of the numbers from 10 * @tens on, the last digits of those in a range. */
static unsigned int last_digits(unsigned int tens, unsigned int low,
				unsigned int high)
{
	unsigned int digits = 0;

	for (unsigned int i = 0; i < 10; i++)
		if (tens * 10 + i >= low && tens * 10 + i <= high)
			digits |= 1u << i;
	return digits;
}

/* The numbers from @low to @high, which is at most 255. */
static struct regex_node *octet(struct regex *regex, unsigned int low,
				unsigned int high)
{
	/* By how many tens the numbers begin, and with which digit before. */
	static const struct {
		unsigned int first, last;
		char before;
	} blocks[] = { { 0, 0, 0 }, { 1, 9, 0 }, { 10, 19, '1' },
		       { 20, 25, '2' } };
	struct regex_node *any = regex_list(regex, REGEX_ALT), *number;

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		unsigned int tens = blocks[i].first, next;

		for (; tens <= blocks[i].last; tens = next) {
			unsigned int last = last_digits(tens, low, high);
			unsigned int leading = 0;

			for (next = tens; next <= blocks[i].last &&
			     last_digits(next, low, high) == last; next++)
				leading |= 1u << next % 10;
			if (!last)
				continue;
			number = regex_list(regex, REGEX_CONCAT);
			if (blocks[i].before)
				put_byte(regex, number, blocks[i].before);
			if (tens)
				regex_add(number, digit(regex, leading));
			regex_add(number, digit(regex, last));
			regex_add(any, regex_finish(regex, number));
		}
	}
	return regex_finish(regex, any);
}

static struct regex_node *ipv4(struct regex *regex, const struct network *n)
{
	struct regex_node *list = regex_list(regex, REGEX_CONCAT);

	for (unsigned int i = 0; i < 4; i++) {
		unsigned int fixed = n->prefix > 8 * i ? n->prefix - 8 * i : 0;
		unsigned int free_bits = fixed < 8 ? 8 - fixed : 0;

		if (i)
			put_byte(regex, list, '.');
		regex_add(list, octet(regex, n->address[i], n->address[i] |
				      ((1u << free_bits) - 1)));
	}
	return regex_finish(regex, list);
}

/* IPv6 */

/* The digits that may stand at one place, from 0 to 31. */
static unsigned int digits_at(const struct network *n, unsigned int place)
{
	unsigned int fixed = n->prefix > 4 * place ? n->prefix - 4 * place : 0;
	unsigned int low = n->address[place / 2] >> (place % 2 ? 0 : 4) & 15;

	if (fixed >= 4)
		return 1u << low;
	return ((1u << (1u << (4 - fixed))) - 1) << low;
}

static bool may_be_zero(const struct network *n, unsigned int group)
{
	for (unsigned int i = 0; i < 4; i++)
		if (!(digits_at(n, 4 * group + i) & 1))
			return false;
	return true;
}

/* Zeros in front of a group's digits may be missing. */
static struct regex_node *group_of(struct regex *regex,
				   const struct network *n, unsigned int group)
{
	struct regex_node *node = NULL, *list;
	bool zeros = true;

	if (may_be_zero(n, group) && digits_at(n, 4 * group) ==
	    digits_at(n, 4 * group + 3))
		return regex_repeat(regex, digit(regex, digits_at(n, 4 *
				    group)), 1, 4);
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int digits = digits_at(n, 4 * group + i);

		list = regex_list(regex, REGEX_CONCAT);
		if (node)
			regex_add(list, node);
		regex_add(list, digit(regex, digits));
		node = regex_finish(regex, list);
		zeros = zeros && digits & 1;
		if (zeros && i < 3)
			node = optional(regex, node);
	}
	return node;
}

/* From group @first to before @end, with colons between them. */
static void put_groups(struct regex *regex, struct regex_node *list,
		       const struct network *n, unsigned int first,
		       unsigned int end)
{
	for (unsigned int i = first; i < end; i++) {
		if (i > first)
			put_byte(regex, list, ':');
		regex_add(list, group_of(regex, n, i));
	}
}

/* From 1 to @num groups of which nothing is fixed. */
static struct regex_node *free_groups(struct regex *regex, unsigned int num)
{
	struct regex_node *list = regex_list(regex, REGEX_CONCAT);
	struct regex_node *more = regex_list(regex, REGEX_CONCAT);

	regex_add(list, regex_repeat(regex, digit(regex, ALL_DIGITS), 1, 4));
	put_byte(regex, more, ':');
	regex_add(more, regex_repeat(regex, digit(regex, ALL_DIGITS), 1, 4));
	regex_add(list, regex_repeat(regex, regex_finish(regex, more), 0,
				     num - 1));
	return regex_finish(regex, list);
}

/* What stands behind a "::" that begins with group @gap. */
static struct regex_node *behind_gap(struct regex *regex,
				     const struct network *n, unsigned int gap)
{
	unsigned int num_fixed = (n->prefix + 15) / 16, next = gap + 1;
	struct regex_node *any = regex_list(regex, REGEX_ALT), *list;

	/* The gap may be longer as long as what it stands for may be zero. */
	for (; next < num_fixed; next++) {
		list = regex_list(regex, REGEX_CONCAT);
		put_groups(regex, list, n, next, NUM_GROUPS);
		regex_add(any, regex_finish(regex, list));
		if (!may_be_zero(n, next))
			return regex_finish(regex, any);
	}
	if (next < NUM_GROUPS)
		regex_add(any, free_groups(regex, NUM_GROUPS - next));
	regex_add(any, regex_list(regex, REGEX_EMPTY));
	return regex_finish(regex, any);
}

static struct regex_node *ipv6(struct regex *regex, const struct network *n)
{
	struct regex_node *any = regex_list(regex, REGEX_ALT);
	struct regex_node *list = regex_list(regex, REGEX_CONCAT);

	put_groups(regex, list, n, 0, NUM_GROUPS);
	regex_add(any, regex_finish(regex, list));
	for (unsigned int gap = 0; gap < NUM_GROUPS; gap++) {
		if (!may_be_zero(n, gap))
			continue;
		list = regex_list(regex, REGEX_CONCAT);
		put_groups(regex, list, n, 0, gap);
		put_byte(regex, list, ':');
		put_byte(regex, list, ':');
		regex_add(list, behind_gap(regex, n, gap));
		regex_add(any, regex_finish(regex, list));
	}
	return regex_finish(regex, any);
}

const char *sigma_cidr(struct regex *out, const char *text)
{
	struct regex_node *list;
	struct network n = { 0 };
	const char *why;

	memset(out, 0, sizeof(*out));
	why = read_network(&n, text);
	if (why)
		return why;
	list = regex_list(out, REGEX_CONCAT);
	regex_add(list, regex_assertion(out, REGEX_START));
	regex_add(list, n.len == 4 ? ipv4(out, &n) : ipv6(out, &n));
	regex_add(list, regex_assertion(out, REGEX_END));
	out->root = regex_finish(out, list);
	return NULL;
}
