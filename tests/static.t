#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What can be said of the sources without running them: licences, nothing of
# this machine, kernel style, sparse, a second compiler, the core on its own,
# and whether the manual knows the whole command.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# From a clone, whoever owns it, or from an unpacked archive.
git -c safe.directory="$PWD" ls-files >"$dir/files" 2>/dev/null ||
	find . \( -path ./build -o -path ./.git \) -prune -o -type f -print |
	sed 's,^\./,,' >"$dir/files"
c_files()
{
	grep '\.[ch]$' "$dir/files"
}

# Nothing is printed where all is well: a check passes if its output is empty.
nothing()
{
	"$@" >"$dir/nothing" 2>&1
	cat "$dir/nothing"
	[ ! -s "$dir/nothing" ]
}

# Licences

# Texts of licences, documents, and data whose form leaves no room for a line.
unmarked()
{
	grep -v -e '^COPYING$' -e '^LICENSES/' -e '\.md$' -e '^\.gitignore$' \
		-e '^tests/console/' -e '^fuzz/corpus/' -e '\.patch$' \
		-e '\.tsv$' -e '\.jsonl$' -e '\.json$' -e '\.xz$' "$dir/files" |
	while read -r file; do
		head -3 "$file" | grep -q 'SPDX-License-Identifier: ' ||
			echo "$file has no SPDX line"
	done
}

# $1: files, $2: the licence that each of them states.
licensed()
{
	grep -e "$1" "$dir/files" | grep -v -e '\.md$' | while read -r file; do
		head -3 "$file" | grep -q "SPDX-License-Identifier: $2\( \*/\)*$" ||
			echo "$file is not under $2"
	done
}

sources_are_listed()
{
	[ "$(c_files | wc -l)" -gt 50 ]
}

# Words and names

# Packages come from somewhere, but where is nobody's business but apt's.
registries()
{
	cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		sed -n 's|.*://\([^@/ ]*@\)\{0,1\}\([^/: ]*\).*|\2|p' |
		grep -v -e '^[a-z]*\.debian\.org$' | sort -u
}

machine_paths()
{
	for path in "$PWD" "$(dirname "$PWD")"; do
		case $path in
		/ | /home* | /root | /tmp* | /usr* | /var*) continue ;;
		esac
		# At its beginning: /src is no part of /usr/src.
		literal=$(printf '%s' "$path" | sed 's/[].[*^$\\+?(){}|]/\\&/g')
		tr '\n' '\0' <"$dir/files" | xargs -0 grep -n -I -E \
			-e "(^|[^[:alnum:]_.-])$literal/"
	done
	registries | while read -r host; do
		tr '\n' '\0' <"$dir/files" | xargs -0 grep -n -I -F -e "$host"
	done
}

