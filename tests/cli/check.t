#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll check: good, refused and unreadable files; consumers; baselines.

# shellcheck source=tests/tap.sh
. tests/tap.sh

maker=${TEST_CORE_VECTORS:-build/tests/test_core_vectors}

# make FILE:CASE NAME: write a vector.
make_vector()
{
	"$maker" "tests/vectors/${1%:*}.vec:${1#*:}" "$dir/$2"
}

check 'files to check are made' make_vector plain:plain good.plm
make_vector plain:word-operator-4 condition.plm
make_vector plain:class-past-the-end automaton.plm
make_vector plain:version-highest newest.plm
make_vector plain:channel-highest channel.plm
make_vector channel291:last-input last.plm
make_vector channel291:wildcard-twin twin.plm
: >"$dir/empty.plm"
head -c 1000 "$dir/good.plm" >"$dir/cut.plm"
echo 'no module' >"$dir/text.ko"

# json EXPRESSION: standard output is one JSON document, nothing else, and the
# Perl expression holds of it as $j.
json()
{
	perl -MJSON::PP -e '
		local $/;
		open my $in, "<", shift or die;
		my $j = JSON::PP->new->utf8->decode(<$in>);
		eval(shift) or die "does not hold: $@\n";' "$dir/out" "$1"
}

# Good and bad

check 'a good file passes' run 0 check "$dir/good.plm"
check 'and that is said' prints "$dir/good.plm: pass"
check 'a malformed condition fails' run 1 check "$dir/condition.plm"
check 'and that is said' prints "$dir/condition.plm: fail"
check 'with the file' says "$dir/condition.plm"
check 'with the code' says 'BAD_PROGRAM'
check 'with the offset' says '736'
check 'with the rule' says '#2'
check 'a malformed automaton fails' run 1 check "$dir/automaton.plm"
check 'with the code' says 'BAD_INDEX'
check 'an empty file fails' run 1 check "$dir/empty.plm"
check 'with the code' says 'TRUNCATED'
check 'a file cut short fails' run 1 check "$dir/cut.plm"
check 'with the code' says 'TRUNCATED'
check 'a file of something else fails' run 1 check "$dir/text.ko"
check 'a file that is not there is unknown' run 3 check "$dir/none.plm"
check 'and that is said' says "$dir/none.plm"
check 'a folder is unknown' run 3 check "$dir"

# Several

check 'several good files pass' run 0 check "$dir/good.plm" "$dir/twin.plm"
check 'one bad among good ones fails' \
	run 1 check "$dir/good.plm" "$dir/condition.plm" "$dir/twin.plm"
check 'the good ones are still told' prints "$dir/twin.plm: pass"
check 'one that is not there leaves it unknown' \
	run 3 check "$dir/good.plm" "$dir/none.plm"
check 'a bad one outweighs it' \
	run 1 check "$dir/none.plm" "$dir/condition.plm"

# JSON

check 'with --json a good file passes' run 0 check --json "$dir/good.plm"
check 'as one document' json '$j->{verdict} eq "pass"'
check 'with its figures' json '$j->{files}[0]{evidence}{rules} == 5 &&
	$j->{files}[0]{evidence}{bytes} == 1672'
check 'with its digest' json '$j->{files}[0]{evidence}{digest} eq "sha256:'"$(
	sha256sum "$dir/good.plm" | cut -d' ' -f1)"'"'
check 'with --json a bad file fails' \
	run 1 check --json "$dir/good.plm" "$dir/condition.plm"
check 'with finding and place' json '
	my $f = $j->{files}[1]{findings}[0];
	$j->{verdict} eq "fail" && $f->{code} eq "BAD_PROGRAM" &&
	$f->{offset} == 736 && $f->{severity} eq "fail"'
check 'with its digest' json '$j->{files}[1]{evidence}{digest} eq "sha256:'"$(
	sha256sum "$dir/condition.plm" | cut -d' ' -f1)"'"'
check 'with --json a missing file is unknown' \
	run 3 check --json "$dir/none.plm"
check 'as one document' json '$j->{verdict} eq "unknown"'
check 'the highest version passes' run 0 check --json "$dir/newest.plm"
check 'and is no negative number' json '
	$j->{files}[0]{evidence}{content_version} eq "18446744073709551615"'
odd=$(printf '%s/odd\n\377.plm' "$dir")
cp "$dir/good.plm" "$odd"
check 'a file with an odd name passes' run 0 check --json "$odd"
check 'as one document' json '$j->{verdict} eq "pass"'
check 'what cannot be written is not said to pass' \
	sh -c '"$PLIMSOLL" check --json "$0" >/dev/full; [ $? -eq 3 ]' \
	"$dir/good.plm"
