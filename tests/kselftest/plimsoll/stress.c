// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything at once: executions on every processor while contents alternate,
 * rules are switched, statuses are read, and the module goes and comes back.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_format.h"

#define STORM "/kselftest-bin/storm"
#define NUM_STORMS 2
#define EVEN 10		/* versions; rule 0 of it matches the storm */
#define ODD 11		/* rule 1 does */
#define BURST_MS 4000
#define WRITERS_MS 2000
#define PAIR_MS 300
#define NUM_SWITCHES 500
#define NUM_REFUSED 20000
#define NUM_RELOADS 10

static volatile bool stop;

/* What all threads share. */
struct crowd {
	int fd;
	const uint8_t *data[2];	/* even.plm, odd.plm */
	size_t len[2];
	unsigned int num_replaced;
	unsigned int num_asked;
	unsigned int num_wrong;
};

FIXTURE(stress)
{
	struct crowd crowd;
};

FIXTURE_SETUP(stress)
{
	/* One processor would show no race. */
	ASSERT_LE(2, sysconf(_SC_NPROCESSORS_ONLN));
	lab_ran();
	stop = false;
	memset(&self->crowd, 0, sizeof(self->crowd));
	ASSERT_EQ(0, lab_reload(""));
	ASSERT_EQ(0, lab_place(STORM));
	self->crowd.fd = lab_open(false);
	ASSERT_LE(0, self->crowd.fd);
	self->crowd.data[0] = lab_file("even.plm", &self->crowd.len[0]);
	self->crowd.data[1] = lab_file("odd.plm", &self->crowd.len[1]);
	ASSERT_NE(NULL, self->crowd.data[0]);
	ASSERT_NE(NULL, self->crowd.data[1]);
	ASSERT_EQ(0, lab_content(self->crowd.fd, "even.plm"));
}

FIXTURE_TEARDOWN(stress)
{
	close(self->crowd.fd);
	if (lab_loaded())
		EXPECT_EQ(0, lab_unload());
}

/*
 * Execute until the other end of the pipe is closed.  Ends with how many, or
 * with nothing where one of them went wrong.
 */
static void storm(int in, int out)
{
	struct pollfd polled = { .fd = in };
	uint32_t num = 0;

	while (poll(&polled, 1, 0) == 0) {
		if (lab_run_path(STORM, NULL))
			_exit(1);
		num++;
	}
	_exit(write(out, &num, sizeof(num)) != sizeof(num));
}

struct storms {
	int keep[2], counts[2];
	pid_t pids[NUM_STORMS];
};

static int storms_begin(struct storms *storms)
{
	if (pipe2(storms->keep, O_CLOEXEC) || pipe2(storms->counts, O_CLOEXEC))
		return -errno;
	for (int i = 0; i < NUM_STORMS; i++) {
		storms->pids[i] = fork();
		if (storms->pids[i] == 0) {
			close(storms->keep[1]);
			storm(storms->keep[0], storms->counts[1]);
		}
	}
	close(storms->keep[0]);
	close(storms->counts[1]);
	return 0;
}

/* How many programs ran, or -1 where a storm was broken. */
static long storms_end(struct storms *storms)
{
	long sum = 0;
	uint32_t num;
	int status;

	close(storms->keep[1]);
	for (int i = 0; i < NUM_STORMS; i++) {
		waitpid(storms->pids[i], &status, 0);
		if (status || read(storms->counts[0], &num, sizeof(num)) !=
		    sizeof(num))
			return -1;
		sum += num;
	}
	close(storms->counts[0]);
	return sum;
}

static void count_wrong(struct crowd *crowd)
{
	__atomic_add_fetch(&crowd->num_wrong, 1, __ATOMIC_SEQ_CST);
}

static void *replace(void *arg)
{
	struct crowd *crowd = arg;
	unsigned int i = 0;

	while (!stop) {
		i = !i;
		if (lab_replace(crowd->fd, 1, crowd->data[i], crowd->len[i],
				PLIMSOLL_REPLACE_ROLLBACK, NULL))
			count_wrong(crowd);
		__atomic_add_fetch(&crowd->num_replaced, 1, __ATOMIC_SEQ_CST);
		usleep(1000);
	}
	return NULL;
}

static void *ask(void *arg)
{
	struct plimsoll_channel_status channel;
	struct plimsoll_rule_status rule;
	struct crowd *crowd = arg;

	while (!stop) {
		for (uint32_t i = 0; i < 2; i++)
			if (lab_rule(crowd->fd, i, &rule) ||
			    (rule.num_matched &&
			     rule.content_version != EVEN + i))
				count_wrong(crowd);
		if (lab_channel(crowd->fd, 1, &channel) ||
		    channel.num_rules != 2)
			count_wrong(crowd);
		crowd->num_asked++;
		usleep(500);
	}
	return NULL;
}

