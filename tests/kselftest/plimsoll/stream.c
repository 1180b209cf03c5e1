// SPDX-License-Identifier: GPL-2.0-or-later
/* The stream: who gets which record when, and what becomes of the others. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"

#define MARKED "/kselftest-bin/marked"
#define PLAIN "/kselftest-bin/plain"
#define RING_LEN (256u << 10)	/* the smallest */
#define HEAD_LEN sizeof(struct plimsoll_record)

FIXTURE(stream)
{
	int fd;		/* of a reader of matches */
	uint8_t buffer[65536];
	struct lab_record record;
};

FIXTURE_SETUP(stream)
{
	lab_ran();
	ASSERT_EQ(0, lab_reload("ring_len=262144"));
	self->fd = lab_open(false);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, lab_place(PLAIN));
}

FIXTURE_TEARDOWN(stream)
{
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

#define EXPECT_NONE(fd) do {						\
	errno = 0;							\
	EXPECT_EQ(-1, read(fd, self->buffer, sizeof(self->buffer)));	\
	EXPECT_EQ(EAGAIN, errno);					\
} while (0)

static short polled(int fd, int timeout)
{
	struct pollfd one = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&one, 1, timeout) < 0 ? -1 : one.revents;
}

static uint64_t num_lost(int fd)
{
	struct plimsoll_info info = { 0 };

	ioctl(fd, PLIMSOLL_IOC_INFO, &info);
	return info.num_lost;
}

/* One record of a read; 0 where there is none. */
static size_t read_one(int fd, void *buffer, size_t len,
		       struct lab_record *record)
{
	ssize_t got = read(fd, buffer, len);

	return got > 0 && lab_take(buffer, (size_t)got, record) == (size_t)got ?
	       (size_t)got : 0;
}

TEST_F(stream, empty)
{
	EXPECT_NONE(self->fd);
	EXPECT_EQ(0, polled(self->fd, 0));
	EXPECT_EQ(0, lab_run_path(PLAIN, NULL));
	EXPECT_NONE(self->fd);
	EXPECT_EQ(0, polled(self->fd, 0));
}

TEST_F(stream, poll)
{
	pid_t pid;

	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	EXPECT_EQ(POLLIN, polled(self->fd, 0));
	EXPECT_LT(0, read_one(self->fd, self->buffer, sizeof(self->buffer),
			      &self->record));
	EXPECT_EQ(pid, (pid_t)self->record.head.pid);
	EXPECT_EQ(0, polled(self->fd, 0));
}

/* A program a little later, from another process. */
static pid_t run_later(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(100000);
		_exit(lab_run_path(path, NULL) != 0);
	}
	return pid;
}

