// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/rule.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sigma/condition.h"
#include "sigma/selection.h"

/* Patterns are compared with names, which may not make that expensive. */
#define MAX_NAME_LEN 255

/* Attributes of documents that are not detection rules, and what they are. */
static const struct {
	const char *key, *what;
} not_rules[] = {
	{ "correlation", "correlation of several events" },
	{ "filter", "filter for other rules" },
	{ "action", "collection of documents, which Sigma 2 has no more" },
};

static int bad(struct sigma_error *error, const struct tree_node *at,
	       const char *what)
{
	return sigma_fail(error, at->at, SIGMA_BAD_RULE, "%s", what);
}

static bool is_uuid(const struct tree_node *node)
{
	if (node->kind != TREE_TEXT || node->len != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? node->text[i] != '-' :
		    !isxdigit((unsigned char)node->text[i]))
			return false;
	}
	return true;
}

static bool has_control(const struct tree_node *node)
{
	for (size_t i = 0; i < node->len; i++)
		if ((unsigned char)node->text[i] < 0x20 ||
		    node->text[i] == 0x7f)
			return true;
	return false;
}

/*
 * A rule without an id has one that follows from its title alone, so that it
 * stays the same rule where its detection changes: a UUID of version 8.
 */
static char *id_of_title(const char *title)
{
	unsigned char d[EVP_MAX_MD_SIZE] = { 0 };

	EVP_Digest(title, strlen(title), d, NULL, EVP_sha256(), NULL);
	d[6] = (d[6] & 0x0f) | 0x80;
	d[8] = (d[8] & 0x3f) | 0x80;
	return xasprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			 "%02x%02x%02x%02x%02x%02x", d[0], d[1], d[2], d[3],
			 d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11],
			 d[12], d[13], d[14], d[15]);
}

static int read_title(struct sigma_rule *rule, const struct tree_node *document,
		      struct sigma_error *error)
{
	const struct tree_node *title = tree_get(document, "title");

	if (!title)
		return bad(error, document, "rule has no title");
	if (title->kind != TREE_TEXT || !title->len ||
	    title->len > PLM_MAX_TEXT_LEN || has_control(title))
		return bad(error, title,
			   "title must be one line of at most 4096 bytes");
	rule->title = xstrdup(title->text);
	if (!rule->id)
		rule->id = id_of_title(rule->title);
	return 0;
}

static int read_id(struct sigma_rule *rule, const struct tree_node *document,
		   struct sigma_error *error)
{
	const struct tree_node *id = tree_get(document, "id");

	if (!id)
		return 0;	/* read_title gives it one */
	if (!is_uuid(id))
		return bad(error, id, "id is not a UUID");
	rule->id = xstrdup(id->text);
	return 0;
}

static int read_level(struct sigma_rule *rule, const struct tree_node *document,
		      struct sigma_error *error)
{
	static const char *const levels[] = {
		"informational", "low", "medium", "high", "critical",
	};
	const struct tree_node *level = tree_get(document, "level");

	rule->level = PLM_LEVEL_MEDIUM;
	if (!level)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (tree_is(level, levels[i])) {
			rule->level = PLM_LEVEL_INFORMATIONAL + (uint32_t)i;
			return 0;
		}
	}
	return bad(error, level, "level must be informational, low, medium, "
		   "high or critical");
}

static int read_tags(struct sigma_rule *rule, const struct tree_node *document,
		     struct sigma_error *error)
{
	const struct tree_node *tags = tree_get(document, "tags");
	char *joined;

	rule->tags = xstrdup("");
	if (!tags || tree_is_null(tags))
		return 0;
	if (tags->kind != TREE_LIST)
		return bad(error, tags, "tags must be a list");
	for (size_t i = 0; i < tags->num_items; i++) {
		const struct tree_node *tag = tags->items[i];

		if (tag->kind != TREE_TEXT || !tag->len ||
		    has_control(tag) || strchr(tag->text, ','))
			return bad(error, tag, "tag must be a text without "
				   "commas and control characters");
		if (strlen(rule->tags) + tag->len >= PLM_MAX_TEXT_LEN)
			return bad(error, tag, "tags exceed 4096 bytes");
		joined = xasprintf("%s%s%s", rule->tags, i ? "," : "",
				   tag->text);
		free(rule->tags);
		rule->tags = joined;
	}
	return 0;
}

