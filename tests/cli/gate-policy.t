#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The gate's lint stage: every code by a file or a policy that breaks one thing,
# after the good one has passed; and policies that are not understood.  No
# kernel is booted: the boot stage is unknown throughout.

# shellcheck source=tests/tap.sh
. tests/tap.sh

XDG_CACHE_HOME=$dir/cache
PLIMSOLL_TODAY=2026-06-15
export XDG_CACHE_HOME PLIMSOLL_TODAY
ID=0b7c4a8e-6f0e-4c53-9a51-3d1f0e6c2a1

# rule FOLDER N CONDITION SELECTION...
rule()
{
	folder=$dir/$1
	mkdir -p "$folder"
	file=$folder/$2.yml
	printf '%s\n' "title: rule $2" "id: $ID$2" 'level: low' \
		'logsource: {category: process_creation, product: linux}' \
		'detection:' "  condition: $3" >"$file"
	shift 3
	for line; do
		echo "  $line" >>"$file"
	done
}

# compiled NAME VERSION [OPTION]...: the folder's rules as a content file.
compiled()
{
	name=$1 version=$2
	shift 2
	run 0 compile -o "$dir/$name.plm" --content-version "$version" "$@" \
		"$dir/$name"
}

# gate STATUS FILE [OPTION]...: unknown at best, for want of a kernel.
gate()
{
	status=$1 file=$2
	shift 2
	run "$status" gate --json "$@" "$dir/$file.plm"
}

# The codes of all findings at or above a severity, sorted, but for those that
# come of the missing kernel.
codes()
{
	perl -MJSON::PP -e '
		my ($want, $file, %worth) = (@ARGV, info => 0, warning => 1,
			unknown => 2, fail => 3);
		local $/;
		open my $in, "<", $file or die;
		for (@{JSON::PP->new->utf8->decode(<$in>)->{stages}}) {
			next if $_->{stage} eq "boot";
			push @codes, map { $_->{code} } grep {
				$worth{$_->{severity}} >= $worth{$want} and
				$_->{code} ne "NO_KERNEL"
			} @{$_->{findings}};
		}
		print join(" ", sort @codes), "\n"' "$1" "$dir/out"
}

# finds SEVERITY "CODES": at or above it there are these findings and no more.
finds()
{
	found=$(codes "$1")
	[ "$found" = "$2" ] || echo "found '$found', not '$2'"
	[ "$found" = "$2" ]
}

policy()
{
	printf '%s\n' "$@" >"$dir/policy.yaml"
}

# breaks CODES FILE [OPTION]...: fails with these findings and no others.
breaks()
{
	these=$1
	shift
	gate 1 "$@" && finds unknown "$these"
}

passes()
{
	gate 3 "$@" && finds unknown ''
}

# What follows is measured against these.

rule good 1 'a and b' 'a: {Image|endswith: /curl}' "b: {CommandLine|contains: '-o '}"
rule good 2 a "a: {Image|endswith: /nc, CommandLine|contains: ' -e'}"
rule good 3 'a and not b' "a: {CommandLine|startswith: 'rm -rf'}" \
	'b: {User: root}'
cp -r "$dir/good" "$dir/next"
rule next 4 a 'a: {Image|endswith: /socat}'
cp -r "$dir/good" "$dir/same"
check 'the good rules compile' compiled good 1
check 'and those of the next version' compiled next 2
check 'and the same ones as a next version' compiled same 2
check 'the good ones pass' passes good
check 'with the warning that there is no baseline' \
	finds warning 'DATE_GIVEN NO_BASELINE'
check 'the next ones pass beside them' passes next --baseline "$dir/good.plm"
check 'with no other warning' finds warning DATE_GIVEN
check 'without a given day there is none at all' sh -c \
	'unset PLIMSOLL_TODAY; "$PLIMSOLL" gate --json --baseline "$0/good.plm" \
	"$0/next.plm" >"$0/out" 2>"$0/err"; [ $? -eq 3 ]' "$dir"
