// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies of a running QEMU.
 *
 * An emulator that has just started has to translate all the code that its
 * guest runs, which takes longer than running it.  One that has run it before
 * has it translated; so that one is stopped, and for every further VM the whole
 * process is copied, with all it has translated, on write.
 *
 * fork() copies but the thread that calls it.  So every thread is stopped in a
 * signal handler, which notes where it is; in the copy a new thread is made for
 * each, with the same memory for its own, and it returns from that handler in
 * the old one's place.  Nothing of QEMU need be known for that, and of the C
 * library only what it promises.  Once stopped, the original never goes on.
 *
 * What a copy must not share with the others is replaced: its pipes and its
 * mailbox by those that came along with the request, and each eventfd, by which
 * threads wake each other, by one of its own.
 *
 * Loaded by LD_PRELOAD.  Between stopping and the copy's going on nothing may
 * be called that takes a lock, as a stopped thread may hold it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "vm/copies_protocol.h"

#define QEMU		"qemu-system-"
#define SIGNAL		(SIGRTMAX - 1)
#define MAX_THREADS	32
#define MAX_FDS		256
#define MAX_MAPPINGS	8
#define STACK_LEN	16384	/* until a thread is back on its own */
#define PATIENCE_MS	2000	/* until a thread has stopped */

static struct thread {
	void *own;		/* its memory: the thread pointer */
	int *cleared;		/* who waits for its end looks there */
	jmp_buf point;
	_Alignas(16) uint8_t stack[STACK_LEN];
} threads[MAX_THREADS];
static atomic_uint num_called, num_stopped;

/* Descriptors of the original that a copy may not keep. */
static struct replaced {
	int fd;
	int by;			/* of enum copies_fd; COPIES_NUM: an eventfd */
	int flags;
} replaced[MAX_FDS];
static unsigned int num_replaced;

static struct mapping {
	void *data;
	size_t len;
	off_t off;
} mappings[MAX_MAPPINGS];
static unsigned int num_mappings;

static int control;
static int originals[COPIES_NUM];

/* Threads */

/* In a thread that is to stop; in its copy this returns. */
static void on_signal(int number)
{
	unsigned int n = atomic_fetch_add(&num_called, 1);
	int saved = errno;

	(void)number;
	if (n < MAX_THREADS) {
		struct thread *me = &threads[n];

		me->own = __builtin_thread_pointer();
		if (prctl(PR_GET_TID_ADDRESS, &me->cleared) == 0 &&
		    setjmp(me->point)) {
			errno = saved;
			return;
		}
		if (me->cleared)
			atomic_fetch_add(&num_stopped, 1);
	}
	for (;;)
		pause();
}

/* On the small stack, as the thread whose memory it has. */
static int go_on(void *thread)
{
	longjmp(((struct thread *)thread)->point, 1);
}

/* In the copy. */
static int revive_all(void)
{
	unsigned int num = atomic_load(&num_stopped);

	for (unsigned int i = 0; i < num; i++) {
		struct thread *t = &threads[i];

		if (clone(go_on, t->stack + STACK_LEN,
			  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			  CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
			  CLONE_CHILD_CLEARTID, t, NULL, t->own,
			  t->cleared) < 0)
			return -errno;
	}
	return 0;
}

/* The next of /proc/self/task, or 0; readdir() takes locks. */
static pid_t next_task(int fd)
{
	static _Alignas(struct dirent64) char names[4096];
	static ssize_t len, at;
	const struct dirent64 *entry;
	pid_t tid = 0;

	do {
		if (at >= len) {
			len = getdents64(fd, names, sizeof(names));
			at = 0;
			if (len <= 0)
				return 0;
		}
		entry = (const void *)(names + at);
		at += entry->d_reclen;
		tid = (pid_t)strtol(entry->d_name, NULL, 10);
	} while (!tid);
	return tid;
}