static const char *shown(const struct tree_node *node)
{
	return node->kind == TREE_TEXT ? node->text : tree_kind_name(node);
}

/* Another one would give fields, values and log sources other meanings. */
static int check_taxonomy(const struct tree_node *document,
			  struct sigma_error *error)
{
	const struct tree_node *taxonomy = tree_get(document, "taxonomy");

	if (!taxonomy || tree_is(taxonomy, "sigma"))
		return 0;
	return sigma_fail(error, taxonomy->at, SIGMA_LOGSOURCE,
			  "taxonomy '%.60s': fields are those of the taxonomy "
			  "'sigma'", shown(taxonomy));
}

/*
 * Events of a category have the same fields on every system, so rules written
 * for another one say something about ours too, if seldom much.
 */
static bool is_known_product(const struct tree_node *value)
{
	return tree_is(value, "linux") || tree_is(value, "windows") ||
	       tree_is(value, "macos");
}

/* What narrows a log source in a way that no template does is refused. */
static int check_logsource(const struct tree_node *logsource,
			   struct sigma_error *error)
{
	for (size_t i = 0; i < logsource->num_items; i += 2) {
		const struct tree_node *key = logsource->items[i];
		const struct tree_node *value = logsource->items[i + 1];

		if (tree_is(key, "category") || tree_is(key, "definition"))
			continue;
		if (!tree_is(key, "product"))
			return sigma_fail(error, key->at, SIGMA_LOGSOURCE,
					  "log source has '%.60s': events are "
					  "told apart by category and product "
					  "only", key->text);
		if (!is_known_product(value))
			return sigma_fail(error, value->at, SIGMA_LOGSOURCE,
					  "product '%.60s': no template has "
					  "its events", shown(value));
	}
	return 0;
}

static int read_logsource(struct sigma_rule *rule,
			  const struct tree_node *document,
			  struct sigma_error *error)
{
	const struct tree_node *logsource = tree_get(document, "logsource");
	const struct tree_node *category;

	if (!logsource)
		return bad(error, document, "rule has no logsource");
	if (logsource->kind != TREE_MAP)
		return bad(error, logsource, "logsource must be a map");
	category = tree_get(logsource, "category");
	if (!category)
		return sigma_fail(error, logsource->at, SIGMA_LOGSOURCE,
				  "log source has no category");
	if (check_logsource(logsource, error))
		return -1;
	if (!sigma_category_find(category, &rule->category))
		return sigma_fail(error, category->at, SIGMA_LOGSOURCE,
				  "category '%.60s': no template has such "
				  "events", shown(category));
	rule->template = rule->category.template;
	return 0;
}

static int read_selections(struct sigma_selections *out,
			   const struct sigma_scope *scope,
			   const struct tree_node *detection)
{
	for (size_t i = 0; i < detection->num_items; i += 2) {
		const struct tree_node *key = detection->items[i];
		struct logic *logic;

		if (tree_is(key, "condition"))
			continue;
		if (key->len > MAX_NAME_LEN)
			return sigma_fail(scope->error, key->at,
					  SIGMA_BAD_RULE, "name of a selection "
					  "is longer than %d bytes",
					  MAX_NAME_LEN);
		if (tree_is(key, "timeframe"))
			return sigma_fail(scope->error, key->at,
					  SIGMA_BAD_CONDITION,
					  "timeframe spans several events: a "
					  "rule sees one event");
		logic = sigma_selection(scope, detection->items[i + 1]);
		if (!logic)
			return -1;
		/* What a condition costs depends on how long the lists are. */
		logic = logic_simplify(scope->pool, logic);
		if (out->num == out->cap) {
			out->cap = out->cap ? out->cap * 2 : 8;
			out->names = xreallocarray(out->names, out->cap,
						   sizeof(*out->names));
			out->logics = xreallocarray(out->logics, out->cap,
						   sizeof(*out->logics));
		}
		out->names[out->num] = key->text;
		out->logics[out->num++] = logic;
	}
	return 0;
}

