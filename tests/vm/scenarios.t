#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The scenarios on the sound module: all pass, each does what it says, and a
# baseline that is none says so.  What they must find is in consumers.t.

. tests/tap.sh

# compiled NAME VERSION CHANNEL FOLDER
compiled()
{
	"$PLIMSOLL" compile -o "$dir/$1.plm" --content-version "$2" \
		--channel "$3" "$4" >/dev/null 2>&1
}

# boots STATUS BASELINE SCENARIO...
boots()
{
	wanted=$1
	baseline=$2
	shift 2
	for scenario; do
		shift
		set -- "$@" --scenario "$scenario"
	done
	run "$wanted" boot --json "$@" --baseline "$dir/$baseline.plm" \
		"$dir/new.plm"
}

# The evidence has a number above zero there.
some()
{
	grep -E "\"$1\": [1-9]" "$dir/out"
}

mkdir "$dir/fewer"
cp tests/samples/rules/*.yml "$dir/fewer"
rm "$dir/fewer/shadow_read.yml"
compiled new 4 1 tests/samples/rules
compiled old 3 1 "$dir/fewer"
compiled newer 9 1 "$dir/fewer"
compiled other 3 2 "$dir/fewer"

check 'update, rollback and reject pass over a baseline' \
	boots 0 old update rollback reject
for key in executed_beside replacements neighbours; do
	check "the evidence has some: $key" some $key
done
check 'the baseline is a file' prints '"stands_in": false'
check 'soak, low-memory and clock pass' boots 0 old soak low-memory clock
check 'memory was short' some replacements_without_memory
check 'churn passes' boots 0 old churn
check 'contents were exchanged while events came' some records_while_exchanged
check 'without a baseline update passes' \
	run 0 boot --json --scenario update "$dir/new.plm"
check 'and it is said that the candidate stands in' prints '"stands_in": true'
check 'the other kernel passes them, too' \
	run 0 boot --kernel debian:6.12 --scenario update --scenario soak \
	--baseline "$dir/old.plm" "$dir/new.plm"

check 'an update to something older is refused' boots 1 newer update
check 'as that' says 'alike: BAD_VERSION'
check 'a baseline of another channel is no baseline' boots 3 other update
check 'as that' says BAD_BASELINE

done_testing
