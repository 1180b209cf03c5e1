// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `check` beside SHA-256 over the same bytes, alternately: what the structural
 * check costs in terms of what everybody pays for a signature anyway.
 */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

#define MIB (1u << 20)
#define ROUNDS 40

static double time_check(const uint8_t *data, size_t len)
{
	struct plm_content content;
	struct plm_fault fault;
	double began = bench_now();

	if (plm_check(data, (u32)len, 0, &content, &fault))
		abort();
	return bench_now() - began;
}

static double time_sha256(const uint8_t *data, size_t len)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int hash_len;
	double began = bench_now();

	if (!EVP_Digest(data, len, hash, &hash_len, EVP_sha256(), NULL))
		abort();
	return bench_now() - began;
}

/* A content file of one MiB or just above. */
static uint8_t *mebibyte(size_t *out_len, size_t *out_rules)
{
	struct model_error error;
	struct model model;
	uint8_t *data = NULL;
	size_t rules;

	for (rules = 500;; rules += rules / 8) {
		model_init(&model, 1, 1);
		bench_rules(&model, rules);
		free(data);
		data = NULL;
		if (model_encode(&model, &data, out_len, &error))
			data = NULL;
		model_free(&model);
		if (!data || *out_len >= MIB)
			break;
	}
	*out_rules = rules;
	return data;
}

json_t *bench_check(const char *content_path)
{
	double check[ROUNDS], sha256[ROUNDS], ratio[ROUNDS];
	size_t len, rules;
	uint8_t *data = mebibyte(&len, &rules);

	(void)content_path;
	if (!data)
		return NULL;
	for (int i = 0; i < ROUNDS; i++) {
		check[i] = time_check(data, len) * 1e6;
		sha256[i] = time_sha256(data, len) * 1e6;
		ratio[i] = check[i] / sha256[i];
	}
	free(data);
	return json_pack("{sI sI so so so}", "bytes", (json_int_t)len, "rules",
			 (json_int_t)rules, "check_us",
			 bench_spread(check, ROUNDS), "sha256_us",
			 bench_spread(sha256, ROUNDS), "check_to_sha256",
			 bench_spread(ratio, ROUNDS));
}