# The same of what is packed.
packed_paths()
{
	xz -dc tests/goodware/*.xz >"$dir/packed"
	[ -s "$dir/packed" ] || echo "nothing is packed"
	grep -n -F -e "$PWD/build/" "$dir/packed"
	registries | while read -r host; do
		grep -n -F -e "$host" "$dir/packed"
	done
}

unfinished()
{
	grep -v '^tests/static.t$' "$dir/files" | tr '\n' '\0' |
		xargs -0 grep -n -I -E \
		'(//|/\*|^ *\*|#).*\b(TODO|FIXME|XXX)\b'
}

# Functions with which a length, an error or a shell gets out of hand.
unwanted_calls()
{
	c_files | tr '\n' '\0' | xargs -0 grep -n -E \
		'(^|[^_[:alnum:]>.])(system|popen|strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok)\('
}

# The core

# It includes nothing of ours but itself, and one file knows where it is.
core_includes()
{
	grep -n '#include' kmod/core/*.[ch] | grep -v '"plm_' |
		grep -v '^kmod/core/plm_env.h:'
	grep -n '__KERNEL__' kmod/core/*.[ch] |
		grep -v '^kmod/core/plm_env.h:'
}

# On its own it calls only itself and what a compiler may always call.
core_alone()
{
	for source in kmod/core/*.c; do
		"$1" -std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding \
			-nostdlib -fno-stack-protector -fno-pie \
			-Ikmod/core -c \
			-o "$dir/$(basename "$source" .c).o" "$source" || return
	done
	ld -r -o "$dir/core" "$dir"/plm_*.o || return
	nm -u "$dir/core" | grep -v -E ' (memcpy|memset|memmove|memcmp)$'
	nm "$dir/core" | grep -E ' [BbCDd] '
}

core_has_symbols()
{
	nm "$dir/core" | grep -q ' T plm_check$'
}

# Kernel style

# checkpatch.pl is in the kernel's source package; taken out of it once.
checkpatch_folder()
{
	archive=/usr/src/linux-source-6.1.tar.xz
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll/checkpatch-6.1
	if [ ! -f "$cache/.complete" ]; then
		mkdir -p "$cache"
		for file in checkpatch.pl spelling.txt const_structs.checkpatch; do
			echo "linux-source-6.1/scripts/$file"
		done | tar -xJf "$archive" --strip-components=2 --occurrence=1 \
			-C "$cache" -T - && touch "$cache/.complete"
	fi
	echo "$cache"
}

# Left out, and why:
#	CAMELCASE	inputs are named as Sigma names them
#	COMPLEX_MACRO MACRO_ARG_REUSE MULTISTATEMENT_MACRO_USE_DO_WHILE
#	TRAILING_SEMICOLON
#			lists that make enums, tables and declarations (the
#			core's errors, inputs, templates) are no expressions
#	PREFER_KERNEL_TYPES
#			plm_env.h makes u32 out of uint32_t where there is no
#			kernel to do it
#	BLOCK_COMMENT_STYLE
#			contracts for the prover, in ACSL's own form of comment
#	BIT_MACRO ARRAY_SIZE
#			the core is freestanding and has neither
checkpatch()
{
	root=$PWD
	scripts=$(checkpatch_folder) || return
	grep -E '^(kmod|vm/haste)/.*\.[ch]$' "$dir/files" | sed "s,^,$root/," >"$dir/kernel"
	# In a folder of its own, because it leaves a cache where it runs.
	mkdir -p "$dir/include"
	(cd "$dir" && xargs perl "$scripts/checkpatch.pl" --no-tree --strict \
		--root "$dir" --terse --show-types --no-summary --quiet --ignore CAMELCASE \
		--ignore COMPLEX_MACRO,MACRO_ARG_REUSE,TRAILING_SEMICOLON \
		--ignore MULTISTATEMENT_MACRO_USE_DO_WHILE \
		--ignore PREFER_KERNEL_TYPES,BIT_MACRO,ARRAY_SIZE \
		--ignore BLOCK_COMMENT_STYLE \
		-f <kernel)
}

# It finds what it should: a line that breaks the style is told.
checkpatch_works()
{
	scripts=$(checkpatch_folder) || return
	printf '%s\n' '// SPDX-License-Identifier: GPL-2.0-only' \
		'static int f(int a){ if(a==1) return 0; }' >"$dir/bad.c"
	! (cd "$dir" && perl "$scripts/checkpatch.pl" --no-tree --strict \
		--quiet -f bad.c >/dev/null)
}

# Every file of the module, whether it has to be compiled or not.
sparse_output()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		make -C build/kernels/debian-6.1/build \
		M="$PWD/build/kmod/debian-6.1" C=2 modules >"$dir/sparse" 2>&1
	grep -E ': (warning|error): |\*\*\*' "$dir/sparse"
}

# Sparse has seen as many files as there are.
sparse_saw_all()
{
	[ "$(grep -c ' CHECK ' "$dir/sparse")" -eq \
		"$(grep -c '^kmod/.*\.c$' "$dir/files")" ]
}

# A second compiler

compiled()
{
	grep -E '^(userspace|vm|kmod/core|tests/unit)/.*\.c$' "$dir/files" |
		grep -v '^vm/haste/'
}

clang_output()
{
	compiled | xargs -P2 -n8 clang -fsyntax-only -std=gnu11 -Wall -Wextra \
		-Werror -D_GNU_SOURCE -DPLIMSOLL_VERSION='"0"' \
		-DPLIMSOLL_LIBDIR='"/"' -I. -Ikmod/core -Ikmod -Iuserspace
}

shells()
{
	while read -r file; do
		head -1 "$file" | grep -q '^#!/bin/sh$' || continue
		sh -n "$file"
	done <"$dir/files"
}

# The manual

verbs()
{
	"$PLIMSOLL" help | sed -n 's/^  \([a-z][a-z]*\)  *[a-zA-Z].*/\1/p'
}

