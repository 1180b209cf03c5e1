// SPDX-License-Identifier: GPL-2.0-or-later
#include "consumer/elf.h"

#include <gelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Each is compared with all others; a kernel's modules have some hundred. */
#define MAX_SECTIONS 16384

/*
 * Names that a linker may use more than once, for what is no content.  A kernel
 * takes a section of any type that is to be loaded.
 */
static bool may_repeat(const GElf_Shdr *header)
{
	return (header->sh_type == SHT_NULL || header->sh_type == SHT_GROUP) &&
	       !(header->sh_flags & SHF_ALLOC);
}

/* As a kernel looks for one: what is not loaded does not count. */
static bool is_content(const GElf_Shdr *header)
{
	return header->sh_flags & SHF_ALLOC && header->sh_type != SHT_NULL &&
	       header->sh_type != SHT_GROUP && header->sh_type != SHT_NOBITS;
}

static int fault(char out_error[MODULE_FAULT_MAX], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out_error, MODULE_FAULT_MAX, format, args);
	va_end(args);
	return -1;
}

/* One section, which has this name; those before it are sound. */
static int check_one(Elf *elf, size_t names, size_t number,
		     const GElf_Shdr *header, size_t len,
		     char out_error[MODULE_FAULT_MAX])
{
	const char *name = elf_strptr(elf, names, header->sh_name);

	if (!name)
		return fault(out_error, "section %zu has no name: %#llx is outside of the names",
			     number, (unsigned long long)header->sh_name);
	if (header->sh_type != SHT_NOBITS &&
	    (header->sh_offset > len ||
	     header->sh_size > len - header->sh_offset))
		return fault(out_error, "section %zu (%.64s) at %#llx has %#llx bytes, but the file ends at %#zx",
			     number, name,
			     (unsigned long long)header->sh_offset,
			     (unsigned long long)header->sh_size, len);
	for (size_t i = 1; i < number && !may_repeat(header); i++) {
		const char *other = NULL;
		GElf_Shdr before;

		if (gelf_getshdr(elf_getscn(elf, i), &before))
			other = elf_strptr(elf, names, before.sh_name);
		if (other && !strcmp(name, other) && !may_repeat(&before))
			return fault(out_error, "two sections are called %.64s: %zu at %#llx and %zu at %#llx",
				     name, i,
				     (unsigned long long)before.sh_offset,
				     number,
				     (unsigned long long)header->sh_offset);
	}
	return 0;
}

int module_sections_check(Elf *elf, size_t len,
			  char out_error[MODULE_FAULT_MAX])
{
	Elf_Scn *section = NULL;
	size_t names, num;

	if (elf_getshdrstrndx(elf, &names) || elf_getshdrnum(elf, &num))
		return fault(out_error, "its list of sections can't be read: %s",
			     elf_errmsg(-1));
	if (num > MAX_SECTIONS)
		return fault(out_error, "it has %zu sections, more than %d", num,
			     MAX_SECTIONS);
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header))
			return fault(out_error, "section %zu can't be read: %s",
				     elf_ndxscn(section), elf_errmsg(-1));
		if ((header.sh_type != SHT_NULL ||
		     header.sh_flags & SHF_ALLOC) &&
		    check_one(elf, names, elf_ndxscn(section), &header, len,
			      out_error))
			return -1;
	}
	return 0;
}

Elf_Data *module_section(Elf *elf, const char *name)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *this;

		if (!gelf_getshdr(section, &header))
			return NULL;
		this = elf_strptr(elf, names, header.sh_name);
		if (this && !strcmp(this, name) && is_content(&header))
			return elf_getdata(section, NULL);
	}
	return NULL;
}

/* The section is zero-terminated strings. */
char *module_info(const Elf_Data *data, const char *key)
{
	size_t key_len = strlen(key);
	const char *p, *end;

	if (!data || !data->d_buf)
		return NULL;
	end = (const char *)data->d_buf + data->d_size;
	for (p = data->d_buf; p < end; p += strnlen(p, (size_t)(end - p)) + 1) {
		size_t len = strnlen(p, (size_t)(end - p));

		if (len > key_len && !strncmp(p, key, key_len) &&
		    p[key_len] == '=')
			return xstrndup(p + key_len + 1, len - key_len - 1);
	}
	return NULL;
}
