// SPDX-License-Identifier: GPL-2.0-or-later
/* The neighbourhood in userspace: rounds of neighbours, and what they say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "content/canonical.h"
#include "content/cost.h"
#include "fuzz/session.h"
#include "replay/sanitizer.h"
#include "vm/interrupt.h"

#define ROUND		262144u		/* neighbours; answers of one in memory */
#define TIMED_ROUND	65536u
/* Steps of encoding anew, about; beyond that only some of the accepted. */
#define ENCODING_STEPS	((uint64_t)2 << 30)

/* What all neighbours have come to. */
struct totals {
	uint64_t done, refused, accepted, unchanged, encoded;
	uint64_t canonical[CANONICAL_TWICE + 1];
	uint64_t errs[PLM_NUM_ERRORS];
	uint64_t families[NEIGHBOURHOOD_MAX_FAMILIES + 1];
	size_t told[3];		/* findings, by kind */
	double cpu_seconds;
	bool lost;		/* a worker was */
};

enum { TOLD_PLACE, TOLD_FAULT, TOLD_TWICE };

static bool tell(struct totals *totals, int kind)
{
	return totals->told[kind]++ < FUZZ_MAX_TOLD;
}

static void judge(struct fuzz *f, struct totals *totals, uint64_t k,
		  const struct fuzz_answer *answer)
{
	if (answer->flags & FUZZ_BAD_PLACE && tell(totals, TOLD_PLACE))
		fuzz_finding(f, SEVERITY_FAIL, "BAD_PLACE", k, "userspace",
			     "refused with %s at byte %u, which is not in it, or with content to read",
			     plm_error_name(answer->err), answer->off);
	if (answer->flags & FUZZ_FAULTED && tell(totals, TOLD_FAULT))
		fuzz_finding(f, SEVERITY_FAIL, "FAULT", k, "userspace",
			     "accepted, and rule %u faults at an event: %s",
			     answer->rule, plm_error_name(answer->fault_err));
	if (answer->err == PLM_OK && answer->canonical == CANONICAL_TWICE &&
	    tell(totals, TOLD_TWICE))
		fuzz_finding(f, SEVERITY_FAIL, "NOT_CANONICAL", k, "userspace",
			     "accepted, and there is another way of writing what it says");
}

static void add(struct fuzz *f, struct totals *totals, uint64_t k,
		const struct fuzz_answer *answer)
{
	if (answer->state != FUZZ_DONE || answer->err == FUZZ_DIED)
		return;
	totals->done++;
	totals->families[neighbourhood_family_of(&f->n, k)]++;
	totals->unchanged += answer->flags & FUZZ_UNCHANGED ? 1 : 0;
	totals->encoded += answer->flags & FUZZ_ENCODED ? 1 : 0;
	if (answer->err < PLM_NUM_ERRORS)
		totals->errs[answer->err]++;
	if (answer->err == PLM_OK) {
		totals->accepted++;
		totals->canonical[answer->canonical]++;
	} else {
		totals->refused++;
	}
	judge(f, totals, k, answer);
}

/* One round; false where it is no use to go on. */
static bool run_round(struct fuzz *f, struct totals *totals,
		      const struct crew_job *job)
{
	struct neighbour_plan plan;
	struct crew_result result;
	uint64_t before = totals->done;
	bool good;

	neighbour_plan_make(&plan, &f->n, job->budget);
	crew_run(f, job, &result);
	for (uint64_t i = 0; i < result.num; i++)
		add(f, totals, job->budget ?
		    neighbour_plan_get(&plan, job->first + i) :
		    job->first + i, &result.answers[i]);
	totals->cpu_seconds += result.cpu_seconds;
	totals->lost |= !result.sound;
	good = result.sound && totals->done - before == job->num;
	crew_result_free(&result);
	return good;
}

