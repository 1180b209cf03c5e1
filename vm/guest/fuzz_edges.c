// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest/fuzz_edges.h"

#define COUNTER_BITS	14
#define POINT_BITS	18
#define KNOWN_BITS	16
#define GOLDEN		0x9e3779b97f4a7c15ull

/* libFuzzer takes what lies in this section for its own. */
uint8_t fuzz_counters[EDGES_NUM_COUNTERS]
	__attribute__((section("__libfuzzer_extra_counters")));

static struct {
	uint64_t start, len;
} modules[EDGES_MAX_MODULES];
static size_t num_modules;
static size_t last_module;	/* most addresses are in that of the one before */

static uint8_t seen[EDGES_NUM_COUNTERS];	/* classes of counts, a bit each */
static uint8_t points[1u << (POINT_BITS - 3)];
static uint64_t known[1u << KNOWN_BITS];	/* digests of traces */
static uint16_t touched[EDGES_NUM_COUNTERS];
static size_t num_touched;
static uint64_t num_covered, num_points;
static bool is_new;

void edges_modules(size_t num)
{
	num_modules = num < EDGES_MAX_MODULES ? num : EDGES_MAX_MODULES;
	last_module = 0;
}

void edges_set_module(size_t index, uint64_t start, uint64_t len)
{
	if (index >= EDGES_MAX_MODULES)
		return;
	modules[index].start = start;
	modules[index].len = len;
}

static inline bool lies_in(uint64_t address, size_t index)
{
	return address - modules[index].start < modules[index].len;
}

static inline uint64_t place_of(uint64_t address)
{
	if (!num_modules)
		return address;
	for (size_t i = 1; !lies_in(address, last_module); i++) {
		if (i == num_modules)
			return 0;
		last_module = (last_module + 1) % num_modules;
	}
	return address - modules[last_module].start +
	       ((last_module + 1) << 32);
}

uint64_t edges_place(uint64_t address)
{
	return place_of(address);
}

static uint32_t hash(uint64_t value, unsigned int bits)
{
	return (uint32_t)(value * GOLDEN >> (64 - bits));
}

/* The classes of libFuzzer: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
static uint8_t class_of(uint8_t count)
{
	return count <= 2 ? count : count == 3 ? 4 : count < 8 ? 8 :
	       count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128;
}

static void count_point(uint64_t place)
{
	uint32_t at = hash(place, POINT_BITS);
	uint8_t bit = (uint8_t)(1u << (at & 7));

	if (points[at >> 3] & bit)
		return;
	points[at >> 3] |= bit;
	num_points++;
}

static void count_step(uint64_t from, uint64_t to)
{
	uint32_t at = hash(to ^ from << 1, COUNTER_BITS);

	if (!fuzz_counters[at]) {
		touched[num_touched++] = (uint16_t)at;
		count_point(to);
	}
	if (fuzz_counters[at] < UINT8_MAX)
		fuzz_counters[at]++;
}

bool edges_known(const uint64_t *addresses, size_t num)
{
	uint64_t digest = num + 1, *entry;

	for (size_t i = 0; i < num; i++)
		digest = (digest ^ digest >> 32 ^ addresses[i]) * GOLDEN;
	entry = &known[hash(digest, KNOWN_BITS)];
	if (*entry == digest)
		return true;
	*entry = digest;
	return false;
}

void edges_begin(void)
{
	for (size_t i = 0; i < num_touched; i++)
		fuzz_counters[touched[i]] = 0;
	num_touched = 0;
}

void edges_trace(const uint64_t *addresses, size_t num)
{
	uint64_t last = 0, place;

	for (size_t i = 0; i < num; i++) {
		place = place_of(addresses[i]);
		if (!place)
			continue;
		count_step(last, place);
		last = place;
	}
}

void edges_end(void)
{
	is_new = false;
	for (size_t i = 0; i < num_touched; i++) {
		uint32_t at = touched[i];
		uint8_t class = class_of(fuzz_counters[at]);

		if (seen[at] & class)
			continue;
		num_covered += !seen[at];
		seen[at] |= class;
		is_new = true;
	}
}

bool edges_is_new(void)
{
	return is_new;
}

uint64_t edges_num_covered(void)
{
	return num_covered;
}

uint64_t edges_num_points(void)
{
	return num_points;
}
