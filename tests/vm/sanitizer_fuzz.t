#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll fuzz --in-kernel on the kernel that looks for faults: the sound module
# survives, a bug in somebody else's parser is found, made short, confirmed and
# repeated by the command that is told, so are those of consumers that are broken on
# purpose; and where nobody could see which way inputs take, the matter is unknown.

# shellcheck source=tests/tap.sh
. tests/tap.sh

ledger=build/ledger/sanitizer
printf 'LEDG\002\001\002\003' >"$dir/good"
printf 'LEDG\001\360\360' >"$dir/bad"
printf 'LEDG\006\005\007\011\340\002\010\377' >"$dir/correcting"

# tried STATUS TARGET FILE [OPTION]...: in a VM that boots
tried()
{
	wanted=$1
	target=$2
	file=$3
	shift 3
	run "$wanted" fuzz --in-kernel --json --kernel sanitizer \
		--target "$target" --repeat 3 "$@" "$file"
}

# explored NAME STATUS SECONDS [OPTION]... FILE: with inputs of that name
explored()
{
	name=$1
	wanted=$2
	seconds=$3
	shift 3
	run "$wanted" fuzz --in-kernel --json --time "$seconds" \
		--corpus "$dir/$name" "$@"
}

# The text of a member of the report, without quotes.
member()
{
	sed -n "s/^ *\"$1\": \"\\{0,1\\}\\(.*[^\",]\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" \
		"$dir/out"
}

# What a person would type to see the crash again.
again()
{
	command=$(member repeat)
	sh -c "${PLIMSOLL%/*}/$command" >/dev/null 2>"$dir/again"
	[ $? -eq 1 ] && grep -q 'in correct' "$dir/again"
}

check '--repeat needs --in-kernel' run 2 fuzz --repeat 1 "$dir/good"
check 'so does --before' run 2 fuzz --before "$dir/bad" "$dir/good"
check 'a sound ledger passes' tried 0 "$ledger/ioctl.yaml" "$dir/good"
check 'it was tried as often as asked' says '3 executions'
check 'one that does harm fails' tried 1 "$ledger/ioctl.yaml" "$dir/bad"
check 'with the kernel'\''s report' prints KERNEL_
check 'and its title' prints 'in take'
check 'harm that is done before counts' \
	tried 1 "$ledger/device.yaml" "$dir/good" --before "$dir/bad"
check 'our own module and content pass' tried 0 plimsoll build/sample.plm

check 'the sound module survives an engine' explored ours 0 60 build/sample.plm
check 'which tried inputs' test "$(member executions)" -gt 500
check 'and saw program points' test "$(member points)" -gt 500
check 'some inputs were accepted' test "$(member accepted)" -gt 0
check 'those that go new ways are kept' \
	test "$(find "$dir/ours/inputs" -type f | wc -l)" -gt 10
check 'and tried again with lockdep, as all there are' \
	test "$(member replayed)" -eq "$(member inputs)"

check 'a planted bug in another parser is found' \
	explored theirs 1 300 --crashes 1 --kernel sanitizer \
	--target "$ledger/planted.yaml" --report "$dir/found" "$dir/correcting"
check 'by its report' grep -E '"kind": "(UBSAN|KASAN)"' "$dir/out"
check 'in the function that has it' prints 'in correct'
check 'a cold boot confirmed it' prints '"confirmed": true'
check 'as a file' sh -c 'ls "$1" | grep "^[a-z]*san-.*-in-correct-[0-9a-f]*\$"' - "$dir/found"
check 'that the command told repeats' again

# Consumers of ours that are broken on purpose: each within five minutes, and from
# nothing but the sample.
while read -r name code; do
	case $name in \#*) continue ;; esac
	check "$name is found" explored "$name" 1 300 --crashes 1 \
		--consumer "build/fuzzed/$name/plimsoll.ko" build/sample.plm
	check "$name: as $code" grep -E "\"kind\": \"($code)\"" "$dir/out"
	check "$name: confirmed" prints '"confirmed": true'
done <tests/consumers/fuzzed.tsv

check 'a kernel without KCOV leaves it unknown' \
	explored stock 3 5 --kernel debian:6.12 build/sample.plm
check 'and says why' prints KCOV

done_testing
