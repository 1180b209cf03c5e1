/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program has to do for an event of a connection or of a file. */
#ifndef VM_REALISE_ACT_H
#define VM_REALISE_ACT_H

#include "event/event.h"
#include "vm/script.h"

#define VM_NET_ENUM(type, name) VM_NET_##name,
enum vm_net_input {
	PLM_NETWORK_CONNECTION_INPUTS(VM_NET_ENUM)
	VM_NUM_NET_INPUTS
};

#undef VM_NET_ENUM

#define VM_FILE_ENUM(type, name) VM_FILE_##name,
enum vm_file_input {
	PLM_FILE_EVENT_INPUTS(VM_FILE_ENUM)
	VM_NUM_FILE_INPUTS
};

#undef VM_FILE_ENUM

/*
 * NULL and the act in *@out, or a static reason why no Linux machine can do
 * that here.  What the event leaves open gets an ordinary value.
 */
const char *realise_connection(const struct plm_value *values,
			       struct execution *out);
const char *realise_file(const struct plm_value *values, struct execution *out);

#endif /* VM_REALISE_ACT_H */
