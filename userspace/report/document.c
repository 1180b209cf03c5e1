// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/document.h"

#include <stdio.h>

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
