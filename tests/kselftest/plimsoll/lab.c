// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plm_format.h"
#include "vm/guest/actor.h"

#define MODULE "plimsoll"
#define UNLOAD_TRIES 100	/* a descriptor may be about to be closed */
#define STREAM_LEN (1 << 18)

int lab_load(const char *params)
{
	const char *path = getenv("PLIMSOLL_KO");
	int fd = open(path ? path : "/plimsoll/consumer.ko",
		      O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params, 0))
		ret = -errno;
	close(fd);
	return ret;
}

int lab_unload(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

bool lab_loaded(void)
{
	return access("/sys/module/" MODULE "/initstate", F_OK) == 0;
}

int lab_reload(const char *params)
{
	for (int i = 0; i < UNLOAD_TRIES && lab_loaded(); i++) {
		if (i)
			usleep(20000);
		lab_unload();
	}
	return lab_load(params);
}

const char *lab_path(const char *name)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 256);
	char *slash;

	path[len > 0 ? len : 0] = 0;
	slash = strrchr(path, '/');
	snprintf(slash ? slash + 1 : path, 200, "%s", name);
	return path;
}

const uint8_t *lab_file(const char *name, size_t *out_len)
{
	int fd = open(lab_path(name), O_RDONLY | O_CLOEXEC);
	uint8_t *data = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0)
		data = malloc((size_t)st.st_size + 1);
	if (data && read(fd, data, (size_t)st.st_size) != st.st_size) {
		free(data);
		data = NULL;
	}
	if (data)
		*out_len = (size_t)st.st_size;
	close(fd);
	return data;
}

int lab_open(bool all)
{
	struct plimsoll_stream stream = {
		.flags = all ? PLIMSOLL_STREAM_ALL : 0,
	};
	int fd = open(PLIMSOLL_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, PLIMSOLL_IOC_STREAM, &stream)) {
		close(fd);
		return -EIO;
	}
	return fd;
}

void lab_repair_sum(uint8_t *data, size_t len)
{
	uint64_t a = 0, b = 0, sum;

	for (size_t i = 0; i + 8 <= len; i += 8) {
		if (i != PLM_HDR_SUM)
			a += plm_le64(data + i);
		b = (b << 7 | b >> 57) + a;
	}
	sum = b ^ (a << 32 | a >> 32);
	memcpy(data + PLM_HDR_SUM, &sum, sizeof(sum));
}

int lab_replace(int fd, uint32_t channel, const void *data, size_t len,
		uint32_t flags, struct plimsoll_replace *out)
{
	struct plimsoll_replace unused;

	if (!out)
		out = &unused;
	*out = (struct plimsoll_replace){
		.channel = channel, .flags = flags,
		.data = (uintptr_t)data, .data_len = (uint32_t)len,
	};
	return ioctl(fd, PLIMSOLL_IOC_REPLACE, out) ? -errno : 0;
}

int lab_content_of(int fd, uint32_t channel, const char *name)
{
	size_t len = 0;
	const uint8_t *data = lab_file(name, &len);
	int ret;

	if (!data)
		return -ENOENT;
	ret = lab_replace(fd, channel, data, len, PLIMSOLL_REPLACE_ROLLBACK,
			  NULL);
	free((void *)data);
	return ret;
}

int lab_content(int fd, const char *name)
{
	return lab_content_of(fd, 1, name);
}

int lab_channel(int fd, uint32_t channel, struct plimsoll_channel_status *out)
{
	memset(out, 0, sizeof(*out));
	out->channel = channel;
	return ioctl(fd, PLIMSOLL_IOC_CHANNEL, out) ? -errno : 0;
}

int lab_rule(int fd, uint32_t rule, struct plimsoll_rule_status *out)
{
	memset(out, 0, sizeof(*out));
	out->channel = 1;
	out->rule = rule;
	return ioctl(fd, PLIMSOLL_IOC_RULE, out) ? -errno : 0;
}

