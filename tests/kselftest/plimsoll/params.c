// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's parameters, and the content that it finds when it starts. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define MARKED "/kselftest-bin/marked"
#define CROWD 70	/* rules of crowd.plm, all for the same program */
#define BUDGET "/sys/module/plimsoll/parameters/budget"

FIXTURE(params)
{
	int fd;
	struct plimsoll_info info;
	struct plimsoll_channel_status status;
	struct plimsoll_rule_status rule;
	struct lab_record record;
};

FIXTURE_SETUP(params)
{
	lab_ran();
	self->fd = -1;
	/* Not over what somebody has there. */
	ASSERT_NE(0, access(LAB_FIRMWARE, F_OK));
	ASSERT_EQ(0, lab_place(MARKED));
}

FIXTURE_TEARDOWN(params)
{
	unlink(LAB_FIRMWARE);
	close(self->fd);
	if (lab_loaded())
		EXPECT_EQ(0, lab_unload());
}

#define START(params) do {						\
	ASSERT_EQ(0, lab_reload(params));				\
	self->fd = lab_open(true);					\
	ASSERT_LE(0, self->fd);						\
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &self->info));	\
} while (0)

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	close(fd);
	return ret;
}

TEST_F(params, channels)
{
	struct plimsoll_replace reply;
	size_t len = 0;
	const uint8_t *data = lab_file("watch-7.plm", &len);
	pid_t pid;

	START("channels=1,7");
	EXPECT_EQ(2, self->info.num_channels);
	EXPECT_EQ(1, self->info.channels[0]);
	EXPECT_EQ(7, self->info.channels[1]);
	ASSERT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	ASSERT_EQ(0, lab_replace(self->fd, 7, data, len, 0, &reply));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	ASSERT_EQ(2, self->record.head.num_matches);
	for (int i = 0; i < 2; i++) {
		const struct plimsoll_match *match = &self->record.matches[i];

		EXPECT_EQ(i ? 7 : 1, match->channel);
		EXPECT_EQ(i ? 1 : 2, match->content_version);
		EXPECT_EQ(0, match->rule);
	}
	/* One is off, the other goes on. */
	ASSERT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, false));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	ASSERT_EQ(1, self->record.head.num_matches);
	EXPECT_EQ(7, self->record.matches[0].channel);
	ASSERT_EQ(0, lab_channel(self->fd, 7, &self->status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, self->status.flags);
}

TEST_F(params, eight_channels)
{
	pid_t pid;

	START("channels=8,7,6,5,4,3,2,9999");
	EXPECT_EQ(8, self->info.num_channels);
	EXPECT_EQ(9999, self->info.channels[7]);
	EXPECT_EQ(-ENOENT, lab_channel(self->fd, 1, &self->status));
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "watch-7.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	ASSERT_EQ(1, self->record.head.num_matches);
	EXPECT_EQ(7, self->record.matches[0].channel);
	EXPECT_EQ(0, lab_replace(self->fd, 7, NULL, 0, 0, NULL));
}

/* A value that makes no sense is refused, and leaves nothing behind. */
TEST_F(params, bad_values)
{
	static const char *const bad[] = {
		"channels=0", "channels=10000", "channels=1,1", "channels=x",
		"channels=", "channels=1,2,3,4,5,6,7,8,9", "channels=-1",
		"channels=4294967296", "channels=1,", "off=maybe",
		"ring_len=x", "ring_len=-1", "budget=x", "budget=-1",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		int ret = lab_reload(bad[i]);

		if (ret != -EINVAL && ret != -ERANGE)
			TH_LOG("%s", bad[i]);
		EXPECT_TRUE(ret == -EINVAL || ret == -ERANGE);
		EXPECT_FALSE(lab_loaded());
		EXPECT_NE(0, access(PLIMSOLL_DEVICE, F_OK));
	}
	START("");
}

TEST_F(params, ring_len)
{
	static const char *const taken[] = {
		"ring_len=0", "ring_len=1", "ring_len=262145",
		"ring_len=16777216",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(taken); i++) {
		pid_t pid;

		START(taken[i]);
		ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
		EXPECT_EQ(0, lab_run_path(MARKED, &pid));
		EXPECT_TRUE(lab_find(self->fd, pid, &self->record));
		close(self->fd);
	}
}

/* With content off nothing is loaded or evaluated until it is enabled. */
TEST_F(params, off)
{
	pid_t pid;

	ASSERT_EQ(0, lab_install("watch-1.plm", SIZE_MAX));
	START("off=1");
	EXPECT_EQ(PLIMSOLL_INFO_OFF, self->info.flags);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_DISABLED, self->status.flags);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(0, self->record.head.num_matches);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.num_events);
	ASSERT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, true));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
}

TEST_F(params, firmware)
{
	int log = lab_log();
	pid_t pid;

	ASSERT_LE(0, log);
	ASSERT_EQ(0, lab_install("watch-2.plm", SIZE_MAX));
	START("");
	EXPECT_TRUE(lab_logged(log, "plimsoll: channel 1: content loaded\n"));
	close(log);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, self->status.flags);
	EXPECT_EQ(2, self->status.content_version);
	EXPECT_EQ(1, self->status.num_replaced);
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
}

