// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/schema.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <string.h>

#include "base/mem.h"

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define LIMIT_FIELD(section, key, standard, least, most, what)		\
	CYAML_FIELD_UINT_PTR(#key, OPTIONAL, struct schema_##section, key),

static const cyaml_schema_field_t budget_fields[] = {
	POLICY_BUDGETS(LIMIT_FIELD) CYAML_FIELD_END
};

static const cyaml_schema_field_t growth_fields[] = {
	POLICY_GROWTHS(LIMIT_FIELD) CYAML_FIELD_END
};

static const cyaml_schema_field_t kill_fields[] = {
	POLICY_KILLS(LIMIT_FIELD) CYAML_FIELD_END
};

static const cyaml_strval_t severities[] = {
	{ "warning", SEVERITY_WARNING },
	{ "unknown", SEVERITY_UNKNOWN },
	{ "fail", SEVERITY_FAIL },
};

#define SEVERITY_FIELD(name, floor)					\
	CYAML_FIELD_ENUM_PTR(#name, OPTIONAL | CYAML_FLAG_STRICT,	\
			     struct schema_severity, name, severities,	\
			     ARRAY_LEN(severities)),

static const cyaml_schema_field_t severity_fields[] = {
	POLICY_CODES(SEVERITY_FIELD) CYAML_FIELD_END
};

#define CODE_VALUE(name, floor) { #name, POLICY_##name },

static const cyaml_strval_t codes[] = { POLICY_CODES(CODE_VALUE) };

static const cyaml_schema_field_t exemption_fields[] = {
	CYAML_FIELD_ENUM("code", CYAML_FLAG_STRICT, struct schema_exemption,
			 code, codes, ARRAY_LEN(codes)),
	CYAML_FIELD_STRING_PTR("place", CYAML_FLAG_POINTER,
			       struct schema_exemption, place, 1,
			       POLICY_MAX_TEXT_LEN),
	CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_POINTER,
			       struct schema_exemption, reason, 1,
			       POLICY_MAX_TEXT_LEN),
	CYAML_FIELD_STRING_PTR("until", CYAML_FLAG_POINTER,
			       struct schema_exemption, until, 1,
			       POLICY_MAX_TEXT_LEN),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t exemption_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct schema_exemption,
			    exemption_fields),
};

static const cyaml_schema_value_t feature_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, POLICY_MAX_TEXT_LEN),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_MAPPING_PTR("budget", OPTIONAL, struct schema_file, budget,
				budget_fields),
	CYAML_FIELD_MAPPING_PTR("growth", OPTIONAL, struct schema_file, growth,
				growth_fields),
	CYAML_FIELD_MAPPING_PTR("kill", OPTIONAL, struct schema_file, kill,
				kill_fields),
	CYAML_FIELD_MAPPING_PTR("severity", OPTIONAL, struct schema_file,
				severity, severity_fields),
	CYAML_FIELD_SEQUENCE("acknowledge", OPTIONAL, struct schema_file,
			     acknowledge, &feature_value, 0,
			     POLICY_MAX_ENTRIES),
	CYAML_FIELD_SEQUENCE("exemptions", OPTIONAL, struct schema_file,
			     exemptions, &exemption_value, 0,
			     POLICY_MAX_ENTRIES),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t file_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct schema_file,
			    file_fields),
};

/*
 * The first message says what is wrong; of the trace behind it the first line
 * with a place says where, and the first one with a field in which key.
 */
struct log {
	char problem[200];
	char key[80];
	size_t line, column;
};

static void note_place(struct log *log, const char *message)
{
	static const char in_field[] = "in mapping field '";
	const char *place = strstr(message, "(line: ");
	const char *field = strstr(message, in_field);

	if (place && !log->line &&
	    sscanf(place, "(line: %zu, column: %zu)", &log->line,
		   &log->column) != 2)
		log->line = log->column = 0;
	/* Some problems name the key themselves, and another one is traced. */
	if (field && !log->key[0] && !strstr(log->problem, "key: ") &&
	    !strstr(log->problem, "field: "))
		snprintf(log->key, sizeof(log->key), "%.*s",
			 (int)strcspn(field + sizeof(in_field) - 1, "'"),
			 field + sizeof(in_field) - 1);
}

static void note(cyaml_log_t level, void *context, const char *format,
		 va_list ap)
{
	static const char from[] = "Load: ";
	struct log *log = context;
	char message[400];

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(message, sizeof(message), format, ap);
	message[strcspn(message, "\n")] = '\0';
	if (!log->problem[0])
		snprintf(log->problem, sizeof(log->problem), "%.190s",
			 strncmp(message, from, sizeof(from) - 1) ? message :
			 message + sizeof(from) - 1);
	else
		note_place(log, message);
}

static void *allocate(void *context, void *old, size_t len)
{
	(void)context;
	if (!len) {
		free(old);
		return NULL;
	}
	return xrealloc(old, len);
}

static cyaml_config_t config_for(struct log *log)
{
	return (cyaml_config_t){
		.log_fn = note, .log_ctx = log, .mem_fn = allocate,
		.log_level = CYAML_LOG_ERROR, .flags = CYAML_CFG_NO_ALIAS,
	};
}

int schema_load(const uint8_t *data, size_t len, struct schema_file **out,
		struct policy_error *out_error)
{
	struct log log = { 0 };
	cyaml_config_t config = config_for(&log);
	cyaml_data_t *loaded = NULL;
	cyaml_err_t err;

	err = cyaml_load_data(data, len, &config, &file_value, &loaded, NULL);
	*out = loaded;
	if (!err)
		return 0;
	return policy_fail(out_error, log.line, log.column, "%s%s%s%s",
			   log.key[0] ? "key '" : "", log.key,
			   log.key[0] ? "': " : "",
			   log.problem[0] ? log.problem : cyaml_strerror(err));
}

void schema_free(struct schema_file *file)
{
	struct log log = { 0 };
	cyaml_config_t config = config_for(&log);

	if (file)
		cyaml_free(&config, &file_value, file, 0);
}
