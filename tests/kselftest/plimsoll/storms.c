// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections and changes of files on every processor, while the content that
 * wants them comes and goes, and then the module itself.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"

#define FOLDER "/kselftest-files"
#define PORT 4444
#define NUM_SWITCHES 12
#define NUM_RELOADS 4

/* What the storms have done, as they go; shared with them. */
struct counts {
	bool stop;
	unsigned long rounds, wrong;
};

static int loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	request.ifr_flags = IFF_UP | IFF_RUNNING;
	ret = ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return ret;
}

static struct sockaddr_in here(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

/* Out, in, and a datagram socket; a reset leaves no port behind. */
static bool connections(uint16_t port)
{
	static const struct linger reset = { 1, 0 };
	struct sockaddr_in to = here(port);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int out = socket(AF_INET, SOCK_STREAM, 0);
	int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
	int in = -1, one = 1;
	bool fine;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	fine = !bind(listener, (struct sockaddr *)&to, sizeof(to)) &&
	       !listen(listener, 4) &&
	       !connect(out, (struct sockaddr *)&to, sizeof(to)) &&
	       (in = accept(listener, NULL, NULL)) >= 0 &&
	       !connect(datagrams, (struct sockaddr *)&to, sizeof(to));
	setsockopt(out, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(datagrams);
	close(out);
	close(in);
	close(listener);
	return fine;
}

static bool files(unsigned int number)
{
	char from[64], to[64];
	int fd;

	snprintf(from, sizeof(from), FOLDER "/%u/from", number);
	snprintf(to, sizeof(to), FOLDER "/%u/gone", number);
	fd = open(from, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && !close(fd) && !link(from, to) && !unlink(to) &&
	       !rename(from, to) && !unlink(to);
}

static void storm(struct counts *counts, unsigned int number, int cpu)
{
	cpu_set_t set;

	if (nice(5) < 0)
		_exit(1);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	while (!__atomic_load_n(&counts->stop, __ATOMIC_SEQ_CST)) {
		if (!connections(PORT + number) || !files(number))
			__atomic_add_fetch(&counts->wrong, 1,
					   __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&counts->rounds, 1, __ATOMIC_SEQ_CST);
	}
	_exit(0);
}

#define NUM_STORMS 2

FIXTURE(storms)
{
	struct counts *counts;
	pid_t pids[NUM_STORMS];
	int fd;
};

FIXTURE_SETUP(storms)
{
	char path[64];

	/* One processor would show no race. */
	ASSERT_LE(2, sysconf(_SC_NPROCESSORS_ONLN));
	ASSERT_EQ(0, loopback_up());
	ASSERT_EQ(0, lab_reload(""));
	self->counts = mmap(NULL, sizeof(*self->counts), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->counts);
	mkdir(FOLDER, 0755);
	for (unsigned int i = 0; i < NUM_STORMS; i++) {
		snprintf(path, sizeof(path), FOLDER "/%u", i);
		mkdir(path, 0755);
		self->pids[i] = fork();
		if (self->pids[i] == 0)
			storm(self->counts, i, (int)i % 2);
	}
	self->fd = lab_open(false);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(storms)
{
	int status;

	__atomic_store_n(&self->counts->stop, true, __ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < NUM_STORMS; i++) {
		waitpid(self->pids[i], &status, 0);
		EXPECT_EQ(0, status);
	}
	TH_LOG("%lu rounds", self->counts->rounds);
	EXPECT_EQ(0, self->counts->wrong);
	EXPECT_LT(20, self->counts->rounds);
	close(self->fd);
	if (lab_loaded())
		EXPECT_EQ(0, lab_unload());
}

/* Events begin with the content that wants them, and end with it. */
TEST_F_TIMEOUT(storms, switch, 60)
{
	static const char *const names[] = {
		"network.plm", "files.plm", "watch-1.plm", "files.plm",
	};
	struct plimsoll_rule_status rule;
	unsigned int seen = 0;

	for (unsigned int i = 0; i < NUM_SWITCHES; i++) {
		ASSERT_EQ(0, lab_content(self->fd, names[i % 4]));
		usleep(20000);
		ASSERT_EQ(0, lab_rule(self->fd, i % 2 ? 1 : 0, &rule));
		if (i % 4 != 2)
			seen += rule.num_matched > 0;
	}
	TH_LOG("seen %u times", seen);
	EXPECT_LT(NUM_SWITCHES / 8, seen);
}

/* Matches of the rule, and the rounds just before and just behind that answer. */
struct count {
	unsigned long before, after;
	uint64_t matched;
};

static int count_now(int fd, const struct counts *counts, struct count *out)
{
	struct plimsoll_rule_status rule;
	int ret;

	out->before = __atomic_load_n(&counts->rounds, __ATOMIC_SEQ_CST);
	ret = lab_rule(fd, 1, &rule);
	out->after = __atomic_load_n(&counts->rounds, __ATOMIC_SEQ_CST);
	out->matched = rule.num_matched;
	return ret;
}

/*
 * None is missed: each round of a storm is one renaming that matches.  A storm
 * may be between the two whenever it is looked.
 */
TEST_F_TIMEOUT(storms, counted, 60)
{
	struct plimsoll_info info;
	struct count first, second;
	uint64_t matched;

	ASSERT_EQ(0, lab_content(self->fd, "files.plm"));
	ASSERT_EQ(0, count_now(self->fd, self->counts, &first));
	sleep(3);
	ASSERT_EQ(0, count_now(self->fd, self->counts, &second));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &info));
	matched = second.matched - first.matched;
	TH_LOG("%lu to %lu rounds, %llu matches", second.before - first.after,
	       second.after - first.before, (unsigned long long)matched);
	EXPECT_LE(second.before - first.after, matched + NUM_STORMS);
	EXPECT_GE(second.after - first.before + NUM_STORMS, matched);
	EXPECT_EQ(0, info.num_failed);
}

/* Out and in again under calls that are under way, and never notice. */
TEST_F_TIMEOUT(storms, reload, 90)
{
	close(self->fd);
	for (unsigned int i = 0; i < NUM_RELOADS; i++) {
		ASSERT_EQ(0, lab_unload());
		ASSERT_EQ(0, lab_load(""));
		self->fd = lab_open(true);
		ASSERT_LE(0, self->fd);
		ASSERT_EQ(0, lab_content(self->fd, i % 2 ? "network.plm" :
							   "files.plm"));
		usleep(50000);
		close(self->fd);
	}
	self->fd = -1;
}

TEST_HARNESS_MAIN
