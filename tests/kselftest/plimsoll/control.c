// SPDX-License-Identifier: GPL-2.0-or-later
/* The control device: who may open it, and what it does with any argument. */
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "lab.h"
#include "plm_error.h"
#include "plm_format.h"

#define MARKED "/kselftest-bin/marked"
#define NUM_RANDOM 3000
#define ID_LEN 36	/* of a rule: a UUID */

FIXTURE(control)
{
	int fd;
};

FIXTURE_SETUP(control)
{
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(false);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
}

FIXTURE_TEARDOWN(control)
{
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

/* The content is still what the set-up loaded. */
#define EXPECT_UNTOUCHED() do {						\
	struct plimsoll_channel_status now;				\
	EXPECT_EQ(0, lab_channel(self->fd, 1, &now));			\
	EXPECT_EQ(1, now.content_version);				\
	EXPECT_EQ(6, now.num_rules);					\
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, now.flags);			\
} while (0)

#define EXPECT_ERRNO(wanted, call) do {					\
	errno = 0;							\
	EXPECT_EQ(-1, call);						\
	EXPECT_EQ(wanted, errno);					\
} while (0)

TEST_F(control, device)
{
	struct stat st;

	ASSERT_EQ(0, stat(PLIMSOLL_DEVICE, &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_ERRNO(EINVAL, write(self->fd, "x", 1));
	EXPECT_ERRNO(ESPIPE, lseek(self->fd, 0, SEEK_SET));
	EXPECT_ERRNO(ESPIPE, pread(self->fd, &st, 1, 0));
}

TEST_F(control, info)
{
	struct plimsoll_info info;

	memset(&info, 0xff, sizeof(info));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &info));
	EXPECT_EQ(PLIMSOLL_ABI, info.abi);
	EXPECT_EQ(1, info.format_version);
	EXPECT_EQ(1, info.num_channels);
	EXPECT_EQ(1, info.channels[0]);
	for (int i = 1; i < PLIMSOLL_MAX_CHANNELS; i++)
		EXPECT_EQ(0, info.channels[i]);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(0, info.num_lost);
	EXPECT_EQ(0, info.num_failed);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(0, info.reserved[i]);
}

TEST_F(control, channel)
{
	struct plimsoll_channel_status status;

	ASSERT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(1, status.channel);
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, status.flags);
	EXPECT_EQ(1, status.content_version);
	EXPECT_LT(0, status.data_len);
	EXPECT_EQ(6, status.num_rules);
	EXPECT_EQ(1, status.num_replaced);
	EXPECT_EQ(0, status.num_refused);
	EXPECT_EQ(0, status.last_err);
	EXPECT_EQ(0, status.reserved[0]);
	EXPECT_EQ(0, status.reserved[1]);
	EXPECT_EQ(-ENOENT, lab_channel(self->fd, 0, &status));
	EXPECT_EQ(-ENOENT, lab_channel(self->fd, 2, &status));
	EXPECT_EQ(-ENOENT, lab_channel(self->fd, ~0u, &status));
}

TEST_F(control, rule)
{
	struct plimsoll_rule_status status;

	for (uint32_t i = 0; i < 6; i++) {
		char id[ID_LEN + 1];

		snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012u", i);
		ASSERT_EQ(0, lab_rule(self->fd, i, &status));
		EXPECT_EQ(1, status.channel);
		EXPECT_EQ(i, status.rule);
		EXPECT_EQ(1, status.content_version);
		EXPECT_EQ(0, status.flags);
		EXPECT_EQ(1, status.action);
		EXPECT_EQ(0, status.num_matched);
		EXPECT_EQ(0, status.num_faulted);
		EXPECT_EQ(0, status.last_err);
		ASSERT_EQ(ID_LEN, status.id_len);
		EXPECT_EQ(0, memcmp(id, status.id, ID_LEN));
		for (unsigned int k = ID_LEN; k < sizeof(status.id); k++)
			EXPECT_EQ(0, status.id[k]);
	}
	EXPECT_EQ(-ENOENT, lab_rule(self->fd, 6, &status));
	EXPECT_EQ(-ENOENT, lab_rule(self->fd, 0x7fffffff, &status));
	EXPECT_EQ(-ENOENT, lab_rule(self->fd, ~0u, &status));
	EXPECT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
	EXPECT_EQ(-ENOENT, lab_rule(self->fd, 0, &status));
}

