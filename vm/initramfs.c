// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/document.h"
#include "report/stage.h"

#define FILE_MAX_LEN ((size_t)256 << 20)

static la_ssize_t on_write(struct archive *archive, void *data,
			   const void *buffer, size_t len)
{
	struct initramfs *initramfs = data;

	(void)archive;
	vm_bytes_add(&initramfs->bytes, buffer, len);
	return (la_ssize_t)len;
}

/* No times and no owners: the same input gives the same bytes. */
static void add_entry(struct initramfs *i, const char *path, unsigned int mode,
		      dev_t device, const void *data, size_t len)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, path + 1);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_nlink(entry, 1);
	archive_entry_set_size(entry, (la_int64_t)len);
	archive_entry_set_mtime(entry, 0, 0);
	if (device)
		archive_entry_set_rdev(entry, device);
	if (archive_write_header(i->archive, entry) != ARCHIVE_OK ||
	    (len && archive_write_data(i->archive, data, len) !=
	     (la_ssize_t)len))
		i->error = i->error ? i->error : -EIO;
	archive_entry_free(entry);
}

static void add_folder(struct initramfs *i, const char *path)
{
	for (size_t k = 0; k < i->num_folders; k++)
		if (!strcmp(i->folders[k], path))
			return;
	ARRAY_RESERVE(i->folders, i->num_folders, i->cap_folders);
	i->folders[i->num_folders++] = xstrdup(path);
	add_entry(i, path, S_IFDIR | 0755, 0, NULL, 0);
}

static void add_folders_above(struct initramfs *i, const char *path)
{
	char *copy = xstrdup(path);

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		add_folder(i, copy);
		*p = '/';
	}
	free(copy);
}

void initramfs_init(struct initramfs *initramfs)
{
	*initramfs = (struct initramfs){ .archive = archive_write_new() };
	if (!initramfs->archive ||
	    archive_write_set_format_cpio_newc(initramfs->archive) ||
	    archive_write_set_bytes_per_block(initramfs->archive, 0) ||
	    archive_write_open(initramfs->archive, initramfs, NULL, on_write,
			       NULL)) {
		initramfs->error = -ENOMEM;
		return;
	}
	add_folder(initramfs, "/dev");
	add_entry(initramfs, "/dev/console", S_IFCHR | 0600, makedev(5, 1),
		  NULL, 0);
}

void initramfs_free(struct initramfs *initramfs)
{
	if (initramfs->archive)
		archive_write_free(initramfs->archive);
	for (size_t i = 0; i < initramfs->num_folders; i++)
		free(initramfs->folders[i]);
	free(initramfs->folders);
	free(initramfs->bytes.data);
	json_decref(initramfs->files);
	*initramfs = (struct initramfs){ 0 };
}

void initramfs_data(struct initramfs *initramfs, const char *path,
		    unsigned int mode, const void *data, size_t len)
{
	if (initramfs->error)
		return;
	add_folders_above(initramfs, path);
	add_entry(initramfs, path, S_IFREG | mode, 0, data, len);
}

static void note_file(struct initramfs *initramfs, const char *path,
		      const char *from, const void *data, size_t len)
{
	char *digest = digest_of(data, len);

	if (!initramfs->files)
		initramfs->files = json_array();
	json_array_append_new(initramfs->files, json_pack(
		"{so so ss}", "path", document_text(path), "from",
		document_text(from), "digest", digest));
	free(digest);
}

void initramfs_file(struct initramfs *initramfs, const char *path,
		    unsigned int mode, const char *from)
{
	uint8_t *data;
	size_t len;
	int err;

	if (initramfs->error)
		return;
	err = file_read(from, FILE_MAX_LEN, &data, &len);
	if (err) {
		initramfs->error = err;
		return;
	}
	initramfs_data(initramfs, path, mode, data, len);
	note_file(initramfs, path, from, data, len);
	free(data);
}

int initramfs_finish(struct initramfs *initramfs)
{
	if (!initramfs->error &&
	    archive_write_close(initramfs->archive) != ARCHIVE_OK)
		initramfs->error = -EIO;
	return initramfs->error;
}
