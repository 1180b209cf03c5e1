/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a kernel module, for those who read one. */
#ifndef CONSUMER_ELF_H
#define CONSUMER_ELF_H

#include <libelf.h>

/* The bytes of the section @name; NULL where there is none. */
Elf_Data *module_section(Elf *elf, const char *name);

/* The value of "@key=" in .modinfo, as a new string; NULL: none. */
char *module_info(const Elf_Data *data, const char *key);

#endif /* CONSUMER_ELF_H */
