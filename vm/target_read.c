// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of a target file. */
#include "vm/target_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_MEMORY_MIB 4096
#define MAX_STEPS 64		/* of all phases; the guest keeps as many */

/* What the kernel mounts over what the initramfs has. */
static const char *const mounted[] = { "/proc/", "/sys/", "/dev/",
				       "/plimsoll/" };

static int copy_text(struct target_reader *reader, const struct tree_node *node,
		     char **out)
{
	const char *text;

	if (target_read_text(reader, node, &text))
		return -1;
	free(*out);
	*out = xstrdup(text);
	return 0;
}

static int read_name(struct target_reader *reader, const struct tree_node *node)
{
	const char *text;

	if (target_read_word(reader, node, &text))
		return -1;
	reader->target->name = xstrdup(text);
	return 0;
}

static int read_about(struct target_reader *reader,
		      const struct tree_node *node)
{
	return copy_text(reader, node, &reader->target->about);
}

/* Words that the harness itself sets would undo what it relies on. */
static int read_append(struct target_reader *reader,
		       const struct tree_node *node)
{
	static const char *const taken[] = { "console=", "init=", "rdinit=",
					     "panic=", "oops=", "root=", "--" };
	const char *text;

	if (target_read_text(reader, node, &text))
		return -1;
	for (const char *word = text; *word; word += strspn(word, " ")) {
		for (size_t i = 0; i < ARRAY_LEN(taken); i++)
			if (!strncmp(word, taken[i], strlen(taken[i])))
				return target_fail(reader, node,
						   "'%s' is the harness's to set",
						   taken[i]);
		word += strcspn(word, " ");
	}
	return copy_text(reader, node, &reader->target->append);
}

/* A place for a file, where the guest still sees it after its start. */
static int read_place(struct target_reader *reader,
		      const struct tree_node *node, char **out)
{
	const char *text;

	if (target_read_guest_path(reader, node, &text))
		return -1;
	if (*text != '/')
		return target_fail(reader, node, "must be an absolute path");
	for (size_t i = 0; i < ARRAY_LEN(mounted); i++)
		if (!strncmp(text, mounted[i], strlen(mounted[i])))
			return target_fail(reader, node,
					   "nothing can be put below %s",
					   mounted[i]);
	if (!strcmp(text, "/init"))
		return target_fail(reader, node, "/init is the harness's own");
	free(*out);
	*out = xstrdup(text);
	return 0;
}

static int read_candidate(struct target_reader *reader,
			  const struct tree_node *node)
{
	return read_place(reader, node, &reader->target->candidate);
}

static int read_module(struct target_reader *reader,
		       const struct tree_node *node,
		       struct target_module *module)
{
	static const char *const keys[] = { "module", "options", NULL };
	const struct tree_node *name, *options;

	if (node->kind == TREE_TEXT)
		return target_read_module(reader, node, module);
	if (target_check_keys(reader, node, "a module", keys))
		return -1;
	name = tree_get(node, "module");
	options = tree_get(node, "options");
	if (!name)
		return target_fail(reader, node, "needs the key 'module'");
	if (options && copy_text(reader, options, &module->options))
		return -1;
	return target_read_module(reader, name, module);
}

static int check_list(struct target_reader *reader,
		      const struct tree_node *node)
{
	return node->kind == TREE_LIST ? 0 :
		target_fail(reader, node, "must be a list, is %s",
			    tree_kind_name(node));
}

static int read_modules(struct target_reader *reader,
			const struct tree_node *node)
{
	struct target *t = reader->target;

	if (check_list(reader, node))
		return -1;
	for (size_t i = 0; i < node->num_items; i++) {
		ARRAY_RESERVE(t->modules, t->num_modules, t->cap_modules);
		t->modules[t->num_modules++] = (struct target_module){ 0 };
		if (read_module(reader, node->items[i],
				&t->modules[t->num_modules - 1]))
			return -1;
	}
	return 0;
}

static int read_beside_one(struct target_reader *reader,
			   const struct tree_node *node,
			   struct target_file *file)
{
	static const char *const keys[] = { "suffix", "path", "optional",
					    NULL };
	const struct tree_node *suffix, *path, *optional;

	if (target_check_keys(reader, node, "a file beside the candidate",
			      keys))
		return -1;
	suffix = tree_get(node, "suffix");
	path = tree_get(node, "path");
	optional = tree_get(node, "optional");
	if (!suffix || !path)
		return target_fail(reader, node,
				   "needs the keys 'suffix' and 'path'");
	if (copy_text(reader, suffix, &file->from) ||
	    read_place(reader, path, &file->to))
		return -1;
	if (strchr(file->from, '/'))
		return target_fail(reader, suffix,
				   "a suffix leads to no other folder");
	file->mode = 0644;
	return optional ? target_read_flag(reader, optional, &file->optional) :
			  0;
}

static int read_beside(struct target_reader *reader,
		       const struct tree_node *node)
{
	struct target *t = reader->target;

	if (check_list(reader, node))
		return -1;
	for (size_t i = 0; i < node->num_items; i++) {
		ARRAY_RESERVE(t->beside, t->num_beside, t->cap_beside);
		t->beside[t->num_beside++] = (struct target_file){ 0 };
		if (read_beside_one(reader, node->items[i],
				    &t->beside[t->num_beside - 1]))
			return -1;
	}
	return 0;
}

