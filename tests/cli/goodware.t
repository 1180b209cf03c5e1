#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The goodware corpus in the replay stage: what a kill rule must not match,
# what an audit rule may, and what becomes of a corpus that is not whole.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# rule ACTION FIELD VALUE...: $dir/x.plm, with a rule of $category that wants all
# of it.
category=process_creation
rule()
{
	action=$1
	shift
	{
		cat <<-END
			title: One Rule
			id: 7c3a52d1-60a5-4a53-9a4b-0d5f6f0c7c11
			status: test
			logsource:
			    product: linux
			    category: $category
			level: low
			detection:
			    condition: selection
			    selection:
		END
		while [ $# -gt 0 ]; do
			printf "        %s: '%s'\n" "$1" "$2"
			shift 2
		done
	} >"$dir/rule.yml"
	"$PLIMSOLL" compile --action "$action" -o "$dir/x.plm" "$dir/rule.yml" \
		>"$dir/log" 2>&1 || cat "$dir/log"
}

# The gate on $dir/x.plm: all but the boot stage, for want of a kernel that
# nobody has.  Its verdict is that of the replay stage, or 3.
gate()
{
	run "$1" gate --json --kernel debian:6.1.0-0-amd64 "$dir/x.plm"
}

# replay VERDICT [CODE]: what the replay stage said.
replay()
{
	perl -MJSON::PP -e '
		my ($part, $verdict, $code) = @ARGV;
		local $/;
		open my $in, "<", $part or die;
		for (@{JSON::PP->new->utf8->decode(<$in>)->{stages}}) {
			next unless $_->{stage} eq "replay";
			die "is $_->{verdict}\n" unless $_->{verdict} eq $verdict;
			my $num = $_->{evidence}{goodware_events} // 0;
			my @codes = map { $_->{code} } @{$_->{findings}};
			my $none = grep { $_ eq "NO_GOODWARE" } @codes;
			die "$num events\n" if $none ? $num : $num < 1000;
			die "found: @codes\n" if $code ne "" and
				!grep { $_ eq $code } @codes;
			die "found: @codes\n" if $code eq "" and @codes;
			exit 0;
		}
		die "did not run\n"' "$dir/out" "$@"
}

# Machines need these, and they were recorded.
killed()
{
	rule kill "$@"
	check "nothing may kill $what" gate 1
	check 'the replay stage says so' replay fail KILLS_GOODWARE
	check 'with rule and event' \
		says 'rule 7c3a52d1-60a5-4a53-9a4b-0d5f6f0c7c11: fail: would kill'
	rule audit "$@"
	check "but watch $what" gate 3
	check 'nothing fails then' replay pass "$found"
}

found=MATCHES_GOODWARE
what='systemd' killed Image /usr/lib/systemd/systemd CommandLine /sbin/init
what='the package installer' killed 'Image|endswith' /dpkg \
	'CommandLine|contains' --configure
what='the SSH server' killed 'Image|endswith' /sshd 'CommandLine|contains' '-D'
what='a login shell' killed 'Image|endswith' /bash CommandLine -bash
what='a build' killed 'Image|endswith' /cc1 'CommandLine|contains' conftest
what='the log rotation' killed 'Image|endswith' /logrotate
found=NOISY
found=MATCHES_GOODWARE category=file_event
what='who writes the accounts' killed TargetFilename /etc/passwd
found=NOISY category=network_connection
what='who takes logins' killed DestinationPort 22 Initiated 'false'
category=process_creation
what='any shell' killed 'Image|endswith' /dash

rule kill 'Image|endswith' /nc 'CommandLine|contains' '-e /bin/sh'
check 'a kill rule that spares goodware goes on' gate 3
check 'the replay stage passes it' replay pass ''

# Numbers that are chance: recorded machines had booted a while ago.
rule kill 'Image|endswith' /dpkg 'ProcessId|gt' 100000
check 'a rule that waits for large process ids is found' gate 1
check 'as killing what was recorded' replay fail KILLS_GOODWARE
check 'with the number' says 'on a machine with other numbers (ProcessId 100001'
rule audit 'Image|endswith' /dpkg 'ProcessId|gt' 100000
check 'it may watch' gate 3
rule kill 'Image|endswith' /nc 'ProcessId|gt' 100000
check 'or kill what nobody has executed' gate 3
rule kill 'Image|endswith' /dash ParentProcessId 1
check 'whose child it is may matter' gate 1
check 'where it is recorded so' sh -c '! grep "other numbers" "$0/err"' "$dir"

# Eleven connections are not what machines do.
category=network_connection
rule kill DestinationPort 443 Initiated 'true'
check 'a handful of events of its kind tests no kill rule' gate 1
check 'and that is said' replay fail KILL_UNTESTED
rule audit DestinationPort 443 Initiated 'true'
check 'it may watch as well' gate 3
category=process_creation

# A corpus that is not whole is none.
rule audit 'Image|endswith' /nc 'CommandLine|contains' '-e /bin/sh'
mkdir "$dir/bin"
cp build/plimsoll build/plimsoll-san "$dir/bin/"
cp -R build/goodware "$dir/bin/"
PLIMSOLL=$dir/bin/plimsoll
check 'a copy of the corpus will do' gate 3
check 'and passes the rule' replay pass ''
part=$(cd "$dir/bin/goodware" && ls ./*.xz | head -n 1)

# without WHAT: the gate cannot tell, and says that of the corpus.
without()
{
	check "$1 is noticed" gate 3
	check 'and nothing is known then' replay unknown NO_GOODWARE
	check 'the report names the folder' says "$dir/bin/goodware: unknown: "
	rm -rf "$dir/bin/goodware"
	cp -R build/goodware "$dir/bin/"
}

size=$(wc -c <"build/goodware/$part")
head -c $((size - 1)) "build/goodware/$part" >"$dir/bin/goodware/$part"
without 'a torn part'
: >"$dir/bin/goodware/$part"
without 'an empty part'
rm "$dir/bin/goodware/$part"
without 'a missing part'
sed -i 's/"events": \([0-9]*\)/"events": 1\1/' "$dir/bin/goodware/corpus.json"
without 'a wrong number of events'
head -c 40 build/goodware/corpus.json >"$dir/bin/goodware/corpus.json"
without 'a torn index'
rm "$dir/bin/goodware/corpus.json"
without 'a missing index'

rule kill 'Image|endswith' /nc 'CommandLine|contains' '-e /bin/sh'
rm "$dir/bin/goodware/corpus.json"
check 'a kill rule may not ship then' gate 1
check 'because nothing is known of it' replay fail NO_GOODWARE
cp build/goodware/corpus.json "$dir/bin/goodware/"

# Torn, and its digest is its own: what is packed has an end.
rule audit 'Image|endswith' /nc 'CommandLine|contains' '-e /bin/sh'
torn_with_digest()
{
	to=$dir/bin/goodware/$part
	head -c $((size / 2)) "build/goodware/$part" >"$to"
	old=$(sha256sum <"build/goodware/$part" | cut -d' ' -f1)
	new=$(sha256sum <"$to" | cut -d' ' -f1)
	sed -i "s/$old/$new/" "$dir/bin/goodware/corpus.json"
	grep -q "$new" "$dir/bin/goodware/corpus.json"
}
check 'half a part gets a digest of its own' torn_with_digest
without 'half a part with its digest'
done_testing
