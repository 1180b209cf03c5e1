// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels by name and by path, over images that are made here: the smallest
 * ELF with a PVH note, plain and inside a bzImage of every compression.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"
#include "vm/kernel.h"
#include "vm/vmlinux.h"

#define RELEASE "6.1.0-1-test"
#define ELF_LEN 20000
#define IMAGE_MAX 65536
#define SETUP_LEN 1024			/* one sector and one of setup */
#define PAYLOAD_OFF 16

static char cache[] = "/tmp/test_kernel.XXXXXX";

struct image {
	uint8_t data[IMAGE_MAX];
	size_t len;
};

/* An executable with one segment of notes, and text that compresses. */
static void make_elf(struct image *out)
{
	static const char banner[] = "Linux version %s\0Linux version "
				     RELEASE " (a@b) #1 SMP\n";
	struct {
		Elf64_Ehdr head;
		Elf64_Phdr segment;
		Elf64_Nhdr note;
		char name[4];
		uint32_t entry;
		char banner[sizeof(banner)];
	} elf = {
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_X86_64,
			.e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 1,
			.e_phentsize = sizeof(Elf64_Phdr),
		},
		.segment = {
			.p_type = PT_NOTE,
			.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
			.p_filesz = sizeof(Elf64_Nhdr) + 8,
		},
		.note = { .n_namesz = 4, .n_descsz = 4, .n_type = 18 },
		.name = "Xen", .entry = 0x1000000,
	};

	memcpy(elf.banner, banner, sizeof(banner));
	memset(out, 0, sizeof(*out));
	memcpy(out->data, &elf, sizeof(elf));
	/* Not so plain that a compressor leaves too little behind. */
	for (size_t i = 1024; i < ELF_LEN; i++)
		out->data[i] = (uint8_t)(i * i >> 3);
	out->len = ELF_LEN;
}

static void put_le32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static bool compress(const struct image *in, int filter, uint8_t *out,
		     size_t *out_len)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	bool can;

	archive_write_set_format_raw(archive);
	can = archive_write_add_filter(archive, filter) == ARCHIVE_OK;
	if (can) {
		archive_write_set_bytes_in_last_block(archive, 1);
		archive_entry_set_filetype(entry, AE_IFREG);
		assert_int_equal(0, archive_write_open_memory(archive, out,
				IMAGE_MAX - 4096, out_len));
		assert_int_equal(0, archive_write_header(archive, entry));
		assert_int_equal(in->len, archive_write_data(archive, in->data,
							     in->len));
		assert_int_equal(0, archive_write_close(archive));
	}
	archive_entry_free(entry);
	archive_write_free(archive);
	return can;
}

/* A bzImage around @elf, or false where libarchive can't compress so. */
static bool make_bzimage(const struct image *elf, int filter,
			 struct image *out)
{
	uint8_t *payload = out->data + SETUP_LEN + PAYLOAD_OFF;
	size_t len = 0;

	memset(out, 0, sizeof(*out));
	out->data[0x1f1] = 1;
	memcpy(out->data + 0x202, "HdrS\x0f\x02", 6);
	out->data[0x20e] = 0x80;	/* kernel_version, from 0x200 */
	memcpy(out->data + 0x280, RELEASE " (a@b)", sizeof(RELEASE " (a@b)"));
	if (!compress(elf, filter, payload, &len))
		return false;
	if (filter != ARCHIVE_FILTER_GZIP) {
		put_le32(payload + len, (uint32_t)elf->len);
		len += 4;
	}
	put_le32(out->data + 0x248, PAYLOAD_OFF);
	put_le32(out->data + 0x24c, (uint32_t)len);
	out->len = SETUP_LEN + PAYLOAD_OFF + len + 8;
	return true;
}

static void expect_extract(const struct image *image, const struct image *elf,
			   const char *error)
{
	char why[VMLINUX_ERROR_MAX] = "";
	uint8_t *out = NULL;
	size_t len = 0;
	int err = vmlinux_extract(image->data, image->len, &out, &len, why);

	if (error) {
		assert_int_equal(err, -1);
		assert_non_null(strstr(why, error));
		return;
	}
	if (err)
		print_error("%s\n", why);
	assert_int_equal(err, 0);
	assert_int_equal(len, elf->len);
	assert_memory_equal(out, elf->data, len);
	free(out);
}

