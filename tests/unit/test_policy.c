// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies: what is read, what is refused and where, days and features. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "policy/date.h"
#include "policy/feature.h"
#include "policy/policy.h"

static char *path;

static int make_path(void **state)
{
	char name[] = "/tmp/test_policy.XXXXXX";
	int fd = mkstemp(name);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	path = xstrdup(name);
	return 0;
}

static int remove_path(void **state)
{
	(void)state;
	unlink(path);
	free(path);
	return 0;
}

static int load(struct policy *policy, struct policy_error *error,
		const void *text, size_t len)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	return policy_load(policy, path, error);
}

static void refused(const char *text, size_t line, size_t column,
		    const char *saying)
{
	struct policy_error error;
	struct policy policy;

	assert_int_equal(load(&policy, &error, text, strlen(text)), -1);
	assert_false(error.unreadable);
	if (!strstr(error.text, saying))
		fail_msg("'%s' does not say '%s'", error.text, saying);
	assert_int_equal(error.line, line);
	assert_int_equal(error.column, column);
	policy_free(&policy);
}

static const char whole[] =
	"budget:\n"
	"  rules: 7\n"
	"  always: 0\n"
	"growth: {rules: 110}\n"
	"kill: {goodware_events: 500}\n"
	"severity:\n"
	"  SUBSUMED: fail\n"
	"  NOT_DECIDED: fail\n"
	"acknowledge: [operator matches, 'input process_creation.User']\n"
	"exemptions:\n"
	"  - code: DUPLICATE\n"
	"    place: a-rule\n"
	"    reason: customers refer to both\n"
	"    until: 2026-12-31\n";

static void takes_what_is_said(void **state)
{
	struct policy_error error;
	struct policy policy;

	(void)state;
	assert_int_equal(load(&policy, &error, whole, strlen(whole)), 0);
	assert_int_equal(policy.budget_rules, 7);
	assert_int_equal(policy.budget_always, 0);
	assert_int_equal(policy.growth_rules, 110);
	assert_int_equal(policy.kill_goodware_events, 500);
	assert_int_equal(policy.severities[POLICY_SUBSUMED], SEVERITY_FAIL);
	assert_int_equal(policy.severities[POLICY_NOT_DECIDED], SEVERITY_FAIL);
	assert_int_equal(policy.num_acknowledged, 2);
	assert_string_equal(policy.acknowledged[1],
			    "input process_creation.User");
	assert_int_equal(policy.num_exemptions, 1);
	assert_int_equal(policy.exemptions[0].code, POLICY_DUPLICATE);
	assert_string_equal(policy.exemptions[0].place, "a-rule");
	assert_string_equal(policy.exemptions[0].until, "2026-12-31");
	assert_memory_equal(policy.digest, "sha256:", 7);
	policy_free(&policy);
}

static void keeps_what_is_not_said(void **state)
{
	struct policy policy, standard;
	struct policy_error error;

	(void)state;
	policy_init(&standard);
	assert_int_equal(load(&policy, &error, whole, strlen(whole)), 0);
	assert_int_equal(policy.budget_bytes, standard.budget_bytes);
	assert_int_equal(policy.growth_bytes, standard.growth_bytes);
	assert_int_equal(policy.severities[POLICY_DUPLICATE], SEVERITY_FAIL);
	policy_free(&policy);
	assert_int_equal(load(&policy, &error, "# none\n", 7), 0);
	assert_int_equal(policy.budget_rules, standard.budget_rules);
	policy_free(&policy);
	policy_free(&standard);
}

