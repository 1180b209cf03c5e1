// SPDX-License-Identifier: GPL-2.0-or-later
/* Both kernels take this: a count for each system call, and a filter. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

static void count(__u32 key)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("raw_tp/sys_enter")
int on_call(void *context)
{
	count(0);
	return 0;
}

SEC("tp/syscalls/sys_enter_getppid")
int on_getppid(void *context)
{
	count(1);
	return 0;
}

SEC("socket")
int filter(struct __sk_buff *skb)
{
	return skb->len > 20;
}

char _license[] SEC("license") = "GPL";
