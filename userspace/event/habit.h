/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EVENT_HABIT_H
#define EVENT_HABIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plm_template.h"

#define HABIT_MAX_DEFAULTS 5

/* What an input looks like where no criterion says anything. */
struct habit {
	const char *input;
	char separator;		/* between the parts of a value; 0: none */
	bool always;		/* every event has it */
	const char *defaults[HABIT_MAX_DEFAULTS];
	/* Can a machine have this value?  NULL: any text without zero bytes. */
	bool (*is_real)(const struct habit *habit, const uint8_t *data,
			size_t len);
	uint64_t number;	/* of one that is a number, if it fits */
};

/* Static; of an input that is not in the table, a general one. */
const struct habit *habit_of(const struct plm_template *t, uint32_t input);

/* Can a machine have this value, whatever no rule says of it? */
bool habit_is_real(const struct habit *habit, const uint8_t *data, size_t len);

/* Is it an address, which is made of a text by completing it? */
bool habit_is_address(const struct habit *habit);

#endif /* EVENT_HABIT_H */
