// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/fuzz_vm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/fuzz_lab.h"
#include "vm/lab.h"

/* An input that hangs is the kernel's watchdog's to find, at twice 15 s. */
#define TRY_SECONDS 90.0
#define LATE_FACTOR 1.5		/* of an engine that is to end by itself */

struct fuzz_vm {
	struct fuzz_lab *lab;
	struct fuzz_job job;
	char token[VM_TOKEN_LEN + 1];
	struct script script;
	struct mailbox mailbox;
	uint8_t *share;		/* in the mailbox; the guest may change it all */
	uint64_t taken;		/* bytes of the ring */
	_Atomic bool stop;
	_Atomic enum fuzz_stop why_stopped;
};

void fuzz_share_copy(const uint8_t *share, size_t off, void *out, size_t len)
{
	memcpy(out, share + off, len);
}

static size_t padded(size_t len)
{
	return len + (-len & 7);
}

bool fuzz_list_add(struct fuzz_list *list, const void *data, size_t len,
		   uint32_t ways)
{
	static const uint8_t zeros[8];
	struct fuzz_entry entry = { (uint32_t)len, ways };

	if (len > FUZZ_MAX_INPUT || list->bytes.len + sizeof(entry) +
					    padded(len) > FUZZ_INPUTS_LEN)
		return false;
	vm_bytes_add(&list->bytes, &entry, sizeof(entry));
	vm_bytes_add(&list->bytes, data, len);
	vm_bytes_add(&list->bytes, zeros, padded(len) - len);
	list->num++;
	return true;
}

void fuzz_list_free(struct fuzz_list *list)
{
	free(list->bytes.data);
	*list = (struct fuzz_list){ 0 };
}

static void fill_share(struct fuzz_vm *vm)
{
	const struct fuzz_job *job = &vm->job;
	struct fuzz_share head = {
		.magic = FUZZ_SHARE_MAGIC, .mode = job->mode,
		.seed = job->seed, .seconds = job->seconds,
		.max_len = job->max_len, .num_inputs = job->inputs->num,
		.repeat = job->repeat ? job->repeat : 1,
		.base_channel = vm->lab->base_channel,
	};

	if (vm->lab->config.target->ours)
		head.channel = vm->lab->config.channel;
	memcpy(vm->share, &head, sizeof(head));
	if (job->inputs->num)
		memcpy(vm->share + FUZZ_INPUTS_OFF, job->inputs->bytes.data,
		       job->inputs->bytes.len);
}

/* For copies: the consumer that has tried inputs was unloaded after the last. */
static void begin_anew(struct fuzz_vm *vm)
{
	script_step(&vm->script, VM_STEP_CONSUMER, 0, 0, 0, VM_CONSUMER, NULL);
	script_step(&vm->script, VM_STEP_SNAPSHOT, 0, 0, 0, NULL, NULL);
}

static void make_script(struct fuzz_vm *vm)
{
	char *texts[16] = { (char *)FUZZ_GUEST };

	for (size_t i = 0; vm->lab->modules[i] && i + 2 < ARRAY_LEN(texts); i++)
		texts[i + 1] = vm->lab->modules[i];
	script_step(&vm->script, VM_STEP_TOKEN, 0, 0, 0, vm->token, NULL);
	script_texts(&vm->script, VM_STEP_RUN, 0, 0, 0, texts);
	if (vm->job.keep)
		begin_anew(vm);
	else
		script_step(&vm->script, VM_STEP_STOP, 0, 0, 0, NULL, NULL);
}

struct fuzz_vm *fuzz_vm_make(struct fuzz_lab *lab, const struct fuzz_job *job)
{
	const struct mailbox_file share = { NULL, FUZZ_SHARE_LEN };
	struct fuzz_vm *vm = xcalloc(1, sizeof(*vm));
	int err;

	vm->lab = lab;
	vm->job = *job;
	vm->job.keep &= fuzz_lab_can_keep(lab);
	err = lab_token(vm->token) ? -EIO : mailbox_open(&vm->mailbox);
	if (err) {
		free(vm);
		errno = -err;
		return NULL;
	}
	make_script(vm);
	err = mailbox_fill(&vm->mailbox, &vm->script, &share, 1);
	if (err) {
		fuzz_vm_free(vm);
		errno = -err;
		return NULL;
	}
	/* Where it is, while nobody but us can have said so. */
	vm->share = (uint8_t *)vm->mailbox.head +
		    vm->mailbox.head->files[FUZZ_SHARE_PART].off;
	fill_share(vm);
	return vm;
}

void fuzz_vm_free(struct fuzz_vm *vm)
{
	mailbox_close(&vm->mailbox);
	script_free(&vm->script);
	free(vm);
}

void fuzz_outcome_free(struct fuzz_outcome *outcome)
{
	free(outcome->kind);
	free(outcome->title);
	free(outcome->text);
	free(outcome->console.data);
	*outcome = (struct fuzz_outcome){ 0 };
}

static double deadline_of(const struct fuzz_vm *vm)
{
	double boot = accelerator_deadline(
		&vm->lab->config.machine->accelerator, 0);

	return boot + (vm->job.mode == FUZZ_TRY ? TRY_SECONDS :
		       vm->job.seconds * LATE_FACTOR);
}

/* Others are copied from it, unless something has gone wrong in it. */
static int run_and_keep(struct fuzz_vm *vm, struct template_job *job,
			struct qemu_outcome *outcome)
{
	struct fuzz_lab *lab = vm->lab;
	int err = original_open(&lab->original);

	job->keep = &lab->original;
	if (!err)
		err = template_run_with(lab->template, job, &vm->mailbox,
					outcome);
	lab->has_original = !err && template_is_sound(outcome, QEMU_KEPT);
	if (!lab->has_original)
		original_close(&lab->original);
	return err;
}

