#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's own kind of tests, tests/kselftest, in VMs of both kernels: each
# of their tests is one here.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# Renumber what programs have tested: one plan for all of it.
renumber()
{
	awk -v num="$num" -v prefix="$1" '
		/^# program: / { n = split($3, part, "/"); program = part[n] }
		/^(not )?ok / {
			status = $1 == "not" ? "not ok" : "ok"
			sub(/^(not )?ok [0-9]+ /, "")
			print status " " ++num " - " prefix ", " program ": " $0
			next
		}
		/^# / || !NF { print; next }
		/^(1\.\.|TAP version)/ { next }
		{ print "# " $0 }' "$dir/vm" | grep -v -e '^# *RUN ' -e '^# *OK '
}

ended_well()
{
	[ "$(cat "$dir/status")" = 0 ]
}

# What goes into the guest: all of the collection, but where memory is short.
folder=build/kselftest
mkdir "$dir/few"
cp build/kselftest/nomem build/kselftest/actor build/kselftest/watch-*.plm \
	"$dir/few"

# in_vm WHAT KERNEL OPTION-OR-PROGRAM...
in_vm()
{
	what=$1
	kernel=$2
	shift 2
	build/run-in-vm --kernel "$kernel" --folder "$folder" "$@" \
		>"$dir/vm" 2>&1
	echo $? >"$dir/status"
	renumber "$kernel"
	num=$((num + $(grep -c -E '^(not )?ok ' "$dir/vm")))
	check "$kernel, $what: all ran, the kernel is well" ended_well
}

# What is built and what is run are the same.
all_run()
{
	for program in $(sed -n 's/^TEST_GEN_PROGS[_A-Z]* := //p' \
		tests/kselftest/plimsoll/Makefile); do
		grep -q "/kselftest/$program\b" tests/vm/module.t ||
			{ echo "$program is not run"; return 1; }
	done
}
check 'every program of the collection is run' all_run

# The harness itself: what is no test, fails; nothing here is the module's.
refuses()
{
	build/run-in-vm --folder build/kselftest "$@" >"$dir/out" 2>&1
	[ $? -eq 1 ]
}
check 'a program that tests nothing fails' refuses /kselftest/actor
check 'for that reason' grep -q 'planned no test' "$dir/out"
check 'a program that is not there fails' refuses /kselftest/none
check 'a look for leaks that was none fails' refuses /kselftest/blind
check 'for that reason' \
	grep -q 'leaks could not be looked for: No such file' "$dir/out"
check 'and for no other' [ "$(grep -c '^# run-in-vm: ' "$dir/out")" -eq 1 ]
rm "$dir/out"	# else it would be shown for what fails below

for kernel in debian:6.1 debian:6.12; do
	in_vm 'one processor' $kernel /kselftest/control /kselftest/content \
		/kselftest/channels /kselftest/events /kselftest/programs \
		/kselftest/network /kselftest/files /kselftest/stream \
		/kselftest/params
	in_vm 'PID 1' $kernel '/kselftest/pid1 arm' =/kselftest-bin/doomed \
		'/kselftest/pid1 check'
	in_vm 'a content file at start' $kernel --load \
		--firmware build/kselftest/watch-1.plm /kselftest/start
	in_vm 'the same, off by the command line' $kernel --load \
		--firmware build/kselftest/watch-1.plm \
		--append plimsoll.off=1 /kselftest/start
	in_vm 'two processors' $kernel --smp 2 --append slub_debug=FZP \
		/kselftest/stress /kselftest/storms
	folder=$dir/few
	in_vm 'little memory' $kernel --memory 104 /kselftest/nomem
	folder=build/kselftest
	in_vm 'memory for some' $kernel --memory 192 /kselftest/spare
done
in_vm 'an input that is not supplied' debian:6.1 --consumer \
	build/consumers/01-fewer-inputs-honest/plimsoll.ko \
	/kselftest/unsupplied
in_vm 'a function that is not there' debian:6.12 --consumer \
	build/consumers/31-function-gone/plimsoll.ko /kselftest/unhooked

done_testing
