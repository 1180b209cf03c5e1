// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels from 6.6 on take this: a move that extends a sign, which older
 * verifiers do not know.  The compiler is older as well, hence the bytes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sys_enter")
int on_call(void *context)
{
	int result;

	/* r0 = 200; r0 = (s8)r0; result = r0 */
	asm volatile("r0 = 200\n"
		     ".byte 0xbf, 0x00, 0x08, 0x00, 0, 0, 0, 0\n"
		     "%0 = r0\n"
		     : "=r"(result) : : "r0");
	return result == -56;
}

char _license[] SEC("license") = "GPL";
