#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command as a whole: verbs, help, wrong usage.

# shellcheck source=tests/tap.sh
. tests/tap.sh

names='compile check dump diff eval boot console gate bench'

check 'no verb is wrong usage' run 2
check 'with nothing on standard output' silent
check 'and the usage beside it' says 'usage: plimsoll VERB'
check 'an unknown verb is wrong usage' run 2 chekc file.plm
check 'and is named' says "no verb named 'chekc'"
check 'with nothing on standard output' silent
check 'an empty verb is wrong usage' run 2 ''
check 'part of a verb is wrong usage' run 2 chec
check 'an option in place of a verb is' run 2 --json
check 'help is an answer' run 0 help
for name in $names help version; do
	check "it lists $name" grep -q "^  $name  *[a-z]" "$dir/out"
done
check 'it tells the exit statuses' prints 'Exit status: 0 pass, 1'
cp "$dir/out" "$dir/help"
check '--help is the same' run 0 --help
check 'word for word' cmp "$dir/out" "$dir/help"
check '-h is the same' run 0 -h
check 'word for word' cmp "$dir/out" "$dir/help"
check 'version is an answer' run 0 version
check 'it is a number' grep -q '^plimsoll [0-9][0-9.]*$' "$dir/out"
check '--version is the same' run 0 --version
check 'help that cannot be written is not given' \
	sh -c '"$PLIMSOLL" help >/dev/full; [ $? -eq 3 ]'
for verb in $("$PLIMSOLL" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	[ "$verb" = help ] || check "nor $verb's help" \
		sh -c '"$PLIMSOLL" "$0" --help >/dev/full; [ $? -eq 3 ]' "$verb"
done

for name in $names; do
	check "$name --help is an answer" run 0 "$name" --help
	check 'on standard output' prints "usage: plimsoll $name"
	check 'and only there' test ! -s "$dir/err"
	check "$name --nonsense is wrong usage" run 2 "$name" --nonsense
	check 'and is named' says nonsense
	check 'with nothing on standard output' silent
done
for name in compile check dump diff eval boot console gate; do
	check "$name without a file is wrong usage" run 2 "$name"
	check 'with nothing on standard output' silent
	check 'and words about it' test -s "$dir/err"
done
for name in dump eval boot gate; do
	check "$name of two files is wrong usage" \
		run 2 "$name" "$dir/a.plm" "$dir/b.plm"
done
done_testing