TEST_F(control, switch)
{
	struct plimsoll_channel_status channel;
	struct plimsoll_rule_status rule;

	EXPECT_EQ(0, lab_switch(self->fd, 2, 1, false));
	EXPECT_EQ(0, lab_rule(self->fd, 2, &rule));
	EXPECT_EQ(PLIMSOLL_RULE_DISABLED, rule.flags);
	EXPECT_EQ(0, lab_rule(self->fd, 1, &rule));
	EXPECT_EQ(0, rule.flags);
	EXPECT_EQ(0, lab_switch(self->fd, 2, 1, true));
	EXPECT_EQ(0, lab_rule(self->fd, 2, &rule));
	EXPECT_EQ(0, rule.flags);
	EXPECT_EQ(-ENOENT, lab_switch(self->fd, 6, 1, false));
	EXPECT_EQ(-ENOENT, lab_switch(self->fd, 2, 0, false));
	EXPECT_EQ(-ENOENT, lab_switch(self->fd, 2, 2, false));
	EXPECT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, false));
	EXPECT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED | PLIMSOLL_CHANNEL_DISABLED,
		  channel.flags);
	/* New content: rules are enabled, a channel stays as it is. */
	EXPECT_EQ(0, lab_switch(self->fd, 2, 1, false));
	EXPECT_EQ(0, lab_content(self->fd, "watch-2.plm"));
	EXPECT_EQ(0, lab_rule(self->fd, 2, &rule));
	EXPECT_EQ(0, rule.flags);
	EXPECT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED | PLIMSOLL_CHANNEL_DISABLED,
		  channel.flags);
	EXPECT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, true));
	EXPECT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(PLIMSOLL_CHANNEL_LOADED, channel.flags);
}

/* Each refused argument is a good one with one thing changed. */
TEST_F(control, bad_arguments)
{
	const struct plimsoll_switch good = {
		.channel = 1, .rule = 0, .content_version = 1, .enable = 1,
	};
	struct plimsoll_stream stream = { 0 };
	struct plimsoll_switch arg = good;

	EXPECT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_SWITCH, &arg));
	arg.enable = 2;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_SWITCH, &arg));
	arg = good;
	arg.reserved = 1;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_SWITCH, &arg));
	arg = good;
	arg.channel = 2;
	EXPECT_ERRNO(ENOENT, ioctl(self->fd, PLIMSOLL_IOC_SWITCH, &arg));
	arg = good;
	arg.rule = PLIMSOLL_WHOLE_CHANNEL;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_SWITCH, &arg));

	EXPECT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));
	stream.flags = 2;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));
	stream.flags = ~0u;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));
	stream.flags = 0;
	stream.reserved = 1;
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_STREAM, &stream));

	for (uint32_t bit = 1; bit < 32; bit++)
		EXPECT_EQ(-EINVAL, lab_replace(self->fd, 1, NULL, 0, 1u << bit,
					       NULL));
	EXPECT_EQ(-ENOENT, lab_replace(self->fd, 2, NULL, 0, 0, NULL));
	EXPECT_EQ(-ENOENT, lab_replace(self->fd, 2, "x", 1, 0, NULL));
	EXPECT_UNTOUCHED();
}

/* "reserved must be zero, or the call fails": also in what is only read. */
TEST_F(control, reserved_of_replies)
{
	for (int i = 0; i < 2; i++) {
		struct plimsoll_channel_status status = { .channel = 1 };

		status.reserved[i] = 1;
		EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_CHANNEL,
					   &status));
	}
}

