// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/verdict.h"

const char *verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_FAIL:
		return "fail";
	default:
		return "unknown";
	}
}

/* How bad each is; anything that is not a verdict counts as unknown. */
static int badness(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return 0;
	case VERDICT_FAIL:
		return 2;
	default:
		return 1;
	}
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return badness(a) >= badness(b) ? a : b;
}
