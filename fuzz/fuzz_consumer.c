// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of kernel modules, which are anybody's ELF files. */
#include "consumer/consumer.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *path = fuzz_file(data, len);
	struct consumer consumer;
	char error[256] = "";

	if (consumer_read(&consumer, path, error)) {
		fuzz_must(error[0]);
		return 0;
	}
	fuzz_must(consumer.num_supplies <= PLM_MAX_TEMPLATES);
	for (u32 i = 0; i < consumer.num_supplies; i++)
		fuzz_must(consumer.list[i]->num_inputs <= PLM_MAX_INPUTS);
	consumer_free(&consumer);
	return 0;
}
