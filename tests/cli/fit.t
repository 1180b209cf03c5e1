#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll check --kernel: modules that a kernel would not load are refused
# before anything boots.

# shellcheck source=tests/tap.sh
. tests/tap.sh

release=$(cat build/kernels/debian-6.1/release)
sound=build/modules/$release/plimsoll.ko
content=$dir/twin.plm
"$PLIMSOLL" compile -o "$content" tests/samples/twin >/dev/null 2>&1

# broken NAME OBJCOPY-OPTION...: the sound module, changed by objcopy.
broken()
{
	name=$1
	shift
	objcopy "$@" "$sound" "$dir/$name.ko"
}

# The version of the first symbol, one bit of it changed.
other_version()
{
	objcopy -O binary --only-section=__versions --set-section-flags \
		__versions=alloc "$sound" "$dir/versions"
	symbol=$(tail -c +9 "$dir/versions" | head -c 56 | tr -d '\000')
	byte=$(od -An -tu1 -N1 "$dir/versions")
	printf "\\$(printf %03o $((byte ^ 1)))" |
		dd of="$dir/versions" bs=1 conv=notrunc status=none
	broken version --update-section "__versions=$dir/versions"
}

# The magic of a kernel of the same release, built without preemption.
other_magic()
{
	sed 's/SMP preempt mod_unload/SMP mod_unload preempt/' "$sound" \
		>"$dir/magic.ko"
	! cmp -s "$sound" "$dir/magic.ko"
}

# A kernel whose module tree has no Module.symvers beside it.
bare_tree()
{
	mkdir -p "$dir/bare/lib/modules/$release"
	cp build/kernels/debian-6.1/vmlinux "$dir/bare/"
	: >"$dir/bare/lib/modules/$release/modules.dep"
}

refused()
{
	run 1 check --kernel debian:6.1 --consumer "$1" "$content"
}

check 'the sound module fits its kernel' \
	run 0 check --json --kernel debian:6.1 --consumer "$sound" "$content"
check 'which the evidence names' prints "\"release\": \"$release\""
check 'it does not fit another' \
	run 1 check --kernel debian:6.12 --consumer "$sound" "$content"
check 'by its version magic' says '[WRONG_KERNEL]'
check 'but one of two is enough' run 0 check --kernel debian:6.12 \
	--kernel debian:6.1 --consumer "$sound" "$content"

check 'a module with another version of one symbol' other_version
check 'is refused' refused "$dir/version.ko"
check 'for that symbol' says "needs $symbol of version 0x"
check 'by name' says '[WRONG_SYMBOL]'
check 'even where another kernel is given' run 1 check \
	--kernel debian:6.12 --kernel debian:6.1 --consumer "$dir/version.ko" \
	"$content"
check 'without a kernel nobody asks' \
	run 0 check --consumer "$dir/version.ko" "$content"
check 'a module that uses what is not exported' \
	broken symbol --remove-section __versions --redefine-sym kfree=kfrei
check 'is refused' refused "$dir/symbol.ko"
check 'for that symbol' says "needs kfrei, which $release does not export"
check 'a module without versions' broken plain --remove-section __versions
check 'fits, as its symbols are there' \
	run 0 check --kernel debian:6.1 --consumer "$dir/plain.ko" "$content"
check 'a module of another magic' other_magic
check 'is refused' refused "$dir/magic.ko"
check 'with both' says 'SMP mod_unload preempt modversions'
check 'a torn section of versions' broken torn --update-section \
	"__versions=$content"
check 'is refused or told' sh -c \
	'"$PLIMSOLL" check --kernel debian:6.1 --consumer "$1" "$2" 2>&1;
	[ $? -eq 1 ]' - "$dir/torn.ko" "$content"
check 'a module with two sections of a name' \
	broken twice --rename-section .init.text=.modinfo
check 'is not even held against another kernel' run 3 check \
	--kernel debian:6.12 --consumer "$dir/twice.ko" "$content"
check 'but refused' says 'two sections are called .modinfo: '

check 'a kernel that does not tell its symbols' bare_tree
check 'leaves it unknown' run 3 check --kernel "$dir/bare/vmlinux" \
	--consumer "$sound" "$content"
check 'with the reason' says 'no Module.symvers'
check 'a kernel that is not there does' run 3 check \
	--kernel debian:6.1.0-1-amd64 --consumer "$sound" "$content"
check 'and it is said how to get it' says 'fetch-kernel debian:6.1.0-1-amd64'
check 'no kernel at all is wrong usage' \
	run 2 check --kernel 6.1 --consumer "$sound" "$content"
done_testing
