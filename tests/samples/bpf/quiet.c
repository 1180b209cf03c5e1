// SPDX-License-Identifier: GPL-2.0-or-later
/* Taken and attached, but nothing in the VM does what it waits for. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp/syscalls/sys_enter_swapoff")
int on_swapoff(void *context)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
