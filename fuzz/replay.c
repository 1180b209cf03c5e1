// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fuzz target without an engine: runs it once on each file that is named, or
 * that lies in a folder that is named.  TAP: one test, so that a corpus that is
 * not there is a failure.
 */
#include <fts.h>
#include <stdio.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

#define MAX_LEN ((size_t)64 << 20)

static bool run_file(const char *path)
{
	uint8_t *data;
	size_t len;

	if (file_read(path, MAX_LEN, &data, &len))
		return false;
	/* The last name that is seen is that of what crashes. */
	fprintf(stderr, "# %s\n", path);
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	return true;
}

int main(int argc, char **argv)
{
	FTS *fts = argc > 1 ? fts_open(argv + 1, FTS_LOGICAL, NULL) : NULL;
	size_t num = 0, unread = 0;
	FTSENT *entry;

	puts("1..1");
	fflush(stdout);
	while (fts && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP)
			continue;
		if (entry->fts_info == FTS_F && run_file(entry->fts_path))
			num++;
		else
			unread++;
	}
	if (fts)
		fts_close(fts);
	printf("%s 1 - %zu inputs, %zu not readable\n",
	       num && !unread ? "ok" : "not ok", num, unread);
	return num && !unread ? 0 : 1;
}
