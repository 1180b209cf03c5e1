#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll fuzz in userspace: how many files there are around the smallest one,
# that a sound core passes, that a core with one check gone is caught, and that
# what was not tried is unknown.  Kernels: tests/vm/fuzz.t.

# shellcheck source=tests/tap.sh
. tests/tap.sh

build/tests/test_core_vectors tests/vectors/tiny.vec:tiny "$dir/tiny.plm" \
	>/dev/null
"$PLIMSOLL" compile -o "$dir/old.plm" tests/samples/twin >/dev/null 2>&1

# fuzz STATUS [OPTION]... FILE: in userspace alone.
fuzz()
{
	status=$1
	shift
	run "$status" fuzz --json --kernel-neighbours 0 "$@"
}

# number KEY: the first number of that name in the document.
number()
{
	sed -n "s/.*\"$1\": \([0-9]*\),*$/\1/p" "$dir/out" | head -n 1
}

# is KEY NUMBER
is()
{
	[ "$(number "$1")" = "$2" ] || echo "$1 is $(number "$1"), not $2"
	[ "$(number "$1")" = "$2" ]
}

# A file of 312 bytes, with ten records and bytes of text.
check 'the least file passes' fuzz 0 --neighbours 20000 "$dir/tiny.plm"
check 'around it there are so many files' is finite 11992
check 'all of these were tried, and drawn ones' is offered 20000
check 'each truncation, raw and sealed' is truncated 624
check 'each bit' is 'bit flipped' 4992
check 'each aligned word, 16 numbers' is '32-bit number' 2496
check 'each number of header and table' is 'number in header and table' 768
check 'those that are drawn are counted' is drawn 8008
check 'nothing is told of them' prints '"findings": []'
cp "$dir/out" "$dir/first"
number accepted >"$dir/accepted"
check 'some are accepted' [ "$(cat "$dir/accepted")" -gt 100 ]
fuzz 0 --neighbours 20000 "$dir/tiny.plm" >/dev/null
check 'the same ones another time' is accepted "$(cat "$dir/accepted")"
check 'and refused with the same errors' sh -c \
	'for each in first out; do
		sed -n "/refused_with/,/}/p" "$1/$each" >"$1/$each.errors"
	done; cmp "$1/first.errors" "$1/out.errors" &&
	grep BAD_SUM "$1/out.errors"' - "$dir"
check 'another seed draws others' sh -c \
	'"$PLIMSOLL" fuzz --json --kernel-neighbours 0 --neighbours 20000 \
		--seed 7 "$1/tiny.plm" >"$1/out" 2>"$1/err" &&
	sed -n "/refused_with/,/}/p" "$1/out" >"$1/out.errors" &&
	! cmp -s "$1/first.errors" "$1/out.errors"' - "$dir"
check 'fewer are spread over all kinds' fuzz 0 --neighbours 1000 "$dir/tiny.plm"
check 'half of them in header and table' is 'number in header and table' 500
check 'with a baseline there are more' \
	fuzz 0 --neighbours 20000 --baseline "$dir/old.plm" "$dir/tiny.plm"
check 'parts of both' is 'spliced with the baseline' 510
check 'one alone can be tried' fuzz 0 --neighbour 11991 "$dir/tiny.plm"
check 'and is one' is offered 1
check 'for a time' fuzz 0 --time 1 "$dir/tiny.plm"
check 'the sample passes' fuzz 0 --neighbours 3000 build/sample.plm

# A core with one check gone, under the same sanitizers.
CFLAGS_SAN='-std=gnu11 -O1 -g -fsanitize=address,undefined
	-fno-sanitize-recover=all -fno-omit-frame-pointer -D_GNU_SOURCE
	-Ikmod/core'

