#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll fuzz in kernels: a sound module never disagrees with userspace, the
# broken ones of tests/consumers that have a faulty parser are found, by what the
# kernel answers or by what it cries; and somebody else's parser is attacked.

# shellcheck source=tests/tap.sh
. tests/tap.sh

"$PLIMSOLL" compile -o "$dir/two.plm" --content-version 2 \
	tests/samples/rules/setuid_made.yml \
	tests/samples/rules/shadow_read.yml >/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/old.plm" tests/samples/twin >/dev/null 2>&1

# fuzz STATUS [OPTION]... FILE: in kernels alone.
fuzz()
{
	status=$1
	shift
	rm -rf "$dir/report"
	run "$status" fuzz --json --neighbours 0 --report "$dir/report" "$@"
}

# sum KEY: of all numbers of that name in the document.
sum()
{
	sed -n "s/.*\"$1\": \([0-9]*\),*$/\1/p" "$dir/out" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# sums_to KEY NUMBER: it is told, and so many.
sums_to()
{
	grep -q "\"$1\": [0-9]" "$dir/out" || { echo "no $1"; return 1; }
	[ "$(sum "$1")" -eq "$2" ] || echo "$1 is $(sum "$1"), not $2"
	[ "$(sum "$1")" -eq "$2" ]
}

# Both kernels are cases of the report.
both_reported()
{
	grep -q 'name="debian:6\.1[^2]' "$dir/report/report.xml" &&
		grep -q 'name="debian:6\.12' "$dir/report/report.xml"
}

consumer()
{
	echo "build/consumers/$1/plimsoll.ko"
}

check 'a sound module on two kernels' fuzz 0 --kernel debian:6.1 \
	--kernel debian:6.12 --kernel-neighbours 1500 \
	--baseline "$dir/old.plm" "$dir/two.plm"
check 'is offered all neighbours' sums_to offered 3000
check 'disagrees about none' sums_to disagreements 0
check 'takes some' [ "$(sum taken)" -gt 100 ]
check 'and uses each of them' [ "$(sum events)" -gt "$(sum taken)" ]
check 'both are cases of the report' both_reported

check 'a module that believes counts (11) is found' fuzz 1 \
	--kernel-neighbours 2000 --consumer "$(consumer 11-no-limits)" \
	"$dir/two.plm"
check 'for it disagrees' prints '"code": "DISAGREE"'
check 'one whose product wraps (12) is found' fuzz 1 --kernel debian:6.12 \
	--kernel-neighbours 2000 --consumer "$(consumer 12-product-wraps)" \
	"$dir/two.plm"
check 'for it disagrees' prints '"code": "DISAGREE"'
check 'one that does not check a section (03) is found' fuzz 1 \
	--kernel-neighbours 2000 --consumer "$(consumer 03-unchecked-section)" \
	"$dir/two.plm"
check 'for it takes what userspace refuses' prints '"code": "NOT_REFUSED"'
check 'and the kernel faults' prints '"code": "KERNEL_OOPS"'
culprit=$(awk '/"number":/ { number = $2 + 0 }
	/"code": "KERNEL_OOPS"/ && number { print number; exit }' "$dir/out")
check 'the file is kept' [ -s "$dir/report/neighbour-$culprit" ]
check 'with the command that repeats it' prints \
	"--neighbour $culprit --consumer $(consumer 03-unchecked-section)"
check 'alone it does the same' fuzz 1 --neighbour "$culprit" \
	--consumer "$(consumer 03-unchecked-section)" "$dir/two.plm"
check 'and is named' prints "neighbour $culprit ("
check 'with the report' prints '"code": "KERNEL_OOPS"'
check 'the sound module has nothing of it' fuzz 0 --neighbour "$culprit" \
	"$dir/two.plm"
check 'and neither has userspace' run 0 fuzz --kernel-neighbours 0 \
	--neighbour "$culprit" "$dir/two.plm"

# Somebody else's parser: signed, so that nothing else is taken.
regdb=$dir/regulatory.db
cp -L /lib/firmware/regulatory.db "$regdb"
cp -L /lib/firmware/regulatory.db.p7s "$regdb.p7s"
check 'cfg80211 on two kernels' fuzz 0 --target regdb --kernel debian:6.1 \
	--kernel debian:6.12 --kernel-neighbours 200 "$regdb"
check 'is offered all neighbours' sums_to offered 400
check 'takes none' sums_to taken 0
check 'both answer alike' sums_to different 0
check 'where and why is not told' prints '"offset": "not told"'
check 'nor is a code' prints '"code": "not told"'

# A module that was written for these tests: it takes what says what it should.
check 'a foreign module needs its module' fuzz 3 --target module "$regdb"
check 'for that reason' prints '"code": "NO_CONSUMER"'

# A VM that is killed from outside has told nothing; not that which makes the
# template, so that one has to be there.
check 'a few neighbours' fuzz 0 --kernel-neighbours 10 "$dir/two.plm"
lost_vm()
{
	"$PLIMSOLL" fuzz --json --neighbours 0 --kernel-neighbours 20000 \
		"$dir/two.plm" >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	for _ in $(seq 200); do
		sleep 0.1
		qemu=
		for child in $(cat /proc/$pid/task/*/children 2>/dev/null); do
			case $(cat "/proc/$child/comm" 2>/dev/null) in
			qemu*) qemu="$qemu $child" ;;
			esac
		done
		[ -z "$qemu" ] || break
	done
	sleep 0.5
	# shellcheck disable=SC2086 # a list of pids
	kill -KILL $qemu
	wait $pid
	status=$?
	[ $status -eq 3 ] || echo "status $status"
	[ $status -eq 3 ]
}
check 'a VM that is lost is unknown' lost_vm
check 'and that is said' prints '"code": "LOST_VM"'

done_testing
