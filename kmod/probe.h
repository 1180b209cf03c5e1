/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes on the kernel's own tracepoints, which are not exported by name.
 */
#ifndef PLM_PROBE_H
#define PLM_PROBE_H

#include <linux/types.h>

struct tracepoint;

struct plm_probe {
	const char *name;		/* of the tracepoint */
	void *func;			/* first argument: void *data */
	struct tracepoint *attached;	/* NULL while not attached */
};

/* Attach @num probes; 0, or a negative errno with none attached. */
int plm_probes_attach(struct plm_probe *probes, u32 num);

/* Detach them; on return no probe function runs any more. */
void plm_probes_detach(struct plm_probe *probes, u32 num);

#endif /* PLM_PROBE_H */
