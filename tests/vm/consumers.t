#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every deliberately broken consumer is caught by the stage that consumers.tsv
# names, with the finding that it names; and the sound one passes with the
# same content.  The first two are Channel File 291.

. tests/tap.sh

sound=build/modules/$(cat build/kernels/debian-6.1/release)/plimsoll.ko

consumer()
{
	echo "build/consumers/$1/plimsoll.ko"
}

# The finding's code that consumers.tsv promises for this consumer and stage.
code_of()
{
	awk -F '\t' -v name="$1" -v stage="$2" \
		'$1 == name && $3 == stage { print $4 }' \
		tests/consumers/consumers.tsv
}

# boots STATUS CONSUMER FILE
boots()
{
	run "$1" boot --json --kernel debian:6.1 --scenario load \
		--consumer "$2" "$3"
}

# A code of OOPS is that of a console report: KERNEL_OOPS in the stage.
finds()
{
	grep -E "\"code\": \"(KERNEL_)?$1\"" "$dir/out"
}

"$PLIMSOLL" compile -o "$dir/touch.plm" tests/samples/pids >/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/twin.plm" tests/samples/twin >/dev/null 2>&1
build/tests/test_core_vectors tests/vectors/plain.vec:plain "$dir/plain.plm" \
	>/dev/null
build/tests/test_core_vectors tests/vectors/plain.vec:section-off-all-ones \
	"$dir/lost.plm" >/dev/null

check 'every broken consumer has a test here' sh -c \
	'for p in tests/consumers/*.patch; do
		n=$(basename "$p" .patch)
		grep -q "^name=$n$" tests/vm/consumers.t || { echo "$n"; exit 1; }
	done'

check 'sound: takes the criterion on the last input' \
	run 0 check --consumer "$sound" "$dir/touch.plm"
check 'sound: boots with it' boots 0 "$sound" "$dir/touch.plm"
check 'sound: boots with its twin' boots 0 "$sound" "$dir/twin.plm"

name=01-fewer-inputs-honest
check "$name: check refuses the criterion" \
	run 1 check --json --consumer "$(consumer $name)" "$dir/touch.plm"
check "$name: with the promised finding" finds "$(code_of $name check)"
check "$name: that names the rule" \
	prints '"rule": "0a2b7f5c-6d0e-4b8e-9a51-2c9d5e7f4a10"'
check "$name: and the input" prints 'ParentProcessId'
check "$name: the wildcard twin passes check" \
	run 0 check --consumer "$(consumer $name)" "$dir/twin.plm"
check "$name: the wildcard twin passes boot" \
	boots 0 "$(consumer $name)" "$dir/twin.plm"
check "$name: the kernel refuses the criterion, too" \
	boots 1 "$(consumer $name)" "$dir/touch.plm"

name=02-fewer-inputs-lying
check "$name: check passes" \
	run 0 check --consumer "$(consumer $name)" "$dir/touch.plm"
check "$name: boot fails" boots 1 "$(consumer $name)" "$dir/touch.plm"
check "$name: with the kernel's own report" finds "$(code_of $name boot)"
check "$name: which says where" prints 'plm_'
check "$name: the wildcard twin passes boot" \
	boots 0 "$(consumer $name)" "$dir/twin.plm"

name=03-unchecked-section
check "$name: sound module and userspace refuse the file alike" \
	boots 1 "$sound" "$dir/lost.plm"
check "$name: as refused, with its code" prints BAD_LAYOUT
check "$name: the good file passes boot" \
	boots 0 "$(consumer $name)" "$dir/twin.plm"
check "$name: boot fails on the malformed file" \
	boots 1 "$(consumer $name)" "$dir/lost.plm"
check "$name: with the kernel's own report" finds "$(code_of $name boot)"

done_testing
