/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What host and guest say to each other.
 *
 * The host gives PID 1 a script: steps, one after the other, in the file
 * VM_SCRIPT of the initramfs.  PID 1 carries each out and answers with results
 * on a port of their own, VM_RESULT_PORT: one result of type STEP for every
 * step, after whatever else the step had to tell.  The last result is END; it
 * repeats the run's token and says how many results came before it.
 *
 * Both sides are x86-64, so that structures are sent as they lie in memory.
 */
#ifndef VM_PROTOCOL_H
#define VM_PROTOCOL_H

#include <stdint.h>

#include "vm/act.h"

#define VM_RESULT_PORT	0xe9
#define VM_FOLDER	"/plimsoll"
#define VM_SCRIPT	VM_FOLDER "/script"
#define VM_ACTOR	VM_FOLDER "/actor"
#define VM_INIT		VM_FOLDER "/init"
#define VM_CONSUMER	VM_FOLDER "/consumer.ko"
#define VM_CANDIDATE	VM_FOLDER "/candidate.plm"
#define VM_BASELINE	VM_FOLDER "/baseline.plm"
#define VM_NEIGHBOURS	VM_FOLDER "/neighbours"
#define VM_FIRMWARE	"/lib/firmware/plimsoll"
#define VM_MOUNT	"/disk"
/* Where PID 1 is when a recorded system hands over to it, at its very end. */
#define VM_RECORD_END	"/shutdown"

/*
 * X(name, what it does).  "texts" are zero-terminated and follow the step;
 * "a" and "b" are its numbers.
 */
#define VM_STEPS(X)							\
	X(TOKEN, "text 0 is the token of the run")			\
	X(INSMOD, "load the module at text 0, its options text 1")	\
	X(DRIVER, "load the module at text 0, unsigned if that will do")	\
	X(CONSUMER, "load text 0 with its parameters from the command line") \
	X(REMOVE, "unload the module named text 0")			\
	X(DEVICE, "open the control device, stream all events")		\
	X(CLOSE, "close it")						\
	X(STATUS, "status of channel a and of its rules")		\
	X(EXECUTE, "execute a program, see struct vm_execute")		\
	X(BECOME, "PID 1 executes itself as text 0, arguments text 1...") \
	X(REPLACE, "offer text 0 to channel a, with flags b")		\
	X(ALTERNATE, "texts 0 and 1 in turn to channel a, b times")	\
	X(NEIGHBOURS, "offer text 0, spoilt as text 1 has it, to channel a")	\
	X(ATTACK, "the same with text 2 as baseline, text 3 answers at once; one that is taken sees the next b steps") \
	X(SWITCH, "switch channel a: b is enum vm_switch")		\
	X(BUSY, "a process executes the next a steps over and over")	\
	X(WATCH, "read the stream until it has executed a more")	\
	X(IDLE, "end that process, tell what it has executed")		\
	X(WAIT, "read the stream for a seconds")			\
	X(CLOCK, "set the clock to a seconds after 1970")		\
	X(HOG, "take memory, keep 1/a of it from others; a is 0: give back")			\
	X(FAIL_LOAD, "load text 0, unload text 1, each allocation fails once") \
	X(FAIL_REPLACE, "texts 0 and 1 in turn to channel a, likewise")	\
	X(FAIL_EXECUTE, "execute a program, likewise")			\
	X(LEAKS, "let the kernel look for leaks; a: of young memory, too")	\
	X(REJECT, "offer a damaged text 0 to channel a, b times")	\
	X(FIGURES, "the taint mask; a: and memory figures")				\
	X(RUN, "run text 0 with arguments text 1..., tell what it prints")	\
	X(ROUNDS, "load text 0 and unload text 1, up to a times")	\
	X(DISK, "mount text 0 (ext4) on VM_MOUNT")			\
	X(ROOT, "make VM_MOUNT the root")				\
	X(TARGET, "a step of a target in phase a, see target_answer.h")	\
	X(TARGET_WATCH, "was text 0 read?  a: since a watch without")	\
	X(TARGET_ROUNDS, "load and undo again, up to a times")		\
	X(TARGET_DAMAGE, "text 0 damaged at a offsets from b, text 1 apart") \
	X(TARGET_NEIGHBOURS, "text 0 spoilt as text 1 has it, for a ms, b answers at once") \
	X(SNAPSHOT, "wait for the mailbox, go on with the script in it")	\
	X(RECEIVE, "file a of the mailbox is text 0; b: for PID 1 alone")	\
	X(RECORD, "stream while PID 1 becomes text 0 of the disk, a system") \
	X(STOP, "the token, then nothing: the host ends the VM")	\
	X(REBOOT, "the token, then restart; a: power off instead")