TEST_F(control, counts_events)
{
	struct plimsoll_info before, after;

	lab_ran();
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &before));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(0, lab_run_path(MARKED, NULL));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, &after));
	EXPECT_EQ(before.num_events + 3, after.num_events);
	EXPECT_EQ(0, after.num_failed);
}

/* Readers come and go, and leave no memory behind. */
TEST_F(control, opens)
{
	const int warm = 100, all = 20100;
	long before = 0;

	for (int i = 0; i < all; i++) {
		int fd = open(PLIMSOLL_DEVICE, O_RDWR | O_CLOEXEC);

		if (i == warm)
			before = lab_used_kib();
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, close(fd));
	}
	ASSERT_LT(0, before);
	EXPECT_LT(lab_used_kib() - before, 128);
}

/* Nothing of what the caller had there is part of a reply. */
TEST_F(control, replies_are_whole)
{
	struct plimsoll_channel_status channel, channel_again;
	struct plimsoll_rule_status rule, rule_again;

	ASSERT_EQ(0, lab_channel(self->fd, 1, &channel));
	memset(&channel_again, 0xff, sizeof(channel_again));
	channel_again.channel = 1;
	memset(channel_again.reserved, 0, sizeof(channel_again.reserved));
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_CHANNEL, &channel_again));
	channel.num_events = channel_again.num_events;
	EXPECT_EQ(0, memcmp(&channel, &channel_again, sizeof(channel)));
	ASSERT_EQ(0, lab_rule(self->fd, 3, &rule));
	memset(&rule_again, 0xff, sizeof(rule_again));
	rule_again.channel = 1;
	rule_again.rule = 3;
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_RULE, &rule_again));
	EXPECT_EQ(0, memcmp(&rule, &rule_again, sizeof(rule)));
}

/* It is a channel that refuses what is too large; where there is none, ENOENT. */
TEST_F(control, too_large_for_no_channel)
{
	struct plimsoll_replace reply;

	EXPECT_EQ(-ENOENT, lab_replace(self->fd, 2, NULL, PLM_MAX_FILE_LEN + 1,
				       0, &reply));
	EXPECT_EQ(PLM_OK, reply.err);
	EXPECT_EQ(0, reply.fault_off);
	EXPECT_EQ(PLM_NO_RULE, reply.fault_rule);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, NULL,
					PLM_MAX_FILE_LEN + 1, 0, &reply));
	EXPECT_EQ(PLM_TOO_LARGE, reply.err);
}

TEST_F(control, empty_channel)
{
	struct plimsoll_channel_status channel;

	ASSERT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
	EXPECT_EQ(-ENOENT, lab_switch(self->fd, 0, 1, false));
	EXPECT_EQ(-ENOENT, lab_switch(self->fd, 0, 0, true));
	EXPECT_EQ(0, lab_switch(self->fd, PLIMSOLL_WHOLE_CHANNEL, 0, false));
	ASSERT_EQ(0, lab_channel(self->fd, 1, &channel));
	EXPECT_EQ(PLIMSOLL_CHANNEL_DISABLED, channel.flags);
}

static const unsigned long commands[] = {
	PLIMSOLL_IOC_INFO, PLIMSOLL_IOC_REPLACE, PLIMSOLL_IOC_SWITCH,
	PLIMSOLL_IOC_CHANNEL, PLIMSOLL_IOC_RULE, PLIMSOLL_IOC_STREAM,
};

#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

