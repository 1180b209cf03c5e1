// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mutator of content files as AFL++ loads it: beside the engine's own
 * mutations, which stand in for those that libFuzzer lends it.
 */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max_len);

/* Of libFuzzer's only the simplest: AFL++ has its own for all others. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max_len)
{
	(void)max_len;
	if (len)
		data[(size_t)rand() % len] ^= (uint8_t)(1 << rand() % 8);
	return len;
}

/* What AFL++ calls, by these names; the state is its own until the end. */
struct afl_mutator {
	uint8_t *data;
	size_t cap;
};

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *state, uint8_t *data, size_t len,
		       uint8_t **out_data, uint8_t *other, size_t other_len,
		       size_t max_len);
void afl_custom_deinit(void *state);

void *afl_custom_init(void *afl, unsigned int seed)
{
	(void)afl;
	srand(seed);
	return xcalloc(1, sizeof(struct afl_mutator));
}

size_t afl_custom_fuzz(void *state, uint8_t *data, size_t len,
		       uint8_t **out_data, uint8_t *other, size_t other_len,
		       size_t max_len)
{
	struct afl_mutator *mutator = state;

	(void)other;
	(void)other_len;
	if (mutator->cap < max_len) {
		mutator->data = xrealloc(mutator->data, max_len);
		mutator->cap = max_len;
	}
	if (len > max_len)
		len = max_len;
	memcpy(mutator->data, data, len);
	*out_data = mutator->data;
	return LLVMFuzzerCustomMutator(mutator->data, len, max_len,
				       (unsigned int)rand());
}

void afl_custom_deinit(void *state)
{
	struct afl_mutator *mutator = state;

	free(mutator->data);
	free(mutator);
}
