#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll gate, from file to verdict: what passes, what fails and why, and
# that whatever the harness cannot tell is unknown.

. tests/tap.sh

# The verdict of the report's stage.
stage_is()
{
	awk -v stage="$1" -v verdict="$2" '
		/"stage":/ { current = $2 }
		/"verdict":/ && current == "\"" stage "\"," &&
			$2 == "\"" verdict "\"," { found = 1 }
		END { exit !found }' "$dir/report/report.json"
}

reports()
{
	grep -F -e "$1" "$dir/report/report.json"
}

gate()
{
	status=$1
	shift
	rm -rf "$dir/report"
	run "$status" gate --report "$dir/report" "$@"
}

kill_rules()
{
	"$PLIMSOLL" compile --action kill -o "$dir/kill.plm" tests/samples/fatal
}

check 'the sample passes' gate 0 build/sample.plm
for stage in check lint replay fuzz boot; do
	check "its $stage stage ran and passed" stage_is $stage pass
done
check 'the report names the kernel' reports 'debian:6.1'
check 'the report names the accelerator' reports '"accelerator"'
check 'the table is for people' says 'verdict'
check 'with --json the report is on standard output' \
	run 0 gate --json build/sample.plm
check 'and is one document' prints '"verdict": "pass"'

check 'a kill rule that takes PID 1 compiles' kill_rules
check 'check has nothing against it' run 0 check "$dir/kill.plm"
check 'but it fails the gate' gate 1 "$dir/kill.plm"
check 'with that as the reason' reports KILLS_GOODWARE
check 'and the rule' reports 5d1f6f6e-53a4-4a3c-8c0b-6f1a1f0ab291

head -c 1000 build/sample.plm >"$dir/torn.plm"
check 'a torn file fails' gate 1 "$dir/torn.plm"
check 'as truncated' reports TRUNCATED
check 'and nothing is booted' stage_is boot unknown
check 'a file that is not there is unknown' gate 3 "$dir/none.plm"

no_kernel()
{
	XDG_CACHE_HOME="$dir/cache" run 3 boot --kernel debian:6.1 \
		build/sample.plm
}
check 'a kernel that is not there is unknown' no_kernel
no_qemu()
{
	mkdir -p "$dir/bin"
	PATH="$dir/bin" run 3 boot --kernel debian:6.1 build/sample.plm
}
check 'a machine without QEMU is unknown' no_qemu
no_consumer()
{
	run 3 boot --consumer "$dir/none.ko" build/sample.plm
}
check 'a consumer that is not there is unknown' no_consumer

check 'the other kernel takes the sample as well' \
	run 0 boot --kernel debian:6.12 build/sample.plm

# A VM that is killed from outside has told nothing.
lost_vm()
{
	"$PLIMSOLL" boot --scenario load build/sample.plm \
		>"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		qemu=$(cat /proc/$pid/task/*/children 2>/dev/null)
		[ -z "$qemu" ] || break
		sleep 0.05
	done
	sleep 0.3
	# shellcheck disable=SC2086 # a list of pids
	kill -KILL $qemu
	wait $pid
	status=$?
	[ $status -eq 3 ] || echo "status $status"
	[ $status -eq 3 ]
}
check 'a VM that is lost is unknown' lost_vm

if [ -n "${SIGMA_DATA:-}" ]; then
	"$PLIMSOLL" compile --keep-going -o "$dir/sigma.plm" \
		"$SIGMA_DATA/process_creation" >"$dir/out" 2>"$dir/err"
	echo "# $(tail -n 1 "$dir/err")"
	check 'published rules pass the gate' gate 0 "$dir/sigma.plm"
	echo "# $(grep verdict "$dir/err")"
fi

done_testing