check 'which is the clock' finds warning ''
check 'the sample passes' sh -c 'cp build/sample.plm "$0/sample.plm"' "$dir"
check 'with the policy that is built in' passes sample

# Budgets

budget()
{
	policy 'budget:' "  $1: $2"
	check "a budget of $2 $1 is overdrawn" \
		breaks "$3" "${4:-good}" --policy "$dir/policy.yaml"
}

rule one 1 a 'a: {Image|endswith: /curl}'
rule two 1 'a and b' 'a: {CommandLine|contains: one}' \
	'b: {CommandLine|contains|cased: Two}'
rule always 1 a 'a: {Image|fieldref: CurrentDirectory}'
rule always 2 a 'a: {Image|endswith: /curl}'
rule costs 1 a 'a: {Image|endswith: /bash}'
for name in one two always costs; do
	check "rules that are '$name' compile" compiled $name 2
	check 'and pass' passes $name
done
budget rules 2 TOO_MANY_RULES
budget bytes 1000 TOO_MANY_BYTES
budget memory 1000 TOO_MUCH_MEMORY
budget input_memory 100 INPUT_MEMORY one
budget automata 1 TOO_MANY_AUTOMATA two
budget triggers 1 TOO_MANY_TRIGGERS
budget always 0 TOO_MANY_ALWAYS always
budget words 1 TOO_MANY_WORDS
budget ordinary_words 1 ORDINARY_COST costs
rule broad 1 a "a: {Image|startswith: '/', CommandLine|contains: ' '}"
check 'a rule that matches half of what there is compiles' compiled broad 2
check 'but is too broad' breaks TOO_BROAD broad
policy 'budget:' '  ordinary_matches: 100'
check 'unless that is allowed' passes broad --policy "$dir/policy.yaml"

# Growth

grows()
{
	policy 'growth:' "  rules: $1" "  bytes: $2" "  memory: $3"
	check "growth within $1, $2 and $3 percent does not hold" \
		breaks "$4" next --policy "$dir/policy.yaml" \
		--baseline "$dir/good.plm"
}

grows 133 1000 1000 RULES_GREW
grows 134 104 1000 BYTES_GREW
grows 134 1000 104 MEMORY_GREW
policy 'severity:' '  NO_BASELINE: fail'
check 'a policy can demand a baseline' \
	breaks NO_BASELINE good --policy "$dir/policy.yaml"

# Every entry twice: INCIDENTS, class 3

cp -r "$dir/good" "$dir/doubled"
for n in 1 2 3; do
	sed "s/^id: ./id: f/; s/^title: /title: again, /" \
		"$dir/good/$n.yml" >"$dir/doubled/1$n.yml"
done
check 'every entry twice compiles' compiled doubled 2
check 'the parser has nothing against it' run 0 check "$dir/doubled.plm"
check 'but it may not ship' breaks \
	'DOUBLED DUPLICATE DUPLICATE DUPLICATE RULES_GREW' \
	doubled --baseline "$dir/good.plm"
check 'also without a baseline' \
	breaks 'DOUBLED DUPLICATE DUPLICATE DUPLICATE' doubled
cp -r "$dir/doubled" "$dir/amid"
for n in 4 5 6 7 8 9; do
	rule amid $n a "a: {Image|endswith: /new$n}"
done
check 'every entry twice amid new ones compiles' compiled amid 2
policy 'growth: {rules: 1000, bytes: 1000, memory: 1000}'
check 'and is seen beside the baseline' \
	breaks 'DOUBLED DUPLICATE DUPLICATE DUPLICATE' amid \
	--policy "$dir/policy.yaml" --baseline "$dir/good.plm"

# The first ever use: INCIDENTS, class 2, and Channel File 291

acknowledge()
{
	echo 'acknowledge:' >"$dir/policy.yaml"
	for feature; do
		echo "  - $feature" >>"$dir/policy.yaml"
	done
}

