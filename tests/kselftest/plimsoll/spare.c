// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A content that there is no memory for is refused; nobody is killed to make
 * room for it.  Meant for a VM of 192 MiB, where the largest content fits only
 * as long as nobody else needs much.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define FIRMWARE "/lib/firmware/plimsoll/1.plm"
#define ONE_KIB (100 << 10)	/* for one of the largest, not for two */
#define LEFT_KIB (40 << 10)	/* less than the largest content */

TEST(nobody_is_killed)
{
	void *large = mmap(NULL, PLM_MAX_FILE_LEN, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct plimsoll_replace reply;
	int fd, status;
	pid_t pid;

	ASSERT_NE(MAP_FAILED, large);
	ASSERT_EQ(0, lab_reload(""));
	fd = lab_open(false);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, lab_content(fd, "watch-1.plm"));
	/* It is memory that is missing: with enough, the core is asked. */
	ASSERT_LT((long)(PLM_MAX_FILE_LEN >> 10), lab_free_kib());
	EXPECT_EQ(-EBADMSG, lab_replace(fd, 1, large, PLM_MAX_FILE_LEN, 0,
					&reply));
	EXPECT_EQ(PLM_BAD_MAGIC, reply.err);
	pid = lab_hog(LEFT_KIB);
	ASSERT_LT(0, pid);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-ENOMEM, lab_replace(fd, 1, large, PLM_MAX_FILE_LEN,
					       0, &reply));
		EXPECT_EQ(PLM_NO_MEMORY, reply.err);
	}
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	EXPECT_EQ(0, lab_content(fd, "watch-2.plm"));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(fd);
	EXPECT_EQ(0, lab_unload());
}

/* The loader has the file, and there is no room for a copy. */
TEST(no_room_for_a_copy)
{
	struct plimsoll_channel_status status;
	int fd, ended;
	pid_t pid;

	ASSERT_NE(0, access(FIRMWARE, F_OK));
	mkdir("/lib", 0755);
	mkdir("/lib/firmware", 0755);
	mkdir("/lib/firmware/plimsoll", 0755);
	fd = creat(FIRMWARE, 0644);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, PLM_MAX_FILE_LEN));
	close(fd);
	pid = lab_hog(ONE_KIB);
	ASSERT_LT(0, pid);
	EXPECT_EQ(0, lab_reload(""));
	unlink(FIRMWARE);
	fd = lab_open(false);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, lab_channel(fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(PLM_NO_MEMORY, status.last_err);
	EXPECT_EQ(0, waitpid(pid, &ended, WNOHANG));
	kill(pid, SIGKILL);
	waitpid(pid, &ended, 0);
	close(fd);
	EXPECT_EQ(0, lab_unload());
}

TEST_HARNESS_MAIN
