// SPDX-License-Identifier: GPL-2.0-or-later
/* Of a module's sections what can't be believed is refused, with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gelf.h>
#include <string.h>

#include "base/mem.h"
#include "consumer/elf.h"

/* A module as small as can be: its names, two sections, and their list. */
#define NAMES "\0.text\0.data\0.names"
enum { NONE, TEXT, DATA, NAMES_AT, NUM };
enum { TEXT_NAME = 1, DATA_NAME = 7, NAMES_NAME = 13 };

struct module {
	Elf64_Ehdr header;
	char names[24];
	uint8_t text[16], data[16];
	Elf64_Shdr list[NUM];
};

static struct module sound(void)
{
	struct module m = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				     ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_REL, .e_machine = EM_X86_64,
			.e_version = EV_CURRENT,
			.e_shoff = offsetof(struct module, list),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = NUM,
			.e_shstrndx = NAMES_AT,
		},
		.list = {
			[TEXT] = { .sh_name = TEXT_NAME, .sh_type = SHT_PROGBITS,
				   .sh_offset = offsetof(struct module, text),
				   .sh_size = 16 },
			[DATA] = { .sh_name = DATA_NAME, .sh_type = SHT_PROGBITS,
				   .sh_offset = offsetof(struct module, data),
				   .sh_size = 16 },
			[NAMES_AT] = { .sh_name = NAMES_NAME,
				       .sh_type = SHT_STRTAB,
				       .sh_offset = offsetof(struct module,
							     names),
				       .sh_size = sizeof(NAMES) },
		},
	};

	memcpy(m.names, NAMES, sizeof(NAMES));
	return m;
}

static char error[MODULE_FAULT_MAX];

static int checked_as(void *file, size_t len)
{
	Elf *elf;
	int status;

	error[0] = 0;
	elf_version(EV_CURRENT);
	elf = elf_memory(file, len);
	assert_non_null(elf);
	status = module_sections_check(elf, len, error);
	elf_end(elf);
	return status;
}

static int checked(struct module *module)
{
	return checked_as(module, sizeof(*module));
}

static void assert_refused(struct module *module, const char *with)
{
	assert_int_equal(checked(module), -1);
	assert_string_equal(error, with);
}

static void is_sound(void **state)
{
	struct module m = sound();

	(void)state;
	assert_int_equal(checked(&m), 0);
	/* To the file's last byte. */
	m.list[DATA].sh_size = sizeof(m) - offsetof(struct module, data);
	assert_int_equal(checked(&m), 0);
}

static void beyond_the_end(void **state)
{
	struct module m = sound();

	(void)state;
	m.list[DATA].sh_size = sizeof(m) - offsetof(struct module, data) + 1;
	assert_refused(&m, "section 2 (.data) at 0x68 has 0x111 bytes, but the file ends at 0x178");
	m = sound();
	m.list[DATA].sh_offset = sizeof(m) + 1;
	m.list[DATA].sh_size = 0;
	assert_refused(&m, "section 2 (.data) at 0x179 has 0 bytes, but the file ends at 0x178");
	/* Where offset and length together wrap. */
	m = sound();
	m.list[TEXT].sh_offset = 0x60;
	m.list[TEXT].sh_size = UINT64_MAX - 0x5f;
	assert_refused(&m, "section 1 (.text) at 0x60 has 0xffffffffffffffa0 bytes, but the file ends at 0x178");
}

/* What takes no bytes of the file may say any length. */
static void no_bytes(void **state)
{
	struct module m = sound();

	(void)state;
	m.list[DATA].sh_type = SHT_NOBITS;
	m.list[DATA].sh_size = 1 << 20;
	assert_int_equal(checked(&m), 0);
}

static void same_name(void **state)
{
	struct module m = sound();

	(void)state;
	m.list[DATA].sh_name = TEXT_NAME;
	assert_refused(&m, "two sections are called .text: 1 at 0x58 and 2 at 0x68");
	/* The kernel takes the first, whatever the second is. */
	m.list[DATA].sh_type = SHT_NOBITS;
	assert_refused(&m, "two sections are called .text: 1 at 0x58 and 2 at 0x68");
	m.list[DATA].sh_type = SHT_GROUP;
	assert_int_equal(checked(&m), 0);
	/* Which the kernel takes as well, if it is to be loaded. */
	m.list[DATA].sh_flags = SHF_ALLOC;
	assert_refused(&m, "two sections are called .text: 1 at 0x58 and 2 at 0x68");
	m.list[DATA].sh_type = SHT_NULL;
	assert_refused(&m, "two sections are called .text: 1 at 0x58 and 2 at 0x68");
}

