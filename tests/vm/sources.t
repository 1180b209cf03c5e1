#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What rules say is really done in a VM, for every template: of each rule the
# kernel has to match an event that must match.

. tests/tap.sh

# proven NUMBER: of so many rules, and none is left.
proven()
{
	grep -q "\"rules_proven\": $1,\$" "$dir/out" &&
		grep -q '"rules_not_proven": \[\],$' "$dir/out"
}

compiled()
{
	run 0 compile "$@"
}

check 'rules of connections and files compile' \
	compiled -o "$dir/events.plm" tests/samples/events
for kernel in debian:6.1 debian:6.12; do
	check "$kernel: the kernel answers as userspace does" run 0 boot \
		--json --scenario load --kernel $kernel "$dir/events.plm"
	check "$kernel: every rule is proven by what was done" proven 9
done
check 'on a disk, over two boots' run 0 boot --json \
	--scenario boot-twice "$dir/events.plm"
check 'as well' proven 9

# A rule that can't be carried out is one that is not proven.
sed -e '/^  selection:/,/^  condition:/d' -e '/^level/d' \
	tests/samples/events/bind_shell.yml >"$dir/never.yml"
cat >>"$dir/never.yml" <<'END'
  selection:
    Protocol: icmp
  condition: selection
level: low
END
check 'a rule of what no kernel does compiles' \
	compiled -o "$dir/never.plm" "$dir/never.yml"
check 'and is not said to be proven' sh -c \
	'"$PLIMSOLL" boot --json --scenario load "$1/never.plm" >"$1/out" \
		2>"$1/err"; grep -q "\"rules_proven\": 0,\$" "$1/out"' - "$dir"
check 'for the reason that is told' prints 'a protocol is neither tcp nor udp'

check 'content that kills compiles' compiled -o "$dir/kill.plm" --action kill \
	tests/samples/events
check 'who connects or changes a file is killed in time' run 0 boot --json \
	--scenario load "$dir/kill.plm"
check 'for every rule' proven 9

if [ -d "${SIGMA_DATA:-}" ]; then
	check 'the published rules compile' compiled -o "$dir/published.plm" \
		"$SIGMA_DATA/process_creation"
	check 'and the kernel answers to them as userspace does' run 0 boot \
		--json --scenario load "$dir/published.plm"
	check 'all 82 are proven by real executions' proven 82
else
	num=$((num + 1))
	echo "ok $num - the published rules # SKIP no SIGMA_DATA"
fi

done_testing
