// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a policy.  The file is read twice: once as a tree, which knows the
 * place of everything and refuses what YAML has to surprise its readers with
 * (aliases, tags, a key that stands twice, 010 for eight), and once by
 * libcyaml, which knows the keys and their types.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "policy/date.h"
#include "policy/feature.h"
#include "policy/schema.h"
#include "sigma/tree.h"

/* A reason that says nothing is none. */
#define MIN_REASON_LEN 10

static int fail_at(struct policy_error *error, const struct tree_node *node,
		   const char *key, const char *text)
{
	return policy_fail(error, node ? node->at.line : 0,
			   node ? node->at.column : 0, "key '%s': %s", key,
			   text);
}

static const struct tree_node *member(const struct tree_node *map,
				      const char *key)
{
	return map && map->kind == TREE_MAP ? tree_get(map, key) : NULL;
}

static const struct tree_node *entry(const struct tree_node *list, size_t i)
{
	return list && list->kind == TREE_LIST && i < list->num_items ?
	       list->items[i] : NULL;
}

/* As libyaml explains it, but for what is said of rules there. */
static int refused(const struct sigma_error *error,
		   struct policy_error *out_error)
{
	const char *text = error->text;

	if (error->code == SIGMA_YAML_ALIAS)
		text = "anchors, aliases and merge keys are not taken: "
		       "write the value out";
	else if (error->code == SIGMA_YAML_TAG)
		text = "tags are not taken: the type of a value follows from "
		       "its key";
	return policy_fail(out_error, error->at.line, error->at.column, "%s",
			   text);
}

static int check_zeros(const struct tree_node *node,
		       struct policy_error *error)
{
	if (node->kind == TREE_TEXT && memchr(node->text, 0, node->len))
		return policy_fail(error, node->at.line, node->at.column,
				   "a text holds a zero byte");
	for (size_t i = 0; i < node->num_items; i++)
		if (check_zeros(node->items[i], error))
			return -1;
	return 0;
}

/* Decimal, without sign, point or a zero in front. */
static bool is_number(const struct tree_node *node, uint64_t *out)
{
	const char *text = node->text;

	if (!node->plain || !node->len || node->len > 18 ||
	    (text[0] == '0' && node->len > 1))
		return false;
	*out = 0;
	for (size_t i = 0; i < node->len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	}
	return true;
}

static const struct limit {
	const char *section, *key;
	uint64_t least, most;
} limits[] = {
#define LIMIT(section, key, standard, least, most, what) \
	{ #section, #key, least, most },
	POLICY_LIMITS(LIMIT)
#undef LIMIT
};

static int check_limits(const struct tree_node *root,
			struct policy_error *error)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		const struct limit *l = &limits[i];
		const struct tree_node *node =
			member(member(root, l->section), l->key);
		uint64_t number;

		/* Lists and maps are left to the schema. */
		if (!node || node->kind != TREE_TEXT)
			continue;
		if (!is_number(node, &number))
			return fail_at(error, node, l->key,
				       "must be a whole number, in decimal");
		if (number < l->least || number > l->most)
			return policy_fail(error, node->at.line,
				node->at.column, "key '%s': %llu is not from "
				"%llu to %llu", l->key,
				(unsigned long long)number,
				(unsigned long long)l->least,
				(unsigned long long)l->most);
	}
	return 0;
}

/* What is left out, or is no map at all, has no document. */
static int check_tree(const struct tree_file *file,
		      struct policy_error *error)
{
	const struct tree_node *root;

	if (!file->num_documents)
		return 0;
	root = file->documents[0];
	if (file->num_documents > 1)
		return policy_fail(error, file->documents[1]->at.line,
				   file->documents[1]->at.column,
				   "a second document: a policy is one");
	if (root->kind != TREE_MAP)
		return policy_fail(error, root->at.line, root->at.column,
				   "a policy is a map, this is %s",
				   tree_kind_name(root));
	return check_zeros(root, error) ? -1 : check_limits(root, error);
}

#define TAKE_LIMIT(section, key, standard, least, most, what)		\
	if (raw->section && raw->section->key)				\
		policy->section##_##key = *raw->section->key;

static void take_limits(struct policy *policy, const struct schema_file *raw)
{
	POLICY_LIMITS(TAKE_LIMIT)
}

#define SEVERITY_OF(name, floor) [POLICY_##name] = raw->severity->name,

static int take_severities(struct policy *policy,
			   const struct schema_file *raw,
			   const struct tree_node *root,
			   struct policy_error *error)
{
	const struct tree_node *map = member(root, "severity");

	if (!raw->severity)
		return 0;
	const int *const given[] = { POLICY_CODES(SEVERITY_OF) };

	for (int i = 0; i < POLICY_NUM_CODES; i++) {
		const char *name = policy_code_name(i);

		if (!given[i])
			continue;
		if (*given[i] < (int)policy_code_floor(i))
			return policy_fail(error,
				member(map, name)->at.line,
				member(map, name)->at.column,
				"key '%s': its severity is %s and can only be "
				"raised; a finding is let pass by an exemption",
				name,
				policy_severity_name(policy_code_floor(i)));
		policy->severities[i] = (enum severity)*given[i];
	}
	return 0;
}

