// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules and events for the benchmarks.  Literals are drawn from what attackers'
 * and administrators' command lines are made of, and differ from rule to rule,
 * so that more rules mean more states.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"

static const char *const tools[] = {
	"curl", "wget", "python3", "perl", "bash", "nc", "socat", "openssl",
	"base64", "xxd", "awk", "find", "tar", "rsync", "ssh", "scp", "systemctl",
	"crontab", "useradd", "chattr", "setcap", "insmod", "iptables", "gcc",
	"docker", "kubectl", "gdb", "strace", "tcpdump", "nmap", "at", "dd",
};

static const char *const words[] = {
	"--exec", "/etc/shadow", "/dev/tcp/", "-enc", "import socket", "pty.spawn",
	"/tmp/.", "LD_PRELOAD=", "authorized_keys", "--no-check-certificate",
	"chmod +x", "history -c", "/proc/self/mem", "id_rsa", "-o /dev/shm/",
	"setuid(0)", "base64 -d", "| sh", ">/dev/null 2>&1", "/var/spool/cron",
	"stratum+tcp", "--privileged", "nsenter", "mkfifo", "/root/.ssh",
};

/* A small generator of our own: the same on every machine, for ever. */
static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33);
}

static uint32_t literal(struct model *model, uint32_t input, uint32_t op,
			uint64_t *seed, size_t rule)
{
	const struct plm_template *t =
		plm_template_find(PLM_PROCESS_CREATION_ID);
	const char *word = words[next_random(seed) % ARRAY_LEN(words)];
	char text[96];
	int len;

	if (op == PLM_OP_ENDSWITH)
		len = snprintf(text, sizeof(text), "/%s%zu",
			       tools[next_random(seed) % ARRAY_LEN(tools)],
			       rule % 100);
	else
		len = snprintf(text, sizeof(text), "%s %x", word,
			       next_random(seed) % 0xfffff);
	return model_criterion(model, t, input, op, 0, text, (uint32_t)len, 0);
}

/* Image ends with one of two tools, and the command line holds one of three. */
static void add_rule(struct model *model, size_t index, uint64_t *seed)
{
	struct model_rule *rule;
	uint32_t program[9], n = 0;
	char id[40];

	for (int i = 0; i < 2; i++)
		program[n++] = PLM_WORD(PLM_WORD_TEST,
					literal(model, 0, PLM_OP_ENDSWITH,
						seed, index + i));
	program[n++] = PLM_WORD(PLM_WORD_AT_LEAST, 1 << 8 | 2);
	for (int i = 0; i < 3; i++)
		program[n++] = PLM_WORD(PLM_WORD_TEST,
					literal(model, 1, PLM_OP_CONTAINS,
						seed, index));
	program[n++] = PLM_WORD(PLM_WORD_AT_LEAST, 1 << 8 | 3);
	program[n++] = PLM_WORD(PLM_WORD_AT_LEAST, 2 << 8 | 2);

	snprintf(id, sizeof(id), "bench-%08zu", index);
	ARRAY_RESERVE(model->rules, model->num_rules, model->cap_rules);
	rule = &model->rules[model->num_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->template = plm_template_find(PLM_PROCESS_CREATION_ID);
	rule->id.data = xmemdup(id, strlen(id));
	rule->id.len = (uint32_t)strlen(id);
	rule->action = PLM_ACTION_AUDIT;
	rule->level = PLM_LEVEL_MEDIUM;
	rule->program = xmemdup(program, n * sizeof(*program));
	rule->program_len = n;
}

void bench_rules(struct model *model, size_t num_rules)
{
	uint64_t seed = 291;

	for (size_t i = 0; i < num_rules; i++)
		add_rule(model, i, &seed);
}

/* What a Debian machine runs while it installs, builds and serves. */
static const struct {
	const char *image, *command_line, *parent_image, *directory;
} ordinary[] = {
	{ "/usr/bin/dash", "sh -c run-parts --report /etc/cron.hourly",
	  "/usr/sbin/cron", "/" },
	{ "/usr/bin/x86_64-linux-gnu-gcc-12",
	  "gcc -std=gnu11 -O2 -g -Wall -Wextra -Iinclude -MMD -c -o build/obj/main.o src/main.c",
	  "/usr/bin/make", "/home/build/project" },
	{ "/usr/bin/git", "git rev-parse --show-toplevel", "/usr/bin/bash",
	  "/home/build/project" },
	{ "/usr/bin/ls", "ls --color=auto -la", "/usr/bin/bash", "/home/alice" },
	{ "/usr/bin/grep", "grep -rn static_assert include/", "/usr/bin/bash",
	  "/home/build/linux" },
	{ "/usr/bin/dpkg", "/usr/bin/dpkg --status-fd 13 --configure --pending",
	  "/usr/bin/apt-get", "/" },
	{ "/usr/lib/systemd/systemd-udevd", "/lib/systemd/systemd-udevd",
	  "/usr/lib/systemd/systemd", "/" },
	{ "/usr/bin/sed", "sed -e s/^[[:space:]]*// -e /^$/d /etc/fstab",
	  "/usr/bin/dash", "/var/lib/dpkg" },
	{ "/usr/sbin/sshd", "sshd: alice [priv]", "/usr/sbin/sshd", "/" },
	{ "/usr/bin/date", "date +%Y-%m-%dT%H:%M:%S", "/usr/bin/dash", "/var/log" },
};

void bench_event(struct event *event, size_t index)
{
	size_t i = index % ARRAY_LEN(ordinary);

	memset(event, 0, sizeof(*event));
	event->template = plm_template_find(PLM_PROCESS_CREATION_ID);
	event_set_string(event, 0, ordinary[i].image,
			 strlen(ordinary[i].image));
	event_set_string(event, 1, ordinary[i].command_line,
			 strlen(ordinary[i].command_line));
	event_set_string(event, 2, ordinary[i].parent_image,
			 strlen(ordinary[i].parent_image));
	event_set_string(event, 3, "/bin/bash", 9);
	event_set_string(event, 4, ordinary[i].directory,
			 strlen(ordinary[i].directory));
	event_set_string(event, 5, "root", 4);
	event_set_string(event, 6, "root", 4);
	event_set_number(event, 7, 0);
	event_set_number(event, 8, 1000 + index);
	event_set_number(event, 9, 1);
}