static int read_file(struct target_reader *reader, const struct tree_node *node,
		     struct target_file *file)
{
	static const char *const keys[] = { "from", "path", "executable",
					    NULL };
	const struct tree_node *from, *path, *executable;
	bool flag = false;

	if (target_check_keys(reader, node, "a file", keys))
		return -1;
	from = tree_get(node, "from");
	path = tree_get(node, "path");
	executable = tree_get(node, "executable");
	if (!from || !path)
		return target_fail(reader, node,
				   "needs the keys 'from' and 'path'");
	if (executable && target_read_flag(reader, executable, &flag))
		return -1;
	file->mode = flag ? 0755 : 0644;
	return target_read_host_path(reader, from, &file->from) ||
	       read_place(reader, path, &file->to) ? -1 : 0;
}

static int read_files(struct target_reader *reader,
		      const struct tree_node *node)
{
	struct target *t = reader->target;

	if (check_list(reader, node))
		return -1;
	for (size_t i = 0; i < node->num_items; i++) {
		ARRAY_RESERVE(t->files, t->num_files, t->cap_files);
		t->files[t->num_files++] = (struct target_file){ 0 };
		if (read_file(reader, node->items[i],
			      &t->files[t->num_files - 1]))
			return -1;
	}
	return 0;
}

static int read_memory(struct target_reader *reader,
		       const struct tree_node *node)
{
	uint64_t number;

	if (target_read_number(reader, node, MAX_MEMORY_MIB, &number))
		return -1;
	reader->target->memory_mib = (unsigned int)number;
	return 0;
}

static int read_unload(struct target_reader *reader,
		       const struct tree_node *node)
{
	bool unload;

	if (target_read_flag(reader, node, &unload))
		return -1;
	reader->target->keeps_modules = !unload;
	return 0;
}

static int read_damaged(struct target_reader *reader,
			const struct tree_node *node)
{
	reader->target->refuses_damage = tree_is(node, "refused");
	if (reader->target->refuses_damage || tree_is(node, "any"))
		return 0;
	return target_fail(reader, node, "must be 'refused' or 'any'");
}

static int read_judged(struct target_reader *reader,
		       const struct tree_node *node)
{
	reader->target->ours = true;
	if (tree_is(node, TARGET_OURS))
		return 0;
	return target_fail(reader, node, "there is one such judge: "
			   TARGET_OURS);
}

static const struct {
	const char *name;
	int (*read)(struct target_reader *reader, const struct tree_node *node);
} keys[] = {
	{ "target", read_name },
	{ "about", read_about },
	{ "append", read_append },
	{ "memory", read_memory },
	{ "modules", read_modules },
	{ "unload", read_unload },
	{ "candidate", read_candidate },
	{ "beside", read_beside },
	{ "files", read_files },
	{ "damaged", read_damaged },
	{ "judged-by", read_judged },
};

static int read_phase(struct target_reader *reader,
		      const struct tree_node *list, enum target_phase phase)
{
	struct target *t = reader->target;

	if (check_list(reader, list))
		return -1;
	for (size_t i = 0; i < list->num_items; i++) {
		if (t->num_steps == MAX_STEPS)
			return target_fail(reader, list->items[i],
					   "more than %d steps", MAX_STEPS);
		ARRAY_RESERVE(t->steps, t->num_steps, t->cap_steps);
		t->steps[t->num_steps++] =
			(struct target_step){ .phase = phase };
		if (target_read_step(reader, list->items[i],
				     &t->steps[t->num_steps - 1]))
			return -1;
	}
	return 0;
}

/* A key with its value; the phases are read after all of these. */
static int read_key(struct target_reader *reader, const struct tree_node *name,
		    const struct tree_node *value)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (tree_is(name, keys[i].name))
			return keys[i].read(reader, value);
	for (enum target_phase p = 0; p < TARGET_NUM_PHASES; p++)
		if (tree_is(name, target_phase_name(p)))
			return 0;
	return target_fail(reader, name, "a target has no key '%.80s'",
			   name->text);
}

/* Loading must be able to say yes, or nothing could ever pass. */
static int check_whole(struct target_reader *reader,
		       const struct tree_node *root)
{
	const struct target *t = reader->target;
	bool tells = false;

	for (size_t i = 0; i < t->num_steps; i++)
		tells |= t->steps[i].phase == TARGET_LOAD &&
			 target_has_condition(t->steps[i].texts, "accepted");
	if (!t->name)
		return target_fail(reader, root, "the key 'target' is missing");
	if (!t->candidate)
		return target_fail(reader, root,
				   "the key 'candidate' is missing");
	if (t->ours && t->num_steps)
		return target_fail(reader, root, "the judge has its own steps");
	if (!t->ours && !tells)
		return target_fail(reader, root,
				   "no step of 'load' has a condition 'accepted'");
	return 0;
}

int target_read(struct target_reader *reader, const struct tree_node *root)
{
	if (root->kind != TREE_MAP)
		return target_fail(reader, root, "a target must be a map, is %s",
				   tree_kind_name(root));
	for (size_t i = 0; i < root->num_items; i += 2)
		if (read_key(reader, root->items[i], root->items[i + 1]))
			return -1;
	for (enum target_phase p = 0; p < TARGET_NUM_PHASES; p++) {
		const struct tree_node *list =
			tree_get(root, target_phase_name(p));

		if (list && read_phase(reader, list, p))
			return -1;
	}
	return check_whole(reader, root);
}
