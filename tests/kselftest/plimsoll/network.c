// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real connections, and what the module makes of each: whose they are, between
 * which addresses, and when the process that made them is killed.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "lab.h"

#define PORT 4444
#define OTHER_PORT 4445
#define NETWORK_CONNECTION 2

enum {	/* values, by input */
	NET_IMAGE, NET_COMMAND_LINE, NET_USER, NET_PID, NET_PROTOCOL,
	NET_INITIATED, NET_SOURCE_IS_IPV6, NET_SOURCE_IP, NET_SOURCE_PORT,
	NET_DESTINATION_IS_IPV6, NET_DESTINATION_IP, NET_DESTINATION_PORT,
	NET_NUM_VALUES
};

enum { RULE_CONNECT, RULE_ACCEPT, RULE_IPV6, RULE_DATAGRAMS, RULE_PROGRAM };

struct end {
	struct sockaddr_storage storage;
	socklen_t len;
};

static struct end end_of(const char *address, uint16_t port)
{
	struct end end = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&end.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&end.storage;

	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		end.len = sizeof(*v4);
	} else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		end.len = sizeof(*v6);
	}
	return end;
}

/* A socket of the kind, bound where @from is not NULL. */
static int socket_at(const char *to, int type, int protocol, const char *from,
		     uint16_t port)
{
	int family = strchr(to, ':') ? AF_INET6 : AF_INET;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	struct end end = end_of(from ? from : to, port);
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (from && bind(fd, (struct sockaddr *)&end.storage, end.len)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int connect_to(int fd, const char *to, uint16_t port)
{
	struct end end = end_of(to, port);

	return connect(fd, (struct sockaddr *)&end.storage, end.len) ? errno :
								       0;
}

static int listen_at(const char *address, int protocol)
{
	int fd = socket_at(address, SOCK_STREAM, protocol, address, PORT);

	return listen(fd, 16) ? -1 : fd;
}

FIXTURE(network)
{
	int fd, listener;
	struct lab_record record;
	pid_t pid;
};

FIXTURE_SETUP(network)
{
	ASSERT_EQ(0, lab_loopback_up());
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "network.plm"));
	self->listener = listen_at("127.0.0.1", 0);
	ASSERT_LE(0, self->listener);
}

FIXTURE_TEARDOWN(network)
{
	close(self->listener);
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

/* A child does it and ends well; its record came, with this many matches. */
#define EXPECT_EVENT(exec, matches) do {				\
	EXPECT_EQ(0, lab_run(exec, &self->pid));			\
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));	\
	EXPECT_EQ(NETWORK_CONNECTION, self->record.head.template_id);	\
	EXPECT_EQ(NET_NUM_VALUES, self->record.head.num_values);	\
	EXPECT_EQ(matches, self->record.head.num_matches);		\
} while (0)

#define EXPECT_TEXT(wanted, input)					\
	EXPECT_STREQ(wanted, self->record.texts[input])
#define EXPECT_NUMBER(wanted, input)					\
	EXPECT_EQ(wanted, self->record.values[input].number)

static void leave(int err)
{
	_exit(err ? 1 : 0);
}

static int by_ipv4(const struct lab_exec *exec)
{
	int fd = socket_at("127.0.0.1", SOCK_STREAM, exec->number, NULL, 0);

	leave(connect_to(fd, "127.0.0.1", PORT));
	return 0;
}

TEST_F(network, connect)
{
	struct lab_exec exec = { .how = by_ipv4 };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_CONNECT));
	EXPECT_TEXT("/kselftest/network", NET_IMAGE);
	EXPECT_TEXT("root", NET_USER);
	EXPECT_NUMBER(self->pid, NET_PID);
	EXPECT_TEXT("tcp", NET_PROTOCOL);
	EXPECT_TEXT("true", NET_INITIATED);
	EXPECT_TEXT("false", NET_SOURCE_IS_IPV6);
	EXPECT_TEXT("127.0.0.1", NET_SOURCE_IP);
	EXPECT_LT(1023, self->record.values[NET_SOURCE_PORT].number);
	EXPECT_TEXT("false", NET_DESTINATION_IS_IPV6);
	EXPECT_TEXT("127.0.0.1", NET_DESTINATION_IP);
	EXPECT_NUMBER(PORT, NET_DESTINATION_PORT);
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
}

