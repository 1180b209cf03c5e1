/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream of a control device, as the guest passed it on. */
#ifndef VM_RECORDS_H
#define VM_RECORDS_H

#include "event/event.h"
#include "plimsoll_uapi.h"
#include "vm/results.h"

struct candidate;

struct record {
	struct plimsoll_record head;
	struct plimsoll_match *matches;	/* head.num_matches; owned */
	struct event event;	/* its bytes are those of the results */
	size_t result;		/* index of the result that it came in */
	const struct candidate *by;	/* what evaluated it; NULL: unclear, or none */
};

struct records {
	struct record *list;
	size_t num, cap;
	bool malformed;
};

/* All records in order; what does not hold together is left out and told. */
void records_read(struct records *records, const struct results *results);
void records_free(struct records *records);

#endif /* VM_RECORDS_H */
