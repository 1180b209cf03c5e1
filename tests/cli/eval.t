#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll eval: answers in order, errors that name their place, exit status.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# run STATUS ARGUMENT...: eval on $dir/events ends with this status; its
# outputs are in $dir/out and $dir/err.
run()
{
	wanted=$1
	shift
	"$PLIMSOLL" eval "$@" <"$dir/events" >"$dir/out" 2>"$dir/err"
	status=$?
	[ $status -eq "$wanted" ] || echo "status $status, not $wanted"
	[ $status -eq "$wanted" ]
}

# answered LINE...: exactly these lines.
answered()
{
	printf '%s\n' "$@" >"$dir/wanted"
	diff "$dir/wanted" "$dir/out"
}

# The compact answers of the JSON document, without the evaluator's figures.
answers()
{
	sed -n 's/.*"line":\([0-9]*\),"matches":\(\[[^]]*\]\).*/\1 \2/p' \
		"$dir/out" | diff - "$dir/wanted"
}

mkdir "$dir/rules"
cat >"$dir/rules/nc.yml" <<'END'
title: Network tool runs a shell
id: 11111111-1111-4111-8111-111111111111
status: test
logsource:
    product: linux
    category: process_creation
detection:
    tool:
        Image|endswith: /nc
    shell:
        CommandLine|contains: /bin/sh
    condition: tool and shell
level: high
END
cat >"$dir/rules/shell.yml" <<'END'
title: Shell on a command line, but not of root
id: 22222222-2222-4222-8222-222222222222
status: test
logsource:
    product: linux
    category: process_creation
detection:
    shell:
        CommandLine|contains: /bin/sh
    filter:
        User: root
    condition: shell and not filter
level: low
END
"$PLIMSOLL" compile -o "$dir/x.plm" --channel 1 --content-version 1 \
	"$dir/rules" >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }

cat >"$dir/good" <<'END'
{"template":"process_creation","Image":"/bin/NC","CommandLine":"nc -e /BIN/sh","User":"1000"}
{"template":"process_creation","Image":"/bin/id","CommandLine":"id"}
{"template":"process_creation","Image":"/bin/nc","CommandLine":"nc -e /bin/sh","User":"root"}
{"template":"process_creation"}
END
one=11111111-1111-4111-8111-111111111111
two=22222222-2222-4222-8222-222222222222

cp "$dir/good" "$dir/events"
check "reads standard input" run 0 --events - "$dir/x.plm"
check "answers a line an event" \
	answered "1: $one $two" "2: -" "3: $one" "4: -"
check "reads a file" run 0 --events "$dir/good" "$dir/x.plm"
check "gives the same answers" \
	answered "1: $one $two" "2: -" "3: $one" "4: -"
check "answers in JSON" run 0 --json --events - "$dir/x.plm"
printf '%s\n' "1 [\"$one\",\"$two\"]" '2 []' "3 [\"$one\"]" '4 []' \
	>"$dir/wanted"
check "with the same answers" answers
check "in a document with a verdict" grep -q '"verdict": "pass"' "$dir/out"
check "and says nothing else" test ! -s "$dir/err"

: >"$dir/events"
check "takes no events" run 0 --events - "$dir/x.plm"
check "answers none" silent

# Events that are none: the line is named, and no later one is answered.
{ head -n 2 "$dir/good"; echo '{"template":"none"}'; cat "$dir/good"; } \
	>"$dir/events"
check "refuses an unknown template" run 2 --events - "$dir/x.plm"
check "names the line" says "standard input: unknown: line 3: "
check "answers the lines before" answered "1: $one $two" "2: -"
check "refuses it in JSON" run 2 --json --events - "$dir/x.plm"
check "in a document that has an end" \
	sh -c "tail -n 1 '$dir/out' | grep -q '\"code\":\"BAD_EVENT\".*}\$'"

for line in '{"template":"process_creation","image":"/bin/id"}' \
	'{"template":"process_creation","Image":1}' \
	'{"template":"process_creation","LogonId":-1}' \
	'{"template":"process_creation","User":"a","User":"b"}' \
	'{"Image":"/bin/id"}' '{' '[]' 'text'; do
	printf '%s\n' "$line" >"$dir/events"
	check "refuses $line" run 2 --events - "$dir/x.plm"
	check "names its line" says "line 1: "
done

head -c 1048577 /dev/zero | tr '\0' ' ' >"$dir/events"
check "refuses a line of more than 1 MiB" run 2 --events - "$dir/x.plm"
check "says so" says "line 1: longer than 1 MiB"

# Content
cp "$dir/good" "$dir/events"
head -c 300 "$dir/x.plm" >"$dir/cut.plm"
check "refuses torn content" run 1 --events - "$dir/cut.plm"
check "with file, offset and code" says "cut.plm: offset 300: fail: "
check "which is the list's" says "[TRUNCATED]"
check "does not know of absent content" run 3 --events - "$dir/none.plm"
check "nor of absent events" run 3 --events "$dir/none" "$dir/x.plm"

# Usage
check "wants events" run 2 "$dir/x.plm"
check "wants a file" run 2 --events -
check "wants one file" run 2 --events - "$dir/x.plm" "$dir/x.plm"
check "knows its options" run 2 --event - --none "$dir/x.plm"
check "prints nothing then" silent
check "has help" run 0 --help

# Answers that could not be written were not given.
cat "$dir/good" "$dir/good" >"$dir/events"
full()
{
	"$PLIMSOLL" eval "$@" --events "$dir/events" "$dir/x.plm" \
		>/dev/full 2>"$dir/err"
	[ $? -eq 3 ]
}
check "notices a full disk" full
check "also in JSON" full --json

# Memory does not grow with the number of events.
i=0
cp "$dir/good" "$dir/many"
while [ $i -lt 14 ]; do
	cat "$dir/many" "$dir/many" >"$dir/events"
	mv "$dir/events" "$dir/many"
	i=$((i + 1))
done
bounded()
{
	(ulimit -v 100000 && "$PLIMSOLL" eval --json --events "$dir/many" \
		"$dir/x.plm" | grep -c '"line":' >"$dir/out") &&
		[ "$(cat "$dir/out")" -eq 65536 ]
}
check "streams" bounded

done_testing
