// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real executions of every kind, and what the module makes of each: the values
 * in the stream, the matches, the counts, and the kill.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"

#define BIN "/kselftest-bin"
#define MARKED BIN "/marked"
#define PLAIN BIN "/plain"
#define DOOMED BIN "/doomed"
#define NUM_RULES 6
#define MAX_COMMAND_LINE 4096
#define NUM_CROWD 70	/* rules of crowd.plm */

enum { RULE_IMAGE, RULE_WORDS, RULE_END, RULE_FOLDER, RULE_USER, RULE_PARENT };

FIXTURE(events)
{
	int fd;
	struct lab_record record;
	pid_t pid;
};

FIXTURE_SETUP(events)
{
	/* First, so that the programs' descriptor is free. */
	lab_ran();
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, lab_place(PLAIN));
	ASSERT_EQ(0, lab_place(DOOMED));
}

FIXTURE_TEARDOWN(events)
{
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

/* The program ran, its record came, with this many matches. */
#define EXPECT_EVENT(exec, matches) do {				\
	EXPECT_EQ(0, lab_run(exec, &self->pid));			\
	EXPECT_EQ(1, lab_ran());					\
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));	\
	EXPECT_EQ(matches, self->record.head.num_matches);		\
} while (0)

#define EXPECT_TEXT(wanted, input)					\
	EXPECT_STREQ(wanted, self->record.texts[input])

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

static int open_memfd(const char *name)
{
	size_t len = 0;
	const uint8_t *data = lab_file("actor", &len);
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && (!data || write(fd, data, len) != (ssize_t)len)) {
		close(fd);
		fd = -1;
	}
	free((void *)data);
	return fd;
}

static int by_descriptor(const struct lab_exec *exec)
{
	char *args[] = { "name", NULL };

	fexecve(exec->number, args, args + 1);
	return errno;
}

TEST_F(events, memfd)
{
	struct lab_exec exec = { .path = "", .how = by_descriptor };

	exec.number = open_memfd("marked");
	ASSERT_LE(0, exec.number);
	EXPECT_EVENT(&exec, 0);
	EXPECT_TEXT("/memfd:marked (deleted)", LAB_IMAGE);
	EXPECT_TEXT("name", LAB_COMMAND_LINE);
	close(exec.number);
}

/* Neither its removal nor a name that looks like it hides a program. */
TEST_F(events, deleted)
{
	struct lab_exec exec = { .path = "", .how = by_descriptor };
	struct lab_exec named = { .path = MARKED " (deleted)" };

	exec.number = open(MARKED, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, exec.number);
	ASSERT_EQ(0, unlink(MARKED));
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT(MARKED, LAB_IMAGE);
	close(exec.number);
	ASSERT_EQ(0, lab_place(named.path));
	EXPECT_EVENT(&named, 0);
	EXPECT_TEXT(MARKED " (deleted)", LAB_IMAGE);
	exec.number = open(named.path, O_RDONLY | O_CLOEXEC);
	ASSERT_EQ(0, unlink(named.path));
	EXPECT_EVENT(&exec, 0);
	EXPECT_TEXT(MARKED " (deleted)", LAB_IMAGE);
	close(exec.number);
}

static int by_execveat(const struct lab_exec *exec)
{
	char *args[] = { "magic", "word", NULL };
	int fd = open(BIN, O_PATH | O_DIRECTORY);

	syscall(SYS_execveat, fd, "marked", args, args + 2, 0);
	return errno;
}

TEST_F(events, execveat)
{
	struct lab_exec exec = { .path = "", .how = by_execveat };

	EXPECT_EVENT(&exec, 2);
	EXPECT_TEXT(MARKED, LAB_IMAGE);
	EXPECT_TEXT("magic word", LAB_COMMAND_LINE);
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

/* A symbolic link is followed; what runs is told. */
TEST_F(events, symbolic_link)
{
	struct lab_exec exec = { .path = BIN "/link" };

	unlink(BIN "/link");
	ASSERT_EQ(0, symlink("marked", BIN "/link"));
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT(MARKED, LAB_IMAGE);
	EXPECT_TEXT(BIN "/link", LAB_COMMAND_LINE);
}

/* Of a script the interpreter, with the script among the arguments. */
TEST_F(events, script)
{
	struct lab_exec exec = { .path = BIN "/script" };
	const char text[] = "#!" MARKED " magic\n";
	int fd = open(BIN "/script", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	ASSERT_EQ((ssize_t)sizeof(text) - 1,
		  write(fd, text, sizeof(text) - 1));
	close(fd);
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT(MARKED, LAB_IMAGE);
	EXPECT_TEXT(MARKED " magic " BIN "/script", LAB_COMMAND_LINE);
}

static int behind_chroot(const struct lab_exec *exec)
{
	char *args[] = { (char *)exec->path, NULL };

	if (chroot("/kselftest-root") || chdir("/bin"))
		return errno;
	execve(exec->path, args, args + 1);
	return errno;
}

/* Paths are as the process spells them, from its own root. */
TEST_F(events, chroot)
{
	struct lab_exec exec = { .path = "/bin/marked", .how = behind_chroot };

	ASSERT_EQ(0, lab_place("/kselftest-root/bin/marked"));
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT("/bin/marked", LAB_IMAGE);
	EXPECT_TEXT("/bin", LAB_FOLDER);
}

TEST_F(events, user)
{
	struct lab_exec exec = { .path = PLAIN, .uid = 12345 };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_USER));
	EXPECT_TEXT("12345", LAB_USER);
	EXPECT_TEXT("root", LAB_PARENT_USER);
	EXPECT_EQ(12345, self->record.values[LAB_LOGIN].number);
	exec.uid = 0xfffffffe;
	EXPECT_EVENT(&exec, 0);
	EXPECT_TEXT("4294967294", LAB_USER);
}

