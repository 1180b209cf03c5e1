// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extraction of the ELF kernel from a bzImage.  libarchive finds out how the
 * payload is compressed and undoes it; only the two headers around it are
 * read here.
 */
#include "vm/vmlinux.h"

#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No kernel is larger; a hostile payload must not eat all memory. */
#define ELF_MAX_LEN (512u << 20)

/* Places in the setup header of a bzImage. */
#define BZ_SETUP_SECTS 0x1f1
#define BZ_MAGIC 0x202
#define BZ_PROTOCOL 0x206
#define BZ_KERNEL_VERSION 0x20e
#define BZ_PAYLOAD_OFFSET 0x248
#define BZ_PAYLOAD_LENGTH 0x24c
#define BZ_HEADER_END 0x250
#define BZ_SECTOR 512
#define BZ_PROTOCOL_PAYLOAD 0x0208
#define BZ_DEFAULT_SECTS 4

/* The note by which a kernel names its PVH entry point. */
#define PVH_NOTE_NAME "Xen"
#define PVH_NOTE_TYPE 18

__attribute__((format(printf, 2, 3)))
static int fail(char *out_error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out_error, VMLINUX_ERROR_MAX, format, args);
	va_end(args);
	return -1;
}

static uint32_t get_le(const uint8_t *data, size_t width)
{
	uint32_t value = 0;

	while (width--)
		value = value << 8 | data[width];
	return value;
}

static bool range_ok(size_t offset, size_t len, size_t total)
{
	return offset <= total && len <= total - offset;
}

int vmlinux_is_elf(const uint8_t *image, size_t len)
{
	return len >= SELFMAG && !memcmp(image, ELFMAG, SELFMAG);
}

static bool is_bzimage(const uint8_t *image, size_t len)
{
	return len >= BZ_HEADER_END && !memcmp(image + BZ_MAGIC, "HdrS", 4);
}

static bool notes_have_pvh(const uint8_t *notes, size_t len)
{
	const size_t head = sizeof(Elf64_Nhdr);
	Elf64_Nhdr note;

	while (len >= head) {
		size_t name_len, desc_len;

		memcpy(&note, notes, head);
		name_len = ((size_t)note.n_namesz + 3) & ~(size_t)3;
		desc_len = ((size_t)note.n_descsz + 3) & ~(size_t)3;
		if (!range_ok(head, name_len, len) ||
		    !range_ok(head + name_len, desc_len, len))
			return false;
		if (note.n_type == PVH_NOTE_TYPE && note.n_descsz &&
		    note.n_namesz == sizeof(PVH_NOTE_NAME) &&
		    !memcmp(notes + head, PVH_NOTE_NAME, sizeof(PVH_NOTE_NAME)))
			return true;
		notes += head + name_len + desc_len;
		len -= head + name_len + desc_len;
	}
	return false;
}

int vmlinux_check(const uint8_t *elf, size_t len,
		  char out_error[VMLINUX_ERROR_MAX])
{
	bool pvh = false;
	Elf64_Ehdr head;
	Elf64_Phdr segment;

	if (!vmlinux_is_elf(elf, len) || len < sizeof(head))
		return fail(out_error, "what the image holds is no ELF file");
	memcpy(&head, elf, sizeof(head));
	if (head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_ident[EI_DATA] != ELFDATA2LSB ||
	    head.e_machine != EM_X86_64)
		return fail(out_error, "the kernel is not for 64-bit x86");
	if (head.e_type != ET_EXEC && head.e_type != ET_DYN)
		return fail(out_error, "the ELF file is not an executable");
	if (head.e_phentsize != sizeof(segment) ||
	    !range_ok(head.e_phoff, head.e_phnum * sizeof(segment), len))
		return fail(out_error, "the kernel's program headers lie outside it");

	for (size_t i = 0; i < head.e_phnum; i++) {
		memcpy(&segment, elf + head.e_phoff + i * sizeof(segment),
		       sizeof(segment));
		if (!range_ok(segment.p_offset, segment.p_filesz, len))
			return fail(out_error, "segment %zu of the kernel is cut off", i);
		if (segment.p_type == PT_NOTE)
			pvh |= notes_have_pvh(elf + segment.p_offset,
					      segment.p_filesz);
	}
	if (!pvh)
		return fail(out_error, "the kernel has no PVH entry (CONFIG_PVH)");
	return 0;
}

struct payload {
	const uint8_t *data;
	size_t len;
};

static int find_payload(const uint8_t *image, size_t len, struct payload *out,
			char *out_error)
{
	size_t sects, base, offset;

	if (!is_bzimage(image, len))
		return fail(out_error, "neither a bzImage nor an ELF vmlinux");
	if (get_le(image + BZ_PROTOCOL, 2) < BZ_PROTOCOL_PAYLOAD)
		return fail(out_error, "boot protocol older than 2.08, which does not state its payload");
	sects = image[BZ_SETUP_SECTS] ? image[BZ_SETUP_SECTS] : BZ_DEFAULT_SECTS;
	base = (sects + 1) * BZ_SECTOR;
	offset = base + get_le(image + BZ_PAYLOAD_OFFSET, 4);
	out->len = get_le(image + BZ_PAYLOAD_LENGTH, 4);
	if (!range_ok(offset, out->len, len) || out->len < 8)
		return fail(out_error, "the payload lies outside the image, which may be cut off");
	out->data = image + offset;
	return 0;
}

