// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An eBPF object in the kernel's own verifier, through libbpf.
 *
 *	bpf load FILE	status 0: the kernel takes it, 1: it refuses
 *	bpf use FILE	attach each program and make it run; status 0: all ran,
 *			1: one can't be attached, 3: one was not made to run
 *
 * Status 2 says nothing of the object: no memory, no permission.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_PROGRAMS 64
#define LOG_LEN (1u << 20)
#define LOG_TAIL 3000u		/* bytes of the verifier's log that are told */
#define PACKET_LEN 64

enum { ALL_WELL, REFUSED, CANNOT_TELL, NOT_RUN };

static struct bpf_program *programs[MAX_PROGRAMS];
static struct bpf_link *links[MAX_PROGRAMS];
static char *logs[MAX_PROGRAMS];
static size_t num_programs;

static int say(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vprintf(format, args);
}

/* The kernel's or libbpf's judgement of the object, or only our trouble? */
static int status_of(int err)
{
	switch (err < 0 ? -err : err) {
	case 0:
		return ALL_WELL;
	case ENOMEM:
	case EPERM:
	case EAGAIN:
	case EINTR:
	case EMFILE:
		return CANNOT_TELL;
	default:
		return REFUSED;
	}
}

/* The end of a log has the verdict and, of a good one, the statistics. */
static void tell_log(const struct bpf_program *program, const char *log)
{
	size_t len = strlen(log);

	printf("program %s (%s):\n%s\n", bpf_program__name(program),
	       bpf_program__section_name(program),
	       len > LOG_TAIL ? log + len - LOG_TAIL : log);
}

static int load(const char *path, struct bpf_object **out)
{
	struct bpf_program *program;
	int err;

	*out = bpf_object__open_file(path, NULL);
	if (!*out) {
		printf("not an object: %s\n", strerror(errno));
		return status_of(errno);
	}
	bpf_object__for_each_program(program, *out) {
		char *log = calloc(1, LOG_LEN);

		if (!log || num_programs == MAX_PROGRAMS) {
			puts("more programs than can be told of");
			return CANNOT_TELL;
		}
		bpf_program__set_log_buf(program, log, LOG_LEN);
		bpf_program__set_log_level(program, 1);
		programs[num_programs] = program;
		logs[num_programs++] = log;
	}
	err = bpf_object__load(*out);
	for (size_t i = 0; i < num_programs; i++)
		if (logs[i][0])
			tell_log(programs[i], logs[i]);
	if (err)
		printf("not loaded: %s\n", strerror(-err));
	if (!err && !num_programs) {
		puts("the object holds no program");
		return REFUSED;
	}
	return status_of(err);
}

/* Everyday system calls, files, a process, a packet: what most hooks see. */
static void make_events(void)
{
	struct timespec moment = { 0, 1000000 };
	struct utsname names;
	char byte = 0;
	int ends[2];
	void *page;
	pid_t pid;
	int fd;

	syscall(SYS_getpid);
	syscall(SYS_getppid);
	syscall(SYS_getuid);
	uname(&names);
	nanosleep(&moment, NULL);
	fd = open("/bpf-file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write(fd, &byte, 1) == 1 && lseek(fd, 0, SEEK_SET) == 0 &&
		    read(fd, &byte, 1) == 1)
			fsync(fd);
		close(fd);
	}
	unlink("/bpf-file");
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page != MAP_FAILED)
		munmap(page, 4096);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
		if (send(ends[0], &byte, 1, 0) == 1)
			recv(ends[1], &byte, 1, 0);
		close(ends[0]);
		close(ends[1]);
	}
	pid = fork();
	if (pid == 0) {
		execl("/proc/self/exe", "bpf", "nothing", NULL);
		_exit(1);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	kill(getpid(), 0);
}

/* Those that nothing here calls are given a packet by the kernel itself. */
static void run_by_hand(const struct bpf_program *program)
{
	unsigned char packet[PACKET_LEN] = { [12] = 0x08, [14] = 0x45 };
	LIBBPF_OPTS(bpf_test_run_opts, options,
		    .data_in = packet, .data_size_in = sizeof(packet));
	int err = bpf_prog_test_run_opts(bpf_program__fd(program), &options);

	if (err)
		printf("program %s: no test run: %s\n",
		       bpf_program__name(program), strerror(-err));
	else
		printf("program %s: test run, answer %u\n",
		       bpf_program__name(program), options.retval);
}

static int attach(void)
{
	int status = ALL_WELL;

	for (size_t i = 0; i < num_programs; i++) {
		links[i] = bpf_program__attach(programs[i]);
		if (links[i])
			continue;
		if (errno == EOPNOTSUPP || errno == EINVAL) {
			run_by_hand(programs[i]);
			continue;
		}
		printf("program %s: not attached: %s\n",
		       bpf_program__name(programs[i]), strerror(errno));
		status = REFUSED;
	}
	return status;
}

static int count_runs(void)
{
	int status = ALL_WELL;

	for (size_t i = 0; i < num_programs; i++) {
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info);

		if (bpf_obj_get_info_by_fd(bpf_program__fd(programs[i]), &info,
					   &len))
			return CANNOT_TELL;
		printf("program %s: %s, ran %llu times, %u instructions verified\n",
		       bpf_program__name(programs[i]),
		       links[i] ? "attached" : "by hand",
		       (unsigned long long)info.run_cnt,
		       info.verified_insns);
		if (!info.run_cnt)
			status = NOT_RUN;
	}
	return status;
}

static int use(void)
{
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	int status = attach();

	if (stats < 0)
		return CANNOT_TELL;
	make_events();
	if (!status)
		status = count_runs();
	for (size_t i = 0; i < num_programs; i++)
		bpf_link__destroy(links[i]);
	close(stats);
	return status;
}

int main(int argc, char **argv)
{
	struct bpf_object *object = NULL;
	int status;

	if (argc == 2)
		return 0;		/* executed as an event */
	if (argc != 3)
		return CANNOT_TELL;
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	libbpf_set_print(say);
	status = load(argv[2], &object);
	if (!status && !strcmp(argv[1], "use"))
		status = use();
	bpf_object__close(object);
	for (size_t i = 0; i < num_programs; i++)
		free(logs[i]);
	return status;
}
