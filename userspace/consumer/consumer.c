// SPDX-License-Identifier: GPL-2.0-or-later
#include "consumer/consumer.h"

#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "consumer/elf.h"
#include "report/stage.h"

#define MAX_MODULE_LEN (256u << 20)

static int fail(char out_error[256], const char *why)
{
	snprintf(out_error, 256, "%s", why);
	return -1;
}

static bool input_is_sound(const struct plm_input *input)
{
	return (input->type == PLM_TYPE_STRING ||
		input->type == PLM_TYPE_NUMBER) && input->name[0] &&
	       memchr(input->name, 0, sizeof(input->name));
}

static bool input_is_unused(const struct plm_input *input)
{
	static const struct plm_input unused;

	return !memcmp(input, &unused, sizeof(unused));
}

/* NULL, or what is wrong with a record. */
static const char *supply_fault(const struct plm_supply *supply)
{
	if (supply->magic != PLM_SUPPLY_MAGIC)
		return "a supply record has a wrong magic";
	if (supply->reserved)
		return "a supply record has its reserved field set";
	if (supply->num_inputs > PLM_MAX_INPUTS)
		return "a supply record states too many inputs";
	for (u32 i = 0; i < PLM_MAX_INPUTS; i++) {
		if (i < supply->num_inputs ?
		    !input_is_sound(&supply->inputs[i]) :
		    !input_is_unused(&supply->inputs[i]))
			return "a supply record has a malformed input";
	}
	return NULL;
}

static int read_supplies(struct consumer *consumer, const Elf_Data *data,
			 char out_error[256])
{
	size_t num = data->d_size / sizeof(struct plm_supply);

	if (!data->d_buf || num == 0 ||
	    data->d_size % sizeof(struct plm_supply))
		return fail(out_error, "section " PLM_SUPPLY_SECTION
			    " does not hold whole records");
	if (num > PLM_MAX_TEMPLATES)
		return fail(out_error, "section " PLM_SUPPLY_SECTION
			    " holds too many records");
	memcpy(consumer->supplies, data->d_buf, data->d_size);
	for (size_t i = 0; i < num; i++) {
		const char *fault = supply_fault(&consumer->supplies[i]);

		if (fault)
			return fail(out_error, fault);
		for (size_t j = 0; j < i; j++)
			if (consumer->supplies[j].template_id ==
			    consumer->supplies[i].template_id)
				return fail(out_error, "two supply records "
					    "are of the same template");
		consumer->list[i] = &consumer->supplies[i];
	}
	consumer->num_supplies = (u32)num;
	return 0;
}

static int read_elf(struct consumer *consumer, Elf *elf, size_t len,
		    bool must_say, char out_error[256])
{
	GElf_Ehdr header;
	Elf_Data *supply, *info;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return fail(out_error, "is not an ELF file");
	if (header.e_type != ET_REL || header.e_machine != EM_X86_64)
		return fail(out_error, "is not an x86-64 kernel module");
	if (module_sections_check(elf, len, out_error))
		return -1;
	info = module_section(elf, ".modinfo");
	if (!info)
		return fail(out_error, "is not a kernel module: no .modinfo");
	consumer->vermagic = module_info(info, "vermagic");
	consumer->version = module_info(info, "version");
	supply = module_section(elf, PLM_SUPPLY_SECTION);
	if (!supply && !must_say)
		return 0;
	if (!supply)
		return fail(out_error, "does not say what it supplies: no "
			    "section " PLM_SUPPLY_SECTION);
	return read_supplies(consumer, supply, out_error);
}

static int read_module(struct consumer *consumer, const char *path,
		       bool must_say, char out_error[256])
{
	uint8_t *data;
	size_t len;
	Elf *elf;
	int err;

	memset(consumer, 0, sizeof(*consumer));
	err = file_read(path, MAX_MODULE_LEN, &data, &len);
	if (err)
		return fail(out_error, strerror(-err));
	consumer->path = xstrdup(path);
	consumer->digest = digest_of(data, len);
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)data, len);
	if (elf) {
		err = read_elf(consumer, elf, len, must_say, out_error);
		elf_end(elf);
	} else {
		err = fail(out_error, "is not an ELF file");
	}
	free(data);
	if (err)
		consumer_free(consumer);
	return err;
}

int consumer_read(struct consumer *consumer, const char *path,
		  char out_error[256])
{
	return read_module(consumer, path, true, out_error);
}

int consumer_read_any(struct consumer *consumer, const char *path,
		      char out_error[256])
{
	return read_module(consumer, path, false, out_error);
}

bool consumer_fits(const struct consumer *consumer, const char *release)
{
	size_t len = strlen(release);

	return !consumer->vermagic ||
	       (!strncmp(consumer->vermagic, release, len) &&
		(consumer->vermagic[len] == ' ' || !consumer->vermagic[len]));
}

void consumer_free(struct consumer *consumer)
{
	free(consumer->path);
	free(consumer->digest);
	free(consumer->vermagic);
	free(consumer->version);
	memset(consumer, 0, sizeof(*consumer));
}