TEST_F(stream, poll_wakes_up)
{
	pid_t pid = run_later(MARKED);
	int status = -1;

	EXPECT_EQ(POLLIN, polled(self->fd, 10000));
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(stream, read_wakes_up)
{
	int status = -1;
	pid_t pid;

	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	/* What does not concern the reader leaves it asleep. */
	pid = run_later(PLAIN);
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
	pid = run_later(MARKED);
	alarm(20);
	EXPECT_LT(0, read_one(self->fd, self->buffer, sizeof(self->buffer),
			      &self->record));
	alarm(0);
	EXPECT_EQ(1, self->record.head.num_matches);
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
}

static void on_alarm(int number)
{
}

TEST_F(stream, signal_ends_read)
{
	struct sigaction action = { .sa_handler = on_alarm };

	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	alarm(1);
	EXPECT_EQ(-1, read(self->fd, self->buffer, sizeof(self->buffer)));
	EXPECT_EQ(EINTR, errno);
}

/* Each has a position, and a choice, of its own. */
TEST_F(stream, two_readers)
{
	int all = lab_open(true), later;
	pid_t first, second;

	ASSERT_LE(0, all);
	EXPECT_EQ(0, lab_run_path(PLAIN, &first));
	EXPECT_EQ(0, lab_run_path(MARKED, &second));
	later = lab_open(true);
	ASSERT_LE(0, later);
	EXPECT_NONE(later);
	EXPECT_TRUE(lab_find(self->fd, second, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
	EXPECT_NONE(self->fd);
	EXPECT_TRUE(lab_find(all, first, &self->record));
	EXPECT_EQ(0, self->record.head.num_matches);
	EXPECT_TRUE(lab_find(all, second, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
	close(all);
	EXPECT_EQ(0, lab_run_path(PLAIN, &first));
	EXPECT_TRUE(lab_find(later, first, &self->record));
	EXPECT_EQ(0, num_lost(self->fd));
	close(later);
}

TEST_F(stream, choice_changes)
{
	struct plimsoll_stream stream = { .flags = PLIMSOLL_STREAM_ALL };
	pid_t pid;

	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));
	EXPECT_EQ(0, lab_run_path(PLAIN, &pid));
	EXPECT_EQ(POLLIN, polled(self->fd, 0));
	stream.flags = 0;
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));
	EXPECT_EQ(0, polled(self->fd, 0));
	EXPECT_NONE(self->fd);
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	EXPECT_LT(0, read_one(self->fd, self->buffer, sizeof(self->buffer),
			      &self->record));
	EXPECT_EQ(pid, (pid_t)self->record.head.pid);
}

/* What does not fit stays for a larger buffer. */
TEST_F(stream, short_buffer)
{
	size_t len;

	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	for (size_t i = 0; i <= HEAD_LEN; i += 8) {
		errno = 0;
		EXPECT_EQ(-1, read(self->fd, self->buffer, i));
		EXPECT_EQ(EINVAL, errno);
	}
	/* One whole record and most of the next are one record. */
	len = (size_t)read(self->fd, self->buffer, 400);
	ASSERT_GE(400, len);
	EXPECT_EQ(len, lab_take(self->buffer, len, &self->record));
	errno = 0;
	EXPECT_EQ(-1, read(self->fd, self->buffer, len - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(len, read(self->fd, self->buffer, len));
	EXPECT_NONE(self->fd);
}

/* A buffer that is not there costs no record. */
TEST_F(stream, bad_buffer)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	ASSERT_EQ(0, munmap(pages + page, page));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	errno = 0;
	EXPECT_EQ(-1, read(self->fd, pages + page, 65536));
	EXPECT_EQ(EFAULT, errno);
	errno = 0;
	EXPECT_EQ(-1, read(self->fd, pages + page - 64, 65536));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_LT(0, read_one(self->fd, self->buffer, sizeof(self->buffer),
			      &self->record));
	EXPECT_EQ(pid, (pid_t)self->record.head.pid);
	EXPECT_NONE(self->fd);
}

/*
 * A reader that falls behind is told so once, and by how much; what it then
 * gets follows without a gap.
 */
TEST_F(stream, lost)
{
	enum { NUM = 150 };
	static char text[4000];
	char *args[] = { text, NULL };
	struct lab_exec exec = { .path = MARKED, .args = args };
	uint64_t first, last = 0, lost;
	unsigned int records = 0;
	size_t len;

	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	ASSERT_LT(0, read_one(self->fd, self->buffer, sizeof(self->buffer),
			      &self->record));
	first = self->record.head.seq;
	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < NUM; i++)
		EXPECT_EQ(0, lab_run(&exec, NULL));
	/* A reader with too little room for anything learns nothing yet. */
	EXPECT_EQ(-1, read(self->fd, self->buffer, HEAD_LEN - 8));
	EXPECT_EQ(0, num_lost(self->fd));
	len = read_one(self->fd, self->buffer, HEAD_LEN, &self->record);
	ASSERT_EQ(HEAD_LEN, len);
	EXPECT_EQ(PLIMSOLL_RECORD_LOST, self->record.head.type);
	EXPECT_EQ(0, self->record.head.num_matches);
	last = self->record.head.seq;
	lost = last - first;
	EXPECT_LT(NUM - RING_LEN / 4000, lost);
	EXPECT_GT(NUM, lost);
	EXPECT_EQ(lost, num_lost(self->fd));
	while ((len = read_one(self->fd, self->buffer, 5000, &self->record))) {
		EXPECT_EQ(PLIMSOLL_RECORD_EVENT, self->record.head.type);
		EXPECT_EQ(++last, self->record.head.seq);
		records++;
	}
	EXPECT_EQ(NUM, lost + records);
	EXPECT_EQ(lost, num_lost(self->fd));
}

/* Nobody listens, nothing is kept, and nothing counts as lost. */
TEST_F(stream, no_reader)
{
	close(self->fd);
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	self->fd = lab_open(true);
	EXPECT_NONE(self->fd);
	EXPECT_EQ(0, num_lost(self->fd));
}

/* One descriptor in many threads: every record once. */
struct shared {
	int fd;
	unsigned int num, num_bad;
	bool last;	/* no more will come */
};

static void *read_shared(void *arg)
{
	struct shared *shared = arg;
	static __thread uint8_t buffer[8192];
	static __thread struct lab_record record;
	bool last;

	for (;;) {
		ssize_t got;

		last = __atomic_load_n(&shared->last, __ATOMIC_SEQ_CST);
		got = read(shared->fd, buffer, 700);
		if (got < 0 && last)
			return NULL;
		if (got < 0)
			polled(shared->fd, 20);
		for (ssize_t pos = 0; pos < got;) {
			size_t used = lab_take(buffer + pos,
					       (size_t)(got - pos), &record);

			__atomic_add_fetch(used ? &shared->num :
					   &shared->num_bad, 1,
					   __ATOMIC_SEQ_CST);
			pos += used ? (ssize_t)used : got;
		}
	}
}

TEST_F(stream, shared_descriptor)
{
	struct shared shared = { .fd = self->fd };
	pthread_t ids[4];

	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, pthread_create(&ids[i], NULL, read_shared,
					    &shared));
	for (int i = 0; i < 60; i++)
		EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	__atomic_store_n(&shared.last, true, __ATOMIC_SEQ_CST);
	for (int i = 0; i < 4; i++)
		pthread_join(ids[i], NULL);
	EXPECT_EQ(60, shared.num);
	EXPECT_EQ(0, shared.num_bad);
}

TEST_HARNESS_MAIN
