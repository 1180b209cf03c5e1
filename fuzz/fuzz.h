/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz targets: fuzz_NAME.c is one program for a fuzzing engine (libFuzzer) and,
 * with replay.c, one that runs inputs of old.  A target aborts
 * where what must always hold does not.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What an engine calls.  @data has no byte beyond @len. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* An engine may call it in place of its own mutations; in content.c. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max_len,
			       unsigned int seed);

/*
 * Other rules, encoded anew, cost about a million instructions: more than many
 * executions.  Of the mutations that it would do so only one in this number does.
 */
extern unsigned int fuzz_models_one_in;

/* The same bytes as a file: its path, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t len);

/* Not assert(): it stands whatever NDEBUG says. */
#define fuzz_must(holds)						\
	do {								\
		if (!(holds))						\
			abort();					\
	} while (0)

#endif /* FUZZ_FUZZ_H */
