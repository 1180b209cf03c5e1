// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

json_t *document_text(const char *text)
{
	json_t *json = json_string(text);
	char *plain;

	if (json)
		return json;
	plain = xstrdup(text);
	for (char *p = plain; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json = json_string(plain);
	free(plain);
	return json;
}

json_t *document_text_or_null(const char *text)
{
	return text ? document_text(text) : json_null();
}

json_t *document_number(uint64_t number)
{
	char text[24];

	if (number <= INT64_MAX)
		return json_integer((json_int_t)number);
	snprintf(text, sizeof(text), "%" PRIu64, number);
	return json_string(text);
}

int document_print(json_t *document)
{
	int err = json_dumpf(document, stdout, JSON_INDENT(2));

	json_decref(document);
	if (!err)
		err = putchar('\n') == EOF;
	if (fflush(stdout) || ferror(stdout))
		err = -1;
	if (err)
		fputs("plimsoll: standard output: could not be written\n",
		      stderr);
	return err ? -1 : 0;
}
