// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/boot_evidence.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/document.h"

static bool is_plain(const char *word)
{
	for (const char *p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_./:+=,@%", *p))
			return false;
	return *word;
}

/* Within single quotes a shell takes everything as it is but their end. */
static void add_quoted(struct vm_bytes *line, const char *word)
{
	vm_bytes_add(line, "'", 1);
	for (const char *p = word; *p; p++)
		if (*p == '\'')
			vm_bytes_add(line, "'\\''", 4);
		else
			vm_bytes_add(line, p, 1);
	vm_bytes_add(line, "'", 1);
}

/* Bytes that no report can show: printf makes them again. */
static void add_printed(struct vm_bytes *line, const char *word)
{
	char octal[8];

	vm_bytes_add(line, "\"$(printf '", 11);
	for (const char *p = word; *p; p++) {
		snprintf(octal, sizeof(octal), "\\%03o", (unsigned char)*p);
		if (isalnum((unsigned char)*p))
			vm_bytes_add(line, p, 1);
		else
			vm_bytes_add(line, octal, strlen(octal));
	}
	vm_bytes_add(line, "')\"", 3);
}

static void add_word(struct vm_bytes *line, const char *word)
{
	bool shown = true;

	if (line->len)
		vm_bytes_add(line, " ", 1);
	for (const char *p = word; *p; p++)
		shown &= *p >= ' ' && *p < 0x7f;
	if (is_plain(word))
		vm_bytes_add(line, word, strlen(word));
	else if (shown)
		add_quoted(line, word);
	else
		add_printed(line, word);
}

static void add_option(struct vm_bytes *line, const char *option,
		       const char *value)
{
	if (!value)
		return;
	add_word(line, option);
	add_word(line, value);
}

char *boot_repeat(const struct boot_options *options, const struct run *run)
{
	struct vm_bytes line = { 0 };

	add_word(&line, "plimsoll");
	add_word(&line, "boot");
	add_option(&line, "--target", options->target);
	add_option(&line, "--kernel", run->kernel->name);
	add_option(&line, "--scenario", run->scenario->name);
	if (options->num_consumers)
		add_option(&line, "--consumer", run->consumer_path);
	add_option(&line, "--baseline", options->baseline);
	if (options->deterministic)
		add_word(&line, "--deterministic");
	/* A name that looks like an option is none. */
	if (run->candidate->path[0] == '-')
		add_word(&line, "--");
	add_word(&line, run->candidate->path);
	vm_bytes_add(&line, "", 1);
	return (char *)line.data;
}

json_t *boot_evidence(const struct boot_options *options, struct run *run)
{
	json_t *evidence = run->evidence ? run->evidence : json_object();
	char *repeat = boot_repeat(options, run);
	json_t *stage;

	stage = stage_json(&run->stage);
	json_object_set_new(evidence, "label", document_text(run->label));
	json_object_set(evidence, "verdict", json_object_get(stage, "verdict"));
	json_object_set(evidence, "findings",
			json_object_get(stage, "findings"));
	json_object_set_new(evidence, "seconds", json_real(run->seconds));
	json_object_set_new(evidence, "cpu_seconds",
			    json_real(run->cpu_seconds));
	json_object_set_new(evidence, "repeat", document_text(repeat));
	json_decref(stage);
	free(repeat);
	run->evidence = NULL;
	return evidence;
}

void boot_findings(struct stage *stage, const struct run *run)
{
	for (size_t i = 0; i < run->stage.num_findings; i++) {
		const struct finding *from = &run->stage.findings[i];
		struct place place = { from->file, from->off, from->rule };

		stage_finding(stage, from->severity, from->code, place, "%s",
			      from->text);
	}
}
