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
