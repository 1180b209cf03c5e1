// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real changes of files, and what the module makes of each: only what came to
 * pass, whichever call it was, with the names as the process spells them.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"

#define FOLDER "/kselftest-files"
#define SHUT "/kselftest-shut"	/* only root may change it */
#define FILE_EVENT 3

enum {	/* values, by input */
	FILE_IMAGE, FILE_COMMAND_LINE, FILE_USER, FILE_PID, FILE_EVENT_TYPE,
	FILE_TARGET, FILE_SOURCE, FILE_NUM_VALUES
};

enum { RULE_CREATE, RULE_RENAME, RULE_DELETE };

/* What one child does: a call and what is expected of it. */
struct deed {
	int (*act)(const struct deed *deed);	/* 0 or an errno */
	const char *a, *b;
	int number;
};

static const struct deed *deed;

static int errno_of(long ret)
{
	return ret < 0 ? errno : 0;
}

static int do_open(const struct deed *d)
{
	return errno_of(open(d->a, d->number | O_CLOEXEC, 0644));
}

static int do_creat(const struct deed *d)
{
	return errno_of(creat(d->a, 0644));
}

static int do_mknod(const struct deed *d)
{
	return errno_of(mknod(d->a, (mode_t)d->number | 0644, 0));
}

static int do_link(const struct deed *d)
{
	return errno_of(link(d->a, d->b));
}

static int do_symlink(const struct deed *d)
{
	return errno_of(symlink(d->a, d->b));
}

static int do_rename(const struct deed *d)
{
	return errno_of(rename(d->a, d->b));
}

static int do_exchange(const struct deed *d)
{
	return errno_of(syscall(SYS_renameat2, AT_FDCWD, d->a, AT_FDCWD, d->b,
				RENAME_EXCHANGE));
}

static int do_unlink(const struct deed *d)
{
	return errno_of(unlink(d->a));
}

static int do_unlinkat(const struct deed *d)
{
	int fd = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return errno_of(unlinkat(fd, d->a, 0));
}

static int do_mkdir(const struct deed *d)
{
	return errno_of(mkdir(d->a, 0755));
}

static int do_bind(const struct deed *d)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", d->a);
	return errno_of(bind(fd, (struct sockaddr *)&name, sizeof(name)));
}

static int do_chroot(const struct deed *d)
{
	if (chroot(d->b) || chdir("/"))
		return errno;
	return do_creat(d);
}

static int in_child(const struct lab_exec *exec)
{
	_exit(deed->act(deed) == exec->number ? 0 : 1);
	return 0;
}

static int touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : close(fd);
}

FIXTURE(files)
{
	int fd;
	struct lab_record record;
	pid_t pid;
};

FIXTURE_SETUP(files)
{
	ASSERT_EQ(0, lab_reload(""));
	mkdir(FOLDER, 0777);
	ASSERT_EQ(0, chmod(FOLDER, 0777));
	mkdir(SHUT, 0755);
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "files.plm"));
}

FIXTURE_TEARDOWN(files)
{
	unlink(FOLDER "/made");
	unlink(FOLDER "/from");
	unlink(FOLDER "/to");
	unlink(FOLDER "/gone");
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

/* A child does it, with this errno; as this user. */
#define DO(which, err, user, ...) do {					\
	const struct deed one = { which, __VA_ARGS__ };			\
	const struct lab_exec exec = { .how = in_child, .number = err,	\
				       .uid = user };			\
									\
	deed = &one;							\
	EXPECT_EQ(0, lab_run(&exec, &self->pid));			\
} while (0)

#define EXPECT_NOTHING(which, err, user, ...) do {			\
	DO(which, err, user, __VA_ARGS__);				\
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));	\
} while (0)

#define EXPECT_TEXT(wanted, input)					\
	EXPECT_STREQ(wanted, self->record.texts[input])

/* The next record of the child, with this many matches. */
#define EXPECT_RECORD(kind, target, matches) do {			\
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));	\
	EXPECT_EQ(FILE_EVENT, self->record.head.template_id);		\
	EXPECT_EQ(FILE_NUM_VALUES, self->record.head.num_values);	\
	EXPECT_EQ(matches, self->record.head.num_matches);		\
	EXPECT_EQ(0, self->record.head.flags);				\
	EXPECT_TEXT(kind, FILE_EVENT_TYPE);				\
	EXPECT_TEXT(target, FILE_TARGET);				\
} while (0)

#define EXPECT_EVENT(kind, target, matches, which, ...) do {		\
	DO(which, 0, 0, __VA_ARGS__);					\
	EXPECT_RECORD(kind, target, matches);				\
} while (0)