/* Signal whoever was not; how many there are beside this one, or -errno. */
static int signal_all(pid_t *told, int num_told)
{
	int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t self = gettid(), tid;

	if (fd < 0)
		return -errno;
	while ((tid = next_task(fd))) {
		int i = 0;

		while (i < num_told && told[i] != tid)
			i++;
		if (tid == self || i < num_told)
			continue;
		if (num_told == MAX_THREADS)
			num_told = -EMFILE;
		else if (syscall(SYS_tgkill, getpid(), tid, SIGNAL) == 0)
			told[num_told++] = tid;
		if (num_told < 0)
			break;
	}
	close(fd);
	return num_told;
}

/* Until a look around finds nobody new, as one thread may start another. */
static int stop_all(void)
{
	static pid_t told[MAX_THREADS];
	struct timespec pause = { .tv_nsec = 1000000 };
	int num = 0, before = -1;

	while (num >= 0 && num != before) {
		before = num;
		num = signal_all(told, num);
		for (int i = 0; (int)atomic_load(&num_stopped) < num; i++) {
			if (i == PATIENCE_MS)
				return -ETIMEDOUT;
			nanosleep(&pause, NULL);
		}
	}
	return num < 0 ? num : 0;
}

/* What a copy has of its own */

static bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool is_eventfd(int fd)
{
	static const char name[] = "anon_inode:[eventfd]";
	char path[32], link[sizeof(name)];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, link, sizeof(link)) == sizeof(name) - 1 &&
	       !memcmp(link, name, sizeof(name) - 1);
}

static int note_descriptors(void)
{
	for (int fd = 0; fd < MAX_FDS; fd++) {
		int flags = fcntl(fd, F_GETFL);
		int by = 0;

		if (flags < 0 || fd == control)
			continue;
		while (by < COPIES_NUM && !same_file(fd, originals[by]))
			by++;
		if (by == COPIES_NUM && !is_eventfd(fd))
			continue;
		replaced[num_replaced++] = (struct replaced){ fd, by, flags };
	}
	/* Higher ones would be shared. */
	return fcntl(MAX_FDS, F_GETFL) < 0 ? 0 : -EMFILE;
}

/* A line of /proc/self/maps: is it the mailbox? */
static int note_mapping(const char *line)
{
	unsigned long from, to, off, inode;
	unsigned int major, minor;
	struct stat st;

	if (fstat(originals[COPIES_MAILBOX], &st) ||
	    sscanf(line, "%lx-%lx %*s %lx %x:%x %lu", &from, &to, &off, &major,
		   &minor, &inode) != 6 || inode != st.st_ino ||
	    makedev(major, minor) != st.st_dev)
		return 0;
	if (num_mappings == MAX_MAPPINGS)
		return -EMFILE;
	mappings[num_mappings++] = (struct mapping){ (void *)from, to - from,
						     (off_t)off };
	return 0;
}

static int note_mappings(void)
{
	static char text[1 << 18];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = -1;
	int err = 0;

	while (fd >= 0 && len < sizeof(text) - 1 &&
	       (got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	if (fd >= 0)
		close(fd);
	if (got)
		return -EIO;
	text[len] = 0;
	for (char *line = text; !err && line; line = strchr(line, '\n')) {
		line += *line == '\n';
		err = note_mapping(line);
	}
	return err;
}

/* In the copy: what is the original's goes, what is its own comes. */
static int replace_all(const int *fds)
{
	for (unsigned int i = 0; i < num_replaced; i++) {
		const struct replaced *r = &replaced[i];
		int own = r->by < COPIES_NUM ? fds[r->by] :
					       eventfd(0, EFD_CLOEXEC);

		if (own < 0 || dup3(own, r->fd, O_CLOEXEC) < 0 ||
		    fcntl(r->fd, F_SETFL, r->flags))
			return -errno;
		if (r->by == COPIES_NUM)
			close(own);
	}
	for (unsigned int i = 0; i < num_mappings; i++) {
		const struct mapping *m = &mappings[i];

		if (mmap(m->data, m->len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fds[COPIES_MAILBOX],
			 m->off) != m->data)
			return -errno;
	}
	return 0;
}

/* The conversation */

static int stop(void)
{
	int err = stop_all();

	if (!err)
		err = note_descriptors();
	if (!err)
		err = note_mappings();
	return err;
}

/*
 * In the copy; everything else is its threads' to do.  The conversation is not
 * its own: while it had a part in that, nobody would see the original's end.
 */
static void live(const int *fds)
{
	struct pollfd host = { fds[COPIES_QMP], POLLRDHUP, 0 };

	setpgid(0, 0);
	close(control);
	if (replace_all(fds) || revive_all())
		_exit(127);
	for (int i = 0; i < COPIES_NUM; i++)
		if (i != COPIES_QMP)
			close(fds[i]);
	while (poll(&host, 1, -1) < 0 || !host.revents)
		;
	_exit(0);
}

static int copy(const int *fds)
{
	long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL,
			   NULL);

	if (pid == 0)
		live(fds);
	return pid < 0 ? -errno : (int)pid;
}

/* What is asked for next, and what came along; false at the end. */
static bool hear(char *out_what, int *out_fds)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(COPIES_NUM * sizeof(int))];
	} along = { 0 };
	struct iovec part = { out_what, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = &along,
				  .msg_controllen = sizeof(along) };

	if (recvmsg(control, &message, MSG_CMSG_CLOEXEC) != 1)
		return false;
	if (*out_what != COPIES_MAKE)
		return true;
	if (message.msg_controllen < CMSG_LEN(COPIES_NUM * sizeof(int)))
		return false;
	memcpy(out_fds, CMSG_DATA(&along.head), COPIES_NUM * sizeof(int));
	return true;
}

