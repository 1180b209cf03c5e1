// SPDX-License-Identifier: GPL-2.0-only
/*
 * Content in use.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "loaded.h"
#include "plimsoll_uapi.h"
#include "stats.h"

static void free_cpu(struct plm_loaded_cpu *cpu)
{
	if (!cpu)
		return;
	kvfree(cpu->counts);
	kvfree(cpu->words);
	kfree(cpu);
}

static struct plm_loaded_cpu *make_cpu(const struct plm_content *content,
				       const struct plm_walks *walks)
{
	struct plm_loaded_cpu *cpu = kzalloc(sizeof(*cpu), PLM_CONTENT_GFP);

	if (!cpu)
		return NULL;
	cpu->words = kvcalloc(plm_scratch_words(content), sizeof(*cpu->words),
			      PLM_CONTENT_GFP);
	cpu->counts = kvcalloc(plm_num_rules(content), sizeof(*cpu->counts),
			       PLM_CONTENT_GFP);
	if (!cpu->words || !cpu->counts) {
		free_cpu(cpu);
		return NULL;
	}
	plm_scratch_init(&cpu->scratch, content, walks, cpu->words);
	return cpu;
}

void plm_loaded_free(struct plm_loaded *loaded)
{
	unsigned int i;

	for (i = 0; loaded->cpus && i < nr_cpu_ids; i++)
		free_cpu(loaded->cpus[i]);
	kfree(loaded->cpus);
	kvfree(loaded->walk_words);
	kvfree(loaded->walk_list);
	kvfree(loaded->rules);
	kvfree(loaded->data);
	kfree(loaded);
}

static u32 templates_of(const struct plm_content *content)
{
	struct plm_template_ref ref;
	u32 templates = 0;
	u32 i;

	for (i = 0; plm_get_template(content, i, &ref); i++)
		templates |= BIT(ref.id);
	return templates;
}

struct plm_loaded *plm_loaded_make(const struct plm_content *content, u8 *data)
{
	struct plm_loaded *loaded = kzalloc(sizeof(*loaded), PLM_CONTENT_GFP);
	unsigned int cpu;

	if (!loaded)
		return NULL;
	loaded->content = *content;
	loaded->templates = templates_of(content);
	loaded->rules = kvcalloc(plm_num_rules(content),
				 sizeof(*loaded->rules), PLM_CONTENT_GFP);
	loaded->walk_list = kvcalloc(plm_num_automata(content) + 1,
				     sizeof(*loaded->walk_list),
				     PLM_CONTENT_GFP);
	loaded->walk_words = kvcalloc(plm_walks_words(content),
				      sizeof(*loaded->walk_words),
				      PLM_CONTENT_GFP);
	loaded->cpus = kcalloc(nr_cpu_ids, sizeof(*loaded->cpus),
			       PLM_CONTENT_GFP);
	if (!loaded->rules || !loaded->walk_list || !loaded->walk_words ||
	    !loaded->cpus)
		goto err_loaded;
	plm_walks_init(&loaded->walks, content, loaded->walk_list,
		       loaded->walk_words);
	for_each_possible_cpu(cpu) {
		loaded->cpus[cpu] = make_cpu(content, &loaded->walks);
		if (!loaded->cpus[cpu])
			goto err_loaded;
	}
	loaded->data = data;
	return loaded;

err_loaded:
	plm_loaded_free(loaded);
	return NULL;
}

static void note_fault(struct plm_loaded *loaded, u32 rule,
		       struct plm_rule_count *count, enum plm_err err)
{
	struct plm_rule_state *state = &loaded->rules[rule];

	count->num_faulted++;
	WRITE_ONCE(state->last_err, err);
	if (atomic_fetch_or(PLIMSOLL_RULE_FAULTED, &state->flags) &
	    PLIMSOLL_RULE_FAULTED)
		return;
	pr_warn("channel %u version %llu: rule %u disabled: %s\n",
		loaded->content.channel, loaded->content.version, rule,
		plm_error_name(err));
}

static void note_match(const struct plm_loaded *loaded, u32 rule,
		       struct plm_verdict *verdict)
{
	struct plimsoll_match match = {
		.channel = loaded->content.channel,
		.rule = rule,
		.content_version = loaded->content.version,
	};
	struct plm_rule found;

	if (plm_get_rule(&loaded->content, rule, &found) &&
	    found.action == PLM_ACTION_KILL && !verdict->kill) {
		verdict->kill = true;
		verdict->killer = match;
	}
	if (verdict->num_matches < PLM_MAX_MATCHES)
		verdict->matches[verdict->num_matches++] = match;
	else
		verdict->flags |= PLIMSOLL_RECORD_MORE;
}

/* The event touches more rules than its budget allows; none is evaluated. */
static void note_cut(struct plm_loaded *loaded, u32 rule,
		     struct plm_loaded_cpu *cpu)
{
	atomic64_inc(&plm_stats.num_failed);
	if (rule < plm_num_rules(&loaded->content))
		note_fault(loaded, rule, &cpu->counts[rule], PLM_BUDGET_SPENT);
}

/*
 * A rule that finds the budget spent is the one to blame; those behind it are
 * not, so the event ends there.  Other contents have budgets of their own, lest
 * this one's cost is blamed on them.
 */
void plm_loaded_evaluate(struct plm_loaded *loaded,
			 const struct plm_event *event,
			 struct plm_verdict *verdict)
{
	struct plm_loaded_cpu *cpu = loaded->cpus[smp_processor_id()];
	u32 num_rules = plm_num_rules(&loaded->content);
	u32 budget = verdict->budget;
	u32 rule;

	cpu->num_events++;
	if (plm_eval_begin(&loaded->content, event, &cpu->scratch, &budget,
			   &rule) != PLM_OK)
		note_cut(loaded, rule, cpu);
	while (plm_eval_next(&cpu->scratch, &rule)) {
		bool matched = false;
		enum plm_err err;

		if (rule >= num_rules || atomic_read(&loaded->rules[rule].flags))
			continue;
		cpu->counts[rule].num_evaluated++;
		err = plm_eval_rule(&loaded->content, event, &cpu->scratch,
				    rule, &budget, &matched);
		if (err != PLM_OK)
			note_fault(loaded, rule, &cpu->counts[rule], err);
		if (err == PLM_BUDGET_SPENT) {
			atomic64_inc(&plm_stats.num_failed);
			break;
		}
		if (err == PLM_OK && matched) {
			cpu->counts[rule].num_matched++;
			note_match(loaded, rule, verdict);
		}
	}
	plm_eval_end(&cpu->scratch);
}

struct plm_rule_count plm_loaded_count(const struct plm_loaded *loaded,
				       u32 rule)
{
	struct plm_rule_count sum = {};
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct plm_rule_count *count =
			&loaded->cpus[cpu]->counts[rule];

		sum.num_evaluated += READ_ONCE(count->num_evaluated);
		sum.num_matched += READ_ONCE(count->num_matched);
		sum.num_faulted += READ_ONCE(count->num_faulted);
	}
	return sum;
}

u64 plm_loaded_num_events(const struct plm_loaded *loaded)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(loaded->cpus[cpu]->num_events);
	return sum;
}

void plm_loaded_switch(struct plm_loaded *loaded, u32 rule, bool enable)
{
	if (enable)
		atomic_set(&loaded->rules[rule].flags, 0);
	else
		atomic_or(PLIMSOLL_RULE_DISABLED, &loaded->rules[rule].flags);
}