static int from_address(const struct lab_exec *exec)
{
	int fd = socket_at("127.0.0.1", SOCK_STREAM, 0, "127.0.0.9", 1234);

	connect_to(fd, "127.0.0.1", OTHER_PORT);
	leave(exec->number && setuid(12345));
	return 0;
}

/* Nobody listens; what was sent, was sent. */
TEST_F(network, bound_and_refused)
{
	struct lab_exec exec = { .how = from_address };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_PROGRAM));
	EXPECT_TEXT("127.0.0.9", NET_SOURCE_IP);
	EXPECT_NUMBER(1234, NET_SOURCE_PORT);
	EXPECT_NUMBER(OTHER_PORT, NET_DESTINATION_PORT);
}

TEST_F(network, user)
{
	struct lab_exec exec = { .how = by_ipv4, .uid = 12345 };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TEXT("12345", NET_USER);
}

static int by_ipv6(const struct lab_exec *exec)
{
	int fd = socket_at("::1", SOCK_STREAM, 0, NULL, 0);

	connect_to(fd, "::1", OTHER_PORT);
	leave(0);
	return exec->number;
}

TEST_F(network, ipv6)
{
	struct lab_exec exec = { .how = by_ipv6 };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_IPV6));
	EXPECT_TEXT("true", NET_SOURCE_IS_IPV6);
	EXPECT_TEXT("::1", NET_SOURCE_IP);
	EXPECT_TEXT("true", NET_DESTINATION_IS_IPV6);
	EXPECT_TEXT("::1", NET_DESTINATION_IP);
	EXPECT_NUMBER(OTHER_PORT, NET_DESTINATION_PORT);
}

static int by_mapped(const struct lab_exec *exec)
{
	int fd = socket_at("::", exec->number, 0, NULL, 0);

	leave(connect_to(fd, "::ffff:127.0.0.1", PORT));
	return 0;
}

/* IPv4 through a socket of IPv6 is IPv4, and is seen once. */
TEST_F(network, mapped)
{
	struct lab_exec exec = { .how = by_mapped, .number = SOCK_STREAM };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_CONNECT));
	EXPECT_TEXT("false", NET_DESTINATION_IS_IPV6);
	EXPECT_TEXT("127.0.0.1", NET_SOURCE_IP);
	EXPECT_TEXT("127.0.0.1", NET_DESTINATION_IP);
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
	exec.number = SOCK_DGRAM;
	EXPECT_EVENT(&exec, 2);
	EXPECT_TRUE(lab_matched(&self->record, RULE_DATAGRAMS));
	EXPECT_TEXT("127.0.0.1", NET_SOURCE_IP);
	EXPECT_TEXT("127.0.0.1", NET_DESTINATION_IP);
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
}

/* RFC 5952, and what the kernel's own format would write otherwise. */
TEST_F(network, texts)
{
	static const char *const texts[] = {
		"2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1", "fd00::",
		"1:2:3:4:5:6:7:8", "fd00::5efe:a00:1", "fd00:0:0:1::",
		"2001:0:0:1::1",
	};
	int fd, one = 1;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fd = socket_at("::1", SOCK_DGRAM, 0, NULL, 0);
		setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one));
		struct end end = end_of(texts[i], 0);

		ASSERT_EQ(0, bind(fd, (struct sockaddr *)&end.storage,
				  end.len));
		ASSERT_EQ(0, connect_to(fd, "::1", PORT));
		ASSERT_TRUE(lab_find(self->fd, getpid(), &self->record));
		EXPECT_TEXT(texts[i], NET_SOURCE_IP);
		EXPECT_TEXT("::1", NET_DESTINATION_IP);
		EXPECT_TEXT("udp", NET_PROTOCOL);
		close(fd);
	}
}

