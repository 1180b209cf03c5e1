/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_TSC_H
#define VM_TSC_H

/*
 * How fast this machine's time stamp counter runs, in kHz, to a whole MHz;
 * measured once.  An emulated CPU has the same.  A kernel that finds it out by
 * itself while the machine is busy may be wrong by a factor; its time then
 * flies, and it sees lockups and stalls that are none.
 */
unsigned int tsc_khz(void);

#endif /* VM_TSC_H */