static void test_compressions(void **state)
{
	static const int filters[] = {
		ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_LZMA,
		ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_LZ4, ARCHIVE_FILTER_ZSTD,
	};
	struct image elf, image;

	(void)state;
	make_elf(&elf);
	expect_extract(&elf, &elf, NULL);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		assert_true(make_bzimage(&elf, filters[i], &image));
		expect_extract(&image, &elf, NULL);
	}
}

static void test_damaged_elf(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		const char *error;
	} cases[] = {
		{ 0, 0, "neither a bzImage" },
		{ EI_CLASS, ELFCLASS32, "64-bit x86" },
		{ offsetof(Elf64_Ehdr, e_machine), EM_386, "64-bit x86" },
		{ offsetof(Elf64_Ehdr, e_type), ET_REL, "executable" },
		{ offsetof(Elf64_Ehdr, e_phoff) + 3, 1, "program headers" },
		{ offsetof(Elf64_Ehdr, e_phnum) + 1, 9, "program headers" },
		{ offsetof(Elf64_Ehdr, e_phentsize), 1, "program headers" },
		{ 64 + offsetof(Elf64_Phdr, p_offset) + 7, 0xff, "cut off" },
		{ 64 + offsetof(Elf64_Phdr, p_filesz) + 3, 1, "cut off" },
		{ 64 + offsetof(Elf64_Phdr, p_type), PT_LOAD, "PVH" },
		{ 120 + offsetof(Elf64_Nhdr, n_type), 17, "PVH" },
		{ 120 + offsetof(Elf64_Nhdr, n_namesz) + 3, 0xff, "PVH" },
		{ 120 + offsetof(Elf64_Nhdr, n_descsz), 5, "PVH" },
		{ 120 + offsetof(Elf64_Nhdr, n_descsz), 0, "PVH" },
	};
	struct image elf;

	(void)state;
	make_elf(&elf);
	expect_extract(&elf, &elf, NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		make_elf(&elf);
		elf.data[cases[i].offset] = cases[i].value;
		expect_extract(&elf, NULL, cases[i].error);
	}
}

static void test_damaged_bzimage(void **state)
{
	struct image elf, good, bad;

	(void)state;
	make_elf(&elf);
	assert_true(make_bzimage(&elf, ARCHIVE_FILTER_XZ, &good));
	expect_extract(&good, &elf, NULL);

	bad = good;
	bad.data[0x206] = 7;
	expect_extract(&bad, NULL, "2.08");
	bad = good;
	bad.len -= 9;
	expect_extract(&bad, NULL, "outside the image");
	bad = good;
	put_le32(bad.data + 0x248, 0xffffffff);
	expect_extract(&bad, NULL, "outside the image");
	bad = good;
	put_le32(bad.data + good.len - 12, ELF_LEN + 1);
	expect_extract(&bad, NULL, "ends after");
	put_le32(bad.data + good.len - 12, ELF_LEN - 1);
	expect_extract(&bad, NULL, "goes on");
	put_le32(bad.data + good.len - 12, 0xffffffff);
	expect_extract(&bad, NULL, "uncompressed size");
	bad = good;
	bad.data[SETUP_LEN + PAYLOAD_OFF + 100] ^= 0x40;
	expect_extract(&bad, NULL, "cannot decompress");
	/* Compression that nobody knows: raw bytes that are no kernel. */
	bad = good;
	bad.data[SETUP_LEN + PAYLOAD_OFF] ^= 0xff;
	expect_extract(&bad, NULL, "");
	for (size_t len = 0; len < good.len - 8; len += 7) {
		bad = good;
		bad.len = len;
		expect_extract(&bad, NULL, "");
	}
}

