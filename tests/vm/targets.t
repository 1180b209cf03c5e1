#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Content that is not ours, in the kernel's own parsers: what they take passes,
# what they refuse fails with their own words, on both kernels.

# shellcheck source=tests/tap.sh
. tests/tap.sh

kernels='debian:6.1 debian:6.12'

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

# How many times the output has this text.
counts()
{
	[ "$(grep -c -F -e "$2" "$dir/out")" -eq "$1" ]
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
check 'scenarios of our target are unknown to others' \
	boots 3 regdb /dev/null --scenario boot-twice
check 'and it is said' prints NO_SCENARIO
check 'our own target by its file' run 3 boot --target \
	build/targets/plimsoll.yaml --consumer "$dir/none.ko" /dev/null

# regdb: signed, so that every change must be refused

regdb=$dir/regulatory.db
cp -L /lib/firmware/regulatory.db "$regdb"
cp -L /lib/firmware/regulatory.db.p7s "$regdb.p7s"
len=$(stat -c %s "$regdb")
for kernel in $kernels; do
	check "regdb, $kernel: the packaged database passes" \
		boots 0 regdb "$regdb" --kernel $kernel
	check "regdb, $kernel: its countries are in use" prints '33: JP'
	check "regdb, $kernel: each byte flipped is refused, nothing leaks" \
		boots 0 regdb "$regdb" --kernel $kernel --scenario reject-many
	check "regdb, $kernel: that was every byte" \
		prints "\"rejected\": $len,"
done
flipped "$regdb" 3000 "$dir/flipped"
cp "$regdb.p7s" "$dir/flipped.p7s"
check 'regdb: one flipped byte fails' boots 1 regdb "$dir/flipped" \
	--kernel debian:6.1 --kernel debian:6.12
check 'regdb: on both kernels' counts 2 '"code": "REFUSED"'
check 'regdb: with the answer' prints ENODATA
cp "$regdb" "$dir/unsigned"
check 'regdb: without a signature it fails' boots 1 regdb "$dir/unsigned" \
	--kernel debian:6.1 --kernel debian:6.12
check 'regdb: on both kernels, too' counts 2 '"code": "REFUSED"'
check "regdb: in the kernel's own words" \
	prints 'failed to load regulatory.db.p7s'
check 'regdb: the gate passes it' run 0 gate --target regdb "$regdb"
check 'regdb: the gate fails the flipped one' \
	run 1 gate --target regdb "$dir/flipped"

done_testing
