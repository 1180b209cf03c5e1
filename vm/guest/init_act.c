// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program is to do, prepared: its socket, bound; a connection that waits
 * to be accepted; the file that it is to rename or delete, and no file where it
 * is to make one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/guest/actor.h"
#include "vm/guest/init.h"

#define MIN_FD 10	/* none of those that the program gets */
#define LO_INDEX 1
#define FOLDER_MODE 0777

struct address {
	struct sockaddr_storage storage;
	socklen_t len;
};

/* @text "" is any address, of @family. */
static int parse(const char *text, uint16_t port, int family,
		 struct address *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->storage;

	*out = (struct address){ 0 };
	if (family == AF_INET6) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		out->len = sizeof(*v6);
		if (*text && inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
			return EINVAL;
		if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
			v6->sin6_scope_id = LO_INDEX;
		return 0;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	out->len = sizeof(*v4);
	return *text && inet_pton(AF_INET, text, &v4->sin_addr) != 1 ? EINVAL :
								       0;
}

static int loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		err = errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Every address of the family is this machine's own. */
static int own_all(int fd, unsigned char family)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg route;
		struct rtattr device;
		uint32_t index;
	} message = {
		.head = { .nlmsg_len = sizeof(message),
			  .nlmsg_type = RTM_NEWROUTE,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
					 NLM_F_CREATE },
		.route = { .rtm_family = family, .rtm_table = RT_TABLE_LOCAL,
			   .rtm_protocol = RTPROT_STATIC,
			   .rtm_scope = RT_SCOPE_HOST,
			   .rtm_type = RTN_LOCAL },
		.device = { .rta_len = RTA_LENGTH(sizeof(uint32_t)),
			    .rta_type = RTA_OIF },
		.index = LO_INDEX,
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[256];
	} answer = { 0 };

	if (send(fd, &message, sizeof(message), 0) != sizeof(message) ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer.head))
		return errno;
	return answer.head.nlmsg_type == NLMSG_ERROR ? -answer.error.error :
						       EPROTO;
}

/* Once, when the first connection is asked for. */
static int network_up(void)
{
	static bool done;
	int err, fd;

	if (done)
		return 0;
	err = loopback_up();
	if (err)
		return err;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return errno;
	err = own_all(fd, AF_INET);
	if (!err)
		err = own_all(fd, AF_INET6);
	close(fd);
	done = !err || err == EEXIST;
	return done ? 0 : err;
}

static int lift(int fd)
{
	int lifted = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, MIN_FD);

	if (fd >= 0)
		close(fd);
	return lifted;
}

/* A socket at @address; with a port, the port is free again when it closes. */
static int socket_at(const struct address *address, int type, int *out_fd)
{
	static const int one = 1;
	int fd = lift(socket(address->storage.ss_family,
			     type | SOCK_CLOEXEC, 0));

	*out_fd = fd;
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)&address->storage, address->len))
		return errno;
	return 0;
}

/* So that no connection lingers and holds its addresses. */
static void reset_at_close(int fd)
{
	static const struct linger reset = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

/* PID 1 connects, the program is to accept. */
static int prepare_accept(const struct address *source,
			  const struct address *destination,
			  struct act_fds *fds)
{
	int err = socket_at(destination, SOCK_STREAM, &fds->socket);

	if (!err && listen(fds->socket, 1))
		err = errno;
	if (!err)
		err = socket_at(source, SOCK_STREAM, &fds->kept);
	if (err)
		return err;
	reset_at_close(fds->kept);
	if (connect(fds->kept, (const struct sockaddr *)&destination->storage,
		    destination->len))
		return errno;
	return 0;
}

static int prepare_connection(const struct step *step, struct actor_act *act,
			      struct act_fds *fds)
{
	const char *from = step->texts[VM_EXECUTE_SOURCE];
	const char *to = step->texts[VM_EXECUTE_DESTINATION];
	int family = strchr(to, ':') ? AF_INET6 : AF_INET;
	int type = act->act == VM_ACT_CONNECT_UDP ? SOCK_DGRAM : SOCK_STREAM;
	struct address source, destination;
	int err = network_up();

	if (!err)
		err = parse(from, step->head.ports.source, family, &source);
	if (!err)
		err = parse(to, step->head.ports.destination, family,
			    &destination);
	if (err)
		return err;
	memcpy(act->peer, &destination.storage, sizeof(act->peer));
	act->peer_len = destination.len;
	if (act->act == VM_ACT_ACCEPT)
		return prepare_accept(&source, &destination, fds);
	err = socket_at(&source, type, &fds->socket);
	if (err)
		return err;
	reset_at_close(fds->socket);
	return fcntl(fds->socket, F_SETFL, O_NONBLOCK) ? errno : 0;
}

/* Nothing at @path, in a folder in which any user may change names. */
static int clear_place(const char *path)
{
	char folder[4096];
	struct stat st;
	char *slash;
	int err;

	if ((size_t)snprintf(folder, sizeof(folder), "%s", path) >=
	    sizeof(folder))
		return ENAMETOOLONG;
	err = make_folders(path);
	slash = strrchr(folder, '/');
	if (err || !slash)
		return err ? err : EINVAL;
	slash[slash == folder] = 0;
	if (chmod(folder, FOLDER_MODE))
		return errno;
	if (lstat(path, &st))
		return 0;
	return (S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path)) ? errno : 0;
}

static int make_file(const char *path)
{
	int err = clear_place(path);
	int fd;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int prepare_file(const struct step *step, struct actor_act *act)
{
	const char *from = step->texts[VM_EXECUTE_SOURCE];
	const char *to = step->texts[VM_EXECUTE_DESTINATION];
	int err = clear_place(to);

	if (strlen(from) >= sizeof(act->source) ||
	    strlen(to) >= sizeof(act->destination))
		return ENAMETOOLONG;
	memcpy(act->source, from, strlen(from));
	memcpy(act->destination, to, strlen(to));
	if (!err && act->act == VM_ACT_DELETE)
		err = make_file(to);
	if (!err && act->act == VM_ACT_RENAME)
		err = make_file(from);
	return err;
}

/* A pipe holds it until the program reads. */
static int hand_over(const struct actor_act *act, struct act_fds *fds)
{
	int ends[2];
	int err = 0;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	if (write(ends[1], act, sizeof(*act)) != (ssize_t)sizeof(*act))
		err = EIO;
	close(ends[1]);
	fds->act = lift(ends[0]);
	return err;
}

int act_prepare(const struct step *step, struct act_fds *out_fds)
{
	static struct actor_act act;
	int err;

	memset(&act, 0, sizeof(act));
	act.act = step->head.act;
	*out_fds = (struct act_fds){ -1, -1, -1 };
	if (act.act >= VM_NUM_ACTS)
		return EINVAL;
	if (act.act >= VM_ACT_CREATE)
		err = prepare_file(step, &act);
	else
		err = prepare_connection(step, &act, out_fds);
	return err ? err : hand_over(&act, out_fds);
}

void act_end(const struct act_fds *fds)
{
	if (fds->act >= 0)
		close(fds->act);
	if (fds->kept >= 0)
		close(fds->kept);
	if (fds->socket >= 0)
		close(fds->socket);
}
