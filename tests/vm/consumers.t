#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every deliberately broken consumer is caught by the stage that consumers.tsv
# names, with the finding that it names; and the sound one passes with the
# same content.  The first two are Channel File 291.

. tests/tap.sh

sound=build/modules/$(cat build/kernels/debian-6.1/release)/plimsoll.ko
table=tests/consumers/consumers.tsv

consumer()
{
	echo "build/consumers/$1/plimsoll.ko"
}

# field NAME NUMBER: of the table.
field()
{
	awk -F '\t' -v name="$1" -v field="$2" '$1 == name { print $field }' \
		$table
}

# boots STATUS CONSUMER FILE
boots()
{
	run "$1" boot --json --kernel debian:6.1 --scenario load \
		--consumer "$2" "$3"
}

# In the output at $1: a code of OOPS is that of a console report, KERNEL_OOPS.
has_code()
{
	grep -E "\"code\": \"(KERNEL_)?($2)\"" "$1"
}

finds()
{
	has_code "$dir/out" "$1"
}

"$PLIMSOLL" compile -o "$dir/touch.plm" tests/samples/pids >/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/twin.plm" tests/samples/twin >/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/files.plm" tests/samples/events >/dev/null 2>&1
build/tests/test_core_vectors tests/vectors/plain.vec:section-off-all-ones \
	"$dir/lost.plm" >/dev/null
mkdir "$dir/old"
cp tests/samples/rules/*.yml "$dir/old"
rm "$dir/old/shadow_read.yml"
"$PLIMSOLL" compile -o "$dir/old.plm" --content-version 3 "$dir/old" \
	>/dev/null 2>&1
"$PLIMSOLL" compile -o "$dir/rules.plm" --content-version 4 \
	tests/samples/rules >/dev/null 2>&1

# The boots of the table, two at a time; what each says is in $dir/NAME.out.
boot_one()
{
	set -- "$1" --kernel "debian:$(field "$1" 5)" \
		--scenario "$(field "$1" 6)" "$(field "$1" 7)"
	name=$1 content=$6
	baseline=
	[ "$content" != rules ] || baseline="--baseline $dir/old.plm"
	# shellcheck disable=SC2086 # an option and its value
	"$PLIMSOLL" boot --json "$2" "$3" "$4" "$5" $baseline \
		--consumer "$(consumer "$name")" "$dir/$content.plm" \
		>"$dir/$name.out" 2>"$dir/$name.err" </dev/null
	echo $? >"$dir/$name.status"
}

names=$(awk -F '\t' '!/^#/ && $3 == "boot" && $5 != "sanitizer" { print $1 }' $table)

boot_every_second()
{
	i=$1
	for each in $names; do
		[ $((i % 2)) -eq 1 ] || boot_one "$each"
		i=$((i + 1))
	done
}

boot_every_second 0 &
boot_every_second 1
wait

caught()
{
	cat "$dir/$1.err"
	[ "$(cat "$dir/$1.status")" = 1 ] &&
		has_code "$dir/$1.out" "$(field "$1" 4)"
}

check 'every patch is in the table' sh -c \
	'for p in tests/consumers/*.patch; do
		n=$(basename "$p" .patch)
		grep -q "^$n	" tests/consumers/consumers.tsv || { echo "$n"; exit 1; }
	done'

check 'sound: takes the criterion on the last input' \
	run 0 check --consumer "$sound" "$dir/touch.plm"
check 'sound: boots with it' boots 0 "$sound" "$dir/touch.plm"
check 'sound: boots with its twin' boots 0 "$sound" "$dir/twin.plm"
check 'sound: refuses what userspace refuses' \
	boots 1 "$sound" "$dir/lost.plm"
check 'sound: with its code' prints BAD_LAYOUT

name=01-fewer-inputs-honest
check "$name: check refuses the criterion" \
	run 1 check --json --consumer "$(consumer $name)" "$dir/touch.plm"
check "$name: with the promised finding" finds "$(field $name 4)"
check "$name: that names the rule" \
	prints '"rule": "0a2b7f5c-6d0e-4b8e-9a51-2c9d5e7f4a10"'
check "$name: and the input" prints 'ParentProcessId'
check "$name: the wildcard twin passes check" \
	run 0 check --consumer "$(consumer $name)" "$dir/twin.plm"
check "$name: the wildcard twin passes boot" \
	boots 0 "$(consumer $name)" "$dir/twin.plm"
check "$name: the kernel refuses the criterion, too" \
	boots 1 "$(consumer $name)" "$dir/touch.plm"

name=02-fewer-inputs-lying
check "$name: check passes" \
	run 0 check --consumer "$(consumer $name)" "$dir/touch.plm"
check "$name: the wildcard twin passes boot" \
	boots 0 "$(consumer $name)" "$dir/twin.plm"
check "$name: the kernel's report says where" \
	grep -F '[plimsoll]' "$dir/$name.out"

name=31-function-gone
check "$name: what wants no such event passes" \
	run 0 boot --json --kernel debian:6.12 --scenario load \
	--consumer "$(consumer $name)" "$dir/rules.plm"
check "$name: the kernel names the code of the refusal" \
	grep -F 'refuses with INPUT_NOT_SUPPLIED' "$dir/$name.err"

for name in $names; do
	check "$name: $(field "$name" 6) on $(field "$name" 5) finds $(field "$name" 4)" \
		caught "$name"
done

done_testing