int lab_switch(int fd, uint32_t rule, uint64_t version, bool enable)
{
	struct plimsoll_switch arg = {
		.channel = 1, .rule = rule, .content_version = version,
		.enable = enable,
	};

	return ioctl(fd, PLIMSOLL_IOC_SWITCH, &arg) ? -errno : 0;
}

static int make_folders(const char *path)
{
	char *copy = strdup(path);
	int ret = 0;

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(copy, 0755) && errno != EEXIST)
			ret = -errno;
		*p = '/';
	}
	free(copy);
	return ret;
}

int lab_install(const char *name, size_t max_len)
{
	int ret = make_folders(LAB_FIRMWARE), fd;
	size_t len = 0;
	const uint8_t *data = lab_file(name, &len);

	if (len > max_len)
		len = max_len;
	fd = open(LAB_FIRMWARE, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || !data || write(fd, data, len) != (ssize_t)len)
		ret = -EIO;
	close(fd);
	free((void *)data);
	return ret;
}

static size_t take_value(const uint8_t *data, size_t len,
			 struct plimsoll_value *value, char *text)
{
	size_t padded;

	if (len < sizeof(*value))
		return 0;
	memcpy(value, data, sizeof(*value));
	padded = ((size_t)value->len + 7) & ~(size_t)7;
	if (padded > len - sizeof(*value) || value->len >= LAB_TEXT_LEN)
		return 0;
	memcpy(text, data + sizeof(*value), value->len);
	text[value->len] = 0;
	for (size_t i = value->len; i < padded; i++)
		if (data[sizeof(*value) + i])
			return 0;
	return sizeof(*value) + padded;
}

size_t lab_take(const void *data, size_t len, struct lab_record *out)
{
	const uint8_t *p = data;
	size_t pos = sizeof(out->head), used;

	if (len < sizeof(out->head))
		return 0;
	memcpy(&out->head, p, sizeof(out->head));
	if (out->head.len > len || out->head.len % 8 || out->head.reserved ||
	    out->head.num_matches > LAB_MAX_MATCHES ||
	    out->head.num_values > LAB_MAX_VALUES)
		return 0;
	len = out->head.len;
	used = out->head.num_matches * sizeof(out->matches[0]);
	if (used > len - pos)
		return 0;
	memcpy(out->matches, p + pos, used);
	pos += used;
	for (unsigned int i = 0; i < out->head.num_values; i++) {
		used = take_value(p + pos, len - pos, &out->values[i],
				  out->texts[i]);
		if (!used)
			return 0;
		pos += used;
	}
	return pos == len ? len : 0;
}

struct pending {
	int fd;
	size_t pos, len;
	uint8_t data[STREAM_LEN];
};

/* What one read gave is used up before the next; records may share one. */
static bool next_record(struct pending *pending, int fd,
			struct lab_record *out)
{
	ssize_t got;
	size_t used;

	if (pending->fd != fd)
		pending->pos = pending->len = 0;
	pending->fd = fd;
	if (pending->pos == pending->len) {
		got = read(fd, pending->data, sizeof(pending->data));
		pending->pos = 0;
		pending->len = got > 0 ? (size_t)got : 0;
	}
	used = lab_take(pending->data + pending->pos,
			pending->len - pending->pos, out);
	pending->pos += used;
	return used > 0;
}

bool lab_find(int fd, pid_t pid, struct lab_record *out)
{
	static struct pending pending = { .fd = -1 };

	while (next_record(&pending, fd, out))
		if (out->head.type == PLIMSOLL_RECORD_EVENT &&
		    out->head.pid == (uint32_t)pid)
			return true;
	return false;
}

bool lab_matched(const struct lab_record *record, uint32_t rule)
{
	for (unsigned int i = 0; i < record->head.num_matches; i++)
		if (record->matches[i].rule == rule)
			return true;
	return false;
}

int lab_place(const char *path)
{
	size_t len = 0;
	const uint8_t *data = lab_file("actor", &len);
	int ret = data ? make_folders(path) : -ENOENT;
	int fd;

	if (ret)
		return ret;
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd < 0)
		return -errno;
	if (write(fd, data, len) != (ssize_t)len || fchmod(fd, 0755))
		ret = -EIO;
	close(fd);
	free((void *)data);
	return ret;
}

