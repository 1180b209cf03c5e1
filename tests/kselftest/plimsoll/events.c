// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real executions, and what the module makes of each: the values in the stream,
 * arguments above all, the matches, the counts, and the kill.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "executed.h"

#define NUM_RULES 6
#define MAX_COMMAND_LINE 4096
#define NUM_CROWD 70	/* rules of crowd.plm */

TEST_F(events, match)
{
	struct lab_exec marked = { .path = MARKED }, plain = { .path = PLAIN };
	struct plimsoll_rule_status rule;
	struct plimsoll_channel_status channel;

	EXPECT_EVENT(&marked, 1);
	EXPECT_EQ(1, self->record.matches[0].channel);
	EXPECT_EQ(RULE_IMAGE, self->record.matches[0].rule);
	EXPECT_EQ(1, self->record.matches[0].content_version);
	EXPECT_EQ(0, self->record.head.flags);
	EXPECT_EQ(1, self->record.head.template_id);
	EXPECT_EVENT(&plain, 0);
	EXPECT_EVENT(&marked, 1);
	ASSERT_EQ(0, lab_rule(self->fd, RULE_IMAGE, &rule));
	EXPECT_EQ(2, rule.num_matched);
	EXPECT_EQ(2, rule.num_evaluated);
	EXPECT_EQ(0, rule.num_faulted);
	for (uint32_t i = RULE_WORDS; i < NUM_RULES; i++) {
		ASSERT_EQ(0, lab_rule(self->fd, i, &rule));
		EXPECT_EQ(0, rule.num_matched);
	}
	ASSERT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(3, channel.num_events);
}