/* A list of conditions holds where one of them does. */
static struct logic *read_conditions(const struct sigma_scope *scope,
				    const struct sigma_selections *selections,
				    const struct tree_node *condition)
{
	struct logic *any, *logic;

	if (condition->kind != TREE_LIST)
		return sigma_condition(scope, selections, condition);
	if (!condition->num_items) {
		bad(scope->error, condition, "list of conditions is empty");
		return NULL;
	}
	any = logic_new(scope->pool, LOGIC_ANY);
	for (size_t i = 0; i < condition->num_items; i++) {
		logic = sigma_condition(scope, selections,
					condition->items[i]);
		if (!logic)
			return NULL;
		logic_add(any, logic);
	}
	return any;
}

static int read_detection(struct sigma_rule *rule,
			  const struct tree_node *document,
			  const struct sigma_placeholders *placeholders,
			  uint64_t *steps_left,
			  struct sigma_error *error)
{
	const struct tree_node *detection = tree_get(document, "detection");
	struct sigma_scope scope = { rule->template, &rule->pool, placeholders,
				     steps_left, error };
	struct sigma_selections selections = { 0 };
	const struct tree_node *condition;
	struct logic *logic = NULL;

	if (!detection)
		return bad(error, document, "rule has no detection");
	if (detection->kind != TREE_MAP)
		return bad(error, detection, "detection must be a map");
	condition = tree_get(detection, "condition");
	if (!condition)
		return bad(error, detection, "detection has no condition");
	if (!read_selections(&selections, &scope, detection))
		logic = read_conditions(&scope, &selections, condition);
	free(selections.names);
	free(selections.logics);
	if (!logic)
		return -1;
	logic = sigma_category_logic(&rule->category, &rule->pool, logic);
	return sigma_lower(&rule->program, &rule->pool, logic, condition->at,
			   steps_left, error);
}

int sigma_rule_compile(struct sigma_rule *rule,
		       const struct tree_node *document,
		       const struct sigma_placeholders *placeholders,
		       uint64_t *steps_left,
		       struct sigma_error *out_error)
{
	const uint64_t before = *steps_left;
	int status;

	memset(rule, 0, sizeof(*rule));
	if (document->kind != TREE_MAP)
		return bad(out_error, document, "document is not a map");
	for (size_t i = 0; i < ARRAY_LEN(not_rules); i++) {
		const struct tree_node *value =
			tree_get(document, not_rules[i].key);

		if (value)
			return sigma_fail(out_error, value->at, SIGMA_BAD_RULE,
					  "document is not a detection rule "
					  "but a %s", not_rules[i].what);
	}
	if (read_id(rule, document, out_error) ||
	    read_title(rule, document, out_error) ||
	    check_taxonomy(document, out_error) ||
	    read_level(rule, document, out_error) ||
	    read_tags(rule, document, out_error) ||
	    read_logsource(rule, document, out_error))
		return -1;
	status = read_detection(rule, document, placeholders, steps_left,
				out_error);
	rule->steps = before - *steps_left;
	return status;
}

void sigma_rule_free(struct sigma_rule *rule)
{
	free(rule->id);
	free(rule->title);
	free(rule->tags);
	sigma_program_free(&rule->program);
	logic_pool_free(&rule->pool);
	memset(rule, 0, sizeof(*rule));
}

void sigma_rule_emit(const struct sigma_rule *rule, uint32_t action,
		     struct model *model)
{
	const struct sigma_program *program = &rule->program;
	struct model_rule *out = model_rule_add(model);

	out->template = rule->template;
	out->action = action;
	out->level = rule->level;
	model_text_set(&out->id, rule->id, strlen(rule->id));
	model_text_set(&out->title, rule->title, strlen(rule->title));
	model_text_set(&out->tags, rule->tags, strlen(rule->tags));
	out->program = xmemdup(program->words,
			       program->num_words * sizeof(*program->words));
	out->program_len = (uint32_t)program->num_words;
	for (uint32_t i = 0; i < out->program_len; i++) {
		const struct logic_test *t;

		if (PLM_WORD_OP(out->program[i]) != PLM_WORD_TEST)
			continue;
		t = program->tests[PLM_WORD_ARG(out->program[i])];
		out->program[i] = PLM_WORD(PLM_WORD_TEST, model_criterion(
			model, rule->template, t->input, t->op, t->flags,
			t->text, t->len, t->number));
	}
}