unsigned int lab_ran(void)
{
	static bool started;
	uint64_t count = 0;
	int fd;

	if (!started) {
		fd = eventfd(0, EFD_NONBLOCK);
		if (fd != ACTOR_RAN_FD) {
			dup2(fd, ACTOR_RAN_FD);
			close(fd);
		}
		started = true;
	}
	if (read(ACTOR_RAN_FD, &count, sizeof(count)) != sizeof(count))
		return 0;
	return (unsigned int)count;
}

static int become(const struct lab_exec *exec)
{
	char *alone[] = { (char *)exec->path, NULL };
	char *none[] = { NULL };

	if (exec->folder && chdir(exec->folder))
		return errno;
	if (exec->uid && syscall(SYS_setresuid, exec->uid, exec->uid,
				 exec->uid))
		return errno;
	if (exec->how)
		return exec->how(exec);
	execve(exec->path, exec->args ? exec->args : alone, none);
	return errno;
}

int lab_run(const struct lab_exec *exec, pid_t *out_pid)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(100 + become(exec) % 100);
	if (out_pid)
		*out_pid = pid;
	if (pid > 0 && waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

int lab_run_path(const char *path, pid_t *out_pid)
{
	struct lab_exec exec = { .path = path };

	return lab_run(&exec, out_pid);
}

int lab_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd < 0 ? -errno : fd;
}

bool lab_logged(int fd, const char *text)
{
	char line[1024];
	ssize_t len;

	for (;;) {
		len = read(fd, line, sizeof(line) - 1);
		/* Lines were lost: on with those that are there. */
		if (len < 0 && errno == EPIPE)
			continue;
		if (len <= 0)
			return false;
		line[len] = 0;
		if (strstr(line, text))
			return true;
	}
}

uint64_t lab_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* The sum of what these lines of /proc/meminfo say, or -1. */
static long memory_kib(const char *const *names, unsigned int num)
{
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	char text[4096], *found;
	ssize_t len = read(fd, text, sizeof(text) - 1);
	long sum = 0;

	close(fd);
	text[len > 0 ? len : 0] = 0;
	for (unsigned int i = 0; i < num; i++) {
		found = strstr(text, names[i]);
		if (!found)
			return -1;
		sum += strtol(found + strlen(names[i]), NULL, 10);
	}
	return sum;
}

long lab_free_kib(void)
{
	static const char *const names[] = { "\nMemFree:" };

	return memory_kib(names, 1);
}

long lab_used_kib(void)
{
	static const char *const names[] = {
		"\nSUnreclaim:", "\nVmallocUsed:", "\nPercpu:",
	};

	return memory_kib(names, 3);
}

static void offer_to_be_killed(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (write(fd, "1000", 4) != 4)
		_exit(1);
	close(fd);
}

static void take_memory(long left_kib, int ready)
{
	const size_t part = 65536;

	offer_to_be_killed();
	while (lab_free_kib() > left_kib) {
		char *more = mmap(NULL, part, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (more == MAP_FAILED)
			_exit(1);
		memset(more, 1, part);
	}
	if (write(ready, "x", 1) == 1)
		for (;;)
			pause();
	_exit(1);
}

pid_t lab_hog(long left_kib)
{
	int ends[2];
	pid_t pid;
	char byte;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0)
		take_memory(left_kib, ends[1]);
	close(ends[1]);
	if (pid < 0 || read(ends[0], &byte, 1) != 1)
		pid = -EIO;
	close(ends[0]);
	return pid;
}

int lab_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	request.ifr_flags = IFF_UP | IFF_RUNNING;
	ret = ioctl(fd, SIOCSIFFLAGS, &request) ? -errno : 0;
	close(fd);
	return ret;
}

int lab_connect_datagram(const struct lab_exec *exec)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(4445),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)exec;
	_exit(connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0);
}