/* All values of one event, and the time and order of two. */
TEST_F(events, values)
{
	char *args[] = { "name", "one", "", "two words", NULL };
	struct lab_exec exec = { .path = PLAIN, .args = args,
				 .folder = "/proc" };
	char self_path[4096];
	struct timespec now;
	uint64_t seq, time_ns;
	ssize_t len = readlink("/proc/self/exe", self_path,
			       sizeof(self_path) - 1);

	self_path[len] = 0;
	EXPECT_EVENT(&exec, 0);
	ASSERT_EQ(LAB_NUM_VALUES, self->record.head.num_values);
	for (int i = LAB_IMAGE; i <= LAB_PARENT_USER; i++)
		EXPECT_EQ(1, self->record.values[i].kind);
	for (int i = LAB_LOGIN; i <= LAB_PARENT_PID; i++) {
		EXPECT_EQ(2, self->record.values[i].kind);
		EXPECT_EQ(0, self->record.values[i].len);
	}
	EXPECT_TEXT(PLAIN, LAB_IMAGE);
	EXPECT_TEXT("name one  two words", LAB_COMMAND_LINE);
	EXPECT_TEXT(self_path, LAB_PARENT_IMAGE);
	EXPECT_TEXT(self_path, LAB_PARENT_COMMAND_LINE);
	EXPECT_TEXT("/proc", LAB_FOLDER);
	EXPECT_TEXT("root", LAB_USER);
	EXPECT_TEXT("root", LAB_PARENT_USER);
	EXPECT_EQ(0, self->record.values[LAB_LOGIN].number);
	EXPECT_EQ(self->pid, (pid_t)self->record.values[LAB_PID].number);
	EXPECT_EQ(getpid(),
		  (pid_t)self->record.values[LAB_PARENT_PID].number);
	seq = self->record.head.seq;
	time_ns = self->record.head.time_ns;
	EXPECT_EVENT(&exec, 0);
	EXPECT_EQ(seq + 1, self->record.head.seq);
	EXPECT_LT(time_ns, self->record.head.time_ns);
	clock_gettime(CLOCK_BOOTTIME, &now);
	EXPECT_GT((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
		  self->record.head.time_ns);
}

/* Killed before it has run an instruction of its own. */
TEST_F(events, kill)
{
	struct lab_exec plain = { .path = PLAIN };
	struct plimsoll_rule_status rule;
	int log = lab_log(), status;
	char told[80];

	ASSERT_LE(0, log);
	ASSERT_EQ(0, lab_content(self->fd, "kill.plm"));
	for (int i = 1; i <= 5; i++) {
		status = lab_run_path(DOOMED, &self->pid);
		snprintf(told, sizeof(told), "plimsoll: channel 1 version 3: "
			 "rule 0 kills process %d\n", self->pid);
		EXPECT_TRUE(lab_logged(log, told));
		ASSERT_TRUE(WIFSIGNALED(status));
		EXPECT_EQ(SIGKILL, WTERMSIG(status));
		EXPECT_EQ(0, lab_ran());
		ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
		EXPECT_EQ(1, self->record.head.num_matches);
		EXPECT_EQ(PLIMSOLL_RECORD_KILLED, self->record.head.flags);
		ASSERT_EQ(0, lab_rule(self->fd, 0, &rule));
		EXPECT_EQ(2, rule.action);
		EXPECT_EQ(i, rule.num_matched);
	}
	close(log);
	EXPECT_EVENT(&plain, 0);
	/* Not while it is disabled. */
	ASSERT_EQ(0, lab_switch(self->fd, 0, 3, false));
	EXPECT_EQ(0, lab_run_path(DOOMED, NULL));
	EXPECT_EQ(1, lab_ran());
	ASSERT_EQ(0, lab_switch(self->fd, 0, 3, true));
	EXPECT_TRUE(WIFSIGNALED(lab_run_path(DOOMED, NULL)));
	EXPECT_EQ(0, lab_ran());
}

static int execute_in_thread(void *arg)
{
	const struct lab_exec *exec = arg;
	char *args[] = { (char *)exec->path, NULL };

	execve(exec->path, args, args + 1);
	return errno;
}

static void *thread(void *arg)
{
	_exit(execute_in_thread(arg));
	return NULL;
}

static int from_thread(const struct lab_exec *exec)
{
	pthread_t id;

	if (pthread_create(&id, NULL, thread, (void *)exec))
		return EAGAIN;
	for (;;)
		pause();
}

/* Whoever ignores and blocks signals, and threads, die all the same. */
static int stubborn(const struct lab_exec *exec)
{
	char *args[] = { (char *)exec->path, NULL };
	sigset_t all;

	for (int i = 1; i < 32; i++)
		signal(i, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	execve(exec->path, args, args + 1);
	return errno;
}

TEST_F(events, kill_of_the_stubborn)
{
	struct lab_exec exec = { .path = DOOMED, .how = stubborn };
	int status;

	ASSERT_EQ(0, lab_content(self->fd, "kill.plm"));
	status = lab_run(&exec, NULL);
	EXPECT_EQ(SIGKILL, status);
	exec.how = from_thread;
	status = lab_run(&exec, NULL);
	EXPECT_EQ(SIGKILL, status);
	EXPECT_EQ(0, lab_ran());
}

/* PID 1 of a container is nobody special, and has its number of outside. */
static int in_pid_namespace(const struct lab_exec *exec)
{
	char *args[] = { (char *)exec->path, NULL };
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		return errno;
	pid = fork();
	if (pid == 0) {
		if (getpid() == 1)
			execve(exec->path, args, args + 1);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	_exit(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

TEST_F(events, kill_of_a_container_init)
{
	struct lab_exec exec = { .path = DOOMED, .how = in_pid_namespace };
	int status;

	ASSERT_EQ(0, lab_content(self->fd, "kill.plm"));
	status = lab_run(&exec, &self->pid);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(SIGKILL, WEXITSTATUS(status));
	EXPECT_EQ(0, lab_ran());
	/* Its number is the next after its parent's. */
	ASSERT_TRUE(lab_find(self->fd, self->pid + 1, &self->record));
	EXPECT_EQ(self->pid,
		  (pid_t)self->record.values[LAB_PARENT_PID].number);
	EXPECT_EQ(PLIMSOLL_RECORD_KILLED, self->record.head.flags);
}

TEST_F(events, disabled)
{
	struct lab_exec exec = { .path = MARKED };
	struct plimsoll_rule_status rule;
	struct plimsoll_channel_status channel;

	EXPECT_EVENT(&exec, 1);
	ASSERT_EQ(0, lab_switch(self->fd, RULE_IMAGE, 1, false));
	EXPECT_EVENT(&exec, 0);
	ASSERT_EQ(0, lab_rule(self->fd, RULE_IMAGE, &rule));
	EXPECT_EQ(1, rule.num_evaluated);
	EXPECT_EQ(1, rule.num_matched);
	ASSERT_EQ(0, lab_switch(self->fd, RULE_IMAGE, 1, true));
	EXPECT_EVENT(&exec, 1);
	ASSERT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, false));
	EXPECT_EVENT(&exec, 0);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(3, channel.num_events);
	ASSERT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, true));
	EXPECT_EVENT(&exec, 1);
	ASSERT_EQ(0, lab_rule(self->fd, RULE_IMAGE, &rule));
	EXPECT_EQ(3, rule.num_matched);
}

/* A program that failed to start is no event. */
TEST_F(events, failed_execve)
{
	struct lab_exec nothing = { .path = BIN "/nothing/marked" };
	struct lab_exec folder = { .path = BIN };

	EXPECT_EQ(0, lab_place(BIN "/empty/marked"));
	EXPECT_EQ(0, truncate(BIN "/empty/marked", 0));
	EXPECT_NE(0, lab_run(&nothing, &self->pid));
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_NE(0, lab_run(&folder, &self->pid));
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_NE(0, lab_run_path(BIN "/empty/marked", &self->pid));
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
}

/* The kernel gives a program without arguments an empty one. */
TEST_F(events, no_arguments)
{
	char *args[] = { NULL };
	struct lab_exec exec = { .path = MARKED, .args = args };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT("", LAB_COMMAND_LINE);
	EXPECT_EQ(0, self->record.head.flags);
}

/* Words are matched over the gap between two arguments. */
TEST_F(events, separate_arguments)
{
	char *args[] = { "x", "magic", "word", "the-end", NULL };
	char *glued[] = { "x", "magic\tword", "the-end", "", NULL };
	struct lab_exec exec = { .path = PLAIN, .args = args };

	EXPECT_EVENT(&exec, 2);
	EXPECT_TRUE(lab_matched(&self->record, RULE_WORDS));
	EXPECT_TRUE(lab_matched(&self->record, RULE_END));
	EXPECT_TEXT("x magic word the-end", LAB_COMMAND_LINE);
	exec.args = glued;
	EXPECT_EVENT(&exec, 0);
	EXPECT_TEXT("x magic\tword the-end ", LAB_COMMAND_LINE);
}

/* Bytes of every value, and what no terminal would show, come as they are. */
TEST_F(events, any_bytes)
{
	char all[256];
	char *args[] = { all, NULL };
	struct lab_exec exec = { .path = PLAIN, .args = args };

	for (int i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	all[255] = 0;
	EXPECT_EVENT(&exec, 0);
	EXPECT_TEXT(all, LAB_COMMAND_LINE);
}

/* Exactly the limit is whole, one more is cut and says so. */
TEST_F(events, limit_of_arguments)
{
	static char text[MAX_COMMAND_LINE + 2];
	char *args[] = { text, NULL };
	struct lab_exec exec = { .path = PLAIN, .args = args };

	for (int more = -1; more <= 1; more++) {
		size_t len = (size_t)(MAX_COMMAND_LINE + more);

		memset(text, 'a', len);
		memcpy(text + len - 7, "the-end", 8);
		EXPECT_EVENT(&exec, more == 1 ? 0 : 1);
		EXPECT_EQ(more == 1 ? PLIMSOLL_RECORD_CUT : 0,
			  self->record.head.flags);
		EXPECT_EQ(more == 1 ? MAX_COMMAND_LINE : len,
			  self->record.values[LAB_COMMAND_LINE].len);
		text[MAX_COMMAND_LINE] = 0;
		EXPECT_EQ(0, strncmp(text, self->record.texts[LAB_COMMAND_LINE],
				     MAX_COMMAND_LINE));
	}
}

/* More of them than anybody has; what is beyond the limit is not matched. */
TEST_F(events, huge_arguments)
{
	enum { NUM = 20000 };
	static char *args[NUM + 2];
	static char large[100000];
	struct lab_exec exec = { .path = MARKED, .args = args };

	for (int i = 0; i < NUM; i++)
		args[i] = "word";
	args[NUM] = "the-end";
	EXPECT_EVENT(&exec, 1);
	EXPECT_EQ(PLIMSOLL_RECORD_CUT, self->record.head.flags);
	EXPECT_EQ(MAX_COMMAND_LINE, self->record.values[LAB_COMMAND_LINE].len);
	memset(large, 'x', sizeof(large) - 1);
	args[0] = "magic";
	args[2] = large;
	args[3] = NULL;
	EXPECT_EVENT(&exec, 2);
	EXPECT_EQ(PLIMSOLL_RECORD_CUT, self->record.head.flags);
	EXPECT_TRUE(lab_matched(&self->record, RULE_WORDS));
}

/* The process keeps its number whichever thread executes. */
TEST_F(events, thread)
{
	struct lab_exec exec = { .path = MARKED, .how = from_thread };

	for (int i = 0; i < 5; i++) {
		EXPECT_EVENT(&exec, 1);
		EXPECT_TEXT(MARKED, LAB_COMMAND_LINE);
		EXPECT_EQ(getpid(),
			  (pid_t)self->record.values[LAB_PARENT_PID].number);
	}
}

/* A program that replaces itself again and again: an event each time. */
static int again_and_again(const struct lab_exec *exec)
{
	char *args[] = { "marked", NULL };
	char *env[] = { "parent=-", (char *)exec->path, "one", NULL };

	execve(exec->path, args, env);
	return errno;
}

TEST_F(events, many)
{
	struct lab_exec exec = { .path = MARKED, .how = again_and_again };
	struct plimsoll_rule_status rule;
	unsigned int records = 0;

	for (int i = 0; i < 50; i++)
		EXPECT_EQ(0, lab_run(&exec, &self->pid));
	EXPECT_EQ(50, lab_ran());
	ASSERT_EQ(0, lab_rule(self->fd, RULE_IMAGE, &rule));
	EXPECT_EQ(100, rule.num_matched);
	while (lab_find(self->fd, self->pid, &self->record))
		records++;
	EXPECT_EQ(1, records);
}

/* More rules match than a record has room for: said there, all are counted. */
TEST_F(events, many_matches)
{
	struct lab_exec exec = { .path = MARKED };
	struct plimsoll_rule_status rule;

	ASSERT_EQ(0, lab_content(self->fd, "crowd.plm"));
	EXPECT_EVENT(&exec, LAB_MAX_MATCHES);
	EXPECT_EQ(PLIMSOLL_RECORD_MORE, self->record.head.flags);
	for (uint32_t i = 0; i < NUM_CROWD; i++) {
		ASSERT_EQ(0, lab_rule(self->fd, i, &rule));
		EXPECT_EQ(1, rule.num_matched);
	}
	EXPECT_EQ(-ENOENT, lab_rule(self->fd, NUM_CROWD, &rule));
}

TEST_HARNESS_MAIN
