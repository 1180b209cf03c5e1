#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll bench eval: it runs, and gives every figure that it is there for.
# How large they are is nothing that a test on a busy machine could tell.

# shellcheck source=tests/tap.sh
. tests/tap.sh

content=$dir/sample.plm
"$PLIMSOLL" compile -o "$content" --channel 1 --content-version 1 \
	tests/samples/rules >/dev/null 2>&1

# every EXPRESSION: true of each content file measured, which is $_ in it.
every()
{
	perl -MJSON::PP -we '
		use strict;
		my ($file, $expression) = @ARGV;
		open(my $in, "<", $file) or die;
		our $bench = decode_json(join("", <$in>))->{eval};
		die "nothing measured\n" unless @{$bench->{by_rules}};
		for (@{$bench->{by_rules}}) {
			my $holds = eval($expression);
			die $@ if $@;
			die "not for $_->{rules} rules: $expression\n"
				unless $holds;
		}' "$dir/out" "$1"
}

# A spread of more than nothing, in order.
spread()
{
	every "my \$s = $1; \$s->{min} > 0 && \$s->{min} <= \$s->{median} &&
		\$s->{median} <= \$s->{max}"
}

# Counted, or nothing here can count and that is said.
counted()
{
	every "\$bench->{instructions_by} =~ /^neither/ ? !defined($1) : $1 > 100"
}

# Beside Hyperscan where the build has it; without, the reason.
beside_hyperscan()
{
	if pkg-config --exists libhs; then
		spread '$_->{hyperscan}{ours_to_hyperscan}' &&
			spread '$_->{hyperscan}{ns_per_event}' &&
			counted '$_->{hyperscan}{instructions_per_event}' &&
			every '$_->{hyperscan}{bytes} > 0 && !$_->{no_hyperscan}'
	else
		every '!defined($_->{hyperscan}) && $_->{no_hyperscan}'
	fi
}

sizes()
{
	every 'join(" ", map { $_->{rules} } @{$bench->{by_rules}}) =~
		/^10 100 1000 10000 [1-9][0-9]*$/'
}

echo 1..11

check 'the evaluation is measured' run 0 bench --content "$content" eval
check 'for 10 to 10,000 rules and the file given' sizes
check 'in nanoseconds' spread '$_->{ns_per_event}'
check 'in instructions' counted '$_->{instructions_per_event}'
check 'beside Hyperscan on the same texts' beside_hyperscan
check 'with the memory of a rule' every '$_->{tables_bytes_per_rule} > 0 &&
	$_->{bytes_per_rule} > $_->{tables_bytes_per_rule} &&
	$_->{scratch_bytes} > 0'
check 'with what the rules are made of' every '$_->{made_of}{tests_per_rule} >= 1
	&& $_->{made_of}{contains} + $_->{made_of}{endswith} > 0.5'
check 'growth from 100 to 10,000 rules is told' \
	spread '$bench->{growth_100_to_10000}'
check 'in instructions too' every '$bench->{instructions_by} =~ /^neither/ ?
	!defined($bench->{instructions_growth_100_to_10000}) :
	$bench->{instructions_growth_100_to_10000} > 1'
check 'no such benchmark' run 2 bench nothing
check 'a file that is not there is not measured' \
	run 3 bench --content "$dir/none.plm" eval
