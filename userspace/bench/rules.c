// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules for the benchmarks, made up as the 82 Linux rules of SigmaHQ are: what
 * share of them tests which inputs, with which operators, how many texts of
 * which lengths, what share negates and has patterns.  `bench` prints the
 * make-up of every content file that it measures, so that the two compare.
 *
 * Of the 82, four have patterns, and so it is here: one (1.2%) is nothing but a
 * pattern without a text of its own, options and bytes in hexadecimal; in two
 * (2.4%) an option that stands alone, in the right case, is one of several texts;
 * in one (1.2%) a path with a gap is.  Of the letters of those options five in
 * six are capitals, as authors take patterns for them because of the case.
 *
 * A few names and texts come back in many rules, as interpreters and temporary
 * folders do; most are coined, so that more rules mean more states.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "content/imply.h"
#include "content/regex.h"

/* Programs that rules of many authors name. */
static const char *const tools[] = {
	"bash", "sh", "dash", "zsh", "ksh", "python", "perl", "ruby", "php",
	"curl", "wget", "nc", "ncat", "socat", "openssl", "base64", "xxd",
	"awk", "gawk", "find", "grep", "egrep", "cat", "head", "tail", "tar",
	"scp", "cp", "mv", "chmod", "chown", "chattr", "systemctl", "service",
	"crontab", "useradd", "usermod", "groupdel", "passwd", "setcap",
	"getcap", "insmod", "modprobe", "iptables", "ufw", "gcc", "docker",
	"kubectl", "gdb", "strace", "tcpdump", "nmap", "xterm", "vim", "env",
	"nohup", "dd", "mkfifo", "mount", "esxcli", "java", "node",
};

/* Texts that rules of many authors look for. */
static const char *const common[] = {
	" -c ", " -e ", " -r ", " -p ", " -o ", "/tmp/", "/dev/shm/", "http",
	"stop", "disable", "remove", "bash", "sh -c ", "wget", "curl",
	"/etc/passwd", "/etc/shadow", "/bin/sh", "chmod +x", "base64", "| sh",
	".sh", "root", "exec", "socket", "import ", "password", "/proc/", "0",
	"--help", "authorized_keys", "127.0.0.1", "history", "/var/log/",
};

/* How often a block has how many texts, in hundredths up to and including. */
struct share {
	uint32_t up_to, least, most;
};

static const struct share num_images[] = {
	{ 53, 1, 1 }, { 65, 2, 2 }, { 85, 3, 5 }, { 99, 6, 15 }, { 100, 30, 50 },
};

static const struct share num_texts[] = {
	{ 30, 1, 1 }, { 50, 2, 3 }, { 77, 4, 9 }, { 100, 10, 28 },
};

/* One rule while it is made. */
struct draft {
	struct model *model;
	uint64_t *seed;
	uint32_t program[256];
	uint32_t len;
	uint32_t num_blocks;
	bool names_common;	/* a program that every machine executes */
};

/* A small generator of our own: the same on every machine, for ever. */
static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33);
}

static uint32_t below(struct draft *d, uint32_t bound)
{
	return next_random(d->seed) % bound;
}

static bool chance(struct draft *d, uint32_t percent)
{
	return below(d, 100) < percent;
}

static uint32_t draw(struct draft *d, const struct share *shares)
{
	uint32_t at = below(d, 100);

	while (at >= shares->up_to)
		shares++;
	return shares->least + below(d, shares->most - shares->least + 1);
}

/* A name that reads like one. */
static void coin(struct draft *d, char *out, size_t len)
{
	static const char first[] = "bcdfghklmnprstvwxz";
	static const char vowels[] = "aeiou";
	static const char *const ends[] = {
		"", "", "", "", "n", "r", "s", "x", "d", "-ng", "ctl", "shell",
		"map", "32", "2", "scan",
	};
	uint32_t syllables = 2 + below(d, 2);
	size_t at = 0;

	while (syllables--) {
		out[at++] = first[below(d, sizeof(first) - 1)];
		out[at++] = vowels[below(d, sizeof(vowels) - 1)];
		if (chance(d, 30))
			out[at++] = first[below(d, sizeof(first) - 1)];
	}
	snprintf(out + at, len - at, "%s", ends[below(d, ARRAY_LEN(ends))]);
}

static void base64_text(struct draft *d, char *out)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint32_t len = 12 + below(d, 8);

	for (uint32_t i = 0; i < len; i++)
		*out++ = digits[below(d, sizeof(digits) - 1)];
	*out = '\0';
}

