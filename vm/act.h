/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program does once it runs, where that is the event.  PID 1 prepares
 * it, so that the program itself does the one thing and no other.
 */
#ifndef VM_ACT_H
#define VM_ACT_H

#include <stdint.h>

enum vm_act {
	VM_ACT_NONE,
	VM_ACT_CONNECT,		/* TCP */
	VM_ACT_CONNECT_UDP,
	VM_ACT_ACCEPT,		/* TCP */
	VM_ACT_CREATE,
	VM_ACT_RENAME,
	VM_ACT_DELETE,
	VM_NUM_ACTS
};

/*
 * With it come two texts: @source and @destination of a connection as
 * addresses, or of a file as paths; "": any.  Ports: 0: any.
 */
struct vm_act_ports {
	uint16_t source, destination;
};

#endif /* VM_ACT_H */