check 'nor without --json' \
	sh -c '"$PLIMSOLL" check "$0" >/dev/full; [ $? -eq 3 ]' "$dir/good.plm"

# Baselines

check 'a newer version than the baseline passes' \
	run 0 check --baseline "$dir/good.plm" "$dir/newest.plm"
check 'an older one fails' \
	run 1 check --baseline "$dir/newest.plm" "$dir/good.plm"
check 'with the code' says 'NOT_NEWER'
check 'the same one fails' \
	run 1 check --baseline "$dir/good.plm" "$dir/good.plm"
check 'another channel fails' \
	run 1 check --baseline "$dir/good.plm" "$dir/channel.plm"
check 'with the code' says 'WRONG_CHANNEL'
check 'a bad baseline does not pass' \
	run 1 check --baseline "$dir/condition.plm" "$dir/newest.plm"
check 'a missing baseline is unknown' \
	run 3 check --baseline "$dir/none.plm" "$dir/newest.plm"

# Consumers

mkfifo "$dir/pipe"
check 'a pipe that nobody writes to is unreadable' run 3 check "$dir/pipe"
check 'with the reason' says 'timed out [UNREADABLE]'
check 'one whose writer is late and slow is read' sh -c \
	'{ sleep 1; exec >"$0"; sleep 6; cat "$1"; } & "$PLIMSOLL" check "$0"' \
	"$dir/pipe" "$dir/good.plm"
consumer=
for module in build/modules/*/plimsoll.ko; do
	consumer=$module
	check "$module takes all inputs" \
		run 0 check --consumer "$module" "$dir/last.plm"
done
check 'a module was there' test -f "$consumer"
check 'it is named in the evidence' run 0 check --json \
	--consumer "$consumer" "$dir/last.plm"
check 'with digest and kernel' json '
	my $c = $j->{files}[0]{evidence}{consumers}[0];
	$c->{digest} =~ /^sha256:[0-9a-f]{64}$/ && $c->{vermagic} =~ /^6\./'
odd_version()
{
	LC_ALL=C sed 's/\x00version=1\x00/\x00version=\xff\x00/' "$consumer" \
		>"$dir/version.ko"
	! cmp -s "$consumer" "$dir/version.ko"
}
check 'a module whose version is no text' odd_version
check 'is as good as another' run 0 check --json \
	--consumer "$dir/version.ko" "$dir/last.plm"
check 'and in the evidence' json '
	my $c = $j->{files}[0]{evidence}{consumers}[0];
	$c->{digest} =~ /^sha256:[0-9a-f]{64}$/ && $c->{version} eq "?"'
check 'a text is no consumer' \
	run 3 check --consumer "$dir/text.ko" "$dir/good.plm"
check 'and that is said' says 'BAD_CONSUMER'
check 'a program is no consumer' \
	run 3 check --consumer "$PLIMSOLL" "$dir/good.plm"
check 'a missing one is none' \
	run 3 check --consumer "$dir/none.ko" "$dir/good.plm"
check 'a cut one is none' sh -c 'head -c 4000 "$1" >"$0/cut.ko"' \
	"$dir" "$consumer"
check 'and leaves it unknown' \
	run 3 check --consumer "$dir/cut.ko" "$dir/good.plm"
check 'one of two sections of a name is none' sh -c \
	'objcopy --rename-section .init.text=.modinfo "$1" "$0/twice.ko"' \
	"$dir" "$consumer"
check 'and is refused with both places' \
	run 3 check --consumer "$dir/twice.ko" "$dir/good.plm"
check 'which are told' says 'two sections are called .modinfo: '
check 'even beside a good one' run 3 check --consumer "$consumer" \
	--consumer "$dir/text.ko" "$dir/good.plm"
check 'a bad file outweighs a bad consumer' \
	run 1 check --consumer "$dir/text.ko" "$dir/condition.plm"
other=$(find build/kernels/debian-6.1/modules/ -name 'virtio.ko*' 2>/dev/null |
	head -1)
check 'a module of the kernel was there' test -f "$other"
check 'it does not say what it supplies' \
	run 3 check --consumer "$other" "$dir/good.plm"

# Usage

check 'no file is wrong usage' run 2 check
check 'with nothing on standard output' silent
check 'an unknown option is wrong usage' run 2 check --nonsense "$dir/good.plm"
check 'an option without its value is' run 2 check "$dir/good.plm" --baseline
check 'help is no failure' run 0 check --help
check 'and names the options' prints '--consumer'
done_testing
