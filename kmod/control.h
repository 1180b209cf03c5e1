/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control device of plimsoll_uapi.h.
 */
#ifndef PLM_CONTROL_H
#define PLM_CONTROL_H

int plm_control_start(void);
void plm_control_stop(void);	/* no file of it is open any more */

#endif /* PLM_CONTROL_H */