static void write_file(const char *path, const void *data, size_t len)
{
	char *folder = xstrdup(path);

	*strrchr(folder, '/') = '\0';
	assert_int_equal(file_mkdirs(folder), 0);
	assert_int_equal(file_write(path, data, len), 0);
	free(folder);
}

static void expect_kernel(const char *name, const char *vmlinux,
			  const char *modules, const struct image *elf)
{
	char *digest = digest_of(elf->data, elf->len);
	struct kernel kernel;
	char error[256] = "";
	int err = kernel_find(name, &kernel, error);

	if (err)
		print_error("%s\n", error);
	assert_int_equal(err, 0);
	assert_string_equal(kernel.name, name);
	assert_string_equal(kernel.release, RELEASE);
	assert_string_equal(kernel.digest, digest);
	if (vmlinux)
		assert_string_equal(kernel.vmlinux, vmlinux);
	assert_int_equal(access(kernel.vmlinux, R_OK), 0);
	if (modules)
		assert_string_equal(kernel.modules, modules);
	else
		assert_null(kernel.modules);
	kernel_free(&kernel);
	free(digest);
}

static void expect_no_kernel(const char *name, const char *want)
{
	struct kernel kernel;
	char error[256] = "";

	assert_int_equal(kernel_find(name, &kernel, error), -1);
	assert_non_null(strstr(error, want));
	assert_null(kernel.name);
}

