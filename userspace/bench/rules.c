// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules for the benchmarks, made up as the 82 Linux rules of SigmaHQ are: what
 * share of them tests which inputs, with which operators, how many texts of
 * which lengths, what share negates and has patterns.  `bench` prints the
 * make-up of every content file that it measures, so that the two compare.
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

static void put_pattern(struct draft *d, const char *const *shapes, uint32_t num)
{
	bool cased = chance(d, 75);
	struct regex_error error;
	struct regex regex;
	char name[32], source[96];
	uint8_t *text;
	size_t len;

	coin(d, name, sizeof(name));
	snprintf(source, sizeof(source), shapes[below(d, num)], name);
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

/* Any of some texts, of which a pattern may be one. */
static void put_any(struct draft *d)
{
	static const char *const shapes[] = {
		"\\s-%.1s\\s", "\\s-[a-z]*%.1s\\b", "/%s/.*\\.conf",
	};
	uint32_t num = draw(d, num_texts);

	for (uint32_t i = 0; i < num; i++)
		put_text(d, 1, d->names_common || !d->num_blocks);
	if (d->num_blocks && chance(d, 5)) {
		put_pattern(d, shapes, ARRAY_LEN(shapes));
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

/* A rule that is nothing but a pattern. */
static void put_lone_pattern(struct draft *d)
{
	static const char *const shapes[] = {
		"%s[0-9]{2,4}\\.(sh|py)", "\\b%s\\s+-[a-z]*f", "https?://[^/ ]*%s",
		"%s\\s.*\\|\\s*(ba|z)?sh\\b", "-[RW]\\s?%.2s[0-9A-Fa-f]{2}\\s",
	};

	put_pattern(d, shapes, ARRAY_LEN(shapes));
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
	uint32_t kind = below(d, 100);

	if (kind < 20) {
		if (kind < 1)
			put_lone_pattern(d);
		else if (kind < 14)
			put_rare_images(d);
		else
			put_pairs(d);
		return;
	}
	if (kind < 88)
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
