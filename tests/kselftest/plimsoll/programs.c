// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which program it was that was executed, from where, by whom and by which parent:
 * whatever way it was found by, and wherever it lies.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "executed.h"

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

TEST_HARNESS_MAIN
