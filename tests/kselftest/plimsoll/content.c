// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replacing content: what is taken, what is refused, and that the kernel says
 * of every file exactly what the shared core says here, in this program.
 */
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_check.h"
#include "plm_content.h"
#include "plm_template.h"

#define MARKED "/kselftest-bin/marked"
#define OTHER_TEXT_OFF 8	/* from the end: in the last words */

FIXTURE(content)
{
	int fd;
	uint8_t *data;	/* watch-1.plm */
	size_t len;
};

FIXTURE_SETUP(content)
{
	ASSERT_EQ(0, lab_reload(""));
	lab_ran();
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	self->data = (uint8_t *)lab_file("watch-1.plm", &self->len);
	ASSERT_NE(NULL, self->data);
	ASSERT_EQ(0, lab_place(MARKED));
}

FIXTURE_TEARDOWN(content)
{
	close(self->fd);
	free(self->data);
	EXPECT_EQ(0, lab_unload());
}

/* What the core says of @data offered to channel 1, rolling back allowed. */
static enum plm_err expected(const uint8_t *data, size_t len,
			     struct plm_fault *fault)
{
	const struct plm_supply *supply =
		&plm_template_find(PLM_PROCESS_CREATION_ID)->shape;
	struct plm_content content;
	enum plm_err err = plm_check(data, (u32)len, 0, &content, fault);

	if (err == PLM_OK && content.channel != 1) {
		*fault = (struct plm_fault){ PLM_HDR_CHANNEL, PLM_NO_RULE };
		return PLM_WRONG_CHANNEL;
	}
	if (err == PLM_OK)
		err = plm_check_supply(&content, &supply, 1, fault);
	return err;
}

/* Offer a file to both; true where they agree.  @out_err is their word. */
static bool agree(int fd, const uint8_t *data, size_t len,
		  enum plm_err *out_err)
{
	struct plm_fault fault;
	struct plimsoll_replace reply;
	int ret;

	*out_err = expected(data, len, &fault);
	ret = lab_replace(fd, 1, data, len, PLIMSOLL_REPLACE_ROLLBACK, &reply);
	if (*out_err == PLM_OK)
		return ret == 0 && reply.err == PLM_OK;
	return ret == -EBADMSG && reply.err == *out_err &&
	       reply.fault_off == fault.off && reply.fault_rule == fault.rule;
}

TEST_F(content, replace)
{
	struct plimsoll_channel_status status;
	struct plimsoll_replace reply;

	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(0, status.content_version);
	EXPECT_EQ(0, status.num_replaced);
	ASSERT_EQ(0, lab_replace(self->fd, 1, self->data, self->len, 0,
				 &reply));
	EXPECT_EQ(PLM_OK, reply.err);
	EXPECT_EQ(0, reply.fault_off);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
	EXPECT_EQ(1, status.content_version);
	EXPECT_EQ(self->len, status.data_len);
	EXPECT_EQ(6, status.num_rules);
	EXPECT_EQ(1, status.num_replaced);
	/* The kernel has a copy of its own. */
	memset(self->data, 0xff, self->len);
	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	ASSERT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(2, status.content_version);
	EXPECT_EQ(2, status.num_replaced);
	EXPECT_EQ(0, status.num_events);
}

/* data_len 0 takes the content out; the next event matches nothing. */
TEST_F(content, take_out)
{
	struct plimsoll_channel_status status;
	struct plimsoll_replace reply;
	struct lab_record record;
	pid_t pid;

	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &record));
	EXPECT_EQ(1, record.head.num_matches);
	ASSERT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, &reply));
	EXPECT_EQ(PLM_OK, reply.err);
	EXPECT_EQ(0, reply.fault_off);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.flags);
	EXPECT_EQ(0, status.content_version);
	EXPECT_EQ(0, status.num_rules);
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &record));
	EXPECT_EQ(0, record.head.num_matches);
	/* Once more is no mistake, and any version may follow. */
	EXPECT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
	EXPECT_EQ(0, lab_replace(self->fd, 1, self->data, self->len, 0, NULL));
}

/* A refusal leaves everything as it is, counters too, and says why. */
TEST_F(content, refusal)
{
	struct plimsoll_channel_status status;
	struct plimsoll_rule_status rule;
	struct plimsoll_replace reply;
	pid_t pid;

	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	EXPECT_EQ(0, lab_switch(self->fd, 3, 1, false));
	self->data[self->len - OTHER_TEXT_OFF] ^= 1;
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, self->data, self->len,
					0, &reply));
	EXPECT_EQ(PLM_BAD_SUM, reply.err);
	EXPECT_EQ(PLM_HDR_SUM, reply.fault_off);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
	EXPECT_EQ(1, status.content_version);
	EXPECT_EQ(1, status.num_events);
	EXPECT_EQ(1, status.num_replaced);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(PLM_BAD_SUM, status.last_err);
	EXPECT_EQ(PLM_HDR_SUM, status.last_fault_off);
	ASSERT_EQ(0, lab_rule(self->fd, 0, &rule));
	EXPECT_EQ(1, rule.num_matched);
	ASSERT_EQ(0, lab_rule(self->fd, 3, &rule));
	EXPECT_EQ(PLIMSOLL_RULE_DISABLED, rule.flags);
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_EQ(0, lab_rule(self->fd, 0, &rule));
	EXPECT_EQ(2, rule.num_matched);
}

