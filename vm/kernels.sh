# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What fetch-kernel and build-sanitizer share: the folder of kernels in the
# user's cache, and packages from apt that are unpacked, never installed.
# Whoever includes it has set $tool to its own name.

export LC_ALL=C
umask 022
PATH=$PATH:/usr/sbin:/sbin		# depmod, for an ordinary user

progress()
{
	echo "$tool: $*" >&2
}

die()
{
	progress "$*"
	exit 1
}

# The folder of kernels where none is given.
default_dest()
{
	case ${XDG_CACHE_HOME-} in
	/*) cache=$XDG_CACHE_HOME ;;
	*) cache=${HOME-}/.cache ;;
	esac
	echo "$cache/plimsoll/kernels"
}

# Alone from here on: with the lock of $dest whose name is $1, and with a
# temporary folder whose name begins with $2 and that goes with us, as those
# of earlier runs do that were killed.
begin_alone()
{
	exec 9>"$dest/$1"
	flock -n 9 || { progress 'waiting for another one'; flock 9; }
	rm -rf "${dest:?}/$2".*
	tmp=$(mktemp -d "$dest/$2.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	new=$tmp/new
	mkdir "$new"
}

# candidate PACKAGE: the version that apt would fetch, or nothing.
candidate()
{
	apt-cache policy "$1" 2>/dev/null |
		sed -n 's/^ *Candidate: //p' | grep -v '^(none)$' || true
}

# download PACKAGE...: into the temporary folder, checked by apt.
download()
{
	(
		cd "$tmp" || exit
		set -- "$@" -q
		if [ "$(id -u)" = 0 ]; then
			# apt's unprivileged user cannot write to our folder
			set -- "$@" -o APT::Sandbox::User=root
		fi
		apt-get download "$@" >&2
	)
}

# apt's lists may be absent on a bare machine, or name what is gone by now.
refresh_lists()
{
	progress 'refreshing the lists of packages'
	if [ "$(id -u)" = 0 ]; then
		apt-get -q update >&2
	else
		sudo -n apt-get -q update >&2
	fi
}

# A folder gets its name only when it is whole, so this finds damage from
# outside, not an interrupted run.
is_whole()
{
	[ -s "$1/release" ] && [ -e "$1/build/Makefile" ] &&
	[ -s "$1/modules/modules.dep" ] && [ -s "$1/vmlinux" ] &&
	[ "$(sed -n 's/^# size \([0-9]*\) .*/\1/p' "$1/vmlinux.sha256" \
		2>/dev/null)" = "$(stat -c %s "$1/vmlinux")" ]
}

# A text as a part of a file's name.
as_name()
{
	echo "$1" | tr -c '0-9A-Za-z.+\n-' _
}

write_digest()
{
	(
		cd "$new"
		sha256sum vmlinux
		stat -c '# size %s ctime %.9Z' vmlinux
	) >"$new/vmlinux.sha256"
}

# Replace the kernel's link at one stroke; ln -sf would leave a moment without.
point_name_to()
{
	ln -s "${1##*/}" "$tmp/link"
	mv -T "$tmp/link" "$link"
}

# keep NAME: what was made gets its name, and the kernel's link leads to it.
keep()
{
	sync -f "$new"
	rm -rf "${dest:?}/$1"
	mv "$new" "$dest/$1"
	point_name_to "$dest/$1"
}
