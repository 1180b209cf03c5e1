// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A content that there is no memory for is refused; nobody is killed to make
 * room for it.  Meant for a VM of 192 MiB, where the largest content fits only
 * as long as nobody else needs much.
 */
#include <fcntl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define MAX_MIB 256
#define ONE_KIB (100 << 10)	/* for one of the largest, not for two */
#define LEFT_KIB (40 << 10)	/* less than the largest content */

FIXTURE(spare)
{
	pid_t hog;
	int fd;
};

FIXTURE_SETUP(spare)
{
	struct sysinfo info;

	self->fd = -1;
	ASSERT_EQ(0, sysinfo(&info));
	/* On a machine of somebody's the hog would take all that there is. */
	ASSERT_GT((uint64_t)MAX_MIB << 20,
		  (uint64_t)info.totalram * info.mem_unit);
	ASSERT_NE(0, access(LAB_FIRMWARE, F_OK));
}

FIXTURE_TEARDOWN(spare)
{
	unlink(LAB_FIRMWARE);
	if (self->hog > 0) {
		/* Nobody has killed it. */
		EXPECT_EQ(0, waitpid(self->hog, NULL, WNOHANG));
		kill(self->hog, SIGKILL);
		waitpid(self->hog, NULL, 0);
	}
	close(self->fd);
	if (lab_loaded())
		EXPECT_EQ(0, lab_unload());
}

TEST_F(spare, replace)
{
	void *large = mmap(NULL, PLM_MAX_FILE_LEN, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct plimsoll_replace reply;

	ASSERT_NE(MAP_FAILED, large);
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(false);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	/* It is memory that is missing: with enough, the core is asked. */
	ASSERT_LT((long)(PLM_MAX_FILE_LEN >> 10), lab_free_kib());
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, large, PLM_MAX_FILE_LEN,
					0, &reply));
	EXPECT_EQ(PLM_BAD_MAGIC, reply.err);
	self->hog = lab_hog(LEFT_KIB);
	ASSERT_LT(0, self->hog);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-ENOMEM, lab_replace(self->fd, 1, large,
					       PLM_MAX_FILE_LEN, 0, &reply));
		EXPECT_EQ(PLM_NO_MEMORY, reply.err);
	}
	EXPECT_EQ(0, lab_content(self->fd, "watch-2.plm"));
}

/* The loader has the file, and there is no room for a copy. */
TEST_F(spare, firmware)
{
	struct plimsoll_channel_status status;

	ASSERT_EQ(0, lab_install("watch-1.plm", 0));
	ASSERT_EQ(0, truncate(LAB_FIRMWARE, PLM_MAX_FILE_LEN));
	self->hog = lab_hog(ONE_KIB);
	ASSERT_LT(0, self->hog);
	EXPECT_EQ(0, lab_reload(""));
	self->fd = lab_open(false);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(PLM_NO_MEMORY, status.last_err);
}

TEST_HARNESS_MAIN