#define VM_STEP_ENUM(name, text) VM_STEP_##name,
enum vm_step_op {
	VM_STEP_NONE,
	VM_STEPS(VM_STEP_ENUM)
	VM_NUM_STEPS
};

#undef VM_STEP_ENUM

struct vm_step {
	uint32_t len;		/* bytes, with this head and the padding to 8 */
	uint16_t op;		/* enum vm_step_op */
	uint16_t num_texts;
	uint32_t id;		/* repeated in its results */
	uint32_t a, b;
	uint32_t uid;		/* EXECUTE: of the program */
	uint32_t parent_uid;	/* EXECUTE */
	uint32_t login_uid;	/* EXECUTE; VM_NO_UID: none */
	uint32_t num_args;	/* EXECUTE */
	uint32_t last_pid;	/* EXECUTE: the next process has one more; 0: any */
	uint32_t act;		/* EXECUTE: enum vm_act */
	struct vm_act_ports ports;	/* EXECUTE */
};

#define VM_NO_UID	0xffffffffu

/*
 * EXECUTE's texts: the program's path, the folder to be in, source and
 * destination of its act, num_args arguments; then, if there are more, the
 * parent's path and its arguments.
 */
#define VM_EXECUTE_SOURCE	2
#define VM_EXECUTE_DESTINATION	3
#define VM_EXECUTE_ARGS		4

enum vm_result_type {
	VM_RESULT_HELLO = 1,	/* PID 1 is there */
	VM_RESULT_STEP,		/* value: 0 or an errno */
	VM_RESULT_RECORDS,	/* as read from the control device */
	VM_RESULT_INFO,		/* struct plimsoll_info */
	VM_RESULT_CHANNEL,	/* struct plimsoll_channel_status */
	VM_RESULT_RULES,	/* struct vm_rule[] that have something to say */
	VM_RESULT_EXECUTED,	/* struct vm_executed */
	VM_RESULT_REPLACED,	/* struct plimsoll_replace; value: errno */
	VM_RESULT_FIGURES,	/* struct vm_figures */
	VM_RESULT_REJECTED,	/* struct vm_rejected */
	VM_RESULT_OUTPUT,	/* of RUN: what the program printed */
	VM_RESULT_RAN,		/* of RUN; value: status as wait() gives it */
	VM_RESULT_ANSWER,	/* struct vm_answer and its texts */
	VM_RESULT_OFFERED,	/* struct vm_offered */
	VM_RESULT_READY,	/* the memory may be kept as a template */
	VM_RESULT_BUSY,		/* struct vm_busy[] */
	VM_RESULT_ALTERNATED,	/* struct vm_alternated */
	VM_RESULT_REFUSALS,	/* struct vm_refusal[], in order */
	VM_RESULT_SWITCHED,	/* struct vm_switched */
	VM_RESULT_TOLD,		/* struct vm_told[], in order */
	VM_RESULT_FAILING,	/* value: which allocation will fail now */
	VM_RESULT_FAILURES,	/* struct vm_failures; value: errno */
	VM_RESULT_END,		/* struct vm_end; the very last */
};

#define VM_RESULT_MAGIC	0x52504c50u	/* "PLPR" */
#define VM_RESULT_MAX	(1u << 20)	/* bytes of one payload */

struct vm_result {
	uint32_t magic;		/* VM_RESULT_MAGIC */
	uint32_t len;		/* bytes of the payload behind it */
	uint16_t type;		/* enum vm_result_type */
	uint16_t op;		/* of the step */
	uint32_t id;		/* of the step */
	int32_t value;
	uint32_t reserved;
};

struct vm_executed {
	int32_t pid;		/* 0: no process came to be */
	int32_t status;		/* as wait() gives it */
	int32_t parent_pid;	/* 0: PID 1 itself was the parent */
	int32_t parent_status;
	uint32_t ran;		/* programs that reached user code */
	int32_t error;		/* errno of the preparation, or 0 */
};

struct vm_rule {
	uint32_t rule;
	uint32_t flags;		/* PLIMSOLL_RULE_* */
	uint64_t num_evaluated, num_matched, num_faulted;
};

