// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * thin-goodware SYSTEM TO FROM...: make the corpus of SYSTEM in the folder TO, of
 * what record-goodware left in each FROM.  Of the events that differ only in
 * what differs from one run to the next, the first is kept, as it was recorded.
 *
 * Two events are the same if their template is, and every input, after
 *	- ProcessId, ParentProcessId, LogonId: left out
 *	- other numbers: from 32768 on (ports that the kernel gives out) all one
 *	- texts: every run of digits is one digit; a word of at least six letters
 *	  and digits is one letter where it has both, or a capital within, and
 *	  comes after one of . - _ / (names that mktemp makes)
 *	- names of files that were made, renamed or deleted: the folder, and
 *	  what follows the last dot
 *
 * Exit status 0, 2 for wrong usage, 3 where it could not be done.
 */
#include <archive.h>
#include <archive_entry.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "event/event.h"
#include "event/lines.h"
#include "report/stage.h"
#include "vm/bytes.h"

#define EPHEMERAL	32768u
#define WORD_LEN	6	/* of a name that mktemp makes, at least */
#define MAX_PACKED	((size_t)16 << 20)

/* In the order in which they are read: what one has, later ones leave out. */
static const char *const parts[] = {
	"boot", "administration", "packages", "build",
};

static const char *const volatile_inputs[] = {
	"ProcessId", "ParentProcessId", "LogonId",
};

static const char *const file_inputs[] = {
	"TargetFilename", "SourceFilename",
};

struct thin {
	const char *system, *to;
	char **from;		/* NULL at the end */
	char **keys;		/* sorted */
	size_t num_keys, cap_keys;
};

/* One part on its way. */
struct part {
	struct vm_bytes lines;
	size_t num_recorded, num_kept;
};

static int fault(const char *path, const char *what)
{
	fprintf(stderr, "thin-goodware: %s: %s\n", path, what);
	return -1;
}

