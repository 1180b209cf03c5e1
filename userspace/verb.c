// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>

#include "report/verdict.h"
#include "verbs.h"

bool verb_arguments(struct verb_arguments *out, int argc, char **argv,
		    const char *help, int least, int most)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	*out = (struct verb_arguments){ .status = VERDICT_USAGE };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			out->status = VERDICT_PASS;
			return false;
		}
		if (option != 'j')
			return false;
		out->json = true;
	}
	out->paths = argv + optind;
	out->num_paths = argc - optind;
	if (out->num_paths >= least && out->num_paths <= most)
		return true;
	fputs(help, stderr);
	return false;
}
