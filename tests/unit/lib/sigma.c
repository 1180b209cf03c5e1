// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/unit/lib/sigma.h"

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
