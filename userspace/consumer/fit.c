// SPDX-License-Identifier: GPL-2.0-or-later
#include "consumer/fit.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "consumer/consumer.h"
#include "consumer/elf.h"

#define MAX_LEN ((size_t)256 << 20)

/* struct modversion_info of a 64-bit kernel */
#define VERSION_LEN 64
#define VERSION_NAME_OFF 8

struct symbol {
	const char *name;	/* in text */
	uint32_t crc;
};

struct fit {
	char *release;
	char *vermagic;		/* of the kernel's own modules, or NULL */
	char *text;		/* Module.symvers, cut into strings */
	struct symbol *symbols;	/* by name */
	size_t num, cap;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct symbol *)a)->name,
		      ((const struct symbol *)b)->name);
}

/* "0x4c9d28b0\tname\tvmlinux\tEXPORT_SYMBOL\t" */
static void add_line(struct fit *fit, char *line)
{
	char *tab = strchr(line, '\t');
	char *end;
	unsigned long crc;

	if (!tab)
		return;
	crc = strtoul(line, &end, 16);
	if (end != tab)
		return;
	tab[1 + strcspn(tab + 1, "\t")] = 0;
	ARRAY_RESERVE(fit->symbols, fit->num, fit->cap);
	fit->symbols[fit->num++] = (struct symbol){ tab + 1, (uint32_t)crc };
}

static char *read_text(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	char *text = NULL;
	uint8_t *data;
	size_t len;

	if (file_read(path, MAX_LEN, &data, &len) == 0) {
		text = xstrndup((char *)data, len);
		free(data);
	}
	free(path);
	return text;
}

static void read_symbols(struct fit *fit, char *text)
{
	char *save = NULL;

	fit->text = text;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_line(fit, line);
	if (fit->num)
		qsort(fit->symbols, fit->num, sizeof(*fit->symbols), by_name);
}

/* Any module of the kernel's own has the magic that all must have. */
static char *tree_vermagic(const char *modules)
{
	char *dep = read_text(modules, "modules.dep");
	struct consumer consumer;
	char *magic = NULL;
	char error[256];
	char *path;

	if (!dep)
		return NULL;
	dep[strcspn(dep, ":\n")] = 0;
	path = xasprintf("%s/%s", modules, dep);
	if (*dep && consumer_read_any(&consumer, path, error) == 0) {
		if (consumer.vermagic)
			magic = xstrdup(consumer.vermagic);
		consumer_free(&consumer);
	}
	free(path);
	free(dep);
	return magic;
}

struct fit *fit_open(const char *modules, const char *release,
		     char out_error[256])
{
	char *text = modules ? read_text(modules, "build/Module.symvers") :
			       NULL;
	struct fit *fit;

	if (!text) {
		snprintf(out_error, 256,
			 "%.80s: no Module.symvers with the kernel's modules",
			 release);
		return NULL;
	}
	fit = xcalloc(1, sizeof(*fit));
	fit->release = xstrdup(release);
	fit->vermagic = tree_vermagic(modules);
	read_symbols(fit, text);
	return fit;
}

void fit_close(struct fit *fit)
{
	if (!fit)
		return;
	free(fit->release);
	free(fit->vermagic);
	free(fit->text);
	free(fit->symbols);
	free(fit);
}

static const struct symbol *find(const struct fit *fit, const char *name)
{
	const struct symbol key = { .name = name };

	return fit->num ? bsearch(&key, fit->symbols, fit->num,
				  sizeof(*fit->symbols), by_name) : NULL;
}

static enum fit_verdict check_symbol(const struct fit *fit, const char *name,
				     const uint32_t *crc, char out_why[256])
{
	const struct symbol *symbol = find(fit, name);

	if (!symbol) {
		snprintf(out_why, 256, "needs %.80s, which %.80s does not export",
			 name, fit->release);
		return FIT_WRONG_SYMBOL;
	}
	if (crc && symbol->crc && *crc != symbol->crc) {
		snprintf(out_why, 256,
			 "needs %.80s of version %#010x, %.80s has %#010x",
			 name, *crc, fit->release, symbol->crc);
		return FIT_WRONG_SYMBOL;
	}
	return FIT_GOOD;
}