TEST_F(control, bad_pointers)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct plimsoll_info *constant;
	void *bad[] = {
		NULL, (void *)8, (void *)-1, (void *)-8, (void *)(1ul << 47),
		(void *)0xffffffff81000000ul, (void *)0xffff888000000000ul,
		(void *)0x8000000000000000ul, pages + page, pages + page - 4,
	};

	ASSERT_NE(MAP_FAILED, (void *)pages);
	ASSERT_EQ(0, munmap(pages + page, page));
	for (unsigned int c = 0; c < NUM_COMMANDS; c++)
		for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
			EXPECT_ERRNO(EFAULT,
				     ioctl(self->fd, commands[c], bad[i]));
	constant = (void *)pages;
	ASSERT_EQ(0, ioctl(self->fd, PLIMSOLL_IOC_INFO, constant));
	ASSERT_EQ(0, mprotect(pages, page, PROT_READ));
	EXPECT_ERRNO(EFAULT, ioctl(self->fd, PLIMSOLL_IOC_INFO, constant));
	/* Of which nothing is written back. */
	EXPECT_ERRNO(EINVAL, ioctl(self->fd, PLIMSOLL_IOC_STREAM, constant));
	EXPECT_UNTOUCHED();
}

/* The bytes of a content, not only the argument. */
TEST_F(control, bad_data_pointers)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct plimsoll_channel_status status;

	ASSERT_EQ(0, munmap(pages + page, page));
	EXPECT_EQ(-EFAULT, lab_replace(self->fd, 1, NULL, 100, 0, NULL));
	EXPECT_EQ(-EFAULT, lab_replace(self->fd, 1, pages, page + 1, 0, NULL));
	EXPECT_EQ(-EFAULT, lab_replace(self->fd, 1, (void *)-1, 1, 0, NULL));
	EXPECT_EQ(-EFAULT, lab_replace(self->fd, 1,
				       (void *)0xffffffff81000000ul, 4096, 0,
				       NULL));
	EXPECT_UNTOUCHED();
	/* That was no content, so no refusal either. */
	EXPECT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(0, status.num_refused);
	EXPECT_EQ(-EBADMSG, lab_replace(self->fd, 1, pages, page, 0, NULL));
	EXPECT_EQ(0, lab_channel(self->fd, 1, &status));
	EXPECT_EQ(1, status.num_refused);
}

static bool is_command(unsigned int number)
{
	for (unsigned int i = 0; i < NUM_COMMANDS; i++)
		if (commands[i] == number)
			return true;
	return false;
}