static struct archive *open_payload(const struct payload *payload, size_t len,
				    char *out_error)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	if (!archive) {
		fail(out_error, "out of memory");
		return NULL;
	}
	archive_read_support_filter_all(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, payload->data, len) ||
	    archive_read_next_header(archive, &entry)) {
		fail(out_error, "cannot decompress the payload: %s",
		     archive_error_string(archive));
		archive_read_free(archive);
		return NULL;
	}
	return archive;
}

/* Exactly @want bytes out of @archive, and then its end. */
static int read_exactly(struct archive *archive, uint8_t *out, size_t want,
			char *out_error)
{
	size_t have = 0;
	la_ssize_t got;
	char more;

	while (have < want) {
		got = archive_read_data(archive, out + have, want - have);
		if (got < 0)
			return fail(out_error, "cannot decompress the payload: %s",
				    archive_error_string(archive));
		if (!got)
			return fail(out_error, "the payload ends after %zu of %zu bytes",
				    have, want);
		have += got;
	}
	got = archive_read_data(archive, &more, 1);
	if (got)
		return fail(out_error, "the payload goes on after the %zu bytes that it states",
			    want);
	return 0;
}

static int decompress(const struct payload *payload, uint8_t **out_elf,
		      size_t *out_elf_len, char *out_error)
{
	/*
	 * The last four bytes state the uncompressed size.  In gzip's trailer
	 * they are part of the stream, behind every other one they are not.
	 */
	bool is_gzip = payload->data[0] == 0x1f && payload->data[1] == 0x8b;
	size_t want = get_le(payload->data + payload->len - 4, 4);
	struct archive *archive;
	uint8_t *elf;
	int err = -1;

	if (!want || want > ELF_MAX_LEN)
		return fail(out_error, "the payload states an uncompressed size of %zu bytes",
			    want);
	archive = open_payload(payload, payload->len - (is_gzip ? 0 : 4),
			       out_error);
	if (!archive)
		return -1;
	elf = malloc(want);
	if (!elf)
		fail(out_error, "no memory for a kernel of %zu bytes", want);
	else
		err = read_exactly(archive, elf, want, out_error);
	archive_read_free(archive);
	if (err) {
		free(elf);
		return -1;
	}
	*out_elf = elf;
	*out_elf_len = want;
	return 0;
}

int vmlinux_extract(const uint8_t *image, size_t len, uint8_t **out_elf,
		    size_t *out_elf_len, char out_error[VMLINUX_ERROR_MAX])
{
	struct payload payload = { 0 };
	uint8_t *elf = NULL;
	size_t elf_len = len;

	if (vmlinux_is_elf(image, len)) {
		elf = malloc(len);
		if (!elf)
			return fail(out_error, "no memory for a kernel of %zu bytes", len);
		memcpy(elf, image, len);
	} else if (find_payload(image, len, &payload, out_error) ||
		   decompress(&payload, &elf, &elf_len, out_error)) {
		return -1;
	}
	if (vmlinux_check(elf, elf_len, out_error)) {
		free(elf);
		return -1;
	}
	*out_elf = elf;
	*out_elf_len = elf_len;
	return 0;
}

/* The first word of a text that need not have an end. */
static int copy_word(const uint8_t *text, size_t len, char *out, size_t size,
		     char *out_error)
{
	size_t n = 0;

	/* It becomes part of a path: no slash. */
	while (n < len && text[n] > ' ' && text[n] < 0x7f && text[n] != '/')
		n++;
	if (!n || n >= size || n == len || text[n] == '/')
		return fail(out_error, "the image states no release of a usable form");
	memcpy(out, text, n);
	out[n] = '\0';
	return 0;
}

int vmlinux_release(const uint8_t *image, size_t len, char *out_release,
		    size_t size, char out_error[VMLINUX_ERROR_MAX])
{
	static const char banner[] = "Linux version ";
	const size_t banner_len = sizeof(banner) - 1;
	const uint8_t *hit = image, *end = image + len;
	size_t offset;

	if (is_bzimage(image, len)) {
		offset = get_le(image + BZ_KERNEL_VERSION, 2) + 0x200;
		if (offset >= len)
			return fail(out_error, "the release lies outside the image");
		return copy_word(image + offset, len - offset, out_release,
				 size, out_error);
	}
	if (!vmlinux_is_elf(image, len))
		return fail(out_error, "neither a bzImage nor an ELF vmlinux");
	/* The same words also stand in format strings: a digit must follow. */
	while ((hit = memmem(hit, end - hit, banner, banner_len))) {
		hit += banner_len;
		if (hit < end && *hit >= '0' && *hit <= '9')
			return copy_word(hit, end - hit, out_release, size,
					 out_error);
	}
	return fail(out_error, "no \"Linux version\" in the kernel");
}