static char *printed(const struct policy *policy)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	policy_print(policy, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void prints_what_it_reads(void **state)
{
	struct policy_error error;
	struct policy policy;
	char *first, *second;

	(void)state;
	assert_int_equal(load(&policy, &error, whole, strlen(whole)), 0);
	first = printed(&policy);
	policy_free(&policy);
	assert_int_equal(load(&policy, &error, first, strlen(first)), 0);
	second = printed(&policy);
	assert_string_equal(first, second);
	assert_non_null(strstr(first, "  NOT_DECIDED: fail\n"));
	policy_free(&policy);
	free(first);
	free(second);
}

static void names_the_place(void **state)
{
	(void)state;
	refused("budget:\n  ruls: 3\n", 2, 3, "Unexpected key: ruls");
	refused("budget:\n  rules: 3\n  rules: 3\n", 3, 3,
		"key 'rules' stands in this map already");
	refused("budget:\n  rules: 0\n", 2, 10, "0 is not from 1 to");
	refused("budget:\n  rules: '3'\n", 2, 10, "key 'rules'");
	refused("growth:\n  bytes: [3]\n", 2, 10, "key 'bytes': Expecting");
	refused("severity:\n  DUPLICATE: warning\n", 2, 14,
		"key 'DUPLICATE': its severity is fail");
	refused("acknowledge:\n  - input nowhere.Image\n", 2, 5,
		"no feature has this name");
	refused("budget: &a {rules: 3}\ngrowth: *a\n", 1, 9, "aliases");
	refused("budget: \"\\0\"\n", 1, 9, "a zero byte");
	refused("- budget\n", 1, 1, "is a list");
}

static void numbers_have_bounds(void **state)
{
	static const struct {
		const char *section, *key;
		uint64_t least, most;
	} limits[] = {
#define LIMIT(section, key, standard, least, most, what) \
	{ #section, #key, least, most },
		POLICY_LIMITS(LIMIT)
#undef LIMIT
	};
	struct policy_error error;
	struct policy policy;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		uint64_t tries[] = { limits[i].least, limits[i].most,
				     limits[i].least - 1, limits[i].most + 1 };

		for (size_t k = 0; k < ARRAY_LEN(tries); k++) {
			char *text = xasprintf("%s:\n  %s: %lld\n",
				limits[i].section, limits[i].key,
				(long long)tries[k]);

			assert_int_equal(load(&policy, &error, text,
					      strlen(text)), k < 2 ? 0 : -1);
			policy_free(&policy);
			free(text);
		}
	}
}

static void severities_only_rise(void **state)
{
	static const enum severity all[] = {
		SEVERITY_WARNING, SEVERITY_UNKNOWN, SEVERITY_FAIL,
	};
	struct policy_error error;
	struct policy policy;

	(void)state;
	for (int code = 0; code < POLICY_NUM_CODES; code++) {
		for (size_t i = 0; i < ARRAY_LEN(all); i++) {
			char *text = xasprintf("severity: {%s: %s}\n",
				policy_code_name(code),
				policy_severity_name(all[i]));
			bool fine = all[i] >= policy_code_floor(code);

			assert_int_equal(load(&policy, &error, text,
					      strlen(text)), fine ? 0 : -1);
			if (fine)
				assert_int_equal(policy.severities[code],
						 all[i]);
			policy_free(&policy);
			free(text);
		}
	}
}

/* What is cut or spoilt anywhere is read or refused, with a sentence. */
static void survives_damage(void **state)
{
	static const char junk[] = "\0\t\n &*!%@`{}[]|>-?:#'\"\x80\xff~0";
	size_t len = strlen(whole);
	char *copy = xmalloc(len);
	struct policy_error error;
	struct policy policy;
	uint32_t num_refused = 0;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k <= sizeof(junk); k += 7) {
			size_t cut = k ? len : i;

			memcpy(copy, whole, len);
			copy[i] = junk[(i + k) % sizeof(junk)];
			if (load(&policy, &error, copy, cut)) {
				assert_true(error.text[0]);
				num_refused++;
			}
			policy_free(&policy);
		}
	}
	assert_true(num_refused > len);
	free(copy);
}

