// SPDX-License-Identifier: GPL-2.0-or-later
#include "sigma/compile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/cost.h"
#include "content/imply.h"
#include "sigma/tree.h"

/*
 * How often the encoder may name one more rule to leave out.  Behind that the
 * rules are too many of their kind, and nothing is written.
 */
#define MAX_TRIES 64

static void refuse(struct sigma_compilation *c, const char *path,
		   const char *rule, const struct sigma_error *error)
{
	struct sigma_refusal *refusal;

	ARRAY_RESERVE(c->refusals, c->num_refusals, c->cap_refusals);
	refusal = &c->refusals[c->num_refusals++];
	refusal->path = xstrdup(path);
	refusal->rule = rule ? xstrdup(rule) : NULL;
	refusal->error = *error;
}

/* Nothing but its name is needed any more: refused rules may be many. */
static void refuse_source(struct sigma_compilation *c,
			  struct sigma_source *source,
			  const struct sigma_error *error)
{
	source->refused = true;
	sigma_program_free(&source->rule.program);
	logic_pool_free(&source->rule.pool);
	refuse(c, source->path, source->rule.id, error);
}

static void compile_document(struct sigma_compilation *c, const char *path,
			     const struct tree_node *document,
			     const struct sigma_options *options)
{
	struct sigma_source *source;
	struct sigma_error error;

	c->num_rules++;
	ARRAY_RESERVE(c->sources, c->num_sources, c->cap_sources);
	source = &c->sources[c->num_sources++];
	*source = (struct sigma_source){
		.path = xstrdup(path), .at = document->at,
	};
	if (sigma_rule_compile(&source->rule, document, &options->placeholders,
			       &c->steps_left, &error))
		refuse_source(c, source, &error);
}

static int read_file(struct sigma_compilation *c, const char *path,
		     struct tree_file *tree, struct sigma_error *error)
{
	const struct position start = { 1, 1 };
	uint8_t *data;
	size_t len;
	int status = file_read(path, TREE_MAX_LEN, &data, &len);

	memset(tree, 0, sizeof(*tree));
	if (status == -EFBIG)
		return sigma_fail(error, start, SIGMA_FILE_LIMIT,
				  "larger than %u bytes", TREE_MAX_LEN);
	if (status)
		return sigma_fail(error, start, SIGMA_FILE_UNREADABLE, "%s",
				  strerror(-status));
	if (len >= c->bytes_left) {
		c->bytes_left = 0;
		status = sigma_fail(error, start, SIGMA_FILE_LIMIT,
				    "with the files before it %u bytes or more",
				    SIGMA_MAX_BYTES);
	} else {
		c->bytes_left -= len;
		status = tree_load(tree, data, len, error);
	}
	free(data);
	return status;
}

/* A refusal takes memory, too; behind the last one nothing is encoded. */
static bool too_many(struct sigma_compilation *c, const char *path,
		     const struct tree_node *document)
{
	struct sigma_error error;

	if (c->num_rules < PLM_MAX_RULES)
		return false;
	sigma_fail(&error, document->at, SIGMA_RULE_LIMIT,
		   "more than %u rules", PLM_MAX_RULES);
	refuse(c, path, NULL, &error);
	c->bytes_left = 0;
	return true;
}

/* A file that is not whole YAML gives no rule at all. */
static void compile_file(struct sigma_compilation *c, const char *path,
			 const struct sigma_options *options)
{
	struct sigma_error error;
	struct tree_file tree;
	size_t num_found = 0;

	if (read_file(c, path, &tree, &error)) {
		c->num_rules++;
		refuse(c, path, NULL, &error);
		tree_free(&tree);
		return;
	}
	for (size_t i = 0; i < tree.num_documents; i++) {
		if (tree_is_null(tree.documents[i]))
			continue;
		num_found++;
		if (too_many(c, path, tree.documents[i]))
			break;
		compile_document(c, path, tree.documents[i], options);
	}
	if (!num_found) {
		sigma_fail(&error, (struct position){ 1, 1 }, SIGMA_BAD_RULE,
			   "file holds no rule");
		c->num_rules++;
		refuse(c, path, NULL, &error);
	}
	tree_free(&tree);
}

static int by_id(const void *a, const void *b)
{
	const struct sigma_source *x = *(struct sigma_source *const *)a;
	const struct sigma_source *y = *(struct sigma_source *const *)b;
	int order = strcasecmp(x->rule.id, y->rule.id);

	/* Sources stand in the order of their paths. */
	return order ? order : (x > y) - (x < y);
}

/* As a content file has them: no two of these are the same. */
static int by_bytes_of_id(const void *a, const void *b)
{
	return strcmp((*(struct sigma_source *const *)a)->rule.id,
		      (*(struct sigma_source *const *)b)->rule.id);
}