/* Something that a command line may hold; @rare: that few do. */
static void command_text(struct draft *d, bool rare, char *out, size_t len)
{
	static const char *const shapes[] = {
		" --%s", " --%s=", "--%s", " -%s ", "%s", "%s", "%s ", "/%s",
		"/etc/%s", "/etc/%s.conf", "/var/lib/%s", "/opt/%s/",
		"/tmp/%s", "%s.sh", "%s.py", "import %s", "%s.load(", "%s://",
		"://%s.", "%s::", ">%s", "%s=0",
	};
	char name[32], *at;

	if (!rare && chance(d, 20)) {
		snprintf(out, len, "%s", common[below(d, ARRAY_LEN(common))]);
		return;
	}
	if (chance(d, 6)) {
		base64_text(d, out);
		return;
	}
	coin(d, name, sizeof(name));
	at = out + snprintf(out, len, shapes[below(d, ARRAY_LEN(shapes))],
			    name);
	if (chance(d, 15)) {
		coin(d, name, sizeof(name));
		snprintf(at, len - (size_t)(at - out), " %s", name);
	}
}

static void put(struct draft *d, uint32_t op, uint32_t arg)
{
	d->program[d->len++] = PLM_WORD(op, arg);
}

/* At least @least of the last @num. */
static void put_least(struct draft *d, uint32_t least, uint32_t num)
{
	if (num > 1)
		put(d, PLM_WORD_AT_LEAST, least << 8 | num);
}

static void put_test(struct draft *d, uint32_t input, uint32_t op,
		     uint32_t flags, const void *text, size_t len)
{
	put(d, PLM_WORD_TEST,
	    model_criterion(d->model,
			    plm_template_find(PLM_PROCESS_CREATION_ID), input,
			    op, flags, text, (uint32_t)len, 0));
}

static void put_image(struct draft *d, uint32_t input)
{
	char name[32], text[48];
	uint32_t op = PLM_OP_ENDSWITH;

	if (chance(d, 45)) {
		snprintf(name, sizeof(name), "%s",
			 tools[below(d, ARRAY_LEN(tools))]);
		d->names_common = true;
	} else {
		coin(d, name, sizeof(name));
	}
	if (input == 0 && chance(d, 6))
		op = PLM_OP_CONTAINS;
	snprintf(text, sizeof(text), "/%s", name);
	put_test(d, input, op, 0, text, strlen(text));
}

static void put_images(struct draft *d, uint32_t input)
{
	uint32_t num = draw(d, num_images);

	for (uint32_t i = 0; i < num; i++)
		put_image(d, input);
	put_least(d, 1, num);
	d->num_blocks++;
}

/* A rule about a program and nothing else is about a rare one. */
static void put_rare_images(struct draft *d)
{
	uint32_t num = draw(d, num_images);
	char name[32] = "/";

	for (uint32_t i = 0; i < num; i++) {
		coin(d, name + 1, sizeof(name) - 1);
		put_test(d, 0, PLM_OP_ENDSWITH, 0, name, strlen(name));
	}
	put_least(d, 1, num);
	d->num_blocks++;
}

static void put_text(struct draft *d, uint32_t input, bool rare)
{
	uint32_t at = below(d, 100), op = PLM_OP_CONTAINS;
	char text[80];

	if (at < 4)
		op = PLM_OP_ENDSWITH;
	else if (at < 7)
		op = PLM_OP_STARTSWITH;
	else if (at < 8)
		op = PLM_OP_EQUALS;
	command_text(d, rare, text, sizeof(text));
	put_test(d, input, op, 0, text, strlen(text));
}

static void put_pattern(struct draft *d, const char *source, bool cased)
{
	struct regex_error error;
	struct regex regex;
	uint8_t *text;
	size_t len;

	if (!regex_parse(&regex, source, strlen(source),
			 REGEX_DOTALL | (cased ? 0 : REGEX_ICASE), &error)) {
		regex_trim(&regex);
		text = regex_print(&regex, !cased, &len);
		put_test(d, 1, PLM_OP_PATTERN, cased ? PLM_FLAG_CASED : 0,
			 text, len);
		free(text);
	}
	regex_free(&regex);
}

/* The letter of an option that authors want in its case. */
static char option_letter(struct draft *d)
{
	return (char)((below(d, 6) ? 'A' : 'a') + below(d, 26));
}

