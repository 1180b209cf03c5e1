#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same verdicts from every build of the core: a validator that was compiled
# in another way than the kernel's parser must not let through what that
# refuses.  Every vector and every damaged file goes through each of them.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# build COMPILER OPTION...: the core's tests, into $dir/NAME.
build()
{
	mkdir -p "$dir/o"
	for source in kmod/core/*.c userspace/base/*.c \
		userspace/content/machine.c $lib; do
		"$@" -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE \
			-DPLIMSOLL_LIBDIR='"/"' -I. -Ikmod/core -Ikmod \
			-Iuserspace -c -o "$dir/o/$(basename "$source").o" \
			"$source" || return
	done
	for name in $tests; do
		"$@" -std=gnu11 -D_GNU_SOURCE -I. -Ikmod/core -Iuserspace \
			-o "$dir/$name" "tests/unit/$name.c" "$dir"/o/*.o \
			-lcmocka || return
	done
}

# All but what has encoder or compiler make content, which are no part of the core.
lib=$(find tests/unit/lib -name '*.c' ! -name rules.c ! -name sigma.c)
tests='test_core_vectors test_core_damage test_core_text test_core_limits'

for how in 'gcc -O0' 'gcc -O3' 'clang -O2' 'clang -Os -funsigned-char'; do
	# shellcheck disable=SC2086 # a command and its options
	check "the core builds with $how" build $how
	for name in $tests; do
		check "$name passes there" "$dir/$name"
	done
	rm -rf "$dir/o" "$dir"/test_*
done
done_testing
