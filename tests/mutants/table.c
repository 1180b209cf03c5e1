// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mutants/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file) {
		perror(path);
		exit(3);
	}
	return file;
}

void table_read(struct table *table, const char *path)
{
	FILE *file = open_file(path);
	char *line = NULL;
	size_t cap = 0;

	*table = (struct table){ 0 };
	ARRAY_RESERVE(table->mutants, table->num, table->cap);
	table->mutants[table->num++] = (struct mutant){ 0 };
	while (getline(&line, &cap, file) > 0) {
		struct mutant mutant = { 0 };
		char *rest = line;

		line[strcspn(line, "\n")] = 0;
		strsep(&rest, "\t");
		mutant.line = (unsigned int)strtoul(strsep(&rest, "\t"), NULL,
						    10);
		mutant.file = xstrdup(strsep(&rest, "\t"));
		mutant.function = xstrdup(strsep(&rest, "\t"));
		mutant.context = xstrdup(strsep(&rest, "\t"));
		mutant.what = xstrdup(rest);
		ARRAY_RESERVE(table->mutants, table->num, table->cap);
		table->mutants[table->num++] = mutant;
	}
	free(line);
	fclose(file);
}

/* The part of the file that is being read, and its line. */
struct place {
	const char *path;
	unsigned int line;
	char *file, *function, *why;
};

static void unfit(struct table *table, const struct place *place,
		  const char *what)
{
	printf("# %s:%u: %s\n", place->path, place->line, what);
	table->num_unfit++;
}

static void argue(struct table *table, const struct place *place, char *text)
{
	char *what = strstr(text, " :: ");
	struct mutant *m;

	if (!what || !place->why || !place->function) {
		unfit(table, place, "no mutant, or no reason for it");
		return;
	}
	*what = 0;
	what += strlen(" :: ");
	for (m = table->mutants + 1; m < table->mutants + table->num; m++)
		if (!strcmp(m->what, what) && !strcmp(m->context, text) &&
		    !strcmp(m->file, place->file) &&
		    !strcmp(m->function, place->function))
			break;
	if (m == table->mutants + table->num)
		unfit(table, place, "no such mutant");
	else if (m->why)
		unfit(table, place, "argued twice");
	else
		m->why = xstrdup(place->why);
}

static void set(char **text, char *now)
{
	free(*text);
	*text = now;
}

static void read_argument(struct table *table, struct place *place, char *line)
{
	char *rest = line, *word = strsep(&rest, " ");

	if (!*word || *word == '#')
		return;
	if (rest && !strcmp(word, "in")) {
		set(&place->file, xstrdup(strsep(&rest, " ")));
		set(&place->function, xstrdup(rest ? rest : ""));
		set(&place->why, NULL);
	} else if (rest && !strcmp(word, "why")) {
		set(&place->why, xstrdup(rest));
	} else if (rest && !strcmp(word, "also") && place->why) {
		set(&place->why, xasprintf("%s %s", place->why, rest));
	} else if (rest && !strcmp(word, "mutant")) {
		argue(table, place, rest);
	} else {
		unfit(table, place, "no line of an argument");
	}
}

void table_read_arguments(struct table *table, const char *path)
{
	struct place place = { .path = path };
	FILE *file = open_file(path);
	char *line = NULL;
	size_t cap = 0;

	while (getline(&line, &cap, file) > 0) {
		place.line++;
		line[strcspn(line, "\n")] = 0;
		read_argument(table, &place, line);
	}
	free(place.file);
	free(place.function);
	free(place.why);
	free(line);
	fclose(file);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->num; i++) {
		struct mutant *m = &table->mutants[i];

		free(m->file);
		free(m->function);
		free(m->context);
		free(m->what);
		free(m->why);
	}
	free(table->mutants);
}
