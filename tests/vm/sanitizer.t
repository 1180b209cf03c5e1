#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel that looks for faults: it is what was asked for, the sound module
# passes on it, and faults that a stock kernel bears in silence are
# told every time.

# shellcheck source=tests/tap.sh
. tests/tap.sh

kernel=build/kernels/sanitizer
table=tests/consumers/consumers.tsv
sound=build/modules/$(cat $kernel/release)/plimsoll.ko

# field NAME NUMBER: of the table of broken consumers.
field()
{
	awk -F '\t' -v name="$1" -v field="$2" '$1 == name { print $field }' \
		$table
}

# boots STATUS CONSUMER SCENARIO...
boots()
{
	wanted=$1
	consumer=$2
	shift 2
	for scenario; do
		shift
		set -- "$@" --scenario "$scenario"
	done
	run "$wanted" boot --json --kernel sanitizer --consumer "$consumer" \
		"$@" --baseline "$dir/old.plm" "$dir/rules.plm"
}

# The evidence has a number above zero there.
some()
{
	grep -E "\"$1\": [1-9]" "$dir/out"
}

finds()
{
	grep -E "\"code\": \"(KERNEL_)?($1)\"" "$dir/out"
}

# misses OPTION=VALUE: a configuration with another value does not pass.
misses()
{
	grep -v "CONFIG_${1%=*}\\b" $kernel/config >"$dir/other"
	[ "${1#*=}" != n ] || echo "CONFIG_${1%=*}=y" >>"$dir/other"
	! vm/build-sanitizer --missing "$dir/other" >"$dir/out" &&
		grep "^CONFIG_$1 " "$dir/out" && [ "$(wc -l <"$dir/out")" -eq 1 ]
}

# The module's object files call what the kernel's are not made to.
instrumented()
{
	nm "$sound" | grep -q " U $1"
}

mkdir "$dir/old"
cp tests/samples/rules/*.yml "$dir/old"
rm "$dir/old/shadow_read.yml"
"$PLIMSOLL" compile -o "$dir/old.plm" --content-version 3 "$dir/old" \
	>/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/rules.plm" --content-version 4 \
	tests/samples/rules >/dev/null 2>&1

check 'the kernel has every option that was asked for' \
	vm/build-sanitizer --missing $kernel/config
for option in KASAN_VMALLOC=y SLUB_TINY=n TEST_UBSAN=m; do
	check "that $option is missing would be told" misses $option
done
for call in __asan_ __ubsan_ __sanitizer_cov_trace_pc; do
	check "the module is instrumented: $call" instrumented $call
done

check 'sound: passes load' boots 0 "$sound" load
check 'sound: passes each allocation failing once' boots 0 "$sound" low-memory
for operation in loading replacing executing; do
	check "allocations of $operation have failed" \
		grep -A 2 "\"operation\": \"$operation\"" "$dir/out"
done
check 'and of each some' \
	test "$(grep -c '"failed_allocations": [1-9]' "$dir/out")" -eq 3

check 'most of what the kernel allocates itself was passed over' \
	some passed_over

for name in $(awk -F '\t' '$5 == "sanitizer" { print $1 }' $table); do
	check "$name: $(field "$name" 6) fails" boots 1 \
		"build/consumers/$name/plimsoll.ko" "$(field "$name" 6)"
	check "$name: with $(field "$name" 4)" finds "$(field "$name" 4)"
done

done_testing
