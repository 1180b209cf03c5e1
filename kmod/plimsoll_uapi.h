/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The control interface of plimsoll.ko: /dev/plimsoll, mode 0600, and a caller
 * with CAP_SYS_ADMIN in the initial user namespace.
 *
 * ioctl() commands below; read() and poll() give the stream of matches.  All
 * structures have the same layout for 32 and 64 bit callers.  reserved fields
 * must be zero, or the call fails with EINVAL.
 *
 * Errors common to all commands: EFAULT (bad pointer), EINVAL (bad argument),
 * ENOENT (no such channel, content or rule), ENOTTY (no such command), ENOMEM.
 */
#ifndef PLIMSOLL_UAPI_H
#define PLIMSOLL_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PLIMSOLL_ABI		1
#define PLIMSOLL_DEVICE		"/dev/plimsoll"
#define PLIMSOLL_RULE_ID_LEN	64
#define PLIMSOLL_MAX_CHANNELS	8

struct plimsoll_info {
	__u32 abi;		/* out: PLIMSOLL_ABI */
	__u32 format_version;	/* out: of the content files it reads */
	__u32 num_channels;	/* out: entries of channels */
	__u32 flags;		/* out: PLIMSOLL_INFO_* */
	__u32 channels[PLIMSOLL_MAX_CHANNELS];
	__u64 num_events;	/* out: events evaluated */
	__u64 num_lost;		/* out: stream records that found no room */
	__u64 num_failed;	/* out: events not told as they should be */
	__u64 reserved[4];
};

#define PLIMSOLL_INFO_OFF	1u	/* started with content off */

/*
 * Replace the content of one channel.  The kernel copies the bytes once, checks
 * the copy, and switches to it atomically.  A refusal leaves the running
 * content as it is, fills err, fault_off and fault_rule, and fails with EBADMSG;
 * an older version than the running one fails with ESTALE unless
 * PLIMSOLL_REPLACE_ROLLBACK is set.  data_len 0 takes the content out.
 */
struct plimsoll_replace {
	__u32 channel;
	__u32 flags;		/* PLIMSOLL_REPLACE_* */
	__aligned_u64 data;	/* pointer */
	__u32 data_len;		/* bytes */
	__u32 err;		/* out: enum plm_err */
	__u32 fault_off;	/* out: bytes */
	__u32 fault_rule;	/* out: index or ~0 */
};

#define PLIMSOLL_REPLACE_ROLLBACK 1u

/*
 * Enable or disable a channel, or one rule of its running content; on return no
 * event is evaluated as before.  Enabling a rule also forgives its fault.  Rules
 * of new content are enabled; a channel stays as it is.
 */
struct plimsoll_switch {
	__u32 channel;
	__u32 rule;		/* index, or PLIMSOLL_WHOLE_CHANNEL */
	__u64 content_version;	/* of the rule's content; 0 for a channel */
	__u32 enable;		/* 0 or 1 */
	__u32 reserved;
};

#define PLIMSOLL_WHOLE_CHANNEL	0xffffffffu

struct plimsoll_channel_status {
	__u32 channel;		/* in */
	__u32 flags;		/* out: PLIMSOLL_CHANNEL_* */
	__u64 content_version;	/* out: 0 where there is no content */
	__u32 data_len;		/* out: bytes of it */
	__u32 num_rules;	/* out */
	__u64 num_events;	/* out: evaluated by this content */
	__u64 num_replaced;	/* out: contents taken since the module started */
	__u64 num_refused;	/* out: contents refused since then */
	__u32 last_err;		/* out: enum plm_err of the last refusal */
	__u32 last_fault_off;	/* out */
	__u64 reserved[2];
};

#define PLIMSOLL_CHANNEL_LOADED		1u
#define PLIMSOLL_CHANNEL_DISABLED	2u

struct plimsoll_rule_status {
	__u32 channel;		/* in */
	__u32 rule;		/* in: index */
	__u64 content_version;	/* out */
	__u32 flags;		/* out: PLIMSOLL_RULE_* */
	__u32 action;		/* out: enum plm_action */
	__u64 num_evaluated;	/* out: times its condition was evaluated */
	__u64 num_matched;	/* out */
	__u64 num_faulted;	/* out */
	__u32 last_err;		/* out: enum plm_err of the last fault */
	__u32 id_len;		/* out */
	char id[PLIMSOLL_RULE_ID_LEN];	/* out: not terminated */
};

#define PLIMSOLL_RULE_DISABLED	1u	/* by request */
#define PLIMSOLL_RULE_FAULTED	2u	/* by a fault */

/* What this file handle's stream gives. */
struct plimsoll_stream {
	__u32 flags;		/* PLIMSOLL_STREAM_* */
	__u32 reserved;
};

/*
 * Events without a match as well; but for process_creation only of templates
 * that some content which is loaded has rules of.
 */
#define PLIMSOLL_STREAM_ALL	1u

#define PLIMSOLL_IOC_INFO	_IOR('P', 0x01, struct plimsoll_info)
#define PLIMSOLL_IOC_REPLACE	_IOWR('P', 0x02, struct plimsoll_replace)
#define PLIMSOLL_IOC_SWITCH	_IOW('P', 0x03, struct plimsoll_switch)
#define PLIMSOLL_IOC_CHANNEL	_IOWR('P', 0x04, struct plimsoll_channel_status)
#define PLIMSOLL_IOC_RULE	_IOWR('P', 0x05, struct plimsoll_rule_status)
#define PLIMSOLL_IOC_STREAM	_IOW('P', 0x06, struct plimsoll_stream)

/*
 * The stream.  read() gives as many whole records as fit and fails with EINVAL
 * where the next one does not fit; without one it blocks, or fails with EAGAIN
 * under O_NONBLOCK.  Each open file has a position of its own that starts at
 * the newest record.  A reader that falls behind gets one LOST record whose
 * sequence number is that of the last record it lost; the next one follows it.
 * Records that the reader did not ask for leave gaps.  Every record begins so:
 */
struct plimsoll_record {
	__u32 len;		/* bytes of the record, a multiple of 8 */
	__u16 type;		/* PLIMSOLL_RECORD_* */
	__u16 num_matches;	/* entries of struct plimsoll_match behind it */
	__u64 seq;		/* ascending by one, over all readers */
	__u64 time_ns;		/* CLOCK_BOOTTIME */
	__u32 pid;		/* thread group, initial namespace */
	__u32 template_id;
	__u16 num_values;	/* values behind the matches */
	__u16 flags;		/* PLIMSOLL_RECORD_* flags */
	__u32 reserved;
};

#define PLIMSOLL_RECORD_EVENT	1u
#define PLIMSOLL_RECORD_LOST	2u

#define PLIMSOLL_RECORD_CUT	1u	/* an input was longer than its limit */
#define PLIMSOLL_RECORD_KILLED	2u	/* the process was killed */
#define PLIMSOLL_RECORD_SPARED	4u	/* a kill rule met PID 1: not killed */
#define PLIMSOLL_RECORD_MORE	8u	/* more rules matched than fitted */

struct plimsoll_match {
	__u32 channel;
	__u32 rule;		/* index */
	__u64 content_version;
};

/* Then num_values of these, each followed by its bytes, padded to 8. */
struct plimsoll_value {
	__u32 kind;		/* enum plm_value_kind */
	__u32 len;		/* bytes behind it, 0 for a number */
	__u64 number;
};

#endif /* PLIMSOLL_UAPI_H */