/* A fault inside a rule names the rule. */
TEST_F(content, refusal_names_rule)
{
	struct plm_content content;
	struct plimsoll_replace reply;
	struct plm_fault fault;
	u32 off;

	ASSERT_EQ(PLM_OK, plm_check(self->data, (u32)self->len, 0, &content,
				    &fault));
	off = content.section[PLM_SECTION_RULES - 1].off + 4 * PLM_RULE_LEN +
	      PLM_RULE_ACTION;
	self->data[off] = 77;
	lab_repair_sum(self->data, self->len);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, self->data, self->len,
					0, &reply));
	EXPECT_EQ(PLM_BAD_TYPE, reply.err);
	EXPECT_EQ(off, reply.fault_off);
	EXPECT_EQ(4, reply.fault_rule);
}

/* The log names the rule where there is one. */
TEST_F(content, refusal_is_logged)
{
	struct plm_content content;
	struct plm_fault fault;
	int log = lab_log();
	char told[80];
	u32 off;

	ASSERT_LE(0, log);
	ASSERT_EQ(PLM_OK, plm_check(self->data, (u32)self->len, 0, &content,
				    &fault));
	self->data[PLM_HDR_RESERVED] = 1;
	lab_repair_sum(self->data, self->len);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, self->data, self->len,
					0, NULL));
	EXPECT_TRUE(lab_logged(log, "plimsoll: channel 1: content refused: "
				    "RESERVED_SET at byte 40\n"));
	self->data[PLM_HDR_RESERVED] = 0;
	off = content.section[PLM_SECTION_RULES - 1].off + 4 * PLM_RULE_LEN +
	      PLM_RULE_ACTION;
	self->data[off] = 77;
	lab_repair_sum(self->data, self->len);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, self->data, self->len,
					0, NULL));
	snprintf(told, sizeof(told), "refused: BAD_TYPE at byte %u, rule 4\n",
		 off);
	EXPECT_TRUE(lab_logged(log, told));
	close(log);
}

/* What is replaced, taken out or refused leaves no memory behind. */
TEST_F_TIMEOUT(content, keeps_no_memory, 120)
{
	static uint8_t large[1 << 20];
	const int warm = 1024, all = 21024;
	long before = 0;

	for (int i = 0; i < all; i++) {
		if (i == warm)
			before = lab_used_kib();
		ASSERT_EQ(0, lab_replace(self->fd, 1, self->data, self->len,
					 PLIMSOLL_REPLACE_ROLLBACK, NULL));
		if (i % 512)
			continue;
		EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, large,
						sizeof(large), 0, NULL));
		EXPECT_EQ(-ENOENT, lab_replace(self->fd, 7, large,
					       sizeof(large), 0, NULL));
		EXPECT_EQ(-EFAULT, lab_replace(self->fd, 1, NULL,
					       sizeof(large), 0, NULL));
		EXPECT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
	}
	ASSERT_LT(0, before);
	EXPECT_LT(lab_used_kib() - before, 128);
}

/* One of two criteria holds, which is not enough. */
TEST_F(content, half_of_a_rule)
{
	struct plimsoll_rule_status rule;
	struct lab_record record;
	pid_t pid;

	ASSERT_EQ(0, lab_content(self->fd, "parent-id.plm"));
	EXPECT_EQ(0, lab_run_path(MARKED, &pid));
	ASSERT_TRUE(lab_find(self->fd, pid, &record));
	EXPECT_EQ(0, record.head.num_matches);
	ASSERT_EQ(0, lab_rule(self->fd, 0, &rule));
	EXPECT_EQ(1, rule.num_evaluated);
	EXPECT_EQ(0, rule.num_matched);
	EXPECT_EQ(0, rule.flags);
}