/* The real user counts: a program with the set-uid bit has not become root. */
TEST_F(events, set_uid)
{
	struct lab_exec exec = { .path = BIN "/suid", .uid = 12345 };

	ASSERT_EQ(0, lab_place(exec.path));
	ASSERT_EQ(0, chmod(exec.path, 04755));
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT("12345", LAB_USER);
}

/* A user that may not even read its program is evaluated like any. */
TEST_F(events, unreadable)
{
	struct lab_exec exec = { .path = MARKED, .uid = 12345 };

	ASSERT_EQ(0, chmod(MARKED, 0711));
	EXPECT_EVENT(&exec, 2);
	EXPECT_TEXT(MARKED, LAB_IMAGE);
	EXPECT_TEXT(MARKED, LAB_COMMAND_LINE);
}

TEST_F(events, folder)
{
	struct lab_exec exec = { .path = PLAIN,
				 .folder = "/kselftest-odd/place" };

	ASSERT_EQ(0, lab_place("/kselftest-odd/place/x"));
	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_FOLDER));
	EXPECT_TEXT("/kselftest-odd/place", LAB_FOLDER);
}

/* Walk down, so that the path may be longer than any one call takes. */
static int make_deep(unsigned int levels)
{
	char name[201];

	memset(name, 'd', 200);
	name[200] = 0;
	if (chdir("/"))
		return -errno;
	for (unsigned int i = 0; i < levels; i++)
		if ((mkdir(name, 0755) && errno != EEXIST) || chdir(name))
			return -errno;
	return 0;
}

static int by_descriptor_from_below(const struct lab_exec *exec)
{
	int err = make_deep((unsigned int)exec->number);
	char *args[] = { "marked", NULL };

	if (err)
		return -err;
	execve("./marked", args, args + 1);
	return errno;
}

/* Below 4 KiB whole; above, the last names and the mark that it was cut. */
TEST_F(events, long_paths)
{
	struct lab_exec exec = { .path = "",
				 .how = by_descriptor_from_below };
	size_t len = 0;
	const uint8_t *data = lab_file("actor", &len);

	ASSERT_NE(NULL, data);
	for (exec.number = 19; exec.number <= 40; exec.number += 7) {
		bool cut = exec.number * 201 + 7 > 4095;
		int fd;

		ASSERT_EQ(0, make_deep((unsigned int)exec.number));
		fd = open("marked", O_WRONLY | O_CREAT | O_TRUNC, 0755);
		ASSERT_EQ((ssize_t)len, write(fd, data, len));
		close(fd);
		EXPECT_EVENT(&exec, 1);
		EXPECT_TRUE(lab_matched(&self->record, RULE_IMAGE));
		EXPECT_EQ(cut ? PLIMSOLL_RECORD_CUT : 0,
			  self->record.head.flags);
		if (!cut)
			EXPECT_EQ(exec.number * 201 + 7,
				  (int)self->record.values[LAB_IMAGE].len);
	}
	free((void *)data);
	ASSERT_EQ(0, chdir("/"));
}

static int through_parent(const struct lab_exec *exec)
{
	char *args[] = { "magic", "word", NULL };
	char *env[] = { "parent=-", (char *)exec->path, "child", "arg", NULL };

	execve(BIN "/parent", args, env);
	return errno;
}

/* What the parent was told at its own execve, whatever becomes of it. */
TEST_F(events, parent)
{
	struct lab_exec exec = { .path = PLAIN, .how = through_parent };

	ASSERT_EQ(0, lab_place(BIN "/parent"));
	EXPECT_EQ(0, lab_run(&exec, &self->pid));
	EXPECT_EQ(1, lab_ran());
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
	EXPECT_TRUE(lab_matched(&self->record, RULE_WORDS));
	ASSERT_TRUE(lab_find(self->fd, self->pid + 1, &self->record));
	EXPECT_TRUE(lab_matched(&self->record, RULE_PARENT));
	EXPECT_TEXT(PLAIN, LAB_IMAGE);
	EXPECT_TEXT("child arg", LAB_COMMAND_LINE);
	EXPECT_TEXT(BIN "/parent", LAB_PARENT_IMAGE);
	EXPECT_TEXT("magic word", LAB_PARENT_COMMAND_LINE);
	EXPECT_EQ(self->pid,
		  (pid_t)self->record.values[LAB_PARENT_PID].number);
}

/* Another mount, another root: the path of the new namespace. */
static int in_mount_namespace(const struct lab_exec *exec)
{
	char *args[] = { (char *)exec->path, NULL };

	if (unshare(CLONE_NEWNS) ||
	    mount(BIN, "/kselftest-mount", NULL, MS_BIND, NULL))
		return errno;
	execve(exec->path, args, args + 1);
	return errno;
}

TEST_F(events, mount_namespace)
{
	struct lab_exec exec = { .path = "/kselftest-mount/marked",
				 .how = in_mount_namespace };

	mkdir("/kselftest-mount", 0755);
	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT("/kselftest-mount/marked", LAB_IMAGE);
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