TEST_F(files, create)
{
	EXPECT_EVENT("create", FOLDER "/made", 1, do_open, FOLDER "/made",
		     NULL, O_WRONLY | O_CREAT | O_EXCL);
	EXPECT_TRUE(lab_matched(&self->record, RULE_CREATE));
	EXPECT_TEXT("/kselftest/files", FILE_IMAGE);
	EXPECT_TEXT("root", FILE_USER);
	EXPECT_EQ(self->pid, (pid_t)self->record.values[FILE_PID].number);
	EXPECT_EQ(0, self->record.values[FILE_SOURCE].kind);
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
}

/* One that is there is not made, however it is opened. */
TEST_F(files, not_created)
{
	ASSERT_EQ(0, touch(FOLDER "/made"));
	EXPECT_NOTHING(do_open, 0, 0, FOLDER "/made", NULL, O_RDONLY);
	EXPECT_NOTHING(do_creat, 0, 0, FOLDER "/made");
	EXPECT_NOTHING(do_open, 0, 0, FOLDER "/made", NULL,
		       O_WRONLY | O_CREAT | O_TRUNC);
	EXPECT_NOTHING(do_open, EEXIST, 0, FOLDER "/made", NULL,
		       O_WRONLY | O_CREAT | O_EXCL);
	EXPECT_NOTHING(do_open, ENOENT, 0, FOLDER "/none", NULL, O_RDONLY);
	EXPECT_NOTHING(do_open, EACCES, 12345, SHUT "/made", NULL,
		       O_WRONLY | O_CREAT);
	EXPECT_NOTHING(do_mkdir, 0, 0, FOLDER "/folder");
	EXPECT_NOTHING(do_bind, 0, 0, FOLDER "/socket");
	unlink(FOLDER "/socket");
	rmdir(FOLDER "/folder");
}

TEST_F(files, every_way_to_create)
{
	EXPECT_EVENT("create", FOLDER "/made", 1, do_creat, FOLDER "/made");
	EXPECT_EVENT("create", FOLDER "/to", 1, do_link, FOLDER "/made",
		     FOLDER "/to");
	EXPECT_EQ(0, self->record.values[FILE_SOURCE].kind);
	EXPECT_EVENT("create", FOLDER "/gone", 1, do_symlink, "made",
		     FOLDER "/gone");
	EXPECT_EVENT("create", FOLDER "/from", 1, do_mknod, FOLDER "/from",
		     NULL, S_IFREG);
	unlink(FOLDER "/from");
	EXPECT_EVENT("create", FOLDER "/from", 1, do_mknod, FOLDER "/from",
		     NULL, S_IFIFO);
	EXPECT_EVENT("create", FOLDER "/by-relative", 1, do_creat,
		     FOLDER "/../" FOLDER "/./by-relative");
	unlink(FOLDER "/by-relative");
	EXPECT_EVENT("create", "/kselftest-root-file", 0, do_creat,
		     "/kselftest-root-file");
	EXPECT_EVENT("delete", "/kselftest-root-file", 0, do_unlink,
		     "/kselftest-root-file");
	EXPECT_NOTHING(do_link, EEXIST, 0, FOLDER "/made", FOLDER "/to");
	EXPECT_NOTHING(do_symlink, EEXIST, 0, "made", FOLDER "/to");
	EXPECT_NOTHING(do_mknod, EEXIST, 0, FOLDER "/to", NULL, S_IFREG);
	EXPECT_NOTHING(do_symlink, EACCES, 12345, "made", SHUT "/x");
	EXPECT_NOTHING(do_mknod, EACCES, 12345, SHUT "/x", NULL, S_IFREG);
}

TEST_F(files, rename)
{
	ASSERT_EQ(0, touch(FOLDER "/from"));
	EXPECT_NOTHING(do_rename, EACCES, 12345, FOLDER "/from", SHUT "/to");
	EXPECT_EVENT("rename", FOLDER "/to", 1, do_rename, FOLDER "/from",
		     FOLDER "/to");
	EXPECT_TRUE(lab_matched(&self->record, RULE_RENAME));
	EXPECT_TEXT(FOLDER "/from", FILE_SOURCE);
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_NOTHING(do_rename, ENOENT, 0, FOLDER "/from", FOLDER "/to");
	ASSERT_EQ(0, touch(FOLDER "/from"));
	EXPECT_EVENT("rename", FOLDER "/from", 0, do_exchange, FOLDER "/to",
		     FOLDER "/from");
	EXPECT_TEXT(FOLDER "/to", FILE_SOURCE);
	EXPECT_RECORD("rename", FOLDER "/to", 1);
	EXPECT_TEXT(FOLDER "/from", FILE_SOURCE);
	EXPECT_EVENT("rename", FOLDER "/moved", 0, do_rename, FOLDER "/to",
		     FOLDER "/moved");
	/* Two names of one file: the kernel leaves both, and says 0. */
	ASSERT_EQ(0, link(FOLDER "/moved", FOLDER "/to"));
	EXPECT_NOTHING(do_rename, 0, 0, FOLDER "/moved", FOLDER "/to");
	EXPECT_EQ(0, access(FOLDER "/moved", F_OK));
	unlink(FOLDER "/moved");
}