static void refuse_twin(struct sigma_compilation *c,
			struct sigma_source *source,
			const struct sigma_source *twin)
{
	struct sigma_error error;

	sigma_fail(&error, source->at, SIGMA_DUPLICATE_ID,
		   "id %s is also that of the rule at %s:%zu", source->rule.id,
		   twin->path, twin->at.line);
	refuse_source(c, source, &error);
}

/* Which one of several rules with one id is meant can't be told: none. */
static void refuse_twins(struct sigma_compilation *c)
{
	struct sigma_source **order = xcalloc(c->num_sources, sizeof(*order));
	size_t num = 0, end;

	for (size_t i = 0; i < c->num_sources; i++)
		if (!c->sources[i].refused)
			order[num++] = &c->sources[i];
	qsort(order, num, sizeof(*order), by_id);
	for (size_t first = 0; first < num; first = end) {
		for (end = first + 1; end < num; end++)
			if (strcasecmp(order[first]->rule.id,
				       order[end]->rule.id))
				break;
		if (end - first < 2)
			continue;
		refuse_twin(c, order[first], order[first + 1]);
		for (size_t i = first + 1; i < end; i++)
			refuse_twin(c, order[i], order[first]);
	}
	free(order);
}

/* Encode what is not refused; -1 where that named one more to refuse. */
static int encode(struct sigma_compilation *c,
		  const struct sigma_options *options)
{
	struct sigma_source **of = xcalloc(c->num_sources, sizeof(*of));
	struct model_error error;
	struct sigma_error why;
	struct model model;
	int status = 0;

	model_init(&model, options->channel, options->version);
	for (size_t i = 0; i < c->num_sources; i++) {
		if (c->sources[i].refused)
			continue;
		of[model.num_rules] = &c->sources[i];
		sigma_rule_emit(&c->sources[i].rule, options->action, &model);
	}
	model_imply(&model);
	if (model.num_rules)
		status = model_encode(&model, &c->data, &c->len, &error);
	if (status && error.rule != SIZE_MAX) {
		sigma_fail(&why, of[error.rule]->at, SIGMA_RULE_LIMIT, "%s",
			   error.text);
		refuse_source(c, of[error.rule], &why);
	} else if (status) {
		sigma_fail(&why, (struct position){ 0, 0 }, SIGMA_RULE_LIMIT,
			   "%s", error.text);
		refuse(c, "", NULL, &why);
		status = 0;
	}
	model_free(&model);
	free(of);
	return status;
}

/* Sources are in no order that the file has. */
static void find_costs(struct sigma_compilation *c)
{
	struct sigma_source **order = xcalloc(c->num_sources, sizeof(*order));
	struct plm_content content;
	struct plm_fault fault;
	uint64_t *bytes;
	size_t num = 0;

	for (size_t i = 0; i < c->num_sources; i++)
		if (!c->sources[i].refused)
			order[num++] = &c->sources[i];
	qsort(order, num, sizeof(*order), by_bytes_of_id);
	if (!plm_check(c->data, (u32)c->len, 0, &content, &fault)) {
		bytes = cost_of_rules(&content);
		for (size_t i = 0; i < num; i++)
			order[i]->rule.bytes = bytes[i];
		free(bytes);
	}
	free(order);
}

static int by_place(const void *a, const void *b)
{
	const struct sigma_refusal *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	if (x->error.at.line != y->error.at.line)
		return x->error.at.line < y->error.at.line ? -1 : 1;
	return (x->error.at.column > y->error.at.column) -
	       (x->error.at.column < y->error.at.column);
}

void sigma_compile(struct sigma_compilation *out, const char *const *paths,
		   size_t num_paths, const struct sigma_options *options)
{
	uint64_t steps = options->max_steps ? options->max_steps :
					      SIGMA_MAX_STEPS;
	unsigned int num_tries = 0;

	*out = (struct sigma_compilation){
		.steps_left = steps, .bytes_left = SIGMA_MAX_BYTES,
	};
	for (size_t i = 0; i < num_paths; i++)
		compile_file(out, paths[i], options);
	refuse_twins(out);
	/* Each try may cost what compiling did. */
	steps -= out->steps_left;
	while (out->steps_left && out->bytes_left && encode(out, options)) {
		out->steps_left -= steps < out->steps_left ? steps :
							     out->steps_left;
		if (++num_tries == MAX_TRIES)
			break;
	}
	if (out->data)
		find_costs(out);
	if (out->num_refusals)
		qsort(out->refusals, out->num_refusals, sizeof(*out->refusals),
		      by_place);
}

void sigma_compilation_free(struct sigma_compilation *compilation)
{
	for (size_t i = 0; i < compilation->num_sources; i++) {
		sigma_rule_free(&compilation->sources[i].rule);
		free(compilation->sources[i].path);
	}
	for (size_t i = 0; i < compilation->num_refusals; i++) {
		free(compilation->refusals[i].path);
		free(compilation->refusals[i].rule);
	}
	free(compilation->sources);
	free(compilation->refusals);
	free(compilation->data);
	memset(compilation, 0, sizeof(*compilation));
}