# broken FILE EXPRESSION: link the commands with that file changed.
broken()
{
	sed "$2" "kmod/core/$1" >"$dir/$1"
	! cmp -s "$dir/$1" "kmod/core/$1" || return
	objects=$(find build/san/kmod build/san/userspace build/san/vm \
		-name '*.o' ! -path '*/vm/tools/*' \
		! -name "$(basename "$1" .c).o" |
		while read -r object; do
			source=${object#build/san/}
			[ ! -f "${source%.o}.c" ] || echo "$object"
		done)
	[ -f build/yardstick ] && [ -n "$(cat build/yardstick)" ] &&
		yardstick=$(pkg-config --libs libhs) || yardstick=
	mkdir -p "$dir/bin"
	cp "$PLIMSOLL" "$dir/bin/plimsoll"
	# shellcheck disable=SC2046,SC2086 # lists of words
	gcc $CFLAGS_SAN -o "$dir/bin/plimsoll-san" "$dir/$1" $objects \
		$(pkg-config --libs jansson yaml-0.1 libcyaml libcrypto libelf \
			libarchive) $yardstick -lpicosat
}

# The command beside which the broken one lies.
fuzz_broken()
{
	sound=$PLIMSOLL
	PLIMSOLL=$dir/bin/plimsoll
	fuzz "$@"
	result=$?
	PLIMSOLL=$sound
	return $result
}

check 'a core that believes counts is built' broken plm_check.c \
	's/if (!plm_count_fits(index, count, len))/if (0)/'
check 'and found' fuzz_broken 1 --neighbours 3000 --report "$dir/report" \
	"$dir/tiny.plm"
check 'by a sanitizer' prints '"code": "SANITIZER"'
check 'with its report' prints 'heap-buffer-overflow'
check 'whose file is kept' sh -c 'ls "$1"/report/neighbour-[0-9]*' - "$dir"
check 'and whose number is told' prints '"repeat": "plimsoll fuzz --neighbour'
culprit=$(number number)
check 'which fails alone' fuzz_broken 1 --neighbour "$culprit" "$dir/tiny.plm"
check 'where the sound core passes' fuzz 0 --neighbour "$culprit" \
	"$dir/tiny.plm"
check 'a core that takes rules in any order is built' broken plm_check_rules.c \
	's/if (plm_text_compare(k->last_id, rule->id) >= 0)/if (0)/'
check 'and found' fuzz_broken 1 --neighbours 20000 build/sample.plm
check 'by a second way to write a file' prints '"code": "NOT_CANONICAL"'

# What nobody has tried nobody knows.

lost_worker()
{
	"$PLIMSOLL" fuzz --json --kernel-neighbours 0 --time 60 \
		"$dir/tiny.plm" >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.2
		worker=$(cat /proc/$pid/task/*/children 2>/dev/null)
		[ -z "$worker" ] || break
	done
	# shellcheck disable=SC2086 # a list of pids
	kill -KILL $worker
	wait $pid
	status=$?
	[ $status -eq 3 ] || echo "status $status"
	[ $status -eq 3 ]
}
check 'a worker that is killed leaves it unknown' lost_worker
check 'and that is said' prints '"code": "LOST"'

# It ends long before its time, with a report.
interrupted()
{
	timeout --preserve-status 2 "$PLIMSOLL" fuzz --json --time 600 \
		--kernel-neighbours 0 "$dir/tiny.plm" \
		>"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq 3 ]
}
check 'one that is interrupted ends' interrupted
check 'and tells what it has until then' prints '"code": "INTERRUPTED"'

without_sanitizers()
{
	mkdir -p "$dir/alone"
	cp "$PLIMSOLL" "$dir/alone/plimsoll"
	sound=$PLIMSOLL
	PLIMSOLL=$dir/alone/plimsoll
	fuzz "$@"
	result=$?
	PLIMSOLL=$sound
	return $result
}
check 'without the command under sanitizers it is unknown' \
	without_sanitizers 3 "$dir/tiny.plm"
cp "$PLIMSOLL" "$dir/alone/plimsoll-san"
check 'nor with one that has none' without_sanitizers 3 "$dir/tiny.plm"
check 'for that reason' prints '"code": "NO_EVALUATOR"'
check 'nothing tried at all is unknown' fuzz 3 --neighbours 0 "$dir/tiny.plm"

head -c 100 "$dir/tiny.plm" >"$dir/torn.plm"
check 'a file that the core refuses fails' fuzz 1 "$dir/torn.plm"
check 'with the reason' prints '"code": "TRUNCATED"'
check 'one that is not there is unknown' fuzz 3 "$dir/none.plm"
check 'as is a kernel' sh -c 'XDG_CACHE_HOME=$1/cache "$PLIMSOLL" fuzz \
	--json --neighbours 0 "$1/tiny.plm" >"$1/out" 2>"$1/err"
	[ $? -eq 3 ] && grep NO_KERNEL "$1/out"' - "$dir"

for wrong in '--neighbours x' '--neighbours -1' '--time 0' '--time soon' \
	'--kernel nothing' '--target nothing' '--neighbour 1.5' '--nonsense'; do
	# shellcheck disable=SC2086 # an option and its value
	check "$wrong is wrong usage" run 2 fuzz $wrong "$dir/tiny.plm"
done
check 'no file is wrong usage' run 2 fuzz
check 'so are two' run 2 fuzz "$dir/tiny.plm" "$dir/tiny.plm"

done_testing
