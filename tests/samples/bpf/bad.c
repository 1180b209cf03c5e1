// SPDX-License-Identifier: GPL-2.0-or-later
/* No kernel takes this: a pointer that may be NULL is not looked at. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("raw_tp/sys_enter")
int on_call(void *context)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

	return *value == 7;
}

char _license[] SEC("license") = "GPL";