static int run(struct fuzz_vm *vm, struct qemu_outcome *outcome)
{
	struct fuzz_lab *lab = vm->lab;
	struct template_job job = {
		.script = &vm->script, .token = vm->token,
		.deadline = deadline_of(vm), .stop = &vm->stop,
		.copy_of = lab->has_original ? &lab->original : NULL,
	};

	if (vm->job.cold)
		return fuzz_lab_boot(lab, &job, &vm->mailbox, outcome);
	if (vm->job.keep)
		return run_and_keep(vm, &job, outcome);
	return template_run_with(lab->template, &job, &vm->mailbox, outcome);
}

void fuzz_vm_run(struct fuzz_vm *vm, struct fuzz_outcome *out)
{
	struct qemu_outcome outcome = { .ending = QEMU_NOT_STARTED };
	int err;

	*out = (struct fuzz_outcome){ .ending = FUZZ_LOST };
	err = run(vm, &outcome);
	if (err)
		out->text = xasprintf("no VM: %s", strerror(-err));
	else
		fuzz_judge(&outcome, vm->token, vm->share, vm->why_stopped,
			   out);
	fuzz_vm_counts(vm, &out->counts);
	out->seconds = outcome.seconds;
	out->cpu_seconds = outcome.cpu_seconds;
	out->console = outcome.console;
	outcome.console = (struct vm_bytes){ 0 };
	qemu_outcome_free(&outcome);
}

void fuzz_vm_counts(const struct fuzz_vm *vm, struct fuzz_counts *out)
{
	struct fuzz_share head;

	fuzz_share_copy(vm->share, 0, &head, sizeof(head));
	*out = (struct fuzz_counts){
		.state = head.state < FUZZ_NUM_STATES ? head.state :
							FUZZ_WAITING,
		.num_executions = head.num_executions,
		.num_accepted = head.num_accepted,
		.num_firmware = head.num_firmware,
		.num_covered = head.num_covered, .num_points = head.num_points,
		.num_tried = head.num_tried,
	};
	if (out->num_tried > vm->job.inputs->num)
		out->num_tried = vm->job.inputs->num;
}

void fuzz_vm_end(struct fuzz_vm *vm)
{
	struct fuzz_share *head = (struct fuzz_share *)vm->share;

	atomic_store(&head->end_wanted, 1);
}

void fuzz_vm_stop(struct fuzz_vm *vm, enum fuzz_stop why)
{
	atomic_store(&vm->why_stopped, why);
	atomic_store(&vm->stop, true);
}

/* Bytes out of the ring at @at, which may go round. */
static void get(const struct fuzz_vm *vm, uint64_t at, void *out, size_t len)
{
	size_t off = at % FUZZ_FOUND_LEN;
	size_t first = FUZZ_FOUND_LEN - off;

	if (first > len)
		first = len;
	fuzz_share_copy(vm->share, FUZZ_FOUND_OFF + off, out, first);
	fuzz_share_copy(vm->share, FUZZ_FOUND_OFF, (uint8_t *)out + first,
			len - first);
}

/* One entry of those before @end; false where it makes no sense. */
static bool take_one(struct fuzz_vm *vm, uint64_t end,
		     void (*found)(void *context, const uint8_t *data,
				   size_t len), void *context)
{
	struct fuzz_entry entry;
	uint8_t *data;

	get(vm, vm->taken, &entry, sizeof(entry));
	if (entry.len > FUZZ_MAX_INPUT ||
	    sizeof(entry) + padded(entry.len) > end - vm->taken)
		return false;
	data = xmalloc(entry.len + 1);
	get(vm, vm->taken + sizeof(entry), data, entry.len);
	vm->taken += sizeof(entry) + padded(entry.len);
	found(context, data, entry.len);
	free(data);
	return true;
}

/* What the guest says of its ring is believed as far as it makes sense. */
void fuzz_vm_take(struct fuzz_vm *vm,
		  void (*found)(void *context, const uint8_t *data, size_t len),
		  void *context)
{
	struct fuzz_share *head = (struct fuzz_share *)vm->share;
	uint64_t end = atomic_load(&head->found_head);

	if (end - vm->taken > FUZZ_FOUND_LEN)
		return;
	while (end - vm->taken >= sizeof(struct fuzz_entry))
		if (!take_one(vm, end, found, context)) {
			vm->taken = end;
			break;
		}
	atomic_store(&head->found_tail, vm->taken);
}

static void add_recent(const struct fuzz_vm *vm, const struct fuzz_recent *recent,
		       size_t slot, struct fuzz_list *out)
{
	uint8_t *data;

	if (recent->len > FUZZ_MAX_INPUT)
		return;
	data = xmalloc(recent->len + 1);
	fuzz_share_copy(vm->share, FUZZ_RECENT_OFF + slot * FUZZ_MAX_INPUT,
			data, recent->len);
	fuzz_list_add(out, data, recent->len, recent->ways);
	free(data);
}

void fuzz_vm_recent(const struct fuzz_vm *vm, struct fuzz_list *out)
{
	struct fuzz_share head;
	uint64_t last = 0, first;

	fuzz_share_copy(vm->share, 0, &head, sizeof(head));
	for (size_t i = 0; i < FUZZ_NUM_RECENT; i++)
		if (head.recent[i].number > last)
			last = head.recent[i].number;
	first = last >= FUZZ_NUM_RECENT ? last - FUZZ_NUM_RECENT + 1 : 1;
	for (uint64_t n = first; last && n - first <= last - first; n++)
		if (head.recent[n % FUZZ_NUM_RECENT].number == n)
			add_recent(vm, &head.recent[n % FUZZ_NUM_RECENT],
				   n % FUZZ_NUM_RECENT, out);
}
