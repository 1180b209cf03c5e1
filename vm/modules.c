// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/modules.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

#define INDEX_MAX_LEN ((size_t)16 << 20)

/* A file of the tree as one string, or NULL. */
static char *read_index(const char *tree, const char *name)
{
	char *path = xasprintf("%s/%s", tree, name);
	char *text = NULL;
	uint8_t *data;
	size_t len;

	if (file_read(path, INDEX_MAX_LEN, &data, &len) == 0) {
		text = xstrndup((char *)data, len);
		free(data);
	}
	free(path);
	return text;
}

/* "kernel/fs/ext4/ext4.ko.xz" is the module "ext4"; - and _ are the same. */
static bool is_module(const char *path, size_t len, const char *name)
{
	const char *base = memrchr(path, '/', len);
	size_t at = base ? (size_t)(base + 1 - path) : 0;
	size_t name_len = strlen(name);

	if (len - at < name_len + 3 || strncmp(path + at + name_len, ".ko", 3))
		return false;
	for (size_t i = 0; i < name_len; i++) {
		char a = path[at + i] == '-' ? '_' : path[at + i];
		char b = name[i] == '-' ? '_' : name[i];

		if (a != b)
			return false;
	}
	return true;
}

/* The line of @text whose first word is the module's path. */
static char *find_line(char *text, const char *name)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (is_module(line, strcspn(line, ":"), name))
			return line;
	return NULL;
}

static void add_path(struct module_list *list, const char *tree,
		     const char *path)
{
	char *whole = xasprintf("%s/%s", tree, path);

	for (size_t i = 0; i < list->num; i++) {
		if (!strcmp(list->paths[i], whole)) {
			free(whole);
			return;
		}
	}
	ARRAY_RESERVE(list->paths, list->num, list->cap);
	list->paths[list->num++] = whole;
}

/* modules.dep names what is needed last in the order of loading first. */
static void add_line(struct module_list *list, const char *tree, char *line)
{
	char *colon = strchr(line, ':');
	char *last;

	if (!colon)
		return;
	*colon = 0;
	for (char *needs = colon + 1; needs[strspn(needs, " ")];) {
		last = strrchr(needs, ' ');
		if (!last)
			break;
		if (last[1])
			add_path(list, tree, last + 1);
		*last = 0;
	}
	add_path(list, tree, line);
}

int module_list_add(struct module_list *list, const char *tree,
		    const char *name)
{
	char *text = read_index(tree, "modules.dep");
	char *line = text ? find_line(text, name) : NULL;
	char *builtin;
	bool there = line != NULL;

	if (line) {
		add_line(list, tree, line);
	} else {
		builtin = read_index(tree, "modules.builtin");
		there = builtin && find_line(builtin, name);
		free(builtin);
	}
	free(text);
	return there ? 0 : -1;
}

void module_list_free(struct module_list *list)
{
	for (size_t i = 0; i < list->num; i++)
		free(list->paths[i]);
	free(list->paths);
	*list = (struct module_list){ 0 };
}