static bool is_one_of(const char *const *names, size_t num, const char *name)
{
	for (size_t i = 0; i < num; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Is the word something that a program made up? */
static bool is_made_up(const uint8_t *word, size_t len, uint8_t before)
{
	bool letter = false, digit = false, capital = false;

	for (size_t i = 0; i < len; i++) {
		letter |= isalpha(word[i]) != 0;
		digit |= isdigit(word[i]) != 0;
		capital |= i && isupper(word[i]);
	}
	return len >= WORD_LEN && strchr(".-_/", before) && before &&
	       letter && (digit || capital);
}

static void add_word(struct vm_bytes *key, const uint8_t *word, size_t len,
		     uint8_t before)
{
	if (is_made_up(word, len, before)) {
		vm_bytes_add(key, "X", 1);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (!isdigit(word[i]))
			vm_bytes_add(key, &word[i], 1);
		else if (!i || !isdigit(word[i - 1]))
			vm_bytes_add(key, "0", 1);
	}
}

static void add_text(struct vm_bytes *key, const uint8_t *text, size_t len)
{
	size_t end;

	for (size_t i = 0; i < len; i = end) {
		end = i;
		while (end < len && isalnum(text[end]))
			end++;
		if (end > i)
			add_word(key, text + i, end - i, i ? text[i - 1] : 0);
		else
			vm_bytes_add(key, &text[end++], 1);
	}
}

static void add_file(struct vm_bytes *key, const uint8_t *text, size_t len)
{
	size_t name = 0, dot = len;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '/')
			name = i;
	for (size_t i = name; i < len; i++)
		if (text[i] == '.')
			dot = i;
	add_text(key, text, name);
	add_text(key, text + dot, len - dot);
}

static char *key_of(const struct event *event)
{
	const struct plm_supply *shape = &event->template->shape;
	struct vm_bytes key = { 0 };

	vm_bytes_add(&key, event->template->name,
		     strlen(event->template->name));
	for (uint32_t i = 0; i < shape->num_inputs; i++) {
		const char *name = shape->inputs[i].name;
		const struct plm_value *v = &event->values[i];
		char number[24];

		vm_bytes_add(&key, "\n", 1);
		if (is_one_of(volatile_inputs, ARRAY_LEN(volatile_inputs),
			      name))
			continue;
		if (v->kind == PLM_VALUE_STRING &&
		    is_one_of(file_inputs, ARRAY_LEN(file_inputs), name))
			add_file(&key, v->data, v->len);
		else if (v->kind == PLM_VALUE_STRING)
			add_text(&key, v->data, v->len);
		snprintf(number, sizeof(number), " %llu",
			 (unsigned long long)(v->number < EPHEMERAL ?
					      v->number : EPHEMERAL));
		if (v->kind == PLM_VALUE_NUMBER)
			vm_bytes_add(&key, number, strlen(number));
	}
	vm_bytes_add(&key, "", 1);
	return (char *)key.data;
}

/* Where the key is, or has to be. */
static size_t find(const struct thin *thin, const char *key, bool *out_found)
{
	size_t low = 0, high = thin->num_keys;

	*out_found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(key, thin->keys[middle]);

		if (!order)
			*out_found = true;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Takes the key.  False where there was one like it. */
static bool is_new(struct thin *thin, char *key)
{
	bool found;
	size_t at = find(thin, key, &found);

	if (found) {
		free(key);
		return false;
	}
	ARRAY_RESERVE(thin->keys, thin->num_keys, thin->cap_keys);
	memmove(thin->keys + at + 1, thin->keys + at,
		(thin->num_keys - at) * sizeof(*thin->keys));
	thin->keys[at] = key;
	thin->num_keys++;
	return true;
}

static int take_line(struct thin *thin, struct part *part, const char *line,
		     size_t len)
{
	char error[EVENT_ERROR_LEN];
	struct event event;

	if (event_from_line(&event, line, len, error))
		return fault("an event", error);
	part->num_recorded++;
	if (is_new(thin, key_of(&event))) {
		vm_bytes_add(&part->lines, line, len);
		vm_bytes_add(&part->lines, "\n", 1);
		part->num_kept++;
	}
	event_free(&event);
	return 0;
}

static int read_part(struct thin *thin, struct part *part, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum lines_status status;
	struct lines lines;
	char *line;
	size_t len;
	int err = 0;

	if (fd < 0)
		return fault(path, strerror(errno));
	lines_open(&lines, fd);
	while (!err && (status = lines_next(&lines, &line, &len)) ==
			       LINES_GIVEN)
		err = take_line(thin, part, line, len);
	if (!err && status != LINES_END)
		err = fault(path, "cannot be read");
	lines_close(&lines);
	close(fd);
	return err;
}

/* One file, as xz: the same bytes for the same lines. */
static int pack(const struct vm_bytes *lines, uint8_t *out, size_t *out_len)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	int err;

	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_pathname(entry, "events");
	err = archive_write_add_filter_xz(archive) ||
	      archive_write_set_filter_option(archive, "xz",
					      "compression-level", "9") ||
	      archive_write_set_format_raw(archive) ||
	      archive_write_set_bytes_in_last_block(archive, 1) ||
	      archive_write_open_memory(archive, out, MAX_PACKED, out_len) ||
	      archive_write_header(archive, entry) ||
	      archive_write_data(archive, lines->data, lines->len) !=
		      (la_ssize_t)lines->len ||
	      archive_write_close(archive);
	archive_entry_free(entry);
	archive_write_free(archive);
	return err;
}

static json_t *write_part(const struct thin *thin, const struct part *part,
			  const char *name)
{
	char *file = xasprintf("%s-%s.jsonl.xz", thin->system, name);
	char *path = xasprintf("%s/%s", thin->to, file), *digest;
	uint8_t *packed = xmalloc(MAX_PACKED);
	json_t *json = NULL;
	size_t len = 0;

	if (pack(&part->lines, packed, &len) || file_write(path, packed, len)) {
		fault(path, "cannot be written");
	} else {
		digest = digest_of(packed, len);
		json = json_pack("{ss sI sI ss}", "file", file, "events",
				 (json_int_t)part->num_kept, "recorded",
				 (json_int_t)part->num_recorded, "digest",
				 digest);
		printf("%-40s %7zu of %7zu events, %7zu bytes\n", file,
		       part->num_kept, part->num_recorded, len);
		free(digest);
	}
	free(packed);
	free(path);
	free(file);
	return json;
}

static int thin_part(struct thin *thin, const char *name, json_t *list)
{
	struct part part = { 0 };
	json_t *json = NULL;
	int err = 0;

	for (char **from = thin->from; *from && !err; from++) {
		char *path = xasprintf("%s/%s.jsonl", *from, name);

		/* Not every recording has every part. */
		if (access(path, F_OK) == 0)
			err = read_part(thin, &part, path);
		free(path);
	}
	if (!err && !part.num_kept)
		err = fault(name, "there is no event of this part");
	if (!err)
		json = write_part(thin, &part, name);
	free(part.lines.data);
	return json ? json_array_append_new(list, json) : -1;
}

static int thin_all(struct thin *thin)
{
	char *path = xasprintf("%s/corpus.json", thin->to);
	json_t *list = json_array(), *json;
	char *text;
	int err = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts) && !err; i++)
		err = thin_part(thin, parts[i], list);
	json = json_pack("{so}", "parts", list);
	text = json_dumps(json, JSON_INDENT(1));
	if (!err && file_write(path, text, strlen(text)))
		err = fault(path, "cannot be written");
	free(text);
	json_decref(json);
	free(path);
	return err;
}

int main(int argc, char **argv)
{
	struct thin thin = { 0 };
	int err;

	if (argc < 4) {
		fputs("usage: thin-goodware SYSTEM TO FROM...\n", stderr);
		return 2;
	}
	thin.system = argv[1];
	thin.to = argv[2];
	thin.from = argv + 3;
	err = thin_all(&thin);
	for (size_t i = 0; i < thin.num_keys; i++)
		free(thin.keys[i]);
	free(thin.keys);
	return err ? 3 : 0;
}
