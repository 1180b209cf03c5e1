/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EVENT_HABIT_H
#define EVENT_HABIT_H

#include <stdbool.h>
#include <stdint.h>

#include "plm_template.h"

#define HABIT_MAX_DEFAULTS 5

/* What an input looks like where no criterion says anything. */
struct habit {
	const char *input;
	char separator;		/* between the parts of a value; 0: none */
	bool always;		/* every event has it */
	const char *defaults[HABIT_MAX_DEFAULTS];
};

/* Static; of an input that is not in the table, a general one. */
const struct habit *habit_of(const struct plm_template *t, uint32_t input);

#endif /* EVENT_HABIT_H */
