#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The verb boot and the VM engine under it: what it takes, what it tells, and
# that nothing of it is left behind when it is stopped.

. tests/tap.sh

rule=5d1f6f6e-53a4-4a3c-8c0b-6f1a1f0ab291
TMPDIR=$dir/tmp
mkdir "$TMPDIR"
export TMPDIR

# compiled NAME FOLDER [OPTION]...
compiled()
{
	name=$1
	folder=$2
	shift 2
	"$PLIMSOLL" compile -o "$dir/$name.plm" "$@" "tests/samples/$folder" \
		>/dev/null 2>&1
}

empty()
{
	left=$(ls -A "$TMPDIR")
	[ -z "$left" ] || echo "left behind: $left"
	[ -z "$left" ]
}

# In the evidence: a number at this path is at least this.
evidence()
{
	grep -E "\"$1\": " "$dir/out"
}

# The number of the QEMU that a process has started.
qemu_of()
{
	grep -l "^PPid:[[:space:]]*$1$" /proc/[0-9]*/status 2>/dev/null |
		xargs grep -l '^Name:[[:space:]]*qemu' 2>/dev/null |
		sed -n '1s,/proc/\(.*\)/status,\1,p'
}

# Stop the command with a signal while a VM runs.
stopped()
{
	# Of which one is ignored where nohup runs the tests.
	env --default-signal="$1" "$PLIMSOLL" boot --scenario load \
		"$dir/twin.plm" >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	tries=0
	until qemu=$(qemu_of $pid) && [ -n "$qemu" ] || [ $tries -ge 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ -n "$qemu" ] || return 1
	kill -"$1" $pid
	wait $pid
	[ $? -gt 128 ] && ! kill -0 "$qemu" 2>/dev/null
}

# On which no temporary file finds room.
no_room()
{
	TMPDIR=/proc/self run 3 boot --scenario load "$dir/twin.plm"
}

compiled twin twin
compiled pids pids
compiled fatal fatal --action kill

check 'a target that is not there is wrong usage' \
	run 2 boot --target none "$dir/twin.plm"
check 'and it is said' says 'no target none'
check 'another scenario is wrong usage' \
	run 2 boot --scenario nothing "$dir/twin.plm"
check 'another kernel is wrong usage' run 2 boot --kernel 6.1 "$dir/twin.plm"
check 'no file is wrong usage' run 2 boot
check 'two files are wrong usage' run 2 boot "$dir/twin.plm" "$dir/twin.plm"
check 'a file that is not there is unknown' run 3 boot "$dir/none.plm"
check 'no room for temporary files is unknown' no_room

check 'a good file passes the usual scenarios' \
	run 0 boot --json "$dir/pids.plm"
check 'which are five, of which one has two boots' \
	sh -c '[ "$(grep -c "\"boot\": " "$1")" = 6 ]' - "$dir/out"
for key in kernel_digest consumer_digest candidate initramfs command qemu \
	accelerator pid1 loaded events token not_executed memory; do
	check "the evidence has: $key" evidence $key
done
check 'the guest was restarted' prints guest-reset
check 'nothing is left behind' empty

check 'a kill rule on PID 1 fails load alone' \
	run 1 boot --json --scenario load "$dir/fatal.plm"
check 'with the reason' prints KILLS_PID1
check 'and the rule' prints $rule
check 'it passes where it only reports' sh -c \
	'"$PLIMSOLL" compile -o "$1/audit.plm" tests/samples/fatal 2>&1 &&
	"$PLIMSOLL" boot --scenario load "$1/audit.plm"' - "$dir"

: >"$dir/empty.plm"
check 'an empty file fails' run 1 boot --scenario load "$dir/empty.plm"
head -c 100 "$dir/twin.plm" >"$dir/torn.plm"
check 'a torn file fails' run 1 boot --scenario load "$dir/torn.plm"
check 'refused by the kernel as by userspace' says 'alike: TRUNCATED'
check '10,000 damaged files leave memory where it was' \
	run 0 boot --json --scenario reject-many "$dir/twin.plm"
check 'as five figures say' \
	sh -c '[ "$(grep -c "\"kmalloc\": " "$1")" = 5 ]' - "$dir/out"

check 'SIGTERM ends it and its VM' stopped TERM
check 'and nothing is left behind' empty
check 'so does SIGHUP' stopped HUP
check 'and nothing is left behind then' empty

done_testing