/* Bytes in use, by who gives them. */
enum vm_figure {
	VM_FIGURE_KMALLOC,	/* objects of the kmalloc caches */
	VM_FIGURE_VMALLOC,
	VM_FIGURE_PERCPU,
	VM_NUM_FIGURES
};

/* The kernel's watch over its locks. */
enum vm_lockdep { VM_LOCKDEP_NONE, VM_LOCKDEP_WATCHES, VM_LOCKDEP_GAVE_UP };

struct vm_figures {
	uint64_t bytes[VM_NUM_FIGURES];
	uint64_t tainted;
	uint64_t uptime_us;
	uint32_t lockdep;	/* enum vm_lockdep */
	uint32_t reserved;
};

struct vm_rejected {
	uint32_t num_offered;
	uint32_t num_refused;
	uint32_t num_accepted;
	uint32_t num_other;	/* other errors */
};

/* What SWITCH switches. */
enum vm_switch {
	VM_SWITCH_RULES_OFF,	/* the first VM_SWITCH_RULES rules */
	VM_SWITCH_RULES_ON,
	VM_SWITCH_OFF,		/* the channel */
	VM_SWITCH_ON,
};

#define VM_SWITCH_RULES	32

struct vm_switched {
	uint32_t num_rules;	/* that were switched */
	uint32_t reserved;
};

/* One execution of the process of BUSY. */
struct vm_busy {
	uint32_t id;		/* of the step that it executed */
	uint32_t watched;	/* the stream was open from before until after */
	struct vm_executed done;
};

#define VM_MAX_BUSY	32768u	/* executions; then it waits for its end */

struct vm_alternated {
	uint32_t num_offered;
	uint32_t num_taken;
	uint32_t num_no_memory;
	uint32_t num_other;	/* other errors */
	uint32_t last_taken;	/* text 0 or 1; VM_NONE_TAKEN */
	int32_t error;		/* the last of the others, an errno */
};

#define VM_NONE_TAKEN	0xffffffffu

/*
 * An operation, tried until none of its allocations is left to fail.  Of what
 * the kernel allocates before it runs the consumer some are passed over.
 */
struct vm_failures {
	uint32_t num_tried;
	uint32_t num_failed;	/* allocations */
	uint32_t num_refused;	/* the operation, for want of memory */
	uint32_t num_other;	/* the operation, for another reason */
	int32_t error;		/* the last of these, an errno */
	uint32_t num_passed;	/* allocations of the kernel's, left alone */
};

#define VM_FAILURES_MAX	4096u	/* tries */

/* One change of a file, see damage.h. */
struct vm_edit {
	uint8_t kind;		/* enum vm_damage */
	uint8_t flags;		/* VM_EDIT_* */
	uint16_t section;
	uint32_t off, len;	/* bytes */
	uint32_t reserved;
	uint64_t value;
};

#define VM_EDIT_SEALED	1u	/* sizes and check sum fit again */
#define VM_EDIT_MORE	2u	/* the next one is of the same file */

/* Of ATTACK: a file that was taken is the last of its result. */
struct vm_refusal {
	int32_t error;		/* 0 or an errno */
	uint32_t err;		/* as struct plimsoll_replace has them */
	uint32_t fault_off;
	uint32_t fault_rule;
};

#define VM_TOKEN_LEN	32

/*
 * The memory of a VM that was started from a template has one part that is its
 * own: BAR 2 of a PCI device (ivshmem-plain), the mailbox.  The host fills it
 * before the VM goes on.  Results come back through a ring in it and not through
 * the port, which takes them byte by byte.  A VM that boots may have one for its
 * results alone.
 */
#define VM_MAILBOX_MAGIC	0x584f424du	/* "MBOX" */
#define VM_MAILBOX_VENDOR	"0x1af4"
#define VM_MAILBOX_DEVICE	"0x1110"
#define VM_RING_LEN	(1u << 20)

struct vm_mailbox_part {
	uint64_t off;		/* from the mailbox's start */
	uint64_t len;
};

struct vm_mailbox {
	uint32_t magic;		/* 0 in the template: nothing there yet */
	uint32_t num_files;
	uint64_t ring_off;	/* VM_RING_LEN bytes from there */
	uint64_t written;	/* bytes of results so far, by the guest */
	uint64_t taken;		/* of these, by the host */
	struct vm_mailbox_part script;
	struct vm_mailbox_part files[];
};

struct vm_end {
	char token[VM_TOKEN_LEN];
	uint64_t num_results;	/* before this one */
};

#endif /* VM_PROTOCOL_H */
