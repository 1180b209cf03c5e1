// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Content that asks for an input which a source does not supply is refused, and
 * what runs goes on.  Meant for the consumer 01-fewer-inputs-honest, which says
 * so of ParentProcessId; the sound module supplies everything.
 */
#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"

#define MARKED "/kselftest-bin/marked"

TEST(input)
{
	static struct lab_record record;
	struct plimsoll_channel_status status;
	struct plimsoll_replace reply;
	size_t len = 0;
	const uint8_t *data = lab_file("parent-id.plm", &len);
	pid_t pid;
	int fd;

	ASSERT_NE(NULL, data);
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, lab_reload(""));
	fd = lab_open(true);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, lab_content(fd, "watch-1.plm"));
	EXPECT_EQ(-EBADMSG, lab_replace(fd, 1, data, len, 0, &reply));
	EXPECT_EQ(PLM_INPUT_NOT_SUPPLIED, reply.err);
	EXPECT_LT(0, reply.fault_off);
	EXPECT_GT(len, reply.fault_off);
	EXPECT_EQ(0, reply.fault_rule);
	ASSERT_EQ(0, lab_channel(fd, 1, &status));
	EXPECT_EQ(1, status.content_version);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(PLM_INPUT_NOT_SUPPLIED, status.last_err);
	EXPECT_EQ(reply.fault_off, status.last_fault_off);
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(fd, pid, &record));
	EXPECT_EQ(1, record.head.num_matches);
	close(fd);
	EXPECT_EQ(0, lab_unload());
}

TEST_HARNESS_MAIN