/* What is read as the section .text are these bytes, or none. */
static void assert_read(struct module *module, const void *bytes)
{
	Elf *elf = elf_memory((char *)module, sizeof(*module));
	Elf_Data *data = module_section(elf, ".text");

	if (bytes) {
		assert_non_null(data);
		assert_int_equal(data->d_size, 16);
		assert_memory_equal(data->d_buf, bytes, 16);
	} else {
		assert_null(data);
	}
	elf_end(elf);
}

static void content_alone_is_read(void **state)
{
	static const Elf64_Word others[] = { SHT_NULL, SHT_GROUP, SHT_NOBITS };
	struct module m = sound();

	(void)state;
	memset(m.text, 't', sizeof(m.text));
	memset(m.data, 'd', sizeof(m.data));
	assert_read(&m, NULL);
	m.list[TEXT].sh_flags = SHF_ALLOC;
	assert_read(&m, m.text);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		m.list[TEXT].sh_type = others[i];
		assert_read(&m, NULL);
	}
	/* A group of the name of the content, and before it. */
	m.list[TEXT].sh_type = SHT_GROUP;
	m.list[TEXT].sh_flags = 0;
	m.list[DATA].sh_name = TEXT_NAME;
	m.list[DATA].sh_flags = SHF_ALLOC;
	assert_int_equal(checked(&m), 0);
	assert_read(&m, m.data);
}

static void no_name(void **state)
{
	struct module m = sound();

	(void)state;
	m.list[DATA].sh_name = 0x1000;
	assert_refused(&m, "section 2 has no name: 0x1000 is outside of the names");
}

/* Or the end of each would be searched for, up to that of the file. */
static void names_end(void **state)
{
	struct module m = sound();

	(void)state;
	m.names[sizeof(NAMES) - 1] = 'x';
	assert_refused(&m, "section 3 is no table of names that ends in a zero byte");
	m = sound();
	m.list[NAMES_AT].sh_size = 0;
	assert_refused(&m, "section 3 is no table of names that ends in a zero byte");
	m = sound();
	m.list[NAMES_AT].sh_offset = sizeof(m) + 1;
	assert_refused(&m, "section 3 is no table of names that ends in a zero byte");
	m = sound();
	m.header.e_shstrndx = TEXT;
	assert_refused(&m, "section 1 is no table of names that ends in a zero byte");
}

static void long_name(void **state)
{
	struct {
		struct module module;
		char names[258];
	} m = { sound(), "" };

	(void)state;
	memset(m.names + 1, 'n', 255);
	m.module.list[NAMES_AT].sh_offset = sizeof(m.module);
	m.module.list[NAMES_AT].sh_size = sizeof(m.names);
	m.module.list[NAMES_AT].sh_name = 0;
	m.module.list[TEXT].sh_name = 2;
	m.module.list[DATA].sh_name = 1;
	assert_int_equal(checked_as(&m, sizeof(m)), 0);
	m.names[256] = 'n';
	assert_int_equal(checked_as(&m, sizeof(m)), -1);
	assert_string_equal(error, "section 2 (nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...) has a name of more than 255 bytes");
}

static void symbols(void **state)
{
	struct module m = sound();

	(void)state;
	m.list[TEXT].sh_type = SHT_SYMTAB;
	m.list[TEXT].sh_size = 0;
	m.list[TEXT].sh_link = NAMES_AT;
	assert_int_equal(checked(&m), 0);
	m.list[TEXT].sh_link = DATA;
	assert_refused(&m, "section 2 is no table of names that ends in a zero byte");
	m.list[TEXT].sh_link = NAMES_AT;
	m.list[DATA] = m.list[TEXT];
	m.list[DATA].sh_name = DATA_NAME;
	assert_refused(&m, "two sections are tables of symbols: 1 at 0x58 and 2 at 0x58");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_sound),
		cmocka_unit_test(beyond_the_end),
		cmocka_unit_test(no_bytes),
		cmocka_unit_test(same_name),
		cmocka_unit_test(content_alone_is_read),
		cmocka_unit_test(no_name),
		cmocka_unit_test(names_end),
		cmocka_unit_test(long_name),
		cmocka_unit_test(symbols),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