TEST_F(files, delete)
{
	ASSERT_EQ(0, touch(FOLDER "/gone"));
	ASSERT_EQ(0, mkdir(FOLDER "/folder", 0755));
	EXPECT_NOTHING(do_unlink, EISDIR, 0, FOLDER "/folder");
	ASSERT_EQ(0, rmdir(FOLDER "/folder"));
	EXPECT_NOTHING(do_unlink, ENOENT, 0, FOLDER "/none");
	EXPECT_EVENT("delete", FOLDER "/gone", 1, do_unlink, FOLDER "/gone");
	EXPECT_TRUE(lab_matched(&self->record, RULE_DELETE));
	ASSERT_EQ(0, touch(FOLDER "/gone"));
	EXPECT_EVENT("delete", FOLDER "/gone", 1, do_unlinkat, "gone");
	ASSERT_EQ(0, touch(SHUT "/x"));
	EXPECT_NOTHING(do_unlink, EACCES, 12345, SHUT "/x");
	ASSERT_EQ(0, unlink(SHUT "/x"));
}

TEST_F(files, user)
{
	DO(do_creat, 0, 12345, FOLDER "/made");
	EXPECT_RECORD("create", FOLDER "/made", 1);
	EXPECT_TEXT("12345", FILE_USER);
}

TEST_F(files, chroot)
{
	DO(do_chroot, 0, 0, "/made", FOLDER);
	EXPECT_RECORD("create", "/made", 0);
}

/* Any bytes but a slash; longer than a component is long together. */
TEST_F(files, names)
{
	char path[4000] = FOLDER "/";
	size_t len = strlen(path);

	for (int i = 1; i < 256; i++)
		if (i != '/')
			path[len++] = (char)i;
	path[len] = 0;
	EXPECT_EVENT("create", path, 1, do_creat, path);
	EXPECT_EVENT("delete", path, 0, do_unlink, path);
	len = strlen(FOLDER);
	while (len < 3600) {
		snprintf(path + len, sizeof(path) - len, "/%0200d", 7);
		ASSERT_EQ(0, mkdir(path, 0755));
		len = strlen(path);
	}
	snprintf(path + len, sizeof(path) - len, "/%0200d", 8);
	EXPECT_EVENT("create", path, 1, do_creat, path);
	EXPECT_EVENT("delete", path, 0, do_unlink, path);
}

/* Longer than a path may be told: the last names, and the mark. */
TEST_F(files, long_paths)
{
	char name[201], whole[5000] = "";
	struct deed one = { do_creat, name, NULL, 0 };
	struct lab_exec exec = { .how = in_child };

	snprintf(name, sizeof(name), "%0200d", 9);
	ASSERT_EQ(0, chdir(FOLDER));
	for (int i = 0; i < 22; i++) {
		ASSERT_TRUE(!mkdir(name, 0755) || errno == EEXIST);
		ASSERT_EQ(0, chdir(name));
	}
	name[0] = 'f';
	deed = &one;
	EXPECT_EQ(0, lab_run(&exec, &self->pid));
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_EQ(PLIMSOLL_RECORD_CUT, self->record.head.flags);
	EXPECT_EQ(4 * 201 - 1, self->record.values[FILE_TARGET].len);
	one.act = do_unlink;
	EXPECT_EQ(0, lab_run(&exec, &self->pid));
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_EQ(PLIMSOLL_RECORD_CUT, self->record.head.flags);
	snprintf(whole, sizeof(whole), "/%.200s", name);
	EXPECT_NE(NULL, strstr(self->record.texts[FILE_TARGET], whole));
	ASSERT_EQ(0, chdir("/"));
}

static int create_and_stay(const struct deed *d)
{
	int err = do_creat(d);

	mkdir("/kselftest-lived", 0755);
	return err;
}

