#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules of every template: which category is which, and which fields are none.

. tests/tap.sh

# rule FILE CATEGORY FIELD: a rule over one field.
rule()
{
	printf '%s\n' 'title: t' "id: 5d1f6f6e-53a4-4a3c-8c0b-6f1a1f0ab4ff" \
		"logsource: {category: $2, product: linux}" 'detection:' \
		"  s: {$3}" '  condition: s' >"$dir/$1.yml"
}

compiles()
{
	rule "$@" && run 0 compile -o "$dir/$1.plm" "$dir/$1.yml" &&
		run 0 dump "$dir/$1.plm"
}

refused()
{
	rule "$@" && run 1 compile -o "$dir/$1.plm" "$dir/$1.yml"
}

# matches FILE EVENT: the ids of the rules that match.
matches()
{
	printf '%s\n' "$2" >"$dir/events" &&
		run 0 eval --json --events "$dir/events" "$dir/$1.plm" &&
		prints 5d1f6f6e
}

misses()
{
	! matches "$@"
}

check 'a rule of connections' \
	compiles net network_connection 'DestinationPort: 4444'
check 'is of that template' prints network_connection
check 'matches such an event' matches net \
	'{"template":"network_connection","DestinationPort":4444}'
check 'and no other' misses net \
	'{"template":"network_connection","DestinationPort":4445}'
check 'a network is tested as text' compiles cidr network_connection \
	'DestinationIp|cidr: 10.0.0.0/8'
check 'by its addresses' matches cidr \
	'{"template":"network_connection","DestinationIp":"10.255.0.1"}'
check 'and by no other' misses cidr \
	'{"template":"network_connection","DestinationIp":"11.0.0.1"}'
check 'a host name is no input' \
	refused host network_connection 'DestinationHostname: example.org'
check 'and it is said which there are' says \
	"'DestinationHostname' is not an input of network_connection"

check 'a rule of files is of all that is done to them' \
	compiles file file_event 'TargetFilename|startswith: /etc/'
for kind in create rename delete; do
	event="{\"template\":\"file_event\",\"EventType\":\"$kind\",\"TargetFilename\":\"/etc/x\"}"
	check "it matches: $kind" matches file "$event"
done
for kind in rename delete; do
	event="{\"template\":\"file_event\",\"EventType\":\"$kind\",\"TargetFilename\":\"/etc/x\"}"
	other=$(echo "$event" | sed "s/$kind/create/")
	check "one of file_$kind compiles" compiles part file_$kind \
		'TargetFilename|startswith: /etc/'
	check 'and is one of file_event' prints file_event
	check "it matches: $kind" matches part "$event"
	check 'and nothing else' misses part "$other"
done
check 'other things done to files are not told' \
	refused change file_change 'TargetFilename: /etc/x'
check 'which is said' says "category 'file_change': no template"
check 'a category with a zero byte is none' \
	refused zero '"file_rename\0"' 'TargetFilename: /etc/x'

done_testing