static void *converse(void *unused)
{
	int fds[COPIES_NUM];
	int32_t answer;
	char what;

	(void)unused;
	while (hear(&what, fds)) {
		if (what == COPIES_STOP) {
			answer = stop();
		} else {
			answer = copy(fds);
			for (int i = 0; i < COPIES_NUM; i++)
				close(fds[i]);
		}
		if (send(control, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* Calls of QEMU's that come here first */

struct start {
	void *(*run)(void *data);
	void *data;
};

/* QEMU starts its threads with every signal blocked. */
static void *run_unblocked(void *data)
{
	struct start start = *(struct start *)data;
	sigset_t set;

	free(data);
	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return start.run(start.data);
}

int pthread_create(pthread_t *out, const pthread_attr_t *attr,
		   void *(*run)(void *data), void *data)
{
	int (*real)(pthread_t *out, const pthread_attr_t *attr,
		    void *(*run)(void *data), void *data) =
		dlsym(RTLD_NEXT, "pthread_create");
	struct start *start = malloc(sizeof(*start));
	int err;

	if (!start)
		return ENOMEM;
	*start = (struct start){ run, data };
	err = real(out, attr, run_unblocked, start);
	if (err)
		free(start);
	return err;
}

/* The guest's memory is what a copy is for. */
int madvise(void *data, size_t len, int advice)
{
	if (advice == MADV_DONTFORK)
		return 0;
	return (int)syscall(SYS_madvise, data, len, advice);
}

/* A ring between kernel and process can't be copied; QEMU does without. */
struct io_uring;
int io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			unsigned int flags);
int io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			unsigned int flags)
{
	(void)entries;
	(void)ring;
	(void)flags;
	return -ENOSYS;
}

/* Told by the environment; QEMU may be a script that ends in QEMU. */
static bool is_wanted(void)
{
	const char *text = getenv(COPIES_ENV);

	return text &&
	       !strncmp(program_invocation_short_name, QEMU,
			sizeof(QEMU) - 1) &&
	       sscanf(text, "%d %d %d %d %d %d", &control,
		      &originals[COPIES_CONSOLE], &originals[COPIES_RESULTS],
		      &originals[COPIES_ERRORS], &originals[COPIES_QMP],
		      &originals[COPIES_MAILBOX]) == 1 + COPIES_NUM;
}

__attribute__((constructor)) static void begin(void)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_RESTART };
	const int32_t hello = 0;
	pthread_t thread;

	if (!is_wanted())
		return;
	sigfillset(&action.sa_mask);
	if (sigaction(SIGNAL, &action, NULL) ||
	    pthread_create(&thread, NULL, converse, NULL) ||
	    send(control, &hello, sizeof(hello), MSG_NOSIGNAL) < 0)
		_exit(127);
	unsetenv(COPIES_ENV);
	unsetenv("LD_PRELOAD");
}