/* The call is over, and the process does not return from it. */
TEST_F(files, kill)
{
	static const struct deed deeds[] = {
		{ create_and_stay, FOLDER "/made", NULL, 0 },
		{ do_rename, FOLDER "/from", FOLDER "/to", 0 },
		{ do_unlink, FOLDER "/gone", NULL, 0 },
	};
	struct lab_exec exec = { .how = in_child };
	int status;

	ASSERT_EQ(0, touch(FOLDER "/from"));
	ASSERT_EQ(0, touch(FOLDER "/gone"));
	rmdir("/kselftest-lived");
	ASSERT_EQ(0, lab_content(self->fd, "files-kill.plm"));
	for (size_t i = 0; i < 3; i++) {
		deed = &deeds[i];
		status = lab_run(&exec, &self->pid);
		EXPECT_TRUE(WIFSIGNALED(status) &&
			    WTERMSIG(status) == SIGKILL);
		ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
		EXPECT_EQ(PLIMSOLL_RECORD_KILLED, self->record.head.flags);
	}
	EXPECT_EQ(0, access(FOLDER "/made", F_OK));
	EXPECT_EQ(0, access(FOLDER "/to", F_OK));
	EXPECT_NE(0, access(FOLDER "/gone", F_OK));
	EXPECT_NE(0, access("/kselftest-lived", F_OK));
	ASSERT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
}

/*
 * A child that holds FOLDER's lock until it is killed: it reads the folder into
 * memory that nobody fills.  Its number, or -1.
 */
static pid_t hold_folder(void)
{
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_api api = { .api = UFFD_API };
	pid_t pid = fork();
	int fd, fault;
	void *page;

	if (pid)
		return pid;
	fd = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fault = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	range.range = (struct uffdio_range){ (uintptr_t)page, 4096 };
	if (!ioctl(fault, UFFDIO_API, &api) &&
	    !ioctl(fault, UFFDIO_REGISTER, &range))
		syscall(SYS_getdents64, fd, page, 4096);
	_exit(1);
}

/* Wait until it can't go on by itself; false where that takes long. */
static bool await_block(pid_t pid)
{
	char path[32], state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (int i = 0; i < 1000; i++) {
		file = fopen(path, "r");
		if (!file)
			return false;
		if (fscanf(file, "%*d %*s %c", &state) != 1)
			state = '?';
		fclose(file);
		if (state == 'D' || state == 'S')
			return true;
		usleep(10000);
	}
	return false;
}

static const char *node(int number)
{
	static char path[64];

	snprintf(path, sizeof(path), FOLDER "/node-%d", number);
	return path;
}

static pid_t make_node(int number)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	_exit(mknod(node(number), S_IFIFO | 0600, 0) ? 1 : 0);
}

#define NUM_NODES 250	/* that a kernel follows at once by their returns */

/* What many calls at once leave no room for is counted, whatever they are. */
TEST_F_TIMEOUT(files, crowd_of_calls, 120)
{
	struct plimsoll_rule_status before, after;
	struct plimsoll_info info;
	pid_t holder, nodes[NUM_NODES];
	int status;

	ASSERT_EQ(0, lab_rule(self->fd, RULE_CREATE, &before));
	holder = hold_folder();
	ASSERT_LT(0, holder);
	ASSERT_TRUE(await_block(holder));
	for (int i = 0; i < NUM_NODES; i++) {
		nodes[i] = make_node(i);
		ASSERT_LT(0, nodes[i]);
	}
	for (int i = 0; i < NUM_NODES; i++)
		EXPECT_TRUE(await_block(nodes[i]));
	ASSERT_EQ(0, kill(holder, SIGKILL));
	ASSERT_EQ(holder, waitpid(holder, &status, 0));
	for (int i = 0; i < NUM_NODES; i++) {
		ASSERT_EQ(nodes[i], waitpid(nodes[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	ASSERT_EQ(0, lab_rule(self->fd, RULE_CREATE, &after));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &info));
	/* Not before, as calls that are still under way would leave no room. */
	for (int i = 0; i < NUM_NODES; i++)
		EXPECT_EQ(0, unlink(node(i)));
	TH_LOG("%llu told, %llu counted",
	       after.num_matched - before.num_matched, info.num_failed);
	EXPECT_LT(0, info.num_failed);
	EXPECT_EQ(NUM_NODES, after.num_matched - before.num_matched +
			     info.num_failed);
}

/* Without a rule of the template there are no events of it. */
TEST_F(files, not_wanted)
{
	struct plimsoll_info info;

	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_NOTHING(do_creat, 0, 0, FOLDER "/made");
	EXPECT_NOTHING(do_unlink, 0, 0, FOLDER "/made");
	ASSERT_EQ(0, lab_content(self->fd, "files.plm"));
	EXPECT_EVENT("create", FOLDER "/made", 1, do_creat, FOLDER "/made");
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &info));
	EXPECT_EQ(0, info.num_failed);
}

TEST_HARNESS_MAIN
