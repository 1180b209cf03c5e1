// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/corpus.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"

#define INDEX_FILE	"corpus.json"
#define MAX_INDEX_LEN	((size_t)1 << 20)
#define MAX_PART_LEN	((size_t)16 << 20)	/* as it is on disk */
#define MAX_LEN		((size_t)256 << 20)	/* of all lines */

/* One reading of a corpus. */
struct reading {
	const char *path;
	struct corpus *out;
	size_t cap;		/* of out->data */
	size_t cap_lines;
	char *error;
};

__attribute__((format(printf, 3, 4))) static int
fault(const struct reading *r, const char *file, const char *format, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	snprintf(r->error, CORPUS_ERROR_LEN, "%.80s %.160s", file, text);
	return -1;
}

static int read_file(const struct reading *r, const char *name, size_t max_len,
		     uint8_t **out_data, size_t *out_len)
{
	char *path = xasprintf("%s/%s", r->path, name);
	int err = file_read(path, max_len, out_data, out_len);

	free(path);
	return err ? fault(r, name, "cannot be read: %s", strerror(-err)) : 0;
}

static void make_room(struct reading *r)
{
	if (r->out->len < r->cap)
		return;
	r->cap = r->cap ? 2 * r->cap : (size_t)1 << 20;
	r->out->data = xrealloc(r->out->data, r->cap);
}

/* To the end of what was packed, which has to be there. */
static int unpack_open(struct reading *r, struct archive *archive,
		       const char *name)
{
	struct corpus *out = r->out;
	struct archive_entry *entry;
	la_ssize_t got;

	if (archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return fault(r, name, "cannot be unpacked: %s",
			     archive_error_string(archive));
	do {
		make_room(r);
		got = archive_read_data(archive, out->data + out->len,
					r->cap - out->len);
		out->len += got > 0 ? (size_t)got : 0;
		if (out->len > MAX_LEN)
			return fault(r, name, "unpacks to more than 256 MiB");
	} while (got > 0);
	if (got < 0)
		return fault(r, name, "cannot be unpacked: %s",
			     archive_error_string(archive));
	return 0;
}

static int unpack(struct reading *r, const uint8_t *data, size_t len,
		  const char *name)
{
	struct archive *archive = archive_read_new();
	int ret;

	if (!archive)
		return fault(r, name, "cannot be unpacked: no memory");
	archive_read_support_filter_xz(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, data, len) != ARCHIVE_OK)
		ret = fault(r, name, "cannot be unpacked: %s",
			    archive_error_string(archive));
	else
		ret = unpack_open(r, archive, name);
	archive_read_free(archive);
	return ret;
}

/* Every line has an end, so that parts can follow one another. */
static int find_lines(struct reading *r, size_t from, const char *name)
{
	struct corpus *out = r->out;
	const uint8_t *end;

	while (from < out->len) {
		end = memchr(out->data + from, '\n', out->len - from);
		if (!end)
			return fault(r, name, "has a last line without an end");
		ARRAY_RESERVE(out->lines, out->num_events, r->cap_lines);
		out->lines[out->num_events++] = from;
		from = (size_t)(end - out->data) + 1;
	}
	return 0;
}

static int check_digest(const struct reading *r, const char *name,
			const uint8_t *data, size_t len, const char *wanted)
{
	char *digest = digest_of(data, len);
	bool same = !strcmp(digest, wanted);

	free(digest);
	return same ? 0 : fault(r, name, "is not the file that " INDEX_FILE
				" names: its digest is another");
}

static int read_part(struct reading *r, const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "file"));
	const char *digest = json_string_value(json_object_get(json, "digest"));
	json_int_t num = json_integer_value(json_object_get(json, "events"));
	struct corpus_part *part = &r->out->parts[r->out->num_parts];
	size_t before = r->out->len, len;
	uint8_t *data;
	int err;

	if (!name || !digest || num <= 0 || strchr(name, '/'))
		return fault(r, INDEX_FILE, "does not tell file, digest and number of events of a part");
	if (read_file(r, name, MAX_PART_LEN, &data, &len))
		return -1;
	part->file = xstrdup(name);
	part->first = r->out->num_events;
	r->out->num_parts++;
	err = check_digest(r, name, data, len, digest);
	if (!err)
		err = unpack(r, data, len, name);
	free(data);
	if (!err)
		err = find_lines(r, before, name);
	part->num_events = r->out->num_events - part->first;
	if (!err && part->num_events != (size_t)num)
		err = fault(r, name, "has %zu events, not %lld",
			    part->num_events, (long long)num);
	return err;
}

static int read_index(struct reading *r, const json_t *json)
{
	const json_t *parts = json_object_get(json, "parts");
	size_t num = json_array_size(parts);

	if (!num)
		return fault(r, INDEX_FILE, "names no parts");
	r->out->parts = xcalloc(num, sizeof(*r->out->parts));
	for (size_t i = 0; i < num; i++)
		if (read_part(r, json_array_get(parts, i)))
			return -1;
	/* The end of the last line, as if one more followed. */
	ARRAY_RESERVE(r->out->lines, r->out->num_events, r->cap_lines);
	r->out->lines[r->out->num_events] = r->out->len;
	return 0;
}

char *corpus_path(void)
{
	return file_part("goodware");
}

int corpus_read(struct corpus *out, const char *path,
		char out_error[CORPUS_ERROR_LEN])
{
	struct reading r = { .path = path, .out = out, .error = out_error };
	json_error_t error;
	uint8_t *data;
	size_t len;
	json_t *json;
	int err;

	*out = (struct corpus){ 0 };
	if (read_file(&r, INDEX_FILE, MAX_INDEX_LEN, &data, &len))
		return -1;
	out->digest = digest_of(data, len);
	json = json_loadb((char *)data, len, JSON_REJECT_DUPLICATES, &error);
	free(data);
	err = json ? read_index(&r, json) :
		     fault(&r, INDEX_FILE, "is no JSON document: line %d: %s",
			   error.line, error.text);
	json_decref(json);
	if (err)
		corpus_free(out);
	return err;
}

void corpus_free(struct corpus *corpus)
{
	for (size_t i = 0; i < corpus->num_parts; i++)
		free(corpus->parts[i].file);
	free(corpus->parts);
	free(corpus->lines);
	free(corpus->data);
	free(corpus->digest);
	*corpus = (struct corpus){ 0 };
}

const struct corpus_part *corpus_part_of(const struct corpus *corpus,
					 size_t index)
{
	size_t i = 0;

	while (i + 1 < corpus->num_parts && index >= corpus->parts[i + 1].first)
		i++;
	return &corpus->parts[i];
}
