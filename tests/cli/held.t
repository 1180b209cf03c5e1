#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A verdict is about bytes: every stage judges those that were read first, and
# the digest in the report is theirs.  A pipe shows it, which gives its bytes
# once: a second look would wait for ever, or find nothing.

# shellcheck source=tests/tap.sh
. tests/tap.sh

XDG_CACHE_HOME=$dir/cache
export XDG_CACHE_HOME

mkfifo "$dir/pipe.plm"
sum=$(sha256sum <build/sample.plm)
sum=${sum%% *}

# from_pipe STATUS ARGUMENT...: with the sample in the pipe, once.
from_pipe()
{
	wanted=$1
	shift
	cat build/sample.plm >"$dir/pipe.plm" &
	writer=$!
	timeout 120 "$PLIMSOLL" "$@" "$dir/pipe.plm" \
		>"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	kill $writer 2>/dev/null
	wait $writer
	[ $status -eq "$wanted" ] || echo "status $status, not $wanted"
	[ $status -eq "$wanted" ]
}

stage_passed()
{
	grep -E -e "^  $1 +pass" "$dir/err"
}

# Without a kernel nothing passes; that is all there may be to say.
only_no_kernel()
{
	grep '\[[A-Z_]*\]$' "$dir/err" |
		grep -v -e NO_KERNEL -e NO_BASELINE -e MATCHES_GOODWARE
	[ $? -eq 1 ]
}

check 'the gate takes a pipe' from_pipe 3 gate --json
check 'lint judged it' stage_passed lint
check 'so did replay' stage_passed replay
check 'what fuzz and boot lack is a kernel' only_no_kernel
check 'the digest is that of the bytes' prints "sha256:$sum"

check 'boot takes a pipe' from_pipe 3 boot --report "$dir/report"
check 'and lacks a kernel' only_no_kernel
digest_reported()
{
	grep -F "sha256:$sum" "$dir/report/report.json"
}
check 'the digest of its report as well' digest_reported
check 'fuzz takes a pipe' from_pipe 0 fuzz --neighbours 100 \
	--kernel-neighbours 0 --report "$dir/report"
check 'and reports its digest' digest_reported

# A report of an earlier run does not stand for this one.

killed()
{
	timeout -s KILL 2 "$PLIMSOLL" "$1" --report "$dir/report" "$dir/silent"
	[ $? -eq 137 ] && [ ! -e "$dir/report/report.json" ] &&
		[ ! -e "$dir/report/report.xml" ] &&
		[ ! -e "$dir/report/report.ktap" ]
}

mkfifo "$dir/silent"
for verb in fuzz gate; do
	check 'an old report' run 0 fuzz --neighbours 100 \
		--kernel-neighbours 0 --report "$dir/report" build/sample.plm
	check 'passes' grep '"verdict": "pass"' "$dir/report/report.json"
	check "and is gone when $verb is killed" killed $verb
done
for verb in fuzz boot gate; do
	rm -rf "$dir/report"
	mkdir -p "$dir/report/report.xml"
	echo '{"verdict": "pass"}' >"$dir/report/report.json"
	check "$verb does not begin where one can't be removed" \
		run 3 $verb --report "$dir/report" build/sample.plm
	check 'and says so' says "report.xml: could not be removed: "
	check 'but removes what says pass' \
		test ! -e "$dir/report/report.json"
done
rm -rf "$dir/report"
mkdir -p "$dir/report"
echo '{"verdict": "pass"}' >"$dir/report/report.json"
check 'a policy that is not there: unknown' run 3 gate --policy "$dir/none" \
	--report "$dir/report" build/sample.plm
check 'and no report says pass' test ! -e "$dir/report/report.json"

# A name that would be a line of its own, and clear the screen.
name=$(printf 'x\nsample.plm: pass\033[2J')
cp build/sample.plm "$dir/$name"
forged()
{
	run 0 check "$dir/$name" && prints 'x\x0asample.plm: pass\x1b[2J: pass' &&
		[ "$(wc -l <"$dir/out")" -eq 1 ]
}
check 'a name forges no line' forged

done_testing