static void large_and_missing_files(void **state)
{
	size_t len = POLICY_MAX_LEN + 1;
	char *text = xmalloc(len);
	struct policy_error error;
	struct policy policy;

	(void)state;
	memset(text, '#', len);
	assert_int_equal(load(&policy, &error, text, len - 1), 0);
	policy_free(&policy);
	assert_int_equal(load(&policy, &error, text, len), -1);
	assert_false(error.unreadable);
	assert_non_null(strstr(error.text, "larger than"));
	policy_free(&policy);
	free(text);
	assert_int_equal(policy_load(&policy, "/nonexistent/p.yaml", &error),
			 -1);
	assert_true(error.unreadable);
	policy_free(&policy);
}

static void days(void **state)
{
	static const char *const none[] = {
		"", "2026-1-1", "2026-13-01", "2026-00-10", "2026-04-31",
		"2026-02-29", "2100-02-29", "1999-12-31", "2026-01-00",
		"2026/01/01", "2026-01-01 ", "20260-1-01", "tomorrow..",
	};
	static const char *const some[] = {
		"2026-01-01", "2024-02-29", "2000-02-29", "9999-12-31",
	};
	char today[DATE_LEN + 1];
	bool given;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(date_is_valid(none[i]));
	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		assert_true(date_is_valid(some[i]));
	unsetenv("PLIMSOLL_TODAY");
	assert_true(date_today(today, &given));
	assert_false(given);
	assert_true(date_is_valid(today) && strcmp(today, "2026-01-01") > 0);
	setenv("PLIMSOLL_TODAY", "2030-05-06", 1);
	assert_true(date_today(today, &given));
	assert_true(given);
	assert_string_equal(today, "2030-05-06");
	setenv("PLIMSOLL_TODAY", "2030-05-32", 1);
	assert_false(date_today(today, &given));
	unsetenv("PLIMSOLL_TODAY");
}

static void features_have_names(void **state)
{
	(void)state;
	assert_true(feature_count() > 20);
	for (uint32_t i = 0; i < feature_count(); i++) {
		char *name = feature_name(i);

		assert_int_equal(feature_find(name), i);
		free(name);
	}
	assert_int_equal(feature_find("operator"), feature_count());
	assert_int_equal(feature_find(""), feature_count());
}

static void features_of_a_rule(void **state)
{
	const struct plm_template *t =
		plm_template_find(PLM_PROCESS_CREATION_ID);
	uint32_t program[] = {
		PLM_WORD(PLM_WORD_TEST, 0), PLM_WORD(PLM_WORD_TEST, 1),
		PLM_WORD(PLM_WORD_NOT, 0), PLM_WORD(PLM_WORD_TEST, 2),
		PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 3),
	};
	static const char *const expected[] = {
		"template process_creation", "input process_creation.Image",
		"input process_creation.LogonId", "operator endswith",
		"operator contains", "operator <", "flag cased",
		"condition not", "condition count", "action kill",
	};
	struct model_rule rule = { .template = t, .action = PLM_ACTION_KILL,
				   .program = program, .program_len = 5 };
	uint8_t *out = xcalloc(feature_count(), 1);
	uint32_t num = 0;
	struct model m;

	(void)state;
	model_init(&m, 1, 1);
	model_criterion(&m, t, 0, PLM_OP_ENDSWITH, 0, "/a", 2, 0);
	model_criterion(&m, t, 0, PLM_OP_CONTAINS, PLM_FLAG_CASED, "B", 1, 0);
	model_criterion(&m, t, 7, PLM_OP_NUM_LT, 0, "", 0, 9);
	feature_of_rule(&m, &rule, out);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_true(out[feature_find(expected[i])]);
	for (uint32_t i = 0; i < feature_count(); i++)
		num += out[i];
	assert_int_equal(num, ARRAY_LEN(expected));
	model_free(&m);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_said),
		cmocka_unit_test(keeps_what_is_not_said),
		cmocka_unit_test(prints_what_it_reads),
		cmocka_unit_test(names_the_place),
		cmocka_unit_test(numbers_have_bounds),
		cmocka_unit_test(severities_only_rise),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(large_and_missing_files),
		cmocka_unit_test(days),
		cmocka_unit_test(features_have_names),
		cmocka_unit_test(features_of_a_rule),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_path, remove_path);
}