/* An option that stands alone. */
static void put_option(struct draft *d)
{
	char source[32], letters[4];
	uint32_t num = chance(d, 50) ? 1 : 3;

	for (uint32_t i = 0; i < num; i++)
		letters[i] = option_letter(d);
	snprintf(source, sizeof(source), "\\s-[%.*s]\\s", (int)num, letters);
	put_pattern(d, source, true);
}

/* A path with a gap. */
static void put_gap(struct draft *d)
{
	char name[32], source[32];

	coin(d, name, sizeof(name));
	snprintf(source, sizeof(source), "/etc/.*\\.%.4s", name);
	put_pattern(d, source, false);
}

/* Any of some texts, of which a pattern may be one. */
static void put_any(struct draft *d)
{
	uint32_t num = draw(d, num_texts);

	for (uint32_t i = 0; i < num; i++)
		put_text(d, 1, d->names_common || !d->num_blocks);
	if (d->num_blocks && chance(d, 7)) {
		if (chance(d, 67))
			put_option(d);
		else
			put_gap(d);
		num++;
	}
	put_least(d, 1, num);
	d->num_blocks++;
}

/* All of some texts, of which one at least is rare. */
static void put_all(struct draft *d)
{
	uint32_t num = 2 + below(d, 2);

	for (uint32_t i = 0; i < num; i++)
		put_text(d, 1, !i);
	put_least(d, num, num);
	d->num_blocks++;
}

/* A rule that is nothing but a pattern: of options with bytes to look for. */
static void put_lone_pattern(struct draft *d)
{
	char source[96];
	char one = option_letter(d), other = option_letter(d);

	snprintf(source, sizeof(source),
		 "-(%c|%c)\\s?(\\s|\"|')([0-9a-fA-F]{2}\\s?){2,20}(\\s|\"|')",
		 one, other);
	put_pattern(d, source, true);
	d->num_blocks++;
}

static void put_filter(struct draft *d)
{
	uint32_t num = 1 + below(d, 3);

	for (uint32_t i = 0; i < num; i++)
		put_text(d, chance(d, 70) ? 1 : 3, false);
	put_least(d, 1, num);
	put(d, PLM_WORD_NOT, 0);
	d->num_blocks++;
}

/* A pair of a program and its arguments, or another pair. */
static void put_pairs(struct draft *d)
{
	uint32_t num = 2 + below(d, 3);

	for (uint32_t i = 0; i < num; i++) {
		put_image(d, 0);
		put_text(d, 1, true);
		put_least(d, 2, 2);
	}
	put_least(d, 1, num);
	d->num_blocks++;
}

static void put_condition(struct draft *d)
{
	uint32_t kind = below(d, 1000);

	if (kind < 200) {
		if (kind < 12)
			put_lone_pattern(d);
		else if (kind < 140)
			put_rare_images(d);
		else
			put_pairs(d);
		return;
	}
	if (kind < 880)
		put_images(d, 0);
	if (chance(d, 25))
		put_all(d);
	else
		put_any(d);
	if (chance(d, 8))
		put_images(d, 2);
	if (chance(d, 3)) {
		put_text(d, 3, false);
		d->num_blocks++;
	}
	if (chance(d, 7))
		put_filter(d);
	put_least(d, d->num_blocks, d->num_blocks);
}

static void add_rule(struct model *model, size_t index, uint64_t *seed)
{
	struct draft draft = { .model = model, .seed = seed };
	struct model_rule *rule;
	char text[160], name[32];

	put_condition(&draft);
	rule = model_rule_add(model);
	rule->template = plm_template_find(PLM_PROCESS_CREATION_ID);
	rule->action = PLM_ACTION_AUDIT;
	rule->level = PLM_LEVEL_LOW + below(&draft, 3);
	rule->program = xmemdup(draft.program,
				draft.len * sizeof(*draft.program));
	rule->program_len = draft.len;
	snprintf(text, sizeof(text), "%08x-0000-4000-8000-%012zx",
		 next_random(seed), index);
	model_text_set(&rule->id, text, strlen(text));
	coin(&draft, name, sizeof(name));
	snprintf(text, sizeof(text), "Suspicious Execution Of %s - Linux",
		 name);
	model_text_set(&rule->title, text, strlen(text));
	snprintf(text, sizeof(text), "attack.execution,attack.t1%03u.%03u",
		 below(&draft, 600), below(&draft, 9));
	model_text_set(&rule->tags, text, strlen(text));
}

void bench_rules(struct model *model, size_t num_rules)
{
	uint64_t seed = 291;

	for (size_t i = 0; i < num_rules; i++)
		add_rule(model, i, &seed);
	model_imply(model);
}