static int by_datagram(const struct lab_exec *exec)
{
	int fd = socket_at("127.0.0.1", SOCK_DGRAM, exec->number, NULL, 0);

	leave(connect_to(fd, "127.0.0.1", OTHER_PORT));
	return 0;
}

TEST_F(network, datagrams)
{
	struct lab_exec exec = { .how = by_datagram };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_DATAGRAMS));
	EXPECT_TEXT("udp", NET_PROTOCOL);
	EXPECT_TEXT("true", NET_INITIATED);
	EXPECT_TEXT("127.0.0.1", NET_SOURCE_IP);
	EXPECT_LT(1023, self->record.values[NET_SOURCE_PORT].number);
	EXPECT_NUMBER(OTHER_PORT, NET_DESTINATION_PORT);
}

static int accept_one(const struct lab_exec *exec)
{
	int fd = accept(exec->number, NULL, NULL);

	leave(fd < 0);
	return 0;
}

/* The source is who connects, whoever reports it. */
TEST_F(network, accept)
{
	struct lab_exec exec = { .how = accept_one,
				 .number = self->listener };
	int fd = socket_at("127.0.0.1", SOCK_STREAM, 0, "127.0.0.9", 1234);

	ASSERT_EQ(0, connect_to(fd, "127.0.0.1", PORT));
	ASSERT_TRUE(lab_find(self->fd, getpid(), &self->record));
	EXPECT_EQ(2, self->record.head.num_matches);
	EXPECT_EVENT(&exec, 2);
	EXPECT_TRUE(lab_matched(&self->record, RULE_ACCEPT));
	EXPECT_TRUE(lab_matched(&self->record, RULE_PROGRAM));
	EXPECT_TEXT("false", NET_INITIATED);
	EXPECT_TEXT("127.0.0.9", NET_SOURCE_IP);
	EXPECT_NUMBER(1234, NET_SOURCE_PORT);
	EXPECT_TEXT("127.0.0.1", NET_DESTINATION_IP);
	EXPECT_NUMBER(PORT, NET_DESTINATION_PORT);
	close(fd);
}

/* One that waits gets it in its own name, not in that of whom it waited for. */
TEST_F(network, accept_later)
{
	pid_t pid = fork();
	int fd, status;

	if (pid == 0)
		leave(accept(self->listener, NULL, NULL) < 0);
	usleep(100000);
	fd = socket_at("127.0.0.1", SOCK_STREAM, 0, NULL, 0);
	ASSERT_EQ(0, connect_to(fd, "127.0.0.1", PORT));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_TRUE(lab_find(self->fd, pid, &self->record));
	EXPECT_TRUE(lab_matched(&self->record, RULE_ACCEPT));
	EXPECT_NUMBER(pid, NET_PID);
	close(fd);
}

static int by_fast_open(const struct lab_exec *exec)
{
	struct end end = end_of("127.0.0.1", PORT);
	int fd = socket_at("127.0.0.1", SOCK_STREAM, exec->number, NULL, 0);

	leave(sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&end.storage,
		     end.len) != 1);
	return 0;
}

/* A connection that is begun by sending. */
TEST_F(network, fast_open)
{
	struct lab_exec exec = { .how = by_fast_open };

	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_CONNECT));
}

static int by_multipath(const struct lab_exec *exec)
{
	int fd = socket_at("127.0.0.1", SOCK_STREAM, IPPROTO_MPTCP, NULL, 0);

	leave(connect_to(fd, "127.0.0.1", PORT));
	return exec->number;
}

