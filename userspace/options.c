// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/stage.h"

#define MAX_SECONDS 1000000.0

/* What getopt_long() returns: one of these, a letter, or a row's place. */
#define HELP 1
#define FIRST_ROW 256

int options_wrong(const char *verb, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "plimsoll %s: ", verb);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return VERDICT_USAGE;
}

bool options_kernel(const char *word, char out_error[BOOT_ERROR_LEN])
{
	snprintf(out_error, BOOT_ERROR_LEN,
		 "no kernel %s; a name like debian:6.1, or an image's path",
		 word);
	return boot_kernel_known(word);
}

bool options_scenario(const char *word, char out_error[BOOT_ERROR_LEN])
{
	snprintf(out_error, BOOT_ERROR_LEN,
		 "no scenario %s; see plimsoll boot --help", word);
	return boot_scenario_known(word);
}

static bool read_number(const char *text, uint64_t most, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return !errno && !*end && *out <= most;
}

static bool read_seconds(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && !*end && *out > 0 && *out <= MAX_SECONDS;
}

/* -1, or an exit status. */
static int take(const char *verb, const struct option_row *row,
		const char *word)
{
	char error[BOOT_ERROR_LEN];

	if (row->fits && !row->fits(word, error))
		return options_wrong(verb, "%s", error);
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)row->to = true;
		return -1;
	case OPTION_WORD:
		*(const char **)row->to = word;
		return -1;
	case OPTION_WORDS:
		words_add(row->to, word);
		return -1;
	case OPTION_NUMBER:
		if (read_number(word, row->most, row->to))
			return -1;
		return options_wrong(verb, "--%s %s is no number up to %" PRIu64,
				     row->name, word, row->most);
	case OPTION_SECONDS:
		if (read_seconds(word, row->to))
			return -1;
		return options_wrong(verb, "--%s %s is no number of seconds",
				     row->name, word);
	}
	abort();
}

static bool is_letter(const struct option_row *row)
{
	return row->name[0] && !row->name[1];
}

static size_t num_rows(const struct option_row *rows)
{
	size_t num = 0;

	while (rows[num].name)
		num++;
	return num;
}

/* What getopt_long() reads; the caller frees it. */
static struct option *make_options(const struct option_row *rows)
{
	size_t num = num_rows(rows), used = 0;
	struct option *options = xcalloc(num + 2, sizeof(*options));

	for (size_t i = 0; i < num; i++)
		if (!is_letter(&rows[i]))
			options[used++] = (struct option){
				rows[i].name, rows[i].kind == OPTION_FLAG ?
				no_argument : required_argument, NULL,
				FIRST_ROW + (int)i,
			};
	options[used] = (struct option){ "help", no_argument, NULL, HELP };
	return options;
}

/* And the letters. */
static char *make_letters(const struct option_row *rows)
{
	size_t num = num_rows(rows);
	char *letters = xcalloc(2 * num + 1, 1), *end = letters;

	for (size_t i = 0; i < num; i++) {
		if (!is_letter(&rows[i]))
			continue;
		*end++ = rows[i].name[0];
		if (rows[i].kind != OPTION_FLAG)
			*end++ = ':';
	}
	return letters;
}

/* The row of what getopt_long() returned, or NULL. */
static const struct option_row *find_row(const struct option_row *rows,
					 int option)
{
	if (option >= FIRST_ROW)
		return &rows[option - FIRST_ROW];
	for (; rows->name; rows++)
		if (is_letter(rows) && rows->name[0] == option)
			return rows;
	return NULL;
}

int options_read(int argc, char **argv, const struct option_row *rows,
		 void (*help)(FILE *to))
{
	struct option *options = make_options(rows);
	char *letters = make_letters(rows);
	const struct option_row *row;
	int option, status = -1;

	while (status < 0 &&
	       (option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		row = find_row(rows, option);
		if (row) {
			status = take(argv[0], row, optarg);
			continue;
		}
		if (option == HELP)
			help(stdout);
		status = option == HELP ? VERDICT_PASS : VERDICT_USAGE;
	}
	free(letters);
	free(options);
	return status;
}
