// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module that was loaded as the machine started, with what the kernel's
 * command line says for it and a content file where it looks.
 */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "lab.h"

static bool started_off(void)
{
	char line[4096];
	int fd = open("/proc/cmdline", O_RDONLY);
	ssize_t len = read(fd, line, sizeof(line) - 1);

	close(fd);
	line[len > 0 ? len : 0] = 0;
	return strstr(line, " plimsoll.off=1") != NULL;
}

TEST(content_at_start)
{
	struct plimsoll_channel_status status;
	struct plimsoll_info info;
	int fd;

	ASSERT_TRUE(lab_loaded());
	fd = lab_open(false);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, PLIMSOLL_IOC_INFO, &info));
	ASSERT_EQ(0, lab_channel(fd, 1, &status));
	if (started_off()) {
		EXPECT_EQ(PLIMSOLL_INFO_OFF, info.flags);
		EXPECT_EQ(PLIMSOLL_CHANNEL_DISABLED, status.flags);
		EXPECT_EQ(0, status.content_version);
	} else {
		EXPECT_EQ(0, info.flags);
		EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
		EXPECT_EQ(1, status.content_version);
	}
}

TEST_HARNESS_MAIN
