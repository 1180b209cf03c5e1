#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every fuzz target on every input that it has: the seeds, made of what the
# tests have, and fuzz/corpus, what fuzzing has learnt; and what of the core all
# of them reach.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# A target that has lost its inputs would pass without having run.
replay()	# TARGET
{
	set -- "$1" build/fuzz/seed/"$1" fuzz/corpus/"$1"
	[ -d "$3" ] || set -- "$1" "$2"
	target=$1
	shift
	build/fuzz/replay/"$target" "$@"
}

# fuzzes NAMES [MAKE'S ARGUMENT]...: so many would `make fuzz` run side by side.
fuzzes()
{
	names=$1
	shift
	env -u MAKEFLAGS -u MAKELEVEL make -n fuzz TIME=7 "$@" >"$dir/make" \
		2>/dev/null
	[ "$(tail -n 1 "$dir/make")" = "fuzz/run libfuzzer 7 $names" ] ||
		tail -n 1 "$dir/make"
	[ "$(tail -n 1 "$dir/make")" = "fuzz/run libfuzzer 7 $names" ]
}

# All but the yardstick that does nothing.
all=$(find fuzz -name 'fuzz_*.c' ! -name fuzz_empty.c | LC_ALL=C sort |
	sed 's,fuzz/fuzz_\(.*\)\.c,\1,' | paste -s -d ' ')

check 'make fuzz runs every target' fuzzes "$all"
check 'or those that TARGETS names' fuzzes 'sigma check' TARGETS='sigma check'
for source in fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	target=${target#fuzz_}
	check "$target holds on its inputs" replay "$target"
done
check 'what no input reaches of the core is explained, and no more' \
	fuzz/coverage
check "a target without inputs fails" sh -c \
	"mkdir $dir/none && ! build/fuzz/replay/empty $dir/none"
done_testing