/* Records of a version and a name each. */
static enum fit_verdict check_versions(const struct fit *fit,
				       const Elf_Data *data, char out_why[256])
{
	enum fit_verdict verdict = FIT_GOOD;
	const uint8_t *p = data->d_buf;
	char name[VERSION_LEN - VERSION_NAME_OFF + 1];
	uint32_t crc;

	for (size_t i = 0; !verdict && i + VERSION_LEN <= data->d_size;
	     i += VERSION_LEN) {
		memcpy(&crc, p + i, sizeof(crc));
		memcpy(name, p + i + VERSION_NAME_OFF, sizeof(name) - 1);
		name[sizeof(name) - 1] = 0;
		verdict = check_symbol(fit, name, &crc, out_why);
	}
	return verdict;
}

/* Since 6.14 also as two sections, versions and names in the same order. */
static enum fit_verdict check_extended(const struct fit *fit,
				       const Elf_Data *crcs,
				       const Elf_Data *names,
				       char out_why[256])
{
	enum fit_verdict verdict = FIT_GOOD;
	const char *name = names->d_buf;
	size_t left = names->d_size, len;
	uint32_t crc;

	for (size_t i = 0; !verdict && i + 4 <= crcs->d_size && left; i += 4) {
		len = strnlen(name, left);
		if (len == left)
			break;
		memcpy(&crc, (const uint8_t *)crcs->d_buf + i, sizeof(crc));
		verdict = check_symbol(fit, name, &crc, out_why);
		name += len + 1;
		left -= len + 1;
	}
	return verdict;
}

/* Where there are no versions, the symbols must at least be there. */
static enum fit_verdict check_undefined(const struct fit *fit, Elf *elf,
					char out_why[256])
{
	enum fit_verdict verdict = FIT_GOOD;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while (!verdict && (section = elf_nextscn(elf, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 1; !verdict && data &&
		     gelf_getsym(data, i, &symbol); i++) {
			const char *name = elf_strptr(elf, header.sh_link,
						      symbol.st_name);

			if (symbol.st_shndx == SHN_UNDEF && name && *name &&
			    GELF_ST_BIND(symbol.st_info) != STB_WEAK)
				verdict = check_symbol(fit, name, NULL,
						       out_why);
		}
	}
	return verdict;
}

static enum fit_verdict check_magic(const struct fit *fit, Elf *elf,
				    char out_why[256])
{
	char *magic = module_info(module_section(elf, ".modinfo"), "vermagic");
	size_t len = strlen(fit->release);
	bool good = magic && (fit->vermagic ? !strcmp(magic, fit->vermagic) :
		    !strncmp(magic, fit->release, len) && magic[len] == ' ');

	if (!good)
		snprintf(out_why, 256, "is built for \"%.80s\", not for \"%.80s\"",
			 magic ? magic : "",
			 fit->vermagic ? fit->vermagic : fit->release);
	free(magic);
	return good ? FIT_GOOD : FIT_WRONG_KERNEL;
}

static enum fit_verdict check_elf(const struct fit *fit, Elf *elf,
				  char out_why[256])
{
	Elf_Data *versions = module_section(elf, "__versions");
	Elf_Data *crcs = module_section(elf, "__version_ext_crcs");
	Elf_Data *names = module_section(elf, "__version_ext_names");
	enum fit_verdict verdict = check_magic(fit, elf, out_why);

	if (!verdict && versions && versions->d_buf)
		verdict = check_versions(fit, versions, out_why);
	if (!verdict && crcs && names && crcs->d_buf && names->d_buf)
		verdict = check_extended(fit, crcs, names, out_why);
	if (!verdict)
		verdict = check_undefined(fit, elf, out_why);
	return verdict;
}

enum fit_verdict fit_check(const struct fit *fit, const char *path,
			   char out_why[256])
{
	enum fit_verdict verdict = FIT_UNKNOWN;
	uint8_t *data;
	size_t len;
	Elf *elf;
	int err = file_read(path, MAX_LEN, &data, &len);

	if (err) {
		snprintf(out_why, 256, "%s", strerror(-err));
		return FIT_UNKNOWN;
	}
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)data, len);
	snprintf(out_why, 256, "is not an ELF file");
	if (elf && elf_kind(elf) == ELF_K_ELF)
		verdict = module_sections_check(elf, len, out_why) ?
			FIT_UNKNOWN : check_elf(fit, elf, out_why);
	elf_end(elf);
	free(data);
	return verdict;
}
