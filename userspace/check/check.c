// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/check.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/fits.h"
#include "consumer/consumer.h"
#include "plm_content.h"
#include "report/document.h"

static void describe(const struct loaded *loaded, json_t *evidence)
{
	const struct plm_content *c = &loaded->content;
	char *digest = digest_of(loaded->data, loaded->len);

	json_object_set_new(evidence, "digest", json_string(digest));
	json_object_set_new(evidence, "bytes", json_integer(loaded->len));
	if (!loaded->err) {
		json_object_set_new(evidence, "channel",
				    json_integer(c->channel));
		json_object_set_new(evidence, "content_version",
				    document_number(c->version));
		json_object_set_new(evidence, "rules",
				    json_integer(plm_num_rules(c)));
		json_object_set_new(evidence, "criteria",
				    json_integer(plm_num_criteria(c)));
	}
	free(digest);
}

/* The name of the first input that the consumer lacks, for people. */
static const char *input_name(const struct plm_content *c, u32 fault_off)
{
	const struct plm_section_ref *criteria =
		&c->section[PLM_SECTION_CRITERIA - 1];
	const struct plm_template *t;
	struct plm_template_ref ref;
	struct plm_criterion criterion;
	u32 at, input;

	if (fault_off < criteria->off ||
	    !plm_get_criterion(c, (fault_off - criteria->off) /
			       PLM_CRITERION_LEN, &criterion) ||
	    !plm_get_template(c, criterion.template_index, &ref))
		return NULL;
	t = plm_template_find(ref.id);
	at = (fault_off - criteria->off) % PLM_CRITERION_LEN;
	input = at == PLM_CRI_NUMBER ? (u32)criterion.number : criterion.input;
	return t ? t->shape.inputs[input].name : NULL;
}

static void refuse(const struct loaded *loaded, const char *path,
		   const struct consumer *consumer, enum plm_err err,
		   const struct plm_fault *fault, struct stage *stage)
{
	const struct plm_content *c = &loaded->content;
	char *rule = content_rule_id(c, fault->rule);
	struct place place = { path, fault->off, rule };
	const char *input = NULL;

	if (err == PLM_INPUT_NOT_SUPPLIED)
		input = input_name(c, fault->off);
	stage_finding(stage, SEVERITY_FAIL, plm_error_name(err), place,
		      "%s: %s%s%s", consumer->path, plm_error_text(err),
		      input ? ": " : "", input ? input : "");
	free(rule);
}

static void check_consumer(const struct loaded *loaded, const char *path,
			   const char *consumer_path, struct stage *stage)
{
	struct consumer consumer;
	struct plm_fault fault;
	char error[256];
	enum plm_err err;

	if (consumer_read(&consumer, consumer_path, error)) {
		stage_finding(stage, SEVERITY_UNKNOWN, "BAD_CONSUMER",
			      (struct place){ consumer_path,
					      FINDING_NO_OFFSET, NULL },
			      "%s", error);
		return;
	}
	json_array_append_new(
		json_object_get(stage->evidence, "consumers"),
		json_pack("{so ss so so}", "path",
			  document_text(consumer.path), "digest",
			  consumer.digest, "vermagic",
			  document_text_or_null(consumer.vermagic), "version",
			  document_text_or_null(consumer.version)));
	err = plm_check_supply(&loaded->content, consumer.list,
			       consumer.num_supplies, &fault);
	if (err)
		refuse(loaded, path, &consumer, err, &fault, stage);
	consumer_free(&consumer);
}

static void check_baseline(const struct loaded *loaded, const char *path,
			   const char *baseline_path, struct stage *stage)
{
	const struct plm_content *c = &loaded->content;
	struct loaded baseline;

	if (content_load(&baseline, baseline_path, stage) == VERDICT_PASS) {
		const struct plm_content *b = &baseline.content;

		json_object_set_new(stage->evidence, "baseline", json_object());
		describe(&baseline,
			 json_object_get(stage->evidence, "baseline"));
		if (c->channel != b->channel)
			stage_finding(stage, SEVERITY_FAIL, "WRONG_CHANNEL",
				      (struct place){ path, PLM_HDR_CHANNEL,
						      NULL },
				      "is of channel %u, the baseline of %u",
				      c->channel, b->channel);
		if (c->version <= b->version)
			stage_finding(stage, SEVERITY_FAIL, "NOT_NEWER",
				      (struct place){
					      path, PLM_HDR_CONTENT_VERSION,
					      NULL },
				      "content version %" PRIu64
				      " is not above the baseline's %" PRIu64,
				      c->version, b->version);
	}
	content_unload(&baseline);
}

void check_run(const struct check_options *options, const char *path,
	       struct stage *stage, struct loaded *out_loaded)
{
	struct loaded local;
	struct loaded *loaded = out_loaded ? out_loaded : &local;
	enum verdict verdict;

	stage_begin(stage);
	json_object_set_new(stage->evidence, "consumers", json_array());
	verdict = content_load(loaded, path, stage);
	/* A refused file has a digest as well: the report is about these bytes. */
	if (loaded->data)
		describe(loaded, stage->evidence);
	if (verdict == VERDICT_PASS) {
		for (size_t i = 0; i < options->consumers.num; i++)
			check_consumer(loaded, path, options->consumers.items[i],
				       stage);
		if (options->kernels.num)
			check_fits(options, stage);
		if (options->baseline)
			check_baseline(loaded, path, options->baseline, stage);
		stage_summary(stage, "%u rules, %zu consumer%s",
			      plm_num_rules(&loaded->content),
			      options->consumers.num,
			      options->consumers.num == 1 ? "" : "s");
		stage_pass(stage);
	}
	if (!out_loaded)
		content_unload(loaded);
	stage_end(stage);
}
