// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Executions: the actor under the name, with the arguments, from the parent,
 * in the folder and as the user that an event asks for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/guest/actor.h"
#include "vm/guest/init.h"

#define MAX_ARGS MAX_TEXTS

/* What one execution takes, ready for execve(). */
struct plan {
	const char *path;		/* of what PID 1 starts */
	char **args;
	char **env;
	const struct step *step;
	uint32_t uid;			/* real uid to have at that exec */
	bool keep_root;			/* effective uid 0, to change later */
	struct act_fds fds;
};

void (*execute_in_child)(void);

static int ran_fd = -1;

int execute_start(void)
{
	struct rlimit stack;
	int fd = eventfd(0, EFD_NONBLOCK);

	if (fd < 0)
		return errno;
	ran_fd = fd;
	if (fd != ACTOR_RAN_FD) {
		ran_fd = dup2(fd, ACTOR_RAN_FD);
		close(fd);
	}
	/* Arguments may take a quarter of the stack's limit. */
	if (getrlimit(RLIMIT_STACK, &stack) == 0) {
		stack.rlim_cur = stack.rlim_max;
		setrlimit(RLIMIT_STACK, &stack);
	}
	return 0;
}

static int copy_actor(const char *path)
{
	uint8_t *data;
	size_t len;
	int err = read_whole(VM_ACTOR, &data, &len);
	int fd;

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd < 0)
		return errno;
	if (write(fd, data, len) != (ssize_t)len)
		err = EIO;
	close(fd);
	return err;
}

/* The actor at @path: a link, or a copy where that is another file system. */
static int place_actor(const char *path)
{
	struct stat actor, st;
	int err;

	if (stat(VM_ACTOR, &actor))
		return errno;
	if (lstat(path, &st) == 0) {
		if (st.st_ino == actor.st_ino && st.st_dev == actor.st_dev)
			return 0;
		if (S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path))
			return errno;
	}
	err = make_folders(path);
	if (err)
		return err;
	if (link(VM_ACTOR, path) == 0)
		return 0;
	return errno == EXDEV ? copy_actor(path) : errno;
}

static int set_login_uid(uint32_t uid)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", uid);
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, (size_t)len) != len)
		err = errno;
	close(fd);
	return err;
}

/* The number of the process that is forked next, if it is free. */
static void choose_pid(uint32_t last_pid)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", last_pid);
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* The host sees by the result whether it has worked. */
	if (write(fd, text, (size_t)len) < 0)
		perror("ns_last_pid");
	close(fd);
}

/*
 * In the child, which borrows PID 1's memory until the exec: only system calls,
 * and setresuid() without the C library's wrapper.
 */
static int become(const struct plan *plan)
{
	const struct vm_step *head = &plan->step->head;
	uint32_t effective = plan->keep_root ? 0 : plan->uid;
	int err = 0;

	if (chdir(plan->step->texts[1]))
		return errno;
	if (head->act && (dup2(plan->fds.act, ACTOR_ACT_FD) < 0 ||
			  (plan->fds.socket >= 0 &&
			   dup2(plan->fds.socket, ACTOR_SOCKET_FD) < 0)))
		return errno;
	if (head->login_uid != VM_NO_UID)
		err = set_login_uid(head->login_uid);
	if (err)
		return err;
	if (execute_in_child)
		execute_in_child();
	if (syscall(SYS_setresuid, plan->uid, effective, effective))
		return errno;
	execve(plan->path, plan->args, plan->env);
	return errno;
}

/* With a parent: the parent is started and told what to start. */
static void make_plan(struct plan *plan, const struct step *step)
{
	static char *env[MAX_ARGS + 3], *args[MAX_ARGS + 1];
	static char first[32];
	uint32_t num_args = step->head.num_args;
	char **behind = step->texts + VM_EXECUTE_ARGS + num_args;

	memcpy(args, step->texts + VM_EXECUTE_ARGS, num_args * sizeof(*args));
	args[num_args] = NULL;
	*plan = (struct plan){ .path = step->texts[0], .args = args,
			       .env = env, .step = step,
			       .uid = step->head.uid };
	env[0] = step->head.act ? (char *)ACTOR_ACT : NULL;
	env[1] = NULL;
	if (step->head.act || !*behind)
		return;
	plan->keep_root = step->head.uid != step->head.parent_uid;
	snprintf(first, sizeof(first), plan->keep_root ? "%s%u" : "%s-",
		 ACTOR_PARENT, step->head.uid);
	env[0] = first;
	env[1] = step->texts[0];
	memcpy(env + 2, args, (num_args + 1) * sizeof(*args));
	plan->path = behind[0];
	plan->args = behind + 1;
	plan->uid = step->head.parent_uid;
}

/*
 * A parent leaves its child unreaped, so that both end as children of PID 1.
 * The parent is gone before its child can be reaped here.
 */
static void reap(pid_t started, bool with_parent, struct vm_executed *out)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) > 0) {
		if (pid == started && with_parent) {
			out->parent_pid = pid;
			out->parent_status = status;
		} else {
			out->pid = pid;
			out->status = status;
		}
	}
}

static int prepare(const struct step *step, struct act_fds *fds)
{
	const char *parent = step->texts[VM_EXECUTE_ARGS + step->head.num_args];
	char folder[4096 + 2];
	int err;

	if (strlen(step->texts[1]) >= sizeof(folder) - 2)
		return ENAMETOOLONG;
	snprintf(folder, sizeof(folder), "%s/", step->texts[1]);
	err = make_folders(folder);
	if (!err && step->head.act)
		err = act_prepare(step, fds);
	if (!err)
		err = place_actor(step->texts[0]);
	if (!err && parent)
		err = place_actor(parent);
	return err;
}

static void start(const struct step *step, const struct act_fds *fds,
		  struct vm_executed *out)
{
	struct plan plan;
	uint64_t ran;
	pid_t pid;

	make_plan(&plan, step);
	plan.fds = *fds;
	if (step->head.last_pid)
		choose_pid(step->head.last_pid);
	pid = vfork();
	if (pid == 0)
		_exit(become(&plan));
	if (pid < 0)
		out->error = errno;
	else
		reap(pid, plan.env[0] && plan.env[1], out);
	if (read(ran_fd, &ran, sizeof(ran)) == sizeof(ran))
		out->ran = (uint32_t)ran;
}

void execute_one(const struct step *step, struct vm_executed *out)
{
	struct act_fds fds = { -1, -1, -1 };

	*out = (struct vm_executed){ .error = EINVAL };
	if (step->head.num_args == 0 ||
	    step->head.num_args + VM_EXECUTE_ARGS > step->head.num_texts)
		return;
	out->error = prepare(step, &fds);
	if (!out->error)
		start(step, &fds, out);
	act_end(&fds);
}

int step_execute(struct guest *guest, const struct step *step)
{
	struct vm_executed done;

	execute_one(step, &done);
	device_drain(guest, step);
	report(guest, VM_RESULT_EXECUTED, step, 0, &done, sizeof(done));
	return 0;
}
