// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine with next to no memory: what cannot be had is refused with ENOMEM,
 * and what runs goes on.  Meant for a VM of less than 128 MiB, where the largest
 * content and the largest ring cannot be had at all.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define MARKED "/kselftest-bin/marked"
#define LEFT_KIB 6144	/* that the hog leaves to all others */

FIXTURE(nomem)
{
	int fd;
	struct lab_record record;
};

FIXTURE_SETUP(nomem)
{
	struct sysinfo info;

	ASSERT_EQ(0, sysinfo(&info));
	ASSERT_GT((uint64_t)PLM_MAX_FILE_LEN,
		  (uint64_t)info.totalram * info.mem_unit);
	lab_ran();
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	ASSERT_EQ(0, lab_place(MARKED));
}

FIXTURE_TEARDOWN(nomem)
{
	close(self->fd);
	if (lab_loaded())
		EXPECT_EQ(0, lab_unload());
}

/* The running content has not noticed. */
#define EXPECT_RUNNING() do {						\
	pid_t pid;							\
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));			\
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));		\
	EXPECT_EQ(1, self->record.head.num_matches);			\
} while (0)

TEST_F(nomem, replace)
{
	struct plimsoll_channel_status status;
	struct plimsoll_replace reply;
	void *large = mmap(NULL, PLM_MAX_FILE_LEN, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ASSERT_NE(MAP_FAILED, large);
	EXPECT_RUNNING();
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(-ENOMEM, lab_replace(self->fd, 1, large,
					       PLM_MAX_FILE_LEN, 0, &reply));
		EXPECT_EQ(PLM_NO_MEMORY, reply.err);
		EXPECT_EQ(0, reply.fault_off);
		EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	}
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(20, status.num_refused);
	EXPECT_EQ(PLM_NO_MEMORY, status.last_err);
	EXPECT_EQ(1, status.content_version);
	EXPECT_RUNNING();
	EXPECT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	EXPECT_RUNNING();
}

TEST_F(nomem, start)
{
	close(self->fd);
	ASSERT_EQ(0, lab_unload());
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(-ENOMEM, lab_load("ring_len=67108864"));
	EXPECT_FALSE(lab_loaded());
	ASSERT_EQ(0, lab_load(""));
	self->fd = lab_open(true);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_RUNNING();
}

/* Little is left: contents come and go, programs run, all are matched. */
TEST_F_TIMEOUT(nomem, pressure, 60)
{
	unsigned int refused = 0;
	pid_t pid = lab_hog(LEFT_KIB);
	int status;

	ASSERT_LT(0, pid);
	ASSERT_GE(LEFT_KIB + 1024, lab_free_kib());
	for (int i = 0; i < 100; i++) {
		int ret = lab_content(self->fd, i % 2 ? "watch-1.plm" :
				      "watch-2.plm");

		ASSERT_TRUE(ret == 0 || ret == -ENOMEM);
		refused += ret != 0;
		EXPECT_RUNNING();
	}
	TH_LOG("%u of 100 contents found no memory", refused);
	ASSERT_EQ(0, kill(pid, SIGKILL));
	waitpid(pid, &status, 0);
}

TEST_HARNESS_MAIN
