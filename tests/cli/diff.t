#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll diff: what it says of two content files.

# shellcheck source=tests/tap.sh
. tests/tap.sh

ID=0b7c4a8e-6f0e-4c53-9a51-3d1f0e6c2a1

# rule FILE N TITLE LEVEL IMAGE [MORE]
rule()
{
	printf '%s\n' "title: $3" "id: $ID$2" "level: $4" \
		'logsource: {category: process_creation}' 'detection:' \
		'  a:' "    Image|endswith: $5" "    ${6:-User: root}" \
		'  condition: a' >"$dir/$1"
}

mkdir "$dir/old" "$dir/new"
rule old/same.yml 1 Same low /same
rule old/gone.yml 2 Gone low /gone
rule old/level.yml 3 Level low /level
rule old/text.yml 4 Text low "['/one', '/two']"
cp "$dir"/old/same.yml "$dir/new/"
rule new/level.yml 3 'Level, or height' high /level
rule new/text.yml 4 Text low "['/one', '/three']" 'CommandLine|re: a.b'
rule new/come.yml 5 Come medium /come
check 'the old rules compile' run 0 compile -o "$dir/old.plm" "$dir/old"
check 'the new rules compile' \
	run 0 compile -o "$dir/new.plm" --content-version 2 "$dir/new"

check 'a file and itself' run 0 diff "$dir/old.plm" "$dir/old.plm"
check 'have no differences' \
	prints '0 rules added, 0 removed, 0 changed, 4 the same'
check 'which --json says too' run 0 diff --json "$dir/old.plm" "$dir/old.plm"
check 'in one word' prints '"same": true'

check 'two that differ are no failure' run 0 diff "$dir/old.plm" "$dir/new.plm"
check 'numbers' prints '1 rules added, 1 removed, 2 changed, 1 the same'
check 'versions' prints 'content version 2, 4 rules'
check 'a rule that came' prints "added ${ID}5 'Come'"
check 'a rule that went' prints "removed ${ID}2 'Gone'"
check 'a level' prints 'level high, was low'
check 'a title' prints "title_text 'Level, or height', was 'Level'"
check 'a criterion that went' prints "    - Image endswith '/two'"
check 'a criterion that came' prints "    + Image endswith '/three'"
check 'an expression that came' prints "    + CommandLine matches cased 'a[^"
check 'its first use' prints 'first use of process_creation: CommandLine matches'
check 'what is used no more' test "$(grep -c 'no more use' "$dir/out")" -eq 0
check 'nothing of the rule that stayed' \
	test "$(grep -c "${ID}1" "$dir/out")" -eq 0

check 'the other way round' run 0 diff --json "$dir/new.plm" "$dir/old.plm"
check 'what came went' prints '"change": "removed"'
check 'they are not the same' prints '"same": false'
check 'what is used no more is named' prints 'no_longer_used'

check 'a version above what JSON can hold' \
	"${TEST_CORE_VECTORS:-build/tests/test_core_vectors}" \
	tests/vectors/plain.vec:version-highest "$dir/high.plm"
check 'is no difference of its own' \
	run 0 diff --json "$dir/high.plm" "$dir/high.plm"
check 'and told as a text' prints '"version": "18446744073709551615"'

head -c 300 "$dir/new.plm" >"$dir/cut.plm"
check 'a cut file fails' run 1 diff "$dir/old.plm" "$dir/cut.plm"
check 'and says why' says '[TRUNCATED]'
check 'also as the old one' run 1 diff "$dir/cut.plm" "$dir/new.plm"
check 'a missing file is unknown' run 3 diff "$dir/old.plm" "$dir/none.plm"
check 'one file is wrong usage' run 2 diff "$dir/old.plm"
check 'three files are' run 2 diff "$dir/old.plm" "$dir/old.plm" "$dir/old.plm"

# A long text that a rule tests often: its condition is far larger than the file.

# long FILE N: what differs stands at the condition's end.
long()
{
	text=$(printf '%01000d' 0 | sed 's/0/é/g')
	{
		printf '%s\n' 'title: long' "id: ${ID}6" \
			'logsource: {category: process_creation}' \
			'detection:' "  a: {Image|contains: '$text'}"
		for i in $(seq 100 299); do
			echo "  s$i: {ProcessId: $i}"
		done
		echo "  last: {ProcessId: $2}"
		for i in $(seq 100 299); do
			printf '%s' "${condition:-  condition: }a and s$i"
			condition=' or '
		done
		echo ' or a and last'
	} >"$dir/$1"
	condition=
}

long a.yml 1
long b.yml 2
check 'a condition with a long text compiles' \
	run 0 compile -o "$dir/a.plm" "$dir/a.yml"
check 'another one, too' run 0 compile -o "$dir/b.plm" "$dir/b.yml"
check 'it is shown' run 0 dump --json "$dir/a.plm"
check 'up to its first MiB' \
	grep -Eq ', and [0-9]{6} more bytes; sha256:[0-9a-f]{64}"' "$dir/out"
check 'which is about as much as is written' \
	test "$(wc -c <"$dir/out")" -lt 2300000
check 'for people as well' run 0 dump "$dir/a.plm"
check 'with the same end' \
	grep -Eq 'and [0-9]{6} more bytes; sha256:[0-9a-f]{64}$' "$dir/out"
check 'a difference behind that' run 0 diff "$dir/a.plm" "$dir/b.plm"
check 'is one' prints '1 changed, 0 the same'
check 'with its criterion' prints '    + ProcessId = 2'
# Many long texts that come to a rule are far more than it was.
{
	printf '%s\n' 'title: long' "id: ${ID}6" \
		'logsource: {category: process_creation}' \
		'detection:' '  a:' '    Image|contains:'
	for i in $(seq 100 299); do
		echo "      - '$text$i'"
	done
	echo '  condition: a'
} >"$dir/c.yml"
check 'a rule with many long texts compiles' \
	run 0 compile -o "$dir/c.plm" "$dir/c.yml"
check 'they are a difference' run 0 diff "$dir/a.plm" "$dir/c.plm"
check 'of which the first are shown' \
	test "$(grep -c "    + Image contains '" "$dir/out")" -eq 130
check 'and of the others how much they are' \
	grep -Eq '^    [+] and [0-9]{6} more bytes; sha256:[0-9a-f]{64}$' \
	"$dir/out"
check 'what went is there' prints "    - ProcessId = 299"
check 'in a document, too' run 0 diff --json "$dir/c.plm" "$dir/a.plm"
check 'which says the same of what went' \
	grep -Eq '^ *"and [0-9]{6} more bytes; sha256:[0-9a-f]{64}"' "$dir/out"
check 'and is no larger than that' test "$(wc -c <"$dir/out")" -lt 4300000

check 'a report that cannot be written is not given' \
	sh -c '"$PLIMSOLL" diff "$1" "$1" >/dev/full; [ $? -eq 3 ]' - \
	"$dir/old.plm"
done_testing
