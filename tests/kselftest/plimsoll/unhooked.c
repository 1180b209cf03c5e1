// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Content whose events cannot be had is refused, and what runs goes on.  Meant
 * for the consumer 31-function-gone, for which the kernel has not got a function
 * that file events need.
 */
#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"

#define MARKED "/kselftest-bin/marked"

FIXTURE(unhooked)
{
	int fd;
	struct lab_record record;
};

FIXTURE_SETUP(unhooked)
{
	ASSERT_EQ(0, lab_loopback_up());
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, lab_reload("channels=1,7"));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(unhooked)
{
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

static bool connection_is_raised(int fd, struct lab_record *record)
{
	const struct lab_exec exec = { .how = lab_connect_datagram };
	pid_t pid;

	return lab_run(&exec, &pid) == 0 && lab_find(fd, pid, record);
}

/* Both of network and of files: also what could be had is given back. */
static void expect_refused(struct __test_metadata *_metadata, int fd)
{
	struct plimsoll_replace reply;
	size_t len = 0;
	const uint8_t *data = lab_file("both.plm", &len);

	ASSERT_NE(NULL, data);
	EXPECT_EQ(-EBADMSG, lab_replace(fd, 1, data, len, 0, &reply));
	EXPECT_EQ(PLM_INPUT_NOT_SUPPLIED, reply.err);
	EXPECT_EQ(0, reply.fault_off);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	free((void *)data);
}

TEST_F(unhooked, first)
{
	struct plimsoll_channel_status status;

	expect_refused(_metadata, self->fd);
	EXPECT_FALSE(connection_is_raised(self->fd, &self->record));
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(0, status.num_replaced);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(PLM_INPUT_NOT_SUPPLIED, status.last_err);
}

TEST_F(unhooked, what_runs_goes_on)
{
	struct plimsoll_channel_status status;
	pid_t pid;

	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "network-7.plm"));
	expect_refused(_metadata, self->fd);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
	EXPECT_EQ(1, status.content_version);
	EXPECT_EQ(1, status.num_replaced);
	EXPECT_TRUE(connection_is_raised(self->fd, &self->record));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
	/* And back to what can be had. */
	EXPECT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	EXPECT_EQ(0, lab_replace(self->fd, 7, NULL, 0, 0, NULL));
	EXPECT_FALSE(connection_is_raised(self->fd, &self->record));
}

/* What is refused so late leaves no memory behind; hooks take time, so few. */
TEST_F_TIMEOUT(unhooked, keeps_no_memory, 60)
{
	const int warm = 4, all = 36;
	long before = 0;

	for (int i = 0; i < all; i++) {
		if (i == warm)
			before = lab_used_kib();
		expect_refused(_metadata, self->fd);
	}
	ASSERT_LT(0, before);
	EXPECT_LT(lab_used_kib() - before, 128);
}

TEST_HARNESS_MAIN
