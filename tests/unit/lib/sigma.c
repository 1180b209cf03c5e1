// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/unit/lib/sigma.h"

#include "base/mem.h"
#include "dump/dump.h"
#include "sigma/compile.h"
#include "sigma/tree.h"

int compile_rule(const char *yaml, char **out_condition,
		 struct sigma_error *error)
{
	struct tree_file file;
	uint64_t steps = SIGMA_MAX_STEPS;
	struct sigma_rule rule = { 0 };
	struct model model;
	int status;

	*out_condition = NULL;
	status = tree_load(&file, (const uint8_t *)yaml, strlen(yaml), error);
	if (!status) {
		assert_int_equal(file.num_documents, 1);
		status = sigma_rule_compile(&rule, file.documents[0], NULL,
					    &steps, error);
	}
	tree_free(&file);
	if (!status) {
		model_init(&model, 1, 1);
		sigma_rule_emit(&rule, PLM_ACTION_AUDIT, &model);
		*out_condition = dump_condition(&model, &model.rules[0],
						SIZE_MAX);
		for (char *p = *out_condition; *p; p++)
			if (*p == '\n')
				*p = ' ';
		model_free(&model);
	}
	sigma_rule_free(&rule);
	return status;
}

void assert_means(const char *detection, const char *expected)
{
	char *yaml = xasprintf(RULE_HEAD "%s", detection), *condition;
	struct sigma_error error;

	if (compile_rule(yaml, &condition, &error))
		fail_msg("%s%zu:%zu: %s", yaml, error.at.line, error.at.column,
			 error.text);
	assert_string_equal(condition, expected);
	free(condition);
	free(yaml);
}

void assert_refused(const char *yaml, enum sigma_code code, size_t line,
		    size_t column, const char *text)
{
	struct sigma_error error;
	char *condition;

	if (!compile_rule(yaml, &condition, &error))
		fail_msg("%saccepted as: %s", yaml, condition);
	if (error.code != code || error.at.line != line ||
	    error.at.column != column || !strstr(error.text, text))
		fail_msg("%s%zu:%zu: %s [%s]", yaml, error.at.line,
			 error.at.column, error.text,
			 sigma_code_name(error.code));
}

void assert_detection_refused(const char *detection, enum sigma_code code,
			      size_t line, size_t column, const char *text)
{
	char *yaml = xasprintf(RULE_HEAD "%s", detection);

	assert_refused(yaml, code, line, column, text);
	free(yaml);
}

void assert_entry_means(const char *entry, const char *expected)
{
	char *detection = xasprintf("  a:\n    %s\n  condition: a\n", entry);

	assert_means(detection, expected);
	free(detection);
}

void assert_entry_refused(const char *entry, enum sigma_code code,
			  size_t column, const char *text)
{
	char *detection = xasprintf("  a:\n    %s\n  condition: a\n", entry);

	assert_detection_refused(detection, code, 8, column, text);
	free(detection);
}
