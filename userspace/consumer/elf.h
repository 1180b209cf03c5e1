/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a kernel module, for those who read one. */
#ifndef CONSUMER_ELF_H
#define CONSUMER_ELF_H

#include <libelf.h>
#include <stddef.h>

#define MODULE_FAULT_MAX 256

/*
 * Its sections as a whole, in a file of @len bytes: each lies in the file, no
 * two have the same name, of which everybody would take another, and no more
 * than one is a table of symbols.  Names are short and their tables end in a
 * zero byte, so that no file takes long to read.  0, or -1 and a sentence with
 * the place of what is wrong.
 */
int module_sections_check(Elf *elf, size_t len,
			  char out_error[MODULE_FAULT_MAX]);

/*
 * The bytes of the section @name, one that a kernel loads; NULL where there is
 * none.
 */
Elf_Data *module_section(Elf *elf, const char *name);

/* The value of "@key=" in .modinfo, as a new string; NULL: none. */
char *module_info(const Elf_Data *data, const char *key);

#endif /* CONSUMER_ELF_H */
