// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two channels at once: each has content of its own, and events are raised as
 * long as either wants them.
 */
#include <fcntl.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define MADE "/kselftest-channels"

FIXTURE(channels)
{
	int fd;
	struct lab_record record;
};

FIXTURE_SETUP(channels)
{
	ASSERT_EQ(0, lab_loopback_up());
	ASSERT_EQ(0, lab_reload("channels=7,1"));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(channels)
{
	unlink(MADE);
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

static int make_file(const struct lab_exec *exec)
{
	unlink(MADE);
	_exit(creat(MADE, 0644) < 0);
}

/* Is there an event of what a child does? */
#define EXPECT_RAISED(is, act) do {					\
	const struct lab_exec exec = { .how = act };			\
	pid_t pid = 0;							\
									\
	EXPECT_EQ(0, lab_run(&exec, &pid));				\
	EXPECT_EQ(is, lab_find(self->fd, pid, &self->record));		\
} while (0)

#define EXPECT_EVENTS(of_files, of_network) do {			\
	EXPECT_RAISED(of_files, make_file);				\
	EXPECT_RAISED(of_network, lab_connect_datagram);		\
} while (0)

static int take_out(int fd, uint32_t channel)
{
	return lab_replace(fd, channel, NULL, 0, 0, NULL);
}

TEST_F(channels, events_that_any_wants)
{
	EXPECT_EVENTS(false, false);
	ASSERT_EQ(0, lab_content(self->fd, "files.plm"));
	EXPECT_EVENTS(true, false);
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "network-7.plm"));
	EXPECT_EVENTS(true, true);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EVENTS(false, true);
	ASSERT_EQ(0, take_out(self->fd, 7));
	EXPECT_EVENTS(false, false);
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "network-7.plm"));
	EXPECT_EVENTS(false, true);
	ASSERT_EQ(0, lab_content(self->fd, "files.plm"));
	EXPECT_EVENTS(true, true);
	ASSERT_EQ(0, take_out(self->fd, 1));
	EXPECT_EVENTS(false, true);
}

/* A file that is refused wants nothing. */
TEST_F(channels, refused)
{
	struct plimsoll_channel_status status;
	size_t len = 0;
	const uint8_t *data = lab_file("files.plm", &len);

	ASSERT_NE(NULL, data);
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "network-7.plm"));
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, data, len - 8, 0, NULL));
	EXPECT_EVENTS(false, true);
	ASSERT_EQ(0, lab_channel(self->fd, 7, &status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
	EXPECT_EQ(0, status.num_refused);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(1, status.num_refused);
}

/* Each channel takes only files with its own number. */
TEST_F(channels, of_the_other)
{
	struct plimsoll_replace reply;
	size_t len = 0;
	const uint8_t *data = lab_file("watch-1.plm", &len);

	ASSERT_NE(NULL, data);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 7, data, len, 0, &reply));
	EXPECT_EQ(PLM_WRONG_CHANNEL, reply.err);
	EXPECT_EQ(PLM_HDR_CHANNEL, reply.fault_off);
	EXPECT_EQ(-EBADMSG, lab_content_of(self->fd, 1, "network-7.plm"));
	EXPECT_EQ(0, lab_replace(self->fd, 1, data, len, 0, NULL));
	EXPECT_EQ(0, lab_content_of(self->fd, 7, "network-7.plm"));
}

TEST_HARNESS_MAIN