# first NAME FEATURE...: the rules use these features for the first time.
first()
{
	name=$1
	shift
	cp "$dir"/good/*.yml "$dir/$name"
	codes=$(for feature; do printf ' FIRST_USE'; done)
	check "rules with the first $* compile" compiled "$name" 2
	check 'the parser has nothing against them' run 0 check "$dir/$name.plm"
	check 'but they may not ship unseen' breaks "${codes# }" "$name" \
		--baseline "$dir/good.plm"
	for feature; do
		check "$feature is named" prints "\"place\": \"$feature\""
	done
	acknowledge "$@"
	check 'unless that is acknowledged by name' passes "$name" \
		--baseline "$dir/good.plm" --policy "$dir/policy.yaml"
}

rule input 9 a "a: {Image|endswith: /nc, ParentUser: '33'}"
rule last 9 a 'a: {Image|endswith: /nc, ParentProcessId: 1}'
rule op 9 a "a: {CommandLine|re: 'x[0-9]{3}y'}"
rule number 9 a 'a: {Image|endswith: /nc, LogonId|gte: 1000}'
rule cased 9 a 'a: {CommandLine|contains|cased: XyZ}'
rule none 9 a 'a: {Image|fieldref: CurrentDirectory}'
rule pair 9 a 'a: {Image|endswith: /nc, User|fieldref: ParentUser}'
first input 'input process_creation.ParentUser'
first pair 'input process_creation.ParentUser' 'operator equals input'
first last 'input process_creation.ParentProcessId' 'operator ='
first op 'operator matches' 'flag cased'
first number 'input process_creation.LogonId' 'operator >='
first cased 'flag cased'
first none 'input process_creation.CurrentDirectory' \
	'operator equals input' 'trigger none'

rule unseen 9 'a or (b and c)' 'a: {Image|endswith: /xyz}' \
	'b: {ParentUser|startswith: ab}' 'c: {ParentUser|startswith: cd}'
cp "$dir"/good/*.yml "$dir/unseen"
check 'a first use that nothing can test compiles' compiled unseen 2
acknowledge 'input process_creation.ParentUser'
check 'and may not ship, though it is acknowledged' \
	breaks FIRST_USE_UNTESTED unseen --baseline "$dir/good.plm" \
	--policy "$dir/policy.yaml"

# Rules by themselves and beside each other

rule same_as 1 a "a: {Image|endswith: [/ab, /cd]}"
rule same_as 2 'a or b' 'a: {Image|endswith: [/cd, /ab]}' \
	"b: {Image|endswith: x/ab}"
rule same_as 3 a 'a: {Image|endswith: /other}'
rule less 1 a "a: {CommandLine|contains: secret}"
rule less 2 a "a: {CommandLine|contains: very-secret-word, User: root}"
rule never 1 'a and not b' 'a: {CommandLine|contains: secrets}' \
	'b: {CommandLine|contains: secret}'
rule never 2 a 'a: {Image|endswith: /other}'
rule all 1 'not (a and not b)' 'a: {CommandLine|contains: secrets}' \
	'b: {CommandLine|contains: secret}'
rule all 2 a 'a: {Image|endswith: /other}'
rule absent 1 'a and b and c' 'a: {CommandLine|contains: foo}' \
	'b: {User|fieldref: ParentUser}' 'c: {ParentUser|exists: false}'
rule dead 1 a 'a: {CommandLine|contains: [secret, secrets, other]}'
for name in same_as less never all dead absent; do
	check "rules that are '$name' compile" compiled $name 2
done
check 'two rules of one meaning are found' \
	breaks DUPLICATE same_as
check 'a rule that another one makes superfluous passes' passes less
check 'but is told' finds warning 'DATE_GIVEN NO_BASELINE SUBSUMED'
check 'a rule that no event matches is found' \
	breaks CONTRADICTORY never
check 'also one that compares what is absent' \
	breaks CONTRADICTORY absent
check 'a rule that every event matches is found' \
	breaks 'MATCHES_ALL TOO_BROAD' all
check 'a part that cannot matter passes' passes dead
check 'but is told' finds warning 'DATE_GIVEN DEAD_PART NO_BASELINE'
check 'with the part' prints "1 part cannot matter: CommandLine contains 'secrets'"
policy 'severity:' '  DEAD_PART: fail'
check 'a policy can make more of it' \
	breaks DEAD_PART dead --policy "$dir/policy.yaml"

long_list()
{
	rule long 1 a 'a:'
	{
		echo '    CommandLine|contains:'
		i=0
		while [ $i -lt 3200 ]; do
			echo "      - a-longer-text-$i-of-many"
			i=$((i + 1))
		done
	} >>"$dir/long/1.yml"
	compiled long 2
}
check 'a rule of 3200 texts compiles' long_list
check 'what takes too long is not passed over' \
	sh -c '"$PLIMSOLL" gate --json "$0/long.plm" >"$0/out" 2>"$0/err"; [ $? -eq 3 ]' \
	"$dir"
check 'but said' finds unknown NOT_DECIDED

# Kill

rule killer 1 a 'a: {Image|endswith: /xmrig}'
check 'rules that kill compile' sh -c '"$PLIMSOLL" compile --action kill \
	--content-version 2 -o "$0/kill.plm" "$0/killer"' "$dir"
check 'and pass, for everyday events are replayed' passes kill
check 'as the evidence says' prints '"goodware_events": '
policy 'kill:' '  goodware_events: 1000000000'
check 'but not where there are fewer than the policy wants' \
	breaks KILL_UNTESTED kill --policy "$dir/policy.yaml"
policy 'kill:' '  goodware_events: 1000000000' 'exemptions:' \
	'  - code: KILL_UNTESTED' "    place: ${ID}1" \
	'    reason: tested by hand on the fleet' '    until: 2026-12-31'
check 'or an exemption' passes kill --policy "$dir/policy.yaml"
check 'that is told with its reason' \
	prints '(exempt until 2026-12-31: tested by hand on the fleet)'
odd=$(printf '%s/\377.yaml' "$dir")
cp "$dir/policy.yaml" "$odd"
check 'or where the name of the policy is no text' passes kill --policy "$odd"
check 'which the evidence shows' prints '/?.yaml"'

# Consumers

honest=build/consumers/01-fewer-inputs-honest/plimsoll.ko
check 'a consumer that supplies less was built' test -f $honest
check 'it fits what does not ask for more' passes next --consumer $honest
check 'what asks for more is refused twice' \
	breaks 'INPUT_NOT_SUPPLIED UNSUPPLIED' last --consumer $honest
check 'with field and rule' prints "wanted by 1 rules: ${ID}9"

# Exemptions

exempt()
{
	policy 'exemptions:' "  - code: $1" "    place: $2" \
		'    reason: known since the last review' "    until: $3"
}

exempt TOO_BROAD "${ID}1" 2026-06-15
check 'an exemption lets a finding pass on its last day' \
	passes broad --policy "$dir/policy.yaml"
check 'with no warning but that of the replay' \
	finds warning 'DATE_GIVEN NOISY NO_BASELINE'
exempt TOO_BROAD "${ID}1" 2026-06-14
check 'and not on the day after' \
	breaks 'EXEMPTION_EXPIRED TOO_BROAD' broad --policy "$dir/policy.yaml"
exempt TOO_BROAD "${ID}2" 2026-12-31
check 'nor for another rule' \
	breaks TOO_BROAD broad --policy "$dir/policy.yaml"
check 'for which it is not needed' \
	finds warning 'DATE_GIVEN EXEMPTION_UNUSED NO_BASELINE TOO_BROAD'
exempt DUPLICATE "${ID}1" 2026-12-31
check 'nor for another code' breaks TOO_BROAD broad --policy "$dir/policy.yaml"
exempt NO_BASELINE file 2020-01-01
check 'one that has run out fails what is good' \
	breaks EXEMPTION_EXPIRED good --policy "$dir/policy.yaml"

# Policies that are not understood

# refused TEXT LINE...: wrong usage, and the error says this.
refused()
{
	text=$1
	shift
	policy "$@"
	run 2 gate --policy "$dir/policy.yaml" "$dir/good.plm" &&
		silent && says "policy.yaml:$text"
}

policy '# nothing' 'budget: {}' 'acknowledge: []' 'exemptions: []'
check 'a policy that says nothing passes' passes good --policy "$dir/policy.yaml"
check 'an unknown key' refused "2:3: Unexpected key: ruls" 'budget:' '  ruls: 3'
check 'an unknown section' refused '1:1: Unexpected key: budgets' 'budgets: {}'
check 'a list where a number is wanted' \
	refused "2:10: key 'rules': Expecting UINT" 'budget:' '  rules: [1]'
check 'a text where a number is wanted' \
	refused "2:10: key 'rules': must be a whole number" 'budget:' '  rules: many'
check 'an octal number' refused "2:10: key 'rules': must be a whole number" \
	'budget:' '  rules: 010'
check 'a negative number' refused "2:10: key 'rules': must be a whole number" \
	'budget:' '  rules: -1'
check 'no number' refused "2:9: key 'rules': must be a whole number" 'budget:' '  rules:'
check 'a number out of range' \
	refused "2:10: key 'rules': 0 is not from 1 to 131072" 'budget:' '  rules: 0'
check 'a large number' \
	refused "2:10: key 'rules': 131073 is not from 1 to 131072" \
	'budget:' '  rules: 131073'
check 'a number for a map' refused "1:9: key 'budget': Expecting MAPPING" 'budget: 3'
check 'a key that stands twice' \
	refused "3:3: key 'rules' stands in this map already, at line 2" \
	'budget:' '  rules: 3' '  rules: 4'
check 'a section that stands twice' \
	refused "2:1: key 'budget' stands in this map already" \
	'budget: {}' 'budget: {}'
check 'an alias' refused '2:9: anchors, aliases and merge keys' \
	'budget: {rules: 3}' 'growth: &a {rules: 200}'
check 'a merge key' refused '2:3: anchors, aliases and merge keys' \
	'budget:' '  <<: {rules: 3}'
check 'a tag' refused '1:17: tags are not taken' 'budget: {rules: !!int 3}'
check 'a list' refused '1:1: a policy is a map, this is a list' '- budget'
check 'a second document' refused '3:1: a second document' \
	'budget: {}' '---' 'growth: {}'
check 'no YAML' refused "3:1: did not find expected" 'budget: {' 'x'
check 'an unknown code' refused '2:3: Unexpected key: NONSENSE' \
	'severity:' '  NONSENSE: fail'
check 'an unknown severity' \
	refused "2:13: key 'SUBSUMED': Invalid ENUM value: error" \
	'severity:' '  SUBSUMED: error'
check 'a lowered severity' \
	refused "2:14: key 'DUPLICATE': its severity is fail and can only be raised" \
	'severity:' '  DUPLICATE: warning'
check 'a feature that there is not' \
	refused "2:5: key 'acknowledge': no feature has this name" \
	'acknowledge:' '  - operator nonsense'
check 'one that is acknowledged twice' \
	refused "1:33: key 'acknowledge': stands in the list already" \
	'acknowledge: [operator matches, operator matches]'

# exemption TEXT CODE PLACE REASON UNTIL
exemption()
{
	text=$1
	shift
	refused "$text" 'exemptions:' "  - code: $1" "    place: $2" \
		"    reason: $3" "    until: $4"
}

long='a reason of some length'
check 'an exemption from nothing' \
	exemption "2:11: key 'code': Invalid ENUM value: X" X y "$long" 2026-12-31
check 'an exemption from expiry' \
	exemption "2:11: key 'code': there is no exemption from this code" \
	EXEMPTION_EXPIRED y "$long" 2026-12-31
check 'an exemption without a reason' \
	exemption "4:13: key 'reason': says too little" DUPLICATE y '"-"' 2026-12-31
check 'an exemption until no day' \
	exemption "5:12: key 'until': must be a day" DUPLICATE y "$long" 2026-02-29
check 'an exemption for ever' \
	exemption "5:12: key 'until': must be a day" DUPLICATE y "$long" never
check 'an exemption without an end' \
	refused "4:13: Missing required mapping field: until" \
	'exemptions:' '  - code: DUPLICATE' '    place: x' "    reason: $long"
head -c 4096 build/plimsoll >"$dir/binary.yaml"
check 'a program' run 2 gate --policy "$dir/binary.yaml" "$dir/good.plm"
check 'at its place' says 'binary.yaml:1:'
head -c 2000000 /dev/zero | tr '\0' '[' >"$dir/huge.yaml"
check 'a huge file' run 2 gate --policy "$dir/huge.yaml" "$dir/good.plm"
check 'for its size' says 'huge.yaml: larger than 1048576 bytes'
head -c 100000 "$dir/huge.yaml" >"$dir/deep.yaml"
check 'a deep file' run 2 gate --policy "$dir/deep.yaml" "$dir/good.plm"
check 'for its depth' says 'nested deeper than'
check 'a file that is not there leaves it unknown' \
	run 3 gate --policy "$dir/none.yaml" "$dir/good.plm"
PLIMSOLL_TODAY=tomorrow
check 'a day that is none leaves it unknown' gate 3 good
check 'and that is said' finds unknown NO_DATE
PLIMSOLL_TODAY=2026-06-15

# Content that is not ours

cp tests/samples/apparmor/sample.apparmor "$dir/foreign.plm"
check 'another target needs no policy' gate 3 foreign --target apparmor
check 'and lint does not apply' sh -c \
	'! grep "\"stage\": \"lint\"" "$0/out"' "$dir"
policy 'budget: {}'
check 'but a policy for it is wrong usage' run 2 gate --target apparmor \
	--policy "$dir/policy.yaml" "$dir/foreign.plm"

# What is shown is what is taken

check 'the policy that is built in is shown' run 0 gate --show-policy
cp "$dir/out" "$dir/shown.yaml"
check 'it can be read' \
	run 0 gate --policy "$dir/shown.yaml" --show-policy
check 'as the same' cmp "$dir/out" "$dir/shown.yaml"
policy 'budget: {rules: 7}' 'acknowledge: [flag cased]' 'severity:' \
	'  SUBSUMED: unknown' 'exemptions:' '  - code: DUPLICATE' \
	"    place: 'it''s'" '    reason: >' '      of two' '      lines' \
	'    until: 2026-12-31'
check 'another one is shown' run 0 gate --policy "$dir/policy.yaml" --show-policy
cp "$dir/out" "$dir/shown.yaml"
check 'as it stands' prints "    place: 'it''s'"
check 'and read again as the same' \
	run 0 gate --policy "$dir/shown.yaml" --show-policy
check 'in every byte' cmp "$dir/out" "$dir/shown.yaml"

# The manual

manual_has_codes()
{
	"$PLIMSOLL" gate --show-policy | sed -n 's/^  \([A-Z_]*\): .*/\1/p' |
		while read -r code; do
			grep -q "^\.B $code\$" userspace/plimsoll-policy.5 ||
				echo "no code $code"
		done >"$dir/missing"
	[ ! -s "$dir/missing" ]
}

manual_has_keys()
{
	"$PLIMSOLL" gate --show-policy | sed -n 's/^  \([a-z_]*\): \(.*\)/\1 \2/p' |
		while read -r key value; do
			grep -q "^\.BI* $key .*$value" \
				userspace/plimsoll-policy.5 || echo "no $key $value"
		done >"$dir/missing"
	[ ! -s "$dir/missing" ]
}

check 'the manual has every code' manual_has_codes
check 'and every number, with its default' manual_has_keys
done_testing
