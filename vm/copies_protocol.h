/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said between us and a QEMU that is to be copied, see preload/copies.c.
 * It says an int32_t of 0 at its start.  Each message of ours is a byte and asks
 * for one thing; what comes back is an int32_t.  It ends when we hang up; a copy
 * ends when we hang up its QMP.
 */
#ifndef VM_COPIES_PROTOCOL_H
#define VM_COPIES_PROTOCOL_H

/*
 * Stop for ever, as it is.  0 comes back, or a negative errno: it can't be
 * copied, and is of no use any more.
 */
#define COPIES_STOP	's'

/*
 * Make a copy that goes on from where this one stopped, a child of the process
 * that this one is a child of.  A descriptor for each of COPIES_NUM comes
 * along; the copy has them in place of the original's.  The copy's process id
 * comes back, or a negative errno.
 */
#define COPIES_MAKE	'c'

enum copies_fd {
	COPIES_CONSOLE, COPIES_RESULTS, COPIES_ERRORS, COPIES_QMP,
	COPIES_MAILBOX, COPIES_NUM
};

/*
 * In the environment: the descriptor of the conversation, and what the original
 * has for each of COPIES_NUM, in decimal, with spaces between.
 */
#define COPIES_ENV	"PLIMSOLL_COPIES"

#endif /* VM_COPIES_PROTOCOL_H */
