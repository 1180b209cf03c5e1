#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules with the constructs that rules in the world have: those in
# tests/samples/constructs compile, in whatever form the file comes, and each in
# tests/samples/refused is refused as its second line says.

# shellcheck source=tests/tap.sh
. tests/tap.sh

good=tests/samples/constructs

compiles()
{
	"$PLIMSOLL" compile -o "$dir/$1.plm" "$good/$1.yml" &&
		"$PLIMSOLL" check "$dir/$1.plm"
}

for file in "$good"/*.yml; do
	name=$(basename "$file" .yml)
	check "constructs: $name" compiles "$name"
done

# same SUFFIX: every file, after the filter on standard input, says the same.
same()
{
	mkdir -p "$dir/$1" &&
		for file in "$good"/*.yml; do
			"$1" <"$file" >"$dir/$1/$(basename "$file")" ||
				return 1
		done
	"$PLIMSOLL" compile -o "$dir/whole.plm" "$good" &&
		"$PLIMSOLL" compile -o "$dir/$1.plm" "$dir/$1" &&
		cmp "$dir/whole.plm" "$dir/$1.plm"
}

windows_lines()
{
	sed "s/\$/$(printf '\r')/"
}

byte_order_mark()
{
	printf '\357\273\277'
	cat
}

comments()
{
	sed 's/^---$/--- # a comment/; s/^detection:$/detection:	# tab/'
}

check "lines that end as on Windows" same windows_lines
check "a byte order mark" same byte_order_mark
check "comments behind tabs" same comments

shuffled()
{
	set -- "$good"/*.yml
	"$PLIMSOLL" compile -o "$dir/a.plm" "$@" &&
		"$PLIMSOLL" compile -o "$dir/b.plm" "$5" "$2" "$4" "$1" "$3" &&
		cmp "$dir/a.plm" "$dir/b.plm"
}
check "files in another order" shuffled

# "# CODE LINE:COLUMN text"
refused()
{
	wanted=$(sed -n '2s/^# //p' "$1")
	code=${wanted%% *}
	place=${wanted#* }
	text=${place#* }
	place=${place%% *}
	"$PLIMSOLL" compile -o "$dir/x.plm" "$1" 2>"$dir/err"
	status=$?
	head -1 "$dir/err"
	case $(head -1 "$dir/err") in
	"$1:$place: error: "*"$text"*" [$code]")
		[ $status -eq 1 ] && [ ! -e "$dir/x.plm" ]
		;;
	*)
		echo "status $status, wanted: $wanted"
		false
		;;
	esac
}

for file in tests/samples/refused/*.yml; do
	check "refused: $(basename "$file" .yml)" refused "$file"
done
echo "1..$num"