static int take_features(struct policy *policy, const struct schema_file *raw,
			 const struct tree_node *root,
			 struct policy_error *error)
{
	const struct tree_node *list = member(root, "acknowledge");

	policy->acknowledged = xcalloc(raw->acknowledge_count,
				       sizeof(*policy->acknowledged));
	for (size_t i = 0; i < raw->acknowledge_count; i++) {
		const char *name = raw->acknowledge[i];

		if (feature_find(name) == feature_count())
			return fail_at(error, entry(list, i), "acknowledge",
				       "no feature has this name");
		for (size_t k = 0; k < i; k++)
			if (!strcmp(raw->acknowledge[k], name))
				return fail_at(error, entry(list, i),
					       "acknowledge",
					       "stands in the list already");
		policy->acknowledged[policy->num_acknowledged++] =
			xstrdup(name);
	}
	return 0;
}

static int check_exemption(const struct policy *policy,
			   const struct schema_exemption *raw,
			   const struct tree_node *map,
			   struct policy_error *error)
{
	if (!policy_code_is_exemptible((enum policy_code)raw->code))
		return fail_at(error, member(map, "code"), "code",
			       "there is no exemption from this code");
	if (strlen(raw->reason) < MIN_REASON_LEN)
		return fail_at(error, member(map, "reason"), "reason",
			       "says too little for a reason");
	if (!date_is_valid(raw->until))
		return fail_at(error, member(map, "until"), "until",
			       "must be a day, as in 2026-12-31");
	for (size_t i = 0; i < policy->num_exemptions; i++)
		if (policy->exemptions[i].code == (enum policy_code)raw->code &&
		    !strcmp(policy->exemptions[i].place, raw->place))
			return fail_at(error, member(map, "place"), "place",
				       "has an exemption from this code "
				       "already");
	return 0;
}

/* Of a text of several lines the ends are spaces, and none stands last. */
static char *one_line(const char *text)
{
	char *copy = xstrdup(text);
	size_t len = strlen(copy);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)copy[i] < 0x20 || copy[i] == 0x7f)
			copy[i] = ' ';
	while (len && copy[len - 1] == ' ')
		copy[--len] = 0;
	return copy;
}

static int take_exemptions(struct policy *policy,
			   const struct schema_file *raw,
			   const struct tree_node *root,
			   struct policy_error *error)
{
	const struct tree_node *list = member(root, "exemptions");

	policy->exemptions = xcalloc(raw->exemptions_count,
				     sizeof(*policy->exemptions));
	for (size_t i = 0; i < raw->exemptions_count; i++) {
		const struct schema_exemption *from = &raw->exemptions[i];
		struct exemption *e =
			&policy->exemptions[policy->num_exemptions];

		if (check_exemption(policy, from, entry(list, i), error))
			return -1;
		e->code = (enum policy_code)from->code;
		e->place = xstrdup(from->place);
		e->reason = one_line(from->reason);
		memcpy(e->until, from->until, sizeof(e->until));
		policy->num_exemptions++;
	}
	return 0;
}

static int take(struct policy *policy, const uint8_t *data, size_t len,
		const struct tree_node *root, struct policy_error *error)
{
	struct schema_file *raw;
	int status = schema_load(data, len, &raw, error);

	if (!status) {
		take_limits(policy, raw);
		status = take_severities(policy, raw, root, error) ||
			 take_features(policy, raw, root, error) ||
			 take_exemptions(policy, raw, root, error) ? -1 : 0;
	}
	schema_free(raw);
	return status;
}

static int read_text(struct policy *policy, const uint8_t *data, size_t len,
		     struct policy_error *error)
{
	struct sigma_error yaml;
	struct tree_file file;
	int status;

	status = tree_load(&file, data, len, &yaml);
	if (status)
		status = refused(&yaml, error);
	else
		status = check_tree(&file, error);
	if (!status && file.num_documents)
		status = take(policy, data, len, file.documents[0], error);
	tree_free(&file);
	return status;
}

int policy_load(struct policy *policy, const char *path,
		struct policy_error *out_error)
{
	uint8_t *data;
	size_t len;
	int status;

	memset(out_error, 0, sizeof(*out_error));
	policy_init(policy);
	policy->path = xstrdup(path);
	status = file_read(path, POLICY_MAX_LEN, &data, &len);
	if (status == -EFBIG)
		return policy_fail(out_error, 0, 0, "larger than %u bytes",
				   POLICY_MAX_LEN);
	out_error->unreadable = status;
	if (status)
		return policy_fail(out_error, 0, 0, "%s", strerror(-status));
	policy->digest = digest_of(data, len);
	status = read_text(policy, data, len, out_error);
	free(data);
	return status;
}
