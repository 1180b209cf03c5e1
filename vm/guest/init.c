// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PID 1 of our VMs: it carries out the script that the host has put into the
 * initramfs, a function a step, and tells the host what became of each.
 */
#include "vm/guest/init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int step_token(struct guest *guest, const struct step *step)
{
	if (!step->texts[0] || strlen(step->texts[0]) != VM_TOKEN_LEN)
		return EINVAL;
	memcpy(guest->token, step->texts[0], VM_TOKEN_LEN);
	guest->has_token = true;
	return 0;
}

/* What each step needs at least, so that its function needs no checks. */
static const struct {
	step_function run;
	unsigned int num_texts;
} steps[VM_NUM_STEPS] = {
	[VM_STEP_TOKEN] = { step_token, 1 },
	[VM_STEP_INSMOD] = { step_insmod, 1 },
	[VM_STEP_DRIVER] = { step_driver, 1 },
	[VM_STEP_CONSUMER] = { step_consumer, 1 },
	[VM_STEP_REMOVE] = { step_remove, 1 },
	[VM_STEP_DEVICE] = { step_device, 0 },
	[VM_STEP_CLOSE] = { step_close, 0 },
	[VM_STEP_STATUS] = { step_status, 0 },
	[VM_STEP_EXECUTE] = { step_execute, VM_EXECUTE_ARGS + 1 },
	[VM_STEP_BECOME] = { step_become, 2 },
	[VM_STEP_REPLACE] = { step_replace, 1 },
	[VM_STEP_ALTERNATE] = { step_alternate, 2 },
	[VM_STEP_NEIGHBOURS] = { step_neighbours, 2 },
	[VM_STEP_ATTACK] = { step_attack, 4 },
	[VM_STEP_SWITCH] = { step_switch, 0 },
	[VM_STEP_BUSY] = { step_busy, 0 },
	[VM_STEP_WATCH] = { step_watch, 0 },
	[VM_STEP_IDLE] = { step_idle, 0 },
	[VM_STEP_WAIT] = { step_wait, 0 },
	[VM_STEP_CLOCK] = { step_clock, 0 },
	[VM_STEP_HOG] = { step_hog, 0 },
	[VM_STEP_FAIL_LOAD] = { step_fail_load, 2 },
	[VM_STEP_FAIL_REPLACE] = { step_fail_replace, 2 },
	[VM_STEP_FAIL_EXECUTE] = { step_fail_execute, 0 },
	[VM_STEP_LEAKS] = { step_leaks, 0 },
	[VM_STEP_REJECT] = { step_reject, 1 },
	[VM_STEP_FIGURES] = { step_figures, 0 },
	[VM_STEP_RUN] = { step_run, 1 },
	[VM_STEP_ROUNDS] = { step_rounds, 2 },
	[VM_STEP_DISK] = { step_disk, 1 },
	[VM_STEP_ROOT] = { step_root, 0 },
	[VM_STEP_TARGET] = { step_target, 1 },
	[VM_STEP_TARGET_WATCH] = { step_target_watch, 1 },
	[VM_STEP_TARGET_ROUNDS] = { step_target_rounds, 0 },
	[VM_STEP_TARGET_DAMAGE] = { step_target_damage, 2 },
	[VM_STEP_TARGET_NEIGHBOURS] = { step_target_neighbours, 2 },
	[VM_STEP_SNAPSHOT] = { step_snapshot, 0 },
	[VM_STEP_RECEIVE] = { step_receive, 1 },
	[VM_STEP_RECORD] = { step_record, 1 },
	[VM_STEP_STOP] = { step_stop, 0 },
	[VM_STEP_REBOOT] = { step_reboot, 0 },
};

static int run_step(struct guest *guest, const struct step *step)
{
	unsigned int op = step->head.op;

	if (op >= VM_NUM_STEPS || !steps[op].run)
		return ENOSYS;
	if (step->head.num_texts < steps[op].num_texts)
		return EINVAL;
	return steps[op].run(guest, step);
}

/* The script to its end.  A step that fails is told; the host judges. */
static void run_script(struct guest *guest)
{
	struct step step;
	int err;

	while (!guest->new_script &&
	       next_step(guest, &guest->pos, guest->script_len, &step)) {
		err = run_step(guest, &step);
		report(guest, VM_RESULT_STEP, &step, err, NULL, 0);
	}
}

/* As step_become() leaves it; that step is done now. */
static bool resume(struct guest *guest)
{
	const char *state = getenv("PLIMSOLL_STATE");
	struct step step = { .head.op = VM_STEP_BECOME };
	char token[VM_TOKEN_LEN + 1];

	if (!state || sscanf(state, "%d %d %d %zu %lu %u %32s",
			     &guest->script_fd, &guest->device, &guest->mailbox,
			     &guest->pos, &guest->num_results, &step.head.id,
			     token) != 7)
		return false;
	memcpy(guest->token, token, VM_TOKEN_LEN);
	guest->has_token = true;
	keep_open(guest, false);
	mailbox_start(guest);
	report(guest, VM_RESULT_STEP, &step, 0, NULL, 0);
	return true;
}

static void begin(struct guest *guest)
{
	int err = system_start();

	guest->device = -1;
	guest->mailbox = -1;
	mailbox_start(guest);
	guest->script_fd = open(VM_SCRIPT, O_RDONLY | O_CLOEXEC);
	if (guest->script_fd < 0)
		err = errno;
	report(guest, VM_RESULT_HELLO, NULL, err, NULL, 0);
}

/* From its file; from a mailbox it is there already. */
static bool map_script(struct guest *guest)
{
	struct stat st;
	void *data;

	if (fstat(guest->script_fd, &st) || !st.st_size)
		return false;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE, guest->script_fd, 0);
	if (data == MAP_FAILED)
		return false;
	guest->script = data;
	guest->script_len = (size_t)st.st_size;
	return true;
}

int main(int argc, char **argv)
{
	struct guest guest = { 0 };

	if (argc && !strcmp(argv[0], VM_RECORD_END))
		record_end();
	report_start();
	/* First, so that its descriptor is free. */
	execute_start();
	if (!resume(&guest))
		begin(&guest);
	do {
		guest.new_script = false;
		if (guest.script_fd < 0 || map_script(&guest))
			run_script(&guest);
	} while (guest.new_script);
	/* PID 1 must not end; the host sees that there was no token. */
	for (;;)
		pause();
}
