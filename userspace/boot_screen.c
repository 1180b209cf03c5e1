// SPDX-License-Identifier: GPL-2.0-or-later
/* boot --screen: many files, a line each as soon as it has a verdict. */
#include "boot_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/shown.h"
#include "report/document.h"
#include "vm/screen.h"

struct screening {
	char *const *paths;
	size_t num, num_done;
	size_t counts[VERDICT_UNKNOWN + 1];
	json_t **files;		/* by index, where JSON is asked for */
	bool terminal;
};

static void progress(const struct screening *s)
{
	if (!s->terminal)
		return;
	fprintf(stderr, "\r\033[Kscreen: %zu of %zu files, %zu fail, %zu unknown",
		s->num_done, s->num, s->counts[VERDICT_FAIL],
		s->counts[VERDICT_UNKNOWN]);
	fflush(stderr);
}

static void clear(const struct screening *s)
{
	if (s->terminal)
		fputs("\r\033[K", stderr);
}

static void on_done(void *context, size_t index, const struct stage *stage)
{
	struct screening *s = context;
	enum verdict verdict = stage_verdict(stage);

	s->num_done++;
	s->counts[verdict]++;
	clear(s);
	stage_print(stage);
	if (s->files) {
		s->files[index] = stage_json(stage);
		json_object_set_new(s->files[index], "file",
				    document_text(s->paths[index]));
	} else {
		shown_print(stdout, s->paths[index]);
		printf(": %s (%.3f s)\n", verdict_name(verdict),
		       stage->seconds);
		fflush(stdout);
	}
	progress(s);
}

static int print_json(const struct screening *s, const struct stage *stage,
		      enum verdict verdict)
{
	json_t *json = stage_json(stage);
	json_t *files = json_array();

	for (size_t i = 0; i < s->num; i++)
		if (s->files[i])
			json_array_append_new(files, s->files[i]);
	json_object_set_new(json, "verdict",
			    json_string(verdict_name(verdict)));
	json_object_set_new(json, "files", files);
	return document_print(json);
}

int boot_screen(const struct boot_options *options, char *const *paths,
		size_t num, bool json)
{
	struct screening s = {
		.paths = paths, .num = num, .terminal = isatty(STDERR_FILENO),
		.files = json ? xcalloc(num, sizeof(*s.files)) : NULL,
	};
	struct screen_options screen = {
		.target = options->target,
		.kernels = options->kernels,
		.consumers = options->consumers,
		.done = on_done, .context = &s,
	};
	enum verdict verdict;
	struct stage stage;

	stage_init(&stage, "screen");
	screen_run(&screen, paths, num, &stage);
	clear(&s);
	stage_print(&stage);
	verdict = stage_verdict(&stage);
	if (s.counts[VERDICT_FAIL])
		verdict = verdict_worse(verdict, VERDICT_FAIL);
	fprintf(stderr, "screen: %s (%s: %zu pass, %zu fail, %zu unknown; %.1f s)\n",
		verdict_name(verdict),
		stage.summary ? stage.summary : "nothing was run",
		s.counts[VERDICT_PASS], s.counts[VERDICT_FAIL],
		s.counts[VERDICT_UNKNOWN], stage.seconds);
	if (json && print_json(&s, &stage, verdict))
		verdict = VERDICT_UNKNOWN;
	if (fflush(stdout) || ferror(stdout))
		verdict = VERDICT_UNKNOWN;
	free(s.files);
	stage_free(&stage);
	return verdict;
}