TEST_F(network, multipath)
{
	struct lab_exec exec = { .how = by_multipath };
	struct lab_exec taker = { .how = accept_one };
	int fd;

	close(self->listener);
	self->listener = listen_at("127.0.0.1", IPPROTO_MPTCP);
	ASSERT_LE(0, self->listener);
	EXPECT_EVENT(&exec, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_CONNECT));
	fd = socket_at("127.0.0.1", SOCK_STREAM, IPPROTO_MPTCP, NULL, 0);
	ASSERT_EQ(0, connect_to(fd, "127.0.0.1", PORT));
	taker.number = self->listener;
	EXPECT_EVENT(&taker, 1);
	EXPECT_TRUE(lab_matched(&self->record, RULE_ACCEPT));
	EXPECT_TEXT("127.0.0.1", NET_SOURCE_IP);
	EXPECT_TEXT("127.0.0.1", NET_DESTINATION_IP);
	close(fd);
}

static void *connect_in_thread(void *arg)
{
	int fd = socket_at("127.0.0.1", SOCK_STREAM, 0, NULL, 0);

	connect_to(fd, "127.0.0.1", PORT);
	return arg;
}

static int from_thread(const struct lab_exec *exec)
{
	pthread_t thread;

	leave(pthread_create(&thread, NULL, connect_in_thread, NULL) ||
	      pthread_join(thread, NULL));
	return exec->number;
}

TEST_F(network, thread)
{
	struct lab_exec exec = { .how = from_thread };

	EXPECT_EVENT(&exec, 1);
	EXPECT_NUMBER(self->pid, NET_PID);
}

/* What never sent anything is no connection. */
TEST_F(network, not_connected)
{
	struct end end = { .storage.ss_family = AF_UNSPEC, .len = 16 };
	int fd = socket_at("127.0.0.1", SOCK_STREAM, 0, NULL, 0);
	int pair[2];

	EXPECT_EQ(0, connect(fd, (struct sockaddr *)&end.storage, end.len));
	EXPECT_NE(0, connect_to(fd, "255.255.255.255", PORT));
	EXPECT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	EXPECT_FALSE(lab_find(self->fd, getpid(), &self->record));
	close(fd);
	close(pair[0]);
	close(pair[1]);
}

static int connect_and_stay(const struct lab_exec *exec)
{
	int fd = socket_at("127.0.0.1", SOCK_STREAM, 0, NULL, 0);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	connect_to(fd, "127.0.0.1", PORT);
	mkdir("/kselftest-lived", 0755);
	leave(exec->number);
	return 0;
}

/* The process that connected does not return from the call. */
TEST_F(network, kill)
{
	struct lab_exec exec = { .how = connect_and_stay };
	struct lab_exec taker = { .how = accept_one,
				  .number = self->listener };
	int status;

	ASSERT_EQ(0, lab_content(self->fd, "network-kill.plm"));
	rmdir("/kselftest-lived");
	status = lab_run(&exec, &self->pid);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	EXPECT_NE(0, access("/kselftest-lived", F_OK));
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_EQ(PLIMSOLL_RECORD_KILLED, self->record.head.flags);
	status = lab_run(&taker, &self->pid);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));
	EXPECT_EQ(PLIMSOLL_RECORD_KILLED, self->record.head.flags);
}

/* Without a rule of the template there are no events of it. */
TEST_F(network, not_wanted)
{
	struct lab_exec exec = { .how = by_ipv4 };

	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	EXPECT_EQ(0, lab_run(&exec, &self->pid));
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
	ASSERT_EQ(0, lab_content(self->fd, "network.plm"));
	EXPECT_EVENT(&exec, 1);
	ASSERT_EQ(0, lab_replace(self->fd, 1, NULL, 0, 0, NULL));
	EXPECT_EQ(0, lab_run(&exec, &self->pid));
	EXPECT_FALSE(lab_find(self->fd, self->pid, &self->record));
}

TEST_HARNESS_MAIN
