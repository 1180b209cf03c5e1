// SPDX-License-Identifier: GPL-2.0-or-later
#include "consumer/elf.h"

#include <gelf.h>
#include <string.h>

#include "base/mem.h"

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
		if (this && !strcmp(this, name) && header.sh_type != SHT_NOBITS)
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