/* Every number, direction and many sizes: unknown, whatever the argument. */
TEST_F(control, unknown_commands)
{
	static const unsigned int sizes[] = {
		0, 1, 4, 8, 16, 24, 32, 40, 72, 104, 119, 120, 121, 4096, 16383,
	};
	static uint8_t argument[16384];
	unsigned long tried = 0;

	for (unsigned int dir = 0; dir < 4; dir++)
		for (unsigned int nr = 0; nr < 256; nr++)
			for (unsigned int s = 0; s < ARRAY_SIZE(sizes); s++) {
				unsigned int number = _IOC(dir, 'P', nr,
							   sizes[s]);

				if (is_command(number))
					continue;
				memset(argument, (int)(tried & 0xff), 256);
				if (ioctl(self->fd, number, argument) != -1 ||
				    errno != ENOTTY) {
					TH_LOG("command %#x", number);
					ASSERT_EQ(ENOTTY, errno);
				}
				tried++;
			}
	EXPECT_LT(15000, tried);
	/* Another's letter with our numbers. */
	for (unsigned int nr = 0; nr < 256; nr++)
		EXPECT_ERRNO(ENOTTY, ioctl(self->fd, _IOC(3, 'Q', nr, 32),
					   argument));
	EXPECT_UNTOUCHED();
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/*
 * Random bytes, half of the time with fields that lead further in; whatever
 * comes is one of the documented errors.
 */
TEST_F_TIMEOUT(control, garbage, 60)
{
	static uint8_t bytes[4096];
	union {
		uint32_t words[32];
		struct plimsoll_replace replace;
	} arg;
	uint32_t state = 0x2545f491;

	for (unsigned int i = 0; i < NUM_RANDOM; i++) {
		unsigned int c = i % NUM_COMMANDS;

		for (unsigned int k = 0; k < 32; k++)
			arg.words[k] = next_random(&state);
		if (i & 64)
			arg.words[0] = 1;
		if (i & 128)
			arg.words[1] &= 3;
		if (commands[c] == PLIMSOLL_IOC_REPLACE && i & 256) {
			arg.replace.data = (uintptr_t)bytes;
			arg.replace.data_len &= 4095;
		} else if (commands[c] == PLIMSOLL_IOC_REPLACE) {
			arg.replace.data_len &= 0xfffff;
		}
		errno = 0;
		if (ioctl(self->fd, commands[c], &arg) == 0)
			continue;
		if (errno != EINVAL && errno != ENOENT && errno != EFAULT &&
		    errno != EBADMSG && errno != ENOMEM) {
			TH_LOG("command %u: errno %d", c, errno);
			ASSERT_EQ(0, errno);
		}
	}
}

static int drop_capability(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return -1;
	data[CAP_SYS_ADMIN / 32].effective &= ~(1u << (CAP_SYS_ADMIN % 32));
	data[CAP_SYS_ADMIN / 32].permitted &= ~(1u << (CAP_SYS_ADMIN % 32));
	return (int)syscall(SYS_capset, &head, data);
}

static int become_user(void)
{
	return setgroups(0, NULL) || setgid(1000) || setuid(1000);
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

/* The errno of opening the device in a child that has given up its rights. */
static int open_without(int (*give_up)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (give_up && give_up())
			_exit(255);
		errno = 0;
		_exit(open(PLIMSOLL_DEVICE, O_RDWR) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(control, permission)
{
	EXPECT_EQ(0, open_without(NULL));
	EXPECT_EQ(EACCES, open_without(become_user));
	EXPECT_EQ(EPERM, open_without(drop_capability));
	EXPECT_EQ(EPERM, open_without(enter_user_namespace));
	/* Were the mode wider, the capability would still be missing. */
	ASSERT_EQ(0, chmod(PLIMSOLL_DEVICE, 0666));
	EXPECT_EQ(EPERM, open_without(become_user));
	ASSERT_EQ(0, chmod(PLIMSOLL_DEVICE, 0600));
}

/* The 32 bit system call, with an argument that it can reach. */
static long ioctl32(int fd, unsigned long number, void *argument)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(54), "b"((long)fd), "c"(number), "d"(argument)
			 : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

TEST_F(control, callers_of_32_bits)
{
	char *low = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct plimsoll_info *info = (void *)low;
	struct plimsoll_replace *replace = (void *)low;
	size_t len = 0;
	const uint8_t *data = lab_file("watch-2.plm", &len);

	ASSERT_NE(MAP_FAILED, (void *)low);
	ASSERT_NE(NULL, data);
	ASSERT_EQ(0, ioctl32(self->fd, PLIMSOLL_IOC_INFO, info));
	EXPECT_EQ(PLIMSOLL_ABI, info->abi);
	memcpy(low + 4096, data, len);
	*replace = (struct plimsoll_replace){
		.channel = 1, .data = (uintptr_t)low + 4096,
		.data_len = (uint32_t)len,
	};
	EXPECT_EQ(0, ioctl32(self->fd, PLIMSOLL_IOC_REPLACE, replace));
	replace->flags = 0;
	low[4096] ^= 1;
	EXPECT_EQ(-EBADMSG, ioctl32(self->fd, PLIMSOLL_IOC_REPLACE, replace));
	EXPECT_EQ(3, replace->err);
	EXPECT_EQ(-ENOTTY, ioctl32(self->fd, 0x5007, low));
}

/* An open descriptor keeps the module from going. */
TEST_F(control, module_in_use)
{
	EXPECT_EQ(-EWOULDBLOCK, lab_unload());
	EXPECT_UNTOUCHED();
}

TEST_HARNESS_MAIN
