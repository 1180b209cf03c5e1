// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The program that plays every process: a hard link of it stands at the path
 * that an event asks for.  Without environment it tells that it ran and exits.
 * With one it is a parent: the first string is ACTOR_PARENT and the uid to
 * take, the second the path of the program to start, the rest its arguments.
 * With one string alone it has something to do, once, before it tells and exits.
 *
 * It has no libc, because an exec under emulation costs what it maps.
 */
#include <stddef.h>
#include <stdint.h>

#include <asm/unistd.h>

#include "vm/guest/actor.h"

#define SIGCHLD		17
#define CLONE_VM	0x100
#define CLONE_VFORK	0x4000
#define P_ALL		0
#define WEXITED		4
#define WNOWAIT		0x1000000
#define O_WRONLY	01
#define O_CREAT		0100
#define O_EXCL		0200
#define ECONNREFUSED	111
#define EINPROGRESS	115

/*
 * Always inline: the child of play_parent() runs on its stack, so nothing may
 * return between the clone and the exec.
 */
__attribute__((always_inline))
static inline long call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8)
			 : "rcx", "r11", "memory");
	return ret;
}

__attribute__((always_inline)) static inline void leave(long status)
{
	for (;;)
		call(__NR_exit_group, status, 0, 0, 0, 0);
}

/* The uid behind ACTOR_PARENT, or -1: keep ours. */
static long wanted_uid(const char *text)
{
	long uid = 0;

	if (*text < '0' || *text > '9')
		return -1;
	for (; *text >= '0' && *text <= '9'; text++)
		uid = uid * 10 + (*text - '0');
	return uid;
}

/* In the child, which borrows the parent's memory until it is another. */
static void become(long uid, char **strings)
{
	static char *const none[] = { NULL };
	long err = 0;

	if (uid >= 0)
		err = call(__NR_setresuid, uid, uid, uid, 0, 0);
	if (!err)
		err = call(__NR_execve, (long)strings[0], (long)(strings + 1),
			   (long)none, 0, 0);
	leave(-err);
}

static void play_parent(char **env)
{
	long uid = wanted_uid(env[0] + sizeof(ACTOR_PARENT) - 1);
	long pid = call(__NR_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0,
			0);

	if (pid == 0)
		become(uid, env + 1);
	/*
	 * The child is waited for but not reaped: it becomes PID 1's, which
	 * takes its number and its status itself.
	 */
	if (pid > 0)
		pid = call(__NR_waitid, P_ALL, 0, 0, WEXITED | WNOWAIT, 0);
	leave(pid < 0 ? -pid : 0);
}

/* Nobody need answer: the first packet makes the connection one. */
static long do_connect(const struct actor_act *act)
{
	long ret = call(__NR_connect, ACTOR_SOCKET_FD, (long)act->peer,
			act->peer_len, 0, 0);

	return ret == -ECONNREFUSED || ret == -EINPROGRESS ? 0 : ret;
}

static long do_act(const struct actor_act *act)
{
	switch (act->act) {
	case VM_ACT_CONNECT:
	case VM_ACT_CONNECT_UDP:
		return do_connect(act);
	case VM_ACT_ACCEPT:
		return call(__NR_accept, ACTOR_SOCKET_FD, 0, 0, 0, 0);
	case VM_ACT_CREATE:
		return call(__NR_open, (long)act->destination,
			    O_WRONLY | O_CREAT | O_EXCL, 0644, 0, 0);
	case VM_ACT_RENAME:
		return call(__NR_rename, (long)act->source,
			    (long)act->destination, 0, 0, 0);
	case VM_ACT_DELETE:
		return call(__NR_unlink, (long)act->destination, 0, 0, 0, 0);
	default:
		return -1;
	}
}

/* The status is 0, or why it did not come about. */
static void play_act(void)
{
	static struct actor_act act;
	long ret = call(__NR_read, ACTOR_ACT_FD, (long)&act, sizeof(act), 0, 0);

	if (ret == (long)sizeof(act))
		ret = do_act(&act);
	if (ret < 0)
		leave(-ret);
}

__attribute__((used, noreturn)) void actor_start(long *stack)
{
	static const uint64_t one = 1;
	char **env = (char **)(stack + 1) + stack[0] + 1;

	if (env[0] && env[1])
		play_parent(env);
	else if (env[0])
		play_act();
	call(__NR_write, ACTOR_RAN_FD, (long)&one, sizeof(one), 0, 0);
	leave(0);
	__builtin_unreachable();
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call actor_start\n");