static void test_names(void **state)
{
	static const char *const good[] = {
		"debian:6.1", "debian:6.1-rt", "debian:6.12-cloud",
		"debian:6.1.0-56-amd64", "debian:6.12.117+deb12-rt-amd64",
		"/boot/vmlinuz", "./bzImage", "sanitizer",
	};
	static const char *const bad[] = {
		"", "debian:", "debian:6", "debian:6.1-fast", "debian:6.1/",
		"debian:../6.1-amd64", "debian:-amd64", "6.1", "fedora:40",
		"vmlinuz", "debian:6.1.0 -amd64", "sanitizer:6.12",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(kernel_name_known(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(kernel_name_known(bad[i]));
		expect_no_kernel(bad[i], "no kernel's name");
	}
	expect_no_kernel("debian:6.12-rt", "fetch-kernel debian:6.12-rt");
	expect_no_kernel("sanitizer", "fetch-kernel sanitizer");
	expect_no_kernel("/nonexistent/bzImage", "No such file");
	expect_no_kernel("/dev/null", "neither a bzImage");
}

/* The right digest, of a time that is not the file's: as after a copy. */
static void keep_wrong_time(const char *side, const struct image *elf)
{
	char *digest = digest_of(elf->data, elf->len);
	char *text = xasprintf("%s  vmlinux\n# size 1 ctime 1.000000000\n",
			       digest + strlen("sha256:"));

	write_file(side, text, strlen(text));
	free(text);
	free(digest);
}

/* One byte, and the times that can be set are set back. */
static void assert_altered_is_noticed(const char *vmlinux,
				      const struct image *elf)
{
	struct stat st;
	int fd = open(vmlinux, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(pwrite(fd, "!", 1, (off_t)elf->len - 1), 1);
	assert_int_equal(futimens(fd, (struct timespec[]){
					  st.st_atim, st.st_mtim }), 0);
	close(fd);
	expect_no_kernel("debian:6.1", "changed since");
}

static void test_folder(void **state)
{
	static const char other_digest[] =
		"0000000000000000000000000000000000000000000000000000000000000000"
		"  vmlinux\n# size 20000 ctime 1.000000000\n";
	char *dir = xasprintf("%s/plimsoll/kernels/debian-6.1", cache);
	char *vmlinux = xasprintf("%s/vmlinux", dir);
	char *release = xasprintf("%s/release", dir);
	char *tree = xasprintf("%s/lib/modules/" RELEASE, dir);
	char *dep = xasprintf("%s/modules.dep", tree);
	char *side = xasprintf("%s/vmlinux.sha256", dir);
	struct image elf;

	(void)state;
	make_elf(&elf);
	write_file(vmlinux, elf.data, elf.len);
	expect_no_kernel("debian:6.1", "no kernel in this folder");
	write_file(release, RELEASE "\n", sizeof(RELEASE));
	expect_kernel("debian:6.1", vmlinux, NULL, &elf);
	write_file(dep, "", 0);
	expect_kernel("debian:6.1", vmlinux, tree, &elf);
	expect_kernel(dir, vmlinux, tree, &elf);
	expect_kernel(vmlinux, vmlinux, tree, &elf);

	keep_wrong_time(side, &elf);
	expect_kernel("debian:6.1", vmlinux, tree, &elf);
	assert_altered_is_noticed(vmlinux, &elf);
	write_file(vmlinux, elf.data, elf.len);
	write_file(side, other_digest, strlen(other_digest));
	expect_no_kernel("debian:6.1", "changed since");
	/* The whole path is a kernel of its own, of which nothing is kept. */
	expect_kernel(vmlinux, vmlinux, tree, &elf);

	assert_int_equal(unlink(vmlinux), 0);
	expect_no_kernel("debian:6.1", "No such file");
	free(side);
	free(dep);
	free(tree);
	free(release);
	free(vmlinux);
	free(dir);
}

/* The one that can make allocations fail says so in its configuration. */
static void test_features(void **state)
{
	static const struct {
		const char *config;
		bool fails;
	} cases[] = {
		{ "CONFIG_KASAN=y\nCONFIG_FAILSLAB=y\n"
		  "CONFIG_FAULT_INJECTION_DEBUG_FS=y\n", true },
		{ "# CONFIG_FAILSLAB is not set\n", false },
		{ "CONFIG_FAILSLAB=y\n", false },
		{ "MY_CONFIG_FAILSLAB=y\nCONFIG_FAULT_INJECTION_DEBUG_FS=y\n", false },
		{ "", false },
	};
	char *dir = xasprintf("%s/plimsoll/kernels/sanitizer", cache);
	char *vmlinux = xasprintf("%s/vmlinux", dir);
	char *release = xasprintf("%s/release", dir);
	char *config = xasprintf("%s/config", dir);
	struct kernel kernel;
	struct image elf;
	char error[256];

	(void)state;
	make_elf(&elf);
	write_file(vmlinux, elf.data, elf.len);
	write_file(release, RELEASE "\n", sizeof(RELEASE));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		write_file(config, cases[i].config, strlen(cases[i].config));
		assert_int_equal(kernel_find("sanitizer", &kernel, error), 0);
		assert_true(kernel.fails_on_demand == cases[i].fails);
		assert_true(kernel.is_slow == cases[i].fails);
		kernel_free(&kernel);
	}
	free(config);
	free(release);
	free(vmlinux);
	free(dir);
}

static void test_image(void **state)
{
	char *path = xasprintf("%s/boot/vmlinuz", cache);
	char *tree = xasprintf("%s/lib/modules/" RELEASE, cache);
	char *dep = xasprintf("%s/modules.dep", tree);
	struct image elf, image;

	(void)state;
	make_elf(&elf);
	assert_true(make_bzimage(&elf, ARCHIVE_FILTER_XZ, &image));
	write_file(path, image.data, image.len);
	expect_kernel(path, NULL, NULL, &elf);
	write_file(dep, "", 0);
	expect_kernel(path, NULL, tree, &elf);	/* now out of the cache */

	write_file(path, image.data, image.len - 9);
	expect_no_kernel(path, "cut off");
	memcpy(image.data + 0x280, "../../..", 8);
	write_file(path, image.data, image.len);
	expect_no_kernel(path, "no release");
	free(dep);
	free(tree);
	free(path);
}

static int make_cache(void **state)
{
	(void)state;
	if (!mkdtemp(cache))
		return -1;
	return setenv("XDG_CACHE_HOME", cache, 1);
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

static int remove_cache(void **state)
{
	(void)state;
	return nftw(cache, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compressions),
		cmocka_unit_test(test_damaged_elf),
		cmocka_unit_test(test_damaged_bzimage),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_cache, remove_cache);
}
