/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PID 1 and the actor agree on. */
#ifndef GUEST_ACTOR_H
#define GUEST_ACTOR_H

#include <stdint.h>

#include "vm/act.h"

/* An eventfd to which a program adds one when it reaches user code. */
#define ACTOR_RAN_FD	3

/* First string of a parent's environment; the child's uid or "-" follows. */
#define ACTOR_PARENT	"parent="

/*
 * The only string of the environment of a program that has something to do:
 * what it is can be read from one descriptor, and another is its socket.
 */
#define ACTOR_ACT	"act"
#define ACTOR_ACT_FD	4
#define ACTOR_SOCKET_FD	5

struct actor_act {
	uint32_t act;		/* enum vm_act */
	uint32_t peer_len;
	uint8_t peer[32];	/* a socket address */
	char source[4096];	/* paths */
	char destination[4096];
};

#endif /* GUEST_ACTOR_H */
