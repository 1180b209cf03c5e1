#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The verb console: what it says of logs, whole, once, and in which form.  What
# the classifier knows is tested in tests/unit/test_console.c.

# shellcheck source=tests/tap.sh
. tests/tap.sh

logs=tests/console
null=$logs/debian-6.1-null.log

from_input()
{
	"$PLIMSOLL" console "$@" - >"$dir/out" 2>"$dir/err" <"$null"
	[ $? -eq 1 ]
}

# lines N TEXT: so many lines of the output hold it.
lines()
{
	[ "$(grep -c -F -e "$2" "$dir/out")" -eq "$1" ]
}

check 'a log without a report is clean' run 0 console $logs/innocent.log
check 'and nothing is said of it' silent
check 'an empty log is clean' run 0 console /dev/null
check 'a log with one is not' run 1 console $null
check 'it is named by place, kind and function' \
	prints "$null:9: OOPS: NULL pointer dereference in sick_null"
check 'its first line is shown' prints 'BUG: kernel NULL pointer dereference'
check 'and its last' prints 'CR2: 0000000000000008'
check 'so it is from standard input' from_input
check 'under the name -' prints '-:9: OOPS: NULL pointer dereference'
check 'two logs with the same report' run 1 console $null $null
check 'have it once' lines 1 'OOPS: NULL pointer dereference in sick_null'
check 'counted' prints '(in 2 logs)'
check 'among clean logs it is found as well' \
	run 1 console $logs/innocent.log $null $logs/innocent.log
check 'two different reports' run 1 console $null $logs/kasan.log
check 'are both named' prints "$logs/kasan.log:3: KASAN: "
check 'the second one without its text' lines 0 'Memory state around'

check '--json is one document' run 1 console --json $null $null
check 'with a verdict' prints '"verdict": "fail"'
check 'the kind' prints '"kind": "OOPS"'
check 'the title once' lines 1 '"title"'
check 'and both places' lines 2 '"line": 9'
check 'a clean log has a document too' \
	run 0 console --json $logs/innocent.log
check 'which passes' prints '"verdict": "pass"'

check 'a log that is not there is unreadable' run 3 console "$dir/none"
check 'and is named' says "$dir/none: No such file"
check 'a folder is no log' run 3 console "$dir"
check 'a report counts for more than a log that is missing' \
	run 1 console "$dir/none" $null
check 'a report that cannot be printed is no answer' \
	sh -c '"$PLIMSOLL" console "$1" >/dev/full 2>&1; [ $? -eq 3 ]' - $null
done_testing
