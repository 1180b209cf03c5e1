// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/fits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "consumer/fit.h"
#include "report/document.h"
#include "vm/kernel.h"

/* A kernel's side of the comparison; fit is NULL where it does not tell. */
struct side {
	struct kernel kernel;
	struct fit *fit;
};

static void find(struct stage *stage, enum severity severity, const char *code,
		 const char *file, const char *text)
{
	struct place place = NOWHERE;

	place.file = file;
	stage_finding(stage, severity, code, place, "%s", text);
}

static bool open_side(struct side *side, const char *name,
		      const struct check_options *options, struct stage *stage)
{
	char error[256];

	if (kernel_find(name, &side->kernel, error)) {
		find(stage, SEVERITY_UNKNOWN, "NO_KERNEL", NULL, error);
		return false;
	}
	side->fit = fit_open(side->kernel.modules, side->kernel.release, error);
	if (!side->fit)
		find(stage, options->boots_follow ? SEVERITY_INFO :
		     SEVERITY_UNKNOWN, "NO_SYMBOLS", NULL, error);
	return true;
}

/*
 * Built for one of them is enough, as a fleet has several of both; but what is
 * built for a kernel must fit it.
 */
static void check_one(const char *path, const struct side *sides, size_t num,
		      struct stage *stage)
{
	char why[256] = "", last[256] = "";
	bool fits = false, known = num > 0;

	for (size_t i = 0; i < num; i++) {
		if (!sides[i].fit) {
			known = false;
			continue;
		}
		switch (fit_check(sides[i].fit, path, why)) {
		case FIT_GOOD:
			fits = true;
			break;
		case FIT_WRONG_SYMBOL:
			find(stage, SEVERITY_FAIL, "WRONG_SYMBOL", path, why);
			return;
		case FIT_WRONG_KERNEL:
			snprintf(last, sizeof(last), "%s", why);
			break;
		case FIT_UNKNOWN:
			find(stage, SEVERITY_UNKNOWN, "BAD_CONSUMER", path,
			     why);
			return;
		}
	}
	/* A kernel that does not tell may be the one that it is built for. */
	if (!fits && known)
		find(stage, SEVERITY_FAIL, "WRONG_KERNEL", path, last);
}

void check_fits(const struct check_options *options, struct stage *stage)
{
	struct side *sides = xcalloc(options->kernels.num + 1, sizeof(*sides));
	json_t *names = json_array();
	size_t num = 0;

	for (size_t i = 0; i < options->kernels.num; i++)
		num += open_side(&sides[num], options->kernels.items[i], options,
				 stage);
	for (size_t i = 0; i < options->consumers.num; i++)
		check_one(options->consumers.items[i], sides, num, stage);
	for (size_t i = 0; i < num; i++) {
		json_array_append_new(names, json_pack(
			"{so ss}", "release",
			document_text(sides[i].kernel.release), "digest",
			sides[i].kernel.digest));
		fit_close(sides[i].fit);
		kernel_free(&sides[i].kernel);
	}
	json_object_set_new(stage->evidence, "kernels", names);
	free(sides);
}
