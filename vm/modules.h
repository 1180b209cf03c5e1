/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stock modules and what they depend on, read from a kernel's module tree. */
#ifndef VM_MODULES_H
#define VM_MODULES_H

#include <stddef.h>

struct module_list {
	char **paths;		/* absolute, in the order to load them */
	size_t num, cap;
};

/*
 * Add the module called @name and, before it, what it needs and is not in the
 * list yet.  One that is built into the kernel adds nothing.  0, or -1 where
 * the tree has no such module.
 */
int module_list_add(struct module_list *list, const char *tree,
		    const char *name);
void module_list_free(struct module_list *list);

#endif /* VM_MODULES_H */
