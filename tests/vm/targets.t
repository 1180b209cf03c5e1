#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Content that is not ours, in the kernel's own parsers: what they take passes,
# what they refuse fails with their own words, on both kernels.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# Words of the command line, wherever it stands.
# shellcheck disable=SC2086
kernels='--kernel debian:6.1 --kernel debian:6.12'

# boots STATUS TARGET FILE [OPTION]...
boots()
{
	wanted=$1
	target=$2
	file=$3
	shift 3
	run "$wanted" boot --json --target "$target" "$@" "$file"
}

# flipped FILE OFFSET COPY: one byte of the copy is another one.
flipped()
{
	cp "$1" "$3"
	byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	# shellcheck disable=SC2059 # the byte is the format
	printf "\\$(printf %03o $((byte ^ 255)))" |
		dd of="$3" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# The output has this text at least so often.
counts()
{
	[ "$(grep -c -F -e "$2" "$dir/out")" -ge "$1" ]
}

prints_no()
{
	! prints "$1"
}

refused_on_both()
{
	prints 'debian:6.1, load, load: refused by the kernel' &&
		prints 'debian:6.12, load, load: refused by the kernel'
}

# Target files and the command line

check 'a target that is not there is wrong usage' \
	run 2 boot --target none /dev/null
check 'with its name' says 'no target none'
printf 'target: x\ncandidate: /x\nfiles: [{ from: ../x, path: /x }]\n' \
	>"$dir/bad.yaml"
check 'a target file that is wrong is wrong usage' \
	run 2 boot --target "$dir/bad.yaml" /dev/null
check 'with file, line and column' says "$dir/bad.yaml:3:17: "
check 'for the gate as well' run 2 gate --target "$dir/bad.yaml" /dev/null
check 'a baseline of what is not ours is wrong usage' \
	run 2 boot --target regdb --baseline /dev/null /dev/null
check 'a policy for it, too' \
	run 2 gate --target regdb --policy /dev/null /dev/null
check 'scenarios of our target are unknown to others' \
	boots 3 regdb /dev/null --scenario boot-twice
check 'and it is said' prints NO_SCENARIO
check 'our own target by its file' run 3 boot --target \
	build/targets/plimsoll.yaml --consumer "$dir/none.ko" /dev/null

# The harness's own hands, with nothing of the kernel's to parse

printf 'fine\n' >"$dir/plain"
cat >"$dir/short.yaml" <<'END'
target: short
candidate: /plain
load:
  # sysfs says 4096 bytes and has a few.
  - write: /dev/null
    from: /sys/kernel/uevent_seqnum
    accepted: { errno: 0 }
END
check 'a file that ends early is an errno' \
	boots 3 "$dir/short.yaml" "$dir/plain"
check 'of that step' prints 'nor rejected: write /dev/null: EIO'
# lost KEY STEP: a target that takes a file and then does one more step
lost()
{
	cat >"$dir/lost.yaml" <<END
target: lost
candidate: /plain
load:
  - read: /plain
    accepted: { errno: 0 }
$1:
  - $2
END
}
lost use 'run: /none
    expect: { status: 0 }'
check 'a program that is not there has no status' \
	boots 1 "$dir/lost.yaml" "$dir/plain"
check 'and was no use' prints 'must be: run /none: ENOENT'
lost setup 'run: /none
    expect: { status: 0 }'
check 'nor is the guest ready by it' boots 3 "$dir/lost.yaml" "$dir/plain"
check 'which is said' prints SETUP_FAILED
lost use 'read: /plain
    expect: { status: 0 }'
check 'a step that is no program has none' \
	run 2 boot --target "$dir/lost.yaml" "$dir/plain"
check 'at its place' says "$dir/lost.yaml:8:15: "
cat >"$dir/lost.yaml" <<'END'
target: lost
candidate: /plain
load:
  - write: /dev/none
    accepted: { errno: 0 }
    rejected: { errno: any }
END
check 'a device that is not there has not refused it' \
	boots 3 "$dir/lost.yaml" "$dir/plain"
check 'as nobody has read it' prints NOT_READ
cat >"$dir/once.yaml" <<'END'
target: once
candidate: /plain
load:
  - read: /plain
    accepted: { errno: 0 }
  - mount: debugfs
    at: /once
END
check 'a step that goes only once changes its mind' \
	boots 1 "$dir/once.yaml" "$dir/plain"
check 'and the errno is told' prints 'the first error: EBUSY'
cat >"$dir/words.yaml" <<'END'
target: words
candidate: /words
load:
  - read: /words
    accepted: { errno: 0 }
    rejected: { output: "bad *" }
END
echo 'bad line' | cat "$dir/plain" - >"$dir/bad.words"
{ head -c 65535 /dev/zero | tr '\0' x && cat "$dir/bad.words"; } \
	>"$dir/long.words"
check 'a line that rejects fails' boots 1 "$dir/words.yaml" "$dir/bad.words"
check 'without one it passes' boots 0 "$dir/words.yaml" "$dir/plain"
check 'behind more than is kept it is unknown' \
	boots 3 "$dir/words.yaml" "$dir/long.words"
check 'as an answer that was cut' prints '"code": "ANSWER_CUT"'
check 'of that step' prints 'of a step of load the answer was cut'
check 'by its name' prints 'may be missing: read /words: no error'
cat >"$dir/uses.yaml" <<'END'
target: uses
candidate: /words
load:
  - { read: /words, accepted: { errno: 0 } }
use:
  - read: /words
    expect: { output: "bad *" }
END
check 'what its use may have said is unknown' \
	boots 3 "$dir/uses.yaml" "$dir/long.words"
check 'of that step' prints 'of a step of use the answer was cut'
check 'what it has not said fails' boots 1 "$dir/uses.yaml" "$dir/plain"
check 'for that reason' prints NOT_USABLE
cat >"$dir/family.yaml" <<'END'
target: family
candidate: /plain
load:
  - { write: /dev/null, accepted: { errno: 0 } }
  - { netlink: none, command: 1, rejected: { errno: ENOENT } }
END
check 'a family of netlink that is not there has refused nothing' \
	boots 3 "$dir/family.yaml" "$dir/plain"
check 'and that is said' prints EPROTONOSUPPORT
# The first byte flipped makes it 1, and then the kernel takes only that.
echo 0 >"$dir/lock"
cat >"$dir/lock.yaml" <<'END'
target: lock
candidate: /lock
load:
  - write: /proc/sys/kernel/unprivileged_bpf_disabled
    accepted: { errno: 0 }
    rejected: { errno: any }
END
check 'what is refused behind a file that wedges the parser is unknown' \
	boots 3 "$dir/lock.yaml" "$dir/lock" --scenario reject-many
check 'and it is said where' prints 'TARGET_DAMAGE failed'
check 'to the fuzzer as well' run 3 fuzz --target "$dir/lock.yaml" \
	--neighbours 0 --kernel-neighbours 200 "$dir/lock"
check 'as a step of the guest' says STEP_FAILED

# regdb: signed, so that every change must be refused

regdb=$dir/regulatory.db
cp -L /lib/firmware/regulatory.db "$regdb"
cp -L /lib/firmware/regulatory.db.p7s "$regdb.p7s"
len=$(stat -c %s "$regdb")
check 'regdb: the packaged database passes' boots 0 regdb "$regdb" $kernels
check 'regdb: its countries are in use on both kernels' counts 2 '33: JP'
check 'regdb: each byte flipped is refused, nothing leaks' \
	boots 0 regdb "$regdb" $kernels --scenario reject-many
check 'regdb: that was every byte, on both kernels' \
	counts 2 "\"rejected\": $len,"
flipped "$regdb" 3000 "$dir/flipped"
cp "$regdb.p7s" "$dir/flipped.p7s"
check 'regdb: one flipped byte fails' boots 1 regdb "$dir/flipped" \
	$kernels
check 'regdb: on both kernels' refused_on_both
check 'regdb: with the answer' prints ENODATA
cp "$regdb" "$dir/unsigned"
check 'regdb: without a signature it fails' boots 1 regdb "$dir/unsigned" \
	$kernels
check 'regdb: on both kernels, too' refused_on_both
check "regdb: in the kernel's own words" \
	prints 'failed to load regulatory.db.p7s'
# Many files, each in a fresh VM from one template.
screens()
{
	run 1 boot --screen --target regdb "$regdb" "$dir/flipped" \
		"$dir/unsigned"
}
check 'regdb: screening tells them apart' screens
check 'regdb: the packaged one passes' prints "$regdb: pass"
check 'regdb: the flipped one fails' prints "$dir/flipped: fail"
check 'regdb: the one without a signature fails' prints "$dir/unsigned: fail"
check 'regdb: the gate passes it' run 0 gate --target regdb "$regdb"
check 'regdb: the gate fails the flipped one' \
	run 1 gate --target regdb "$dir/flipped"

# apparmor: not signed, so that it is the unpacker that must notice

policy=$dir/policy
apparmor_parser -Q -K -o "$policy" \
	--kernel-features=/etc/apparmor.d/abi/3.0 \
	tests/samples/apparmor/sample.apparmor
check 'apparmor: policy is taken, used and removed' \
	boots 0 apparmor "$policy" $kernels
check 'apparmor: what it does not allow is denied, on both kernels' \
	counts 2 'plimsoll-sample (enforce): entered, 8 opens, 6 denied'
check 'apparmor: or only told' \
	counts 2 'plimsoll-complain (complain): entered, 8 opens, 0 denied'
check 'apparmor: or killed for' \
	counts 2 'plimsoll-kill (kill): entered, and killed at a denial'
# A pipe gives its bytes once; a VM is sent those that were read.
mkfifo "$dir/pipe"
cat "$policy" >"$dir/pipe" &
check 'apparmor: screening reads it once' \
	run 0 boot --screen --target apparmor "$dir/pipe"
head -c 3000 "$policy" >"$dir/cut"
flipped "$policy" 10 "$dir/header"
flipped "$policy" 1000 "$dir/body"
for bad in cut header body; do
	check "apparmor: damaged ($bad), it fails" boots 1 apparmor \
		"$dir/$bad" $kernels
	check "apparmor: $bad: on both kernels" refused_on_both
	check "apparmor: $bad: in the unpacker's words" \
		prints 'replace: EPROTO'
done
i=0
while [ $((i += 1)) -le 300 ]; do
	echo "profile many-$i { }"
done >"$dir/many.apparmor"
apparmor_parser -Q -K -o "$dir/many" \
	--kernel-features=/etc/apparmor.d/abi/3.0 "$dir/many.apparmor"
check 'apparmor: of more profiles than are used it is unknown' \
	boots 3 apparmor "$dir/many"
check 'apparmor: and that is said' prints 'its use does not tell'
check 'apparmor: all of them are removed' prints_no NOT_UNDONE
check 'apparmor: a policy of nothing can be loaded, not used' \
	boots 1 apparmor /dev/null
check 'apparmor: and that fails' prints NOT_USABLE

# bpf: what one kernel takes, the other may refuse

check 'bpf: a good object is verified, attached and run' \
	boots 0 bpf build/bpf/good.o $kernels
check "bpf: the verifier's log is there" \
	counts 4 'processed 12 insns'
check 'bpf: each program ran, on both kernels' \
	counts 2 'on_getppid: attached, ran 1 times'
check 'bpf: a bad object fails on both' boots 1 bpf build/bpf/bad.o $kernels
check "bpf: in the verifier's words" \
	counts 2 "libbpf: prog 'on_call': BPF program load failed"
check 'bpf: which are these' prints "R0 invalid mem access"
check 'bpf: an object for newer kernels fails on 6.1' \
	boots 1 bpf build/bpf/newer.o --kernel debian:6.1
check 'bpf: as 6.1 has it' prints 'BPF_MOV uses reserved fields'
check 'bpf: and passes on 6.12' \
	boots 0 bpf build/bpf/newer.o --kernel debian:6.12
check 'bpf: what could not be made to run is unknown' \
	boots 3 bpf build/bpf/quiet.o
check 'bpf: and it is said why' prints 'ran 0 times'
check 'bpf: what is no object fails' boots 1 bpf tests/vm/targets.t

# Targets for a module of somebody else's, written from the manual page alone

printf 'LEDG\003\001\002\003\006' >"$dir/good.ledger"
printf 'LEDG\003\001\002\003\007' >"$dir/sum.ledger"
printf 'LEDG\001\360\360' >"$dir/oops.ledger"
printf 'LEDG\001\361\361' >"$dir/warn.ledger"
printf 'LEDG\001\362\362' >"$dir/leak.ledger"
ledger=build/ledger/debian-6.1
for way in firmware sysfs device ioctl debugfs; do
	check "module, by $way: a good file passes, damaged ones are refused" \
		boots 0 $ledger/$way.yaml "$dir/good.ledger" \
		--scenario reject-many
	check "module, by $way: all of them" prints '"rejected": 9'
	check "module, by $way: a bad file fails" \
		boots 1 $ledger/$way.yaml "$dir/sum.ledger"
	check "module, by $way: with the errno" prints EBADMSG
	check "module, by $way: and the module's words" \
		prints 'ledger: bad sum'
done
check 'module: 6.12 as well' boots 0 build/ledger/debian-6.12/device.yaml \
	"$dir/good.ledger" --kernel debian:6.12
check 'module: for another kernel it is unknown' \
	boots 3 $ledger/device.yaml "$dir/good.ledger" --kernel debian:6.12
for bad in oops:KERNEL_OOPS warn:KERNEL_WARNING leak:LEAK; do
	check "module: what does harm fails: ${bad%:*}" \
		boots 1 $ledger/device.yaml "$dir/${bad%:*}.ledger"
	check "module: as ${bad#*:}" prints "\"${bad#*:}\""
done
check 'module: ours needs a module' boots 3 module "$dir/good.ledger"
cp "$dir/good.ledger" "$dir/auto.ledger"
check 'module: and takes one by --consumer' boots 0 module \
	"$dir/auto.ledger" --consumer $ledger/ledger_auto.ko
check 'module: a file that it never asks for is unknown' boots 3 module \
	"$dir/good.ledger" --consumer $ledger/ledger.ko
check 'module: and it is said why' prints NOT_READ
cp "$dir/sum.ledger" "$dir/auto.ledger"
check 'module: one that it refuses fails' boots 1 module \
	"$dir/auto.ledger" --consumer $ledger/ledger_auto.ko
check 'module: with the errno' prints EBADMSG

done_testing