static json_t *counts_json(const struct totals *totals)
{
	json_t *errs = json_object(), *families = json_object();

	for (size_t i = 1; i < PLM_NUM_ERRORS; i++)
		if (totals->errs[i])
			json_object_set_new(
				errs, plm_error_name((enum plm_err)i),
				json_integer((json_int_t)totals->errs[i]));
	for (size_t i = 0; i <= neighbourhood_num_families(); i++)
		if (totals->families[i])
			json_object_set_new(families, neighbourhood_family(i),
					    json_integer((json_int_t)
							 totals->families[i]));
	return json_pack("{so so}", "refused_with", errs, "families",
			 families);
}

/* Of the accepted: what they are, and what replay would refuse. */
static json_t *accepted_json(const struct totals *totals)
{
	const uint64_t *c = totals->canonical;

	return json_pack("{sI sI sI sI sI sI}", "canonical",
			 (json_int_t)c[CANONICAL_SAME], "derived_otherwise",
			 (json_int_t)c[CANONICAL_DERIVED],
			 "with_untested_criterion",
			 (json_int_t)c[CANONICAL_UNTESTED],
			 "with_unwritable_pattern",
			 (json_int_t)c[CANONICAL_PATTERN], "encoded_again",
			 (json_int_t)totals->encoded, "unchanged",
			 (json_int_t)totals->unchanged);
}

static void describe(struct fuzz *f, json_t *part, const struct totals *totals,
		     double seconds, uint64_t encode_every)
{
	double rate = seconds > 0 ? (double)totals->done / seconds : 0;

	json_object_update_new(part, counts_json(totals));
	json_object_update_new(part, json_pack(
		"{sI sI sI so sI sf sf}", "offered", (json_int_t)totals->done,
		"refused", (json_int_t)totals->refused, "accepted",
		(json_int_t)totals->accepted, "accepted_as",
		accepted_json(totals), "encode_every",
		(json_int_t)encode_every, "cpu_seconds", totals->cpu_seconds,
		"a_second", rate));
	f->num_tried = totals->done;
	f->num_accepted = totals->accepted;
}

/* Of the files that are accepted and say something else, one in so many. */
static uint64_t encode_every(const struct fuzz *f, uint64_t num)
{
	uint64_t every = num * cost_of_encoding(&f->loaded.content) /
			 ENCODING_STEPS;

	return every ? every : 1;
}

/* All at once or by rounds; whether all has been done that was asked for. */
static bool run_rounds(struct fuzz *f, struct totals *totals,
		       struct crew_job *job, uint64_t num)
{
	double deadline = job->deadline;
	uint64_t most = deadline > 0 ? TIMED_ROUND : ROUND;
	bool good = true;

	for (uint64_t done = 0; done < num && good; done += job->num) {
		job->num = num - done < most ? num - done : most;
		good = run_round(f, totals, job) && !interrupted();
		job->first += job->num;
		if (deadline > 0 && fuzz_now() >= deadline)
			return !totals->lost && totals->done > 0;
	}
	return good;
}

void fuzz_userspace(struct fuzz *f)
{
	const struct fuzz_options *o = f->options;
	size_t from = f->stage->num_findings;
	bool one = o->one != FUZZ_ALL;
	uint64_t num = one ? 1 : o->seconds > 0 ? UINT32_MAX : o->neighbours;
	struct crew_job job = {
		.budget = one || o->seconds > 0 ? 0 : num,
		.first = one ? o->one : 0,
		.encode_every = one || o->seconds > 0 ? 1 :
				encode_every(f, num),
		.deadline = o->seconds > 0 ? fuzz_now() + o->seconds : 0,
	};
	char *path = file_part("plimsoll-san");
	struct totals totals = { 0 };
	double began = fuzz_now();
	bool complete = sanitizer_inspect(path, f->stage) &&
			run_rounds(f, &totals, &job, num);
	double seconds = fuzz_now() - began;
	json_t *part;

	if (!complete && f->stage->num_findings == from && !interrupted())
		fuzz_unknown(f, "NOT_DONE", f->path,
			     "not every neighbour that was asked for was tried");
	part = fuzz_part(f, "userspace", from, complete, seconds);
	describe(f, part, &totals, seconds, job.encode_every);
	free(path);
}