/* A bad file is told, and the module is there for a good one. */
TEST_F(params, bad_firmware)
{
	int log = lab_log();

	ASSERT_LE(0, log);
	ASSERT_EQ(0, lab_install("watch-2.plm", 700));
	START("");
	EXPECT_TRUE(lab_logged(log, "content refused: TRUNCATED at byte 700\n"));
	EXPECT_FALSE(lab_logged(log, "content loaded"));
	close(log);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.flags);
	EXPECT_EQ(1, self->status.num_refused);
	EXPECT_EQ(PLM_TRUNCATED, self->status.last_err);
	EXPECT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	close(self->fd);
	ASSERT_EQ(0, lab_install("watch-7.plm", SIZE_MAX));
	START("");
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.flags);
	EXPECT_EQ(PLM_WRONG_CHANNEL, self->status.last_err);
	close(self->fd);
	ASSERT_EQ(0, lab_install("watch-7.plm", 0));
	START("");
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.flags);
	EXPECT_EQ(0, lab_content(self->fd, "watch-1.plm"));
}

/* The limit is of firmware too; a file of zeros within it reaches the core. */
TEST_F(params, large_firmware)
{
	ASSERT_EQ(0, lab_install("watch-2.plm", 0));
	ASSERT_EQ(0, truncate(LAB_FIRMWARE, PLM_MAX_FILE_LEN + 1));
	START("");
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.flags);
	EXPECT_EQ(1, self->status.num_refused);
	EXPECT_EQ(PLM_TOO_LARGE, self->status.last_err);
	close(self->fd);
	ASSERT_EQ(0, truncate(LAB_FIRMWARE, PLM_MAX_FILE_LEN));
	START("");
	ASSERT_EQ(0, lab_channel(self->fd, 1, &self->status));
	EXPECT_EQ(0, self->status.flags);
	EXPECT_EQ(1, self->status.num_refused);
	EXPECT_EQ(PLM_BAD_MAGIC, self->status.last_err);
}

/* Out and in again, with content: all that it had is free. */
TEST_F_TIMEOUT(params, keeps_no_memory, 60)
{
	const int warm = 10, all = 60;
	long before = 0;

	ASSERT_EQ(0, lab_install("watch-2.plm", SIZE_MAX));
	for (int i = 0; i < all; i++) {
		ASSERT_EQ(0, lab_reload(""));
		ASSERT_EQ(0, lab_unload());
		if (i == warm)
			before = lab_used_kib();
	}
	ASSERT_LT(0, before);
	EXPECT_LT(lab_used_kib() - before, 128);
}

/*
 * A spent budget disables the rule that found it so, says so, and is forgiven
 * by enabling it; more steps are given while the module runs.
 */
TEST_F(params, budget)
{
	int log = lab_log();
	pid_t pid;

	ASSERT_LE(0, log);
	START("budget=0");
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	EXPECT_TRUE(lab_logged(log, "plimsoll: channel 1 version 1: rule 0 "
				    "disabled: BUDGET_SPENT\n"));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(0, self->record.head.num_matches);
	ASSERT_EQ(0, lab_rule(self->fd, 0, &self->rule));
	EXPECT_EQ(PLIMSOLL_RULE_FAULTED, self->rule.flags);
	EXPECT_EQ(PLM_BUDGET_SPENT, self->rule.last_err);
	EXPECT_EQ(1, self->rule.num_faulted);
	EXPECT_EQ(0, self->rule.num_matched);
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &self->info));
	EXPECT_EQ(1, self->info.num_failed);
	/* Once more is counted, and not told. */
	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	ASSERT_EQ(0, lab_rule(self->fd, 0, &self->rule));
	EXPECT_EQ(2, self->rule.num_faulted);
	EXPECT_FALSE(lab_logged(log, "BUDGET_SPENT"));
	close(log);
	ASSERT_EQ(0, write_text(BUDGET, "1000"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(0, self->record.head.num_matches);
	ASSERT_EQ(0, lab_switch(self->fd, 0, 1, true));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_EQ(1, self->record.head.num_matches);
	ASSERT_EQ(0, lab_rule(self->fd, 0, &self->rule));
	EXPECT_EQ(0, self->rule.flags);
}

/* Enough to find the rules, but not for the conditions of all. */
TEST_F(params, budget_of_conditions)
{
	unsigned int faulted = 0, evaluated = 0, matched = 0;
	pid_t pid;

	START("budget=100");
	ASSERT_EQ(0, lab_content(self->fd, "crowd.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	for (unsigned int i = 0; i < CROWD; i++) {
		ASSERT_EQ(0, lab_rule(self->fd, i, &self->rule));
		evaluated += self->rule.num_evaluated;
		matched += self->rule.num_matched;
		if (!self->rule.flags)
			continue;
		faulted++;
		EXPECT_EQ(PLIMSOLL_RULE_FAULTED, self->rule.flags);
		EXPECT_EQ(PLM_BUDGET_SPENT, self->rule.last_err);
		EXPECT_EQ(1, self->rule.num_faulted);
		EXPECT_EQ(0, self->rule.num_matched);
	}
	/* One is to blame; those behind it are as they were. */
	EXPECT_EQ(1, faulted);
	EXPECT_LT(0, matched);
	EXPECT_GT(CROWD, evaluated);
	EXPECT_EQ(evaluated, matched + 1);
	EXPECT_EQ(matched, self->record.head.num_matches);
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &self->info));
	EXPECT_EQ(1, self->info.num_failed);
}

/* What one channel's content has spent is not another's to answer for. */
TEST_F(params, budget_of_each_channel)
{
	struct plimsoll_rule_status other = { .channel = 7 };
	pid_t pid;

	START("channels=1,7 budget=75");
	ASSERT_EQ(0, lab_content(self->fd, "crowd.plm"));
	ASSERT_EQ(0, lab_content_of(self->fd, 7, "watch-7.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &self->info));
	EXPECT_EQ(1, self->info.num_failed);
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_RULE, &other));
	EXPECT_EQ(0, other.flags);
	EXPECT_EQ(1, other.num_matched);
}

TEST_HARNESS_MAIN