/* Read on; how many records, or -1 where one of them mixes two contents. */
static long drain(int fd, struct lab_record *record)
{
	static uint8_t buffer[1 << 16];
	long num = 0;
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t pos = 0; pos < got; num++) {
			size_t used = lab_take(buffer + pos,
					       (size_t)(got - pos), record);
			const struct plimsoll_match *match = record->matches;

			if (!used || record->head.num_matches != 1 ||
			    record->head.type != PLIMSOLL_RECORD_EVENT ||
			    match->channel != 1 ||
			    (match->content_version != EVEN &&
			     match->content_version != ODD) ||
			    match->rule != match->content_version - EVEN)
				return -1;
			pos += (ssize_t)used;
		}
	}
	return num;
}

/* Every event is evaluated by one whole content, and none is missed. */
TEST_F_TIMEOUT(stress, replace, 60)
{
	static struct lab_record record;
	struct storms storms;
	struct plimsoll_info info;
	pthread_t threads[3];
	uint64_t end = lab_ms() + BURST_MS;
	long got, records = 0, ran;

	ASSERT_EQ(0, storms_begin(&storms));
	ASSERT_EQ(0, pthread_create(&threads[0], NULL, replace, &self->crowd));
	ASSERT_EQ(0, pthread_create(&threads[1], NULL, replace, &self->crowd));
	ASSERT_EQ(0, pthread_create(&threads[2], NULL, ask, &self->crowd));
	while (lab_ms() < end) {
		got = drain(self->crowd.fd, &record);
		ASSERT_LE(0, got);
		records += got;
		usleep(5000);
	}
	stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	ran = storms_end(&storms);
	got = drain(self->crowd.fd, &record);
	ASSERT_LE(0, got);
	records += got;
	TH_LOG("%ld programs, %u contents, %u questions", ran,
	       self->crowd.num_replaced, self->crowd.num_asked);
	ASSERT_EQ(0, ioctl(self->crowd.fd, PLIMSOLL_IOC_INFO, &info));
	EXPECT_EQ(0, info.num_lost);
	EXPECT_EQ(ran, records);
	EXPECT_EQ(0, self->crowd.num_wrong);
	EXPECT_LT(20, ran);
	EXPECT_LT(20, self->crowd.num_replaced);
	EXPECT_LT(20, self->crowd.num_asked);
}

/* Offers ever newer versions, every second one of all. */
struct writer {
	int fd;
	uint8_t *data;
	size_t len;
	uint64_t version;
	unsigned int num_replaced, num_refused, num_wrong;
};

static void *write_newer(void *arg)
{
	struct plimsoll_channel_status status;
	struct writer *writer = arg;

	for (; !stop; writer->version += 2) {
		int ret;

		memcpy(writer->data + PLM_HDR_CONTENT_VERSION,
		       &writer->version, sizeof(writer->version));
		lab_repair_sum(writer->data, writer->len);
		ret = lab_replace(writer->fd, 1, writer->data, writer->len, 0,
				  NULL);
		writer->num_replaced += ret == 0;
		writer->num_refused += ret == -ESTALE;
		writer->num_wrong += ret && ret != -ESTALE;
		if (lab_channel(writer->fd, 1, &status) ||
		    status.content_version < writer->version)
			writer->num_wrong++;
		while (writer->version + 2 < status.content_version)
			writer->version += 2;
	}
	return NULL;
}

/* Of two who write at once none undoes what is newer, and each is counted. */
TEST_F_TIMEOUT(stress, writers, 60)
{
	struct plimsoll_channel_status before, after;
	struct writer writers[2];
	pthread_t threads[2];

	ASSERT_EQ(0, lab_channel(self->crowd.fd, 1, &before));
	for (unsigned int i = 0; i < 2; i++) {
		writers[i] = (struct writer){
			.fd = self->crowd.fd, .version = 1000 + i,
		};
		writers[i].data = (uint8_t *)lab_file("even.plm",
						      &writers[i].len);
		ASSERT_NE(NULL, writers[i].data);
	}
	for (unsigned int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, write_newer,
					    &writers[i]));
	usleep(WRITERS_MS * 1000);
	stop = true;
	for (unsigned int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_EQ(0, writers[i].num_wrong);
		EXPECT_LT(20, writers[i].num_replaced);
	}
	TH_LOG("%u and %u taken, %u and %u refused", writers[0].num_replaced,
	       writers[1].num_replaced, writers[0].num_refused,
	       writers[1].num_refused);
	ASSERT_EQ(0, lab_channel(self->crowd.fd, 1, &after));
	EXPECT_EQ(writers[0].num_replaced + writers[1].num_replaced,
		  after.num_replaced - before.num_replaced);
	EXPECT_EQ(writers[0].num_refused + writers[1].num_refused,
		  after.num_refused - before.num_refused);
}

static void *offer_too_large(void *arg)
{
	struct crowd *crowd = arg;

	for (int i = 0; i < NUM_REFUSED; i++)
		if (lab_replace(crowd->fd, 1, NULL, PLM_MAX_FILE_LEN + 1, 0,
				NULL) != -EBADMSG)
			count_wrong(crowd);
	return NULL;
}

