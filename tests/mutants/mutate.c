// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutate [-t] OUT FILE... -- FLAG...: write a copy of each file below the folder
 * OUT in which every mutant is an expression of schema.h, and a line for each of
 * them into OUT/mutants.tsv: number, line, file, function, the statement or
 * condition that it is in, and what it changes.
 *
 *	-t	mutate static tables as well
 *
 * FILEs and FLAGs are those of a compiler called in this folder.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/mutants/sites.h"

static char *below(const char *folder, const char *path)
{
	char *whole = xasprintf("%s/%s", folder, path);
	char *slash = strrchr(whole, '/');

	*slash = 0;
	if (file_mkdirs(whole))
		exit(3);
	*slash = '/';
	return whole;
}

static CXTranslationUnit parse(CXIndex index, const char *path, char **flags,
			       int num_flags)
{
	CXTranslationUnit unit;
	bool failed = false;

	if (clang_parseTranslationUnit2(
		    index, path, (const char *const *)flags, num_flags, NULL, 0,
		    CXTranslationUnit_DetailedPreprocessingRecord, &unit))
		exit(3);
	for (unsigned int i = 0; i < clang_getNumDiagnostics(unit); i++) {
		CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
		CXString text = clang_formatDiagnostic(
			diagnostic, clang_defaultDiagnosticDisplayOptions());

		if (clang_getDiagnosticSeverity(diagnostic) >=
		    CXDiagnostic_Error) {
			fprintf(stderr, "%s\n", clang_getCString(text));
			failed = true;
		}
		clang_disposeString(text);
		clang_disposeDiagnostic(diagnostic);
	}
	if (failed)
		exit(3);
	return unit;
}

int main(int argc, char **argv)
{
	struct register_ reg = { 0 };
	CXIndex index = clang_createIndex(0, 0);
	bool tables = argc > 1 && !strcmp(argv[1], "-t");
	int first = tables ? 2 : 1, last = first;
	const char *out = argv[first];
	char *path;

	while (last < argc && strcmp(argv[last], "--"))
		last++;
	if (last == argc || last < first + 2) {
		fputs("usage: mutate [-t] OUT FILE... -- FLAG...\n", stderr);
		return 2;
	}
	path = below(out, "mutants.tsv");
	reg.table = fopen(path, "w");
	if (!reg.table) {
		perror(path);
		return 3;
	}
	free(path);
	for (int i = first + 1; i < last; i++) {
		CXTranslationUnit unit = parse(index, argv[i], argv + last + 1,
					       argc - last - 1);
		struct source source;

		source_read(&source, argv[i]);
		sites_find(&reg, &source, unit, tables);
		path = below(out, argv[i]);
		source_write(&source, path);
		free(path);
		source_free(&source);
		clang_disposeTranslationUnit(unit);
	}
	clang_disposeIndex(index);
	printf("%u mutants\n", reg.last);
	return fclose(reg.table) ? 3 : 0;
}
