// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/policy.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int policy_fail(struct policy_error *error, size_t line, size_t column,
		const char *format, ...)
{
	va_list ap;

	error->line = line;
	error->column = column;
	va_start(ap, format);
	vsnprintf(error->text, sizeof(error->text), format, ap);
	va_end(ap);
	/* It quotes a stranger's file: one line, and no terminal's codes. */
	for (char *p = error->text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return -1;
}

const char *policy_severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_INFO] = "info", [SEVERITY_WARNING] = "warning",
		[SEVERITY_UNKNOWN] = "unknown", [SEVERITY_FAIL] = "fail",
	};

	return names[severity];
}

#define SET_LIMIT(section, key, standard, least, most, what)		\
	policy->section##_##key = (standard);

void policy_init(struct policy *policy)
{
	memset(policy, 0, sizeof(*policy));
	POLICY_LIMITS(SET_LIMIT)
	for (int i = 0; i < POLICY_NUM_CODES; i++)
		policy->severities[i] = policy_code_floor(i);
}

void policy_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->num_acknowledged; i++)
		free(policy->acknowledged[i]);
	for (size_t i = 0; i < policy->num_exemptions; i++) {
		free(policy->exemptions[i].place);
		free(policy->exemptions[i].reason);
	}
	free(policy->acknowledged);
	free(policy->exemptions);
	free(policy->path);
	free(policy->digest);
	memset(policy, 0, sizeof(*policy));
}

/* In single quotes nothing but the quote itself means anything. */
static void print_text(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(*text, out);
	}
	putc('\'', out);
}

static void print_lists(const struct policy *policy, FILE *out)
{
	fputs(policy->num_acknowledged ? "acknowledge:\n" :
					 "acknowledge: []\n", out);
	for (size_t i = 0; i < policy->num_acknowledged; i++) {
		fputs("  - ", out);
		print_text(out, policy->acknowledged[i]);
		putc('\n', out);
	}
	fputs(policy->num_exemptions ? "exemptions:\n" : "exemptions: []\n",
	      out);
	for (size_t i = 0; i < policy->num_exemptions; i++) {
		const struct exemption *e = &policy->exemptions[i];

		fprintf(out, "  - code: %s\n    place: ",
			policy_code_name(e->code));
		print_text(out, e->place);
		fputs("\n    reason: ", out);
		print_text(out, e->reason);
		fprintf(out, "\n    until: %s\n", e->until);
	}
}

#define PRINT_LIMIT(section, key, standard, least, most, what)		\
	fprintf(out, "  # %s\n  %s: %llu\n", what, #key,		\
		(unsigned long long)policy->section##_##key);

void policy_print(const struct policy *policy, FILE *out)
{
	fputs("# See plimsoll-policy(5).\nbudget:\n", out);
	POLICY_BUDGETS(PRINT_LIMIT)
	fputs("growth:\n", out);
	POLICY_GROWTHS(PRINT_LIMIT)
	fputs("kill:\n", out);
	POLICY_KILLS(PRINT_LIMIT)
	fputs("severity:\n", out);
	for (int i = 0; i < POLICY_NUM_CODES; i++)
		fprintf(out, "  %s: %s\n", policy_code_name(i),
			policy_severity_name(policy->severities[i]));
	print_lists(policy, out);
}