TEST_F(content, older_version)
{
	struct plimsoll_channel_status status;
	struct plimsoll_replace reply;

	ASSERT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	EXPECT_EQ(-ESTALE, lab_replace(self->fd, 1, self->data, self->len, 0,
				       &reply));
	EXPECT_EQ(PLM_BAD_VERSION, reply.err);
	EXPECT_EQ(PLM_HDR_CONTENT_VERSION, reply.fault_off);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(2, status.content_version);
	EXPECT_EQ(1, status.num_refused);
	EXPECT_EQ(0, lab_replace(self->fd, 1, self->data, self->len,
				 PLIMSOLL_REPLACE_ROLLBACK, &reply));
	EXPECT_EQ(PLM_OK, reply.err);
	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(1, status.content_version);
	/* The same version again is not older. */
	EXPECT_EQ(0, lab_replace(self->fd, 1, self->data, self->len, 0, NULL));
}

TEST_F(content, wrong_channel)
{
	struct plimsoll_replace reply;
	size_t len = 0;
	const uint8_t *data = lab_file("watch-7.plm", &len);

	ASSERT_NE(NULL, data);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, data, len, 0, &reply));
	EXPECT_EQ(PLM_WRONG_CHANNEL, reply.err);
	EXPECT_EQ(PLM_HDR_CHANNEL, reply.fault_off);
	EXPECT_EQ(-ENOENT, lab_replace(self->fd, 7, data, len, 0, &reply));
	EXPECT_EQ(PLM_OK, reply.err);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
}

/* Above the limit nothing is read; at the limit the core has its say. */
TEST_F(content, sizes)
{
	struct plimsoll_replace reply;
	enum plm_err err;
	uint8_t *large = mmap(NULL, PLM_MAX_FILE_LEN, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			      0);

	ASSERT_NE(MAP_FAILED, (void *)large);
	for (uint64_t len = (uint64_t)PLM_MAX_FILE_LEN + 1; len <= 0xffffffff;
	     len = len * 4 - 1) {
		EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, NULL, len, 0,
						&reply));
		EXPECT_EQ(PLM_TOO_LARGE, reply.err);
	}
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, NULL, 0xffffffff, 0,
					&reply));
	EXPECT_EQ(PLM_TOO_LARGE, reply.err);
	/* A header that announces all of it. */
	memcpy(large, self->data, self->len);
	large[PLM_HDR_TOTAL_LEN] = 0;
	large[PLM_HDR_TOTAL_LEN + 1] = 0;
	large[PLM_HDR_TOTAL_LEN + 2] = 0;
	large[PLM_HDR_TOTAL_LEN + 3] = 4;
	EXPECT_TRUE(agree(self->fd, large, PLM_MAX_FILE_LEN, &err));
	EXPECT_NE(PLM_OK, err);
	EXPECT_NE(PLM_TOO_LARGE, err);
	EXPECT_TRUE(agree(self->fd, self->data, self->len, &err));
	EXPECT_EQ(PLM_OK, err);
}

TEST_F_TIMEOUT(content, every_length, 60)
{
	enum plm_err err;

	for (size_t len = 1; len < self->len; len++) {
		if (!agree(self->fd, self->data, len, &err) || err == PLM_OK) {
			TH_LOG("length %zu: %s", len, plm_error_name(err));
			ASSERT_TRUE(false);
		}
	}
	/* Longer by zeros, and by more of the same. */
	self->data = realloc(self->data, self->len * 2);
	memcpy(self->data + self->len, self->data, self->len);
	for (size_t more = 1; more <= self->len; more = more * 2 + 1) {
		EXPECT_TRUE(agree(self->fd, self->data, self->len + more,
				  &err));
		EXPECT_EQ(PLM_TRAILING, err);
	}
}

/*
 * Every byte changed, with a sum that fits: the same code, the same place and
 * the same rule from the kernel as from here; or both take it.
 */
TEST_F_TIMEOUT(content, every_byte, 90)
{
	unsigned int seen[PLM_NUM_ERRORS] = { 0 }, kinds = 0;
	enum plm_err err;

	for (size_t at = 0; at < self->len; at++) {
		uint8_t old = self->data[at];

		self->data[at] ^= (uint8_t)(1 + at * 37 % 255);
		if (at < PLM_HDR_SUM || at >= PLM_HDR_SUM + 8)
			lab_repair_sum(self->data, self->len);
		if (!agree(self->fd, self->data, self->len, &err)) {
			TH_LOG("byte %zu: %s", at, plm_error_name(err));
			ASSERT_TRUE(false);
		}
		seen[err]++;
		self->data[at] = old;
		lab_repair_sum(self->data, self->len);
	}
	for (int i = 0; i < PLM_NUM_ERRORS; i++)
		kinds += seen[i] > 0;
	/* That was more than one check. */
	EXPECT_LE(12, kinds);
	EXPECT_LT(0, seen[PLM_BAD_SUM]);
	EXPECT_LT(0, seen[PLM_WRONG_CHANNEL]);
	EXPECT_TRUE(agree(self->fd, self->data, self->len, &err));
	EXPECT_EQ(PLM_OK, err);
}

TEST_HARNESS_MAIN
