// SPDX-License-Identifier: GPL-2.0-or-later
#include "consumer/elf.h"

#include <gelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A kernel's modules have some hundred, with names of some ten bytes. */
#define MAX_SECTIONS 16384
#define MAX_NAME 255

struct section {
	const char *name;	/* in names */
	size_t number;
	GElf_Shdr header;
};

struct sections {
	const char *names;
	size_t names_len;
	struct section *list;
	size_t num, cap;
};

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

/*
 * The bytes of a table of names.  Where it ends in a zero byte, no name in it
 * has to be searched for its end.
 */
static const char *check_strings(Elf *elf, size_t number, size_t *out_len,
				 char out_error[MODULE_FAULT_MAX])
{
	Elf_Scn *section = elf_getscn(elf, number);
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;

	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_STRTAB ||
	    header.sh_flags & SHF_COMPRESSED || !data || !data->d_buf ||
	    !data->d_size || ((const char *)data->d_buf)[data->d_size - 1]) {
		fault(out_error, "section %zu is no table of names that ends in a zero byte",
		      number);
		return NULL;
	}
	*out_len = data->d_size;
	return data->d_buf;
}

static int add_name(struct sections *s, size_t number, const GElf_Shdr *header,
		    char out_error[MODULE_FAULT_MAX])
{
	const char *name = s->names + header->sh_name;

	if (header->sh_name >= s->names_len)
		return fault(out_error, "section %zu has no name: %#llx is outside of the names",
			     number, (unsigned long long)header->sh_name);
	if (strnlen(name, MAX_NAME + 1) > MAX_NAME)
		return fault(out_error, "section %zu (%.64s...) has a name of more than %d bytes",
			     number, name, MAX_NAME);
	ARRAY_RESERVE(s->list, s->num, s->cap);
	s->list[s->num++] = (struct section){ name, number, *header };
	return 0;
}

static int check_place(const struct section *section, size_t len,
		       char out_error[MODULE_FAULT_MAX])
{
	const GElf_Shdr *header = &section->header;

	if (header->sh_type != SHT_NOBITS &&
	    (header->sh_offset > len ||
	     header->sh_size > len - header->sh_offset))
		return fault(out_error, "section %zu (%.64s) at %#llx has %#llx bytes, but the file ends at %#zx",
			     section->number, section->name,
			     (unsigned long long)header->sh_offset,
			     (unsigned long long)header->sh_size, len);
	return 0;
}

static int two(const struct section *a, const struct section *b,
	       const char *what, char out_error[MODULE_FAULT_MAX])
{
	return fault(out_error, "two sections are %s: %zu at %#llx and %zu at %#llx",
		     what, a->number, (unsigned long long)a->header.sh_offset,
		     b->number, (unsigned long long)b->header.sh_offset);
}

/* A kernel takes one table of symbols; more of them could lie in one place. */
static int check_symbols(Elf *elf, const struct sections *s,
			 char out_error[MODULE_FAULT_MAX])
{
	const struct section *found = NULL;
	size_t len;

	for (size_t i = 0; i < s->num; i++) {
		const struct section *this = &s->list[i];

		if (this->header.sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return two(found, this, "tables of symbols", out_error);
		if (!check_strings(elf, this->header.sh_link, &len, out_error))
			return -1;
		found = this;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct section *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order ? order : (one->number > other->number) -
			       (one->number < other->number);
}

static int check_names(struct sections *s, char out_error[MODULE_FAULT_MAX])
{
	const struct section *last = NULL;

	if (s->num)
		qsort(s->list, s->num, sizeof(*s->list), by_name);
	for (size_t i = 0; i < s->num; i++) {
		const struct section *this = &s->list[i];
		char what[80];

		if (may_repeat(&this->header))
			continue;
		snprintf(what, sizeof(what), "called %.64s", this->name);
		if (last && !strcmp(last->name, this->name))
			return two(last, this, what, out_error);
		last = this;
	}
	return 0;
}

static int read_sections(Elf *elf, struct sections *s, size_t len,
			 char out_error[MODULE_FAULT_MAX])
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			return fault(out_error, "section %zu can't be read: %s",
				     elf_ndxscn(section), elf_errmsg(-1));
		if (header.sh_type == SHT_NULL && may_repeat(&header))
			continue;
		if (add_name(s, elf_ndxscn(section), &header, out_error) ||
		    check_place(&s->list[s->num - 1], len, out_error))
			return -1;
	}
	return 0;
}

int module_sections_check(Elf *elf, size_t len,
			  char out_error[MODULE_FAULT_MAX])
{
	struct sections s = { 0 };
	size_t names, num;
	int err;

	if (elf_getshdrstrndx(elf, &names) || elf_getshdrnum(elf, &num))
		return fault(out_error, "its list of sections can't be read: %s",
			     elf_errmsg(-1));
	if (num > MAX_SECTIONS)
		return fault(out_error, "it has %zu sections, more than %d", num,
			     MAX_SECTIONS);
	s.names = check_strings(elf, names, &s.names_len, out_error);
	if (!s.names)
		return -1;
	err = read_sections(elf, &s, len, out_error);
	if (!err)
		err = check_symbols(elf, &s, out_error);
	if (!err)
		err = check_names(&s, out_error);
	free(s.list);
	return err;
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