TEST_F_TIMEOUT(stress, refusals, 60)
{
	struct plimsoll_channel_status status;
	pthread_t threads[2];

	for (unsigned int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, offer_too_large,
					    &self->crowd));
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ASSERT_EQ(0, lab_channel(self->crowd.fd, 1, &status));
	EXPECT_EQ(2 * NUM_REFUSED, status.num_refused);
	EXPECT_EQ(0, self->crowd.num_wrong);
}

/* What may be done to a channel, or asked of it, as fast as it goes. */

static void do_replace(struct crowd *crowd)
{
	if (lab_replace(crowd->fd, 1, crowd->data[0], crowd->len[0], 0, NULL))
		count_wrong(crowd);
}

static void do_take_out(struct crowd *crowd)
{
	if (lab_replace(crowd->fd, 1, NULL, 0, 0, NULL))
		count_wrong(crowd);
}

static void do_switch(struct crowd *crowd)
{
	static _Thread_local bool enable;
	int ret = lab_switch(crowd->fd, 0, EVEN, enable);

	if (ret && ret != -ENOENT)
		count_wrong(crowd);
	enable = !enable;
}

static void do_ask(struct crowd *crowd)
{
	struct plimsoll_rule_status rule;
	int ret = lab_rule(crowd->fd, 0, &rule);

	if (ret ? ret != -ENOENT : rule.content_version != EVEN)
		count_wrong(crowd);
}

static void (*const deeds[])(struct crowd *crowd) = {
	do_replace, do_take_out, do_switch, do_ask,
};

static struct crowd *common;

static void *do_one(void *arg)
{
	void (*const *deed)(struct crowd *crowd) = arg;

	while (!stop)
		(*deed)(common);
	return NULL;
}

/*
 * Each pair of deeds at once, and content that comes all the time: what one of
 * them frees the others have not got.
 */
TEST_F_TIMEOUT(stress, pairs, 60)
{
	common = &self->crowd;
	for (unsigned int a = 0; a < ARRAY_SIZE(deeds); a++)
		for (unsigned int b = 0; b <= a; b++) {
			pthread_t threads[3];

			stop = false;
			ASSERT_EQ(0, pthread_create(&threads[0], NULL, do_one,
						    (void *)&deeds[a]));
			ASSERT_EQ(0, pthread_create(&threads[1], NULL, do_one,
						    (void *)&deeds[b]));
			ASSERT_EQ(0, pthread_create(&threads[2], NULL, do_one,
						    (void *)&deeds[0]));
			usleep(PAIR_MS * 1000);
			stop = true;
			for (unsigned int i = 0; i < 3; i++)
				pthread_join(threads[i], NULL);
		}
	EXPECT_EQ(0, self->crowd.num_wrong);
	EXPECT_EQ(0, lab_content(self->crowd.fd, "odd.plm"));
}

/* When disabling has returned, no event is evaluated as before. */
TEST_F_TIMEOUT(stress, switch, 60)
{
	struct plimsoll_rule_status before, after;
	unsigned int grew = 0;
	struct storms storms;
	uint64_t last = 0;

	ASSERT_EQ(0, storms_begin(&storms));
	for (int i = 0; i < NUM_SWITCHES; i++) {
		ASSERT_EQ(0, lab_switch(self->crowd.fd, 0, EVEN, false));
		ASSERT_EQ(0, lab_rule(self->crowd.fd, 0, &before));
		usleep(i % 100 ? 200 : 10000);
		ASSERT_EQ(0, lab_rule(self->crowd.fd, 0, &after));
		ASSERT_EQ(before.num_evaluated, after.num_evaluated);
		ASSERT_EQ(before.num_matched, after.num_matched);
		grew += before.num_matched > last;
		last = before.num_matched;
		ASSERT_EQ(0, lab_switch(self->crowd.fd, 0, EVEN, true));
		usleep(1000);
	}
	EXPECT_LT(0, storms_end(&storms));
	/* And in between it was. */
	EXPECT_LT(10, grew);
}

/* Out and in again, with content, under executions that never notice. */
TEST_F_TIMEOUT(stress, reload, 90)
{
	uint64_t began = lab_ms();
	struct storms storms;
	long ran;

	/* A storm that had it open would keep the module from going. */
	close(self->crowd.fd);
	ASSERT_EQ(0, storms_begin(&storms));
	for (int i = 0; i < NUM_RELOADS; i++) {
		ASSERT_EQ(0, lab_unload());
		ASSERT_EQ(0, lab_load(""));
		self->crowd.fd = lab_open(true);
		ASSERT_LE(0, self->crowd.fd);
		ASSERT_EQ(0, lab_content(self->crowd.fd, i % 2 ?
					 "even.plm" : "odd.plm"));
		close(self->crowd.fd);
	}
	ran = storms_end(&storms);
	TH_LOG("%ld programs in %u ms", ran,
	       (unsigned int)(lab_ms() - began));
	EXPECT_LT(20, ran);
	self->crowd.fd = -1;
}

TEST_HARNESS_MAIN
