# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by the tests written in shell: TAP, one line a check.  $dir is a
# folder for the test that goes when it ends; $PLIMSOLL is the command.

: "${PLIMSOLL:=$PWD/build/plimsoll}"
export PLIMSOLL
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
num=0

# check WHAT COMMAND...: one test; what the command prints is shown if it fails.
check()
{
	what=$1
	shift
	num=$((num + 1))
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $num - $what"
	else
		echo "not ok $num - $what"
		for file in log out err; do
			[ ! -f "$dir/$file" ] || sed 's/^/# /' "$dir/$file"
		done
	fi
}

# run STATUS ARGUMENT...: the command ends with this status; its outputs are in
# $dir/out and $dir/err.
run()
{
	wanted=$1
	shift
	"$PLIMSOLL" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	[ $status -eq "$wanted" ] || echo "status $status, not $wanted"
	[ $status -eq "$wanted" ]
}

# says TEXT: the error output holds it; prints TEXT: the standard output does.
says()
{
	grep -F -e "$1" "$dir/err"
}

prints()
{
	grep -F -e "$1" "$dir/out"
}

silent()
{
	[ ! -s "$dir/out" ]
}

# The last line of every test.
done_testing()
{
	echo "1..$num"
}