# The options that verbs' help lists, "verb --option" a line.
options()
{
	verbs | grep -v -e '^help$' -e '^version$' | while read -r verb; do
		"$PLIMSOLL" "$verb" --help 2>/dev/null </dev/null |
			grep -o -e '--[a-z][a-z-]*' | sort -u | sed "s/^/$verb /"
	done
}

# The manual's text about one verb, with troff's escapes of - undone.
manual_of()
{
	sed 's/\\-/-/g' userspace/plimsoll.1 | awk -v verb="$1" '
		/^\.SS / { on = ($2 == verb) }
		/^\.SH / { on = 0 }
		on'
}

verbs_missing()
{
	verbs | while read -r verb; do
		[ -n "$(manual_of "$verb")" ] || echo "no verb $verb"
	done
}

options_missing()
{
	options | while read -r verb option; do
		manual_of "$verb" | grep -q -e "$option\([^a-z-]\|\$\)" ||
			echo "$verb: no option $option"
	done
}

# And the other way round: what the manual offers, the command knows.
options_invented()
{
	options >"$dir/options"
	verbs | while read -r verb; do
		manual_of "$verb" | grep '^\.BR\{0,1\}I\{0,1\} *--' |
			grep -o -e '--[a-z][a-z-]*' | sort -u |
			while read -r option; do
				grep -q -x -e "$verb $option" "$dir/options" ||
					echo "$verb: $option is unknown"
			done
	done
}

# Codes of findings, those of one word aside; kinds of reports are console's.
codes()
{
	git ls-files 'vm/*.c' 'userspace/*.c' |
		grep -v -e /console_ -e errno_name -e vm/qemu -e policy/ |
		xargs grep -ho '"[A-Z]\{2,\}_[A-Z_]*[A-Z]"' | tr -d '"' | sort -u |
		grep -v -e '^PLIMSOLL_' -e '^PLM_' -e '^XDG_' -e _LOCKUP \
			-e RCU_STALL -e LD_PRELOAD
}

codes_missing()
{
	codes | while read -r code; do
		cat userspace/plimsoll*.[15] userspace/sigma/README.md \
			kmod/core/FORMAT.md | grep -q -w -e "$code" ||
			echo "no code $code"
	done
}

there_are_codes()
{
	[ "$(codes | wc -l)" -ge 80 ]
}

command_lists_verbs()
{
	[ "$(verbs | wc -l)" -ge 8 ] && [ "$(options | wc -l)" -ge 15 ]
}

check 'the sources are listed' sources_are_listed
check 'every file states its licence' nothing unmarked
check 'the core is under both licences' \
	nothing licensed '^kmod/core/' 'GPL-2.0-only OR BSD-2-Clause'
check 'the module is under version 2' \
	nothing licensed '^kmod/[a-z_]*\.[ch]$' \
	'\(GPL-2.0-only\|GPL-2.0-only WITH Linux-syscall-note\)'
check 'the rest is under version 2 or later' \
	nothing licensed '^\(userspace\|vm\|tests\)/.*\.\(c\|h\|t\|sh\|1\)$' \
	'GPL-2.0-or-later'
check 'no path or host of this machine' nothing machine_paths
check 'nor in the goodware corpus' nothing packed_paths
check 'nothing is left for later' nothing unfinished
check 'no unwanted calls' nothing unwanted_calls
check 'the core includes only itself' nothing core_includes
check 'the core calls only itself: gcc' nothing core_alone gcc
check 'the core calls only itself: clang' nothing core_alone clang
check 'that was the core' core_has_symbols
check 'checkpatch finds bad style' checkpatch_works
check 'kernel code is checkpatch clean' nothing checkpatch
check 'kernel code is sparse clean' nothing sparse_output
check 'sparse has seen every file' sparse_saw_all
check 'clang compiles everything else' nothing clang_output
check 'shell scripts parse' nothing shells
check 'the command lists verbs and options' command_lists_verbs
check 'the manual has every verb' nothing verbs_missing
check 'the manual has every option' nothing options_missing
check 'the manual invents no option' nothing options_invented
check 'there are codes of findings' there_are_codes
check 'the manuals have every code' nothing codes_missing
done_testing
