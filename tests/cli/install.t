#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# make install: into a folder of one's own, and it works from there.

# shellcheck source=tests/tap.sh
. tests/tap.sh

root=$dir/root
prefix=/opt/plimsoll

install_it()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		make install DESTDIR="$root" PREFIX="$prefix"
}

# Nothing that was built before is built again for another prefix.
check 'it installs' install_it
for file in bin/plimsoll lib/plimsoll/plimsoll-san lib/plimsoll/guest/init \
	lib/plimsoll/guest/actor lib/plimsoll/goodware/corpus.json \
	share/man/man1/plimsoll.1 share/man/man5/plimsoll-policy.5 \
	share/doc/plimsoll/README.md share/doc/plimsoll/FORMAT.md; do
	check "$file is there" test -s "$root$prefix/$file"
done
check 'a module is there' \
	ls "$root$prefix"/lib/plimsoll/modules/6.1.0*-amd64/plimsoll.ko
check 'nothing is beside the prefix' \
	test "$(ls "$root")" = opt -a "$(ls "$root/opt")" = plimsoll

PLIMSOLL=$root$prefix/bin/plimsoll
check 'the command runs from there' run 0 version
check 'it compiles' run 0 compile -o "$dir/sample.plm" "$PWD/tests/samples/rules"
check 'it checks' run 0 check "$dir/sample.plm"

# The stage between needs a part; the last one a kernel that nobody has.
check 'without a kernel the gate cannot tell' \
	run 3 gate --json --kernel debian:6.1.0-0-amd64 "$dir/sample.plm"
check 'but it has found the command under sanitizers' perl -MJSON::PP -e '
	local $/;
	open my $in, "<", shift or die;
	my %verdict = map { $_->{stage} => $_->{verdict} }
		@{JSON::PP->new->utf8->decode(<$in>)->{stages}};
	die unless $verdict{replay} eq "pass" and $verdict{boot} eq "unknown"' \
	"$dir/out"
done_testing
