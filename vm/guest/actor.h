/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PID 1 and the actor agree on. */
#ifndef GUEST_ACTOR_H
#define GUEST_ACTOR_H

/* An eventfd to which a program adds one when it reaches user code. */
#define ACTOR_RAN_FD	3

/* First string of a parent's environment; the child's uid or "-" follows. */
#define ACTOR_PARENT	"parent="

#endif /* GUEST_ACTOR_H */
