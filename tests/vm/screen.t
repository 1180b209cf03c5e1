#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Screening: verdicts from a kept template, and what becomes of a template that
# is missing, damaged, or can't be made.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# Kernels from the user's cache, templates in one of our own.
kernels=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll/kernels
XDG_CACHE_HOME=$dir/cache
TMPDIR=$dir/tmp
mkdir -p "$TMPDIR" "$XDG_CACHE_HOME/plimsoll"
ln -s "$kernels" "$XDG_CACHE_HOME/plimsoll/kernels"
export XDG_CACHE_HOME TMPDIR
store=$XDG_CACHE_HOME/plimsoll/templates

# compiled NAME FOLDER [OPTION]...
compiled()
{
	name=$1
	folder=$2
	shift 2
	"$PLIMSOLL" compile -o "$dir/$name.plm" "$@" "tests/samples/$folder" \
		>/dev/null 2>&1
}

empty()
{
	left=$(ls -A "$TMPDIR")$(ls -A "$store" | grep plimsoll-)
	[ -z "$left" ] || echo "left behind: $left"
	[ -z "$left" ]
}

# templates N: so many are kept, each whole.
templates()
{
	[ "$(ls "$store"/*/template.json 2>/dev/null | wc -l)" -eq "$1" ]
}

made()
{
	sed -n 's/.*"made": //p' "$store"/*/template.json
}

same_template()
{
	[ "$(made)" = "$before" ]
}

# damage FILE OFFSET: one byte, and the file's time is put back.
damage()
{
	time=$(stat -c %y "$1")
	printf '\125' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
	touch -d "$time" "$1"
}

# The place of the template's PID 1 in its memory: a page that is in use.
used_byte()
{
	grep -a -b -o -m 1 'plimsoll: ' "$store"/*/ram | head -n 1 | cut -d: -f1
}

# A QEMU that dies once it is so far as $KILL_AT says.  The shell that becomes
# it is the process, whose template's state is one of its descriptors until all
# of it is read; copies of it are further children of its parent.
mkdir "$dir/bin"
cat >"$dir/bin/qemu-system-x86_64" <<END
#!/bin/sh
qemu=$(command -v qemu-system-x86_64)
me=/proc/\$\$
END
cat >>"$dir/bin/qemu-system-x86_64" <<'END'
state=
for fd in $me/fd/*; do
	case $(readlink "$fd") in */state) state=$fd ;; esac
done

started() { [ $me/exe -ef "$qemu" ]; }
read_some()
{
	while read -r name value; do
		[ "$name" != pos: ] || [ "$value" = 0 ] || return 0
	done <$me/fdinfo/${state##*/}
	return 1
}
running() { started && [ ! $state -ef "$kept" ]; }
# Or was, if that was too quick to be seen.
reading() { running || { started && read_some 2>/dev/null; }; }
# Of the one that is rehearsed: it is at it; it has a copy, whose number is $copy.
rehearsing() { [ -n "$LD_PRELOAD" ] && running; }
copied()
{
	[ -n "$LD_PRELOAD" ] || return 1
	for copy in $(cat /proc/$PPID/task/*/children 2>/dev/null); do
		[ "$copy" = $$ ] || [ ! /proc/$copy/exe -ef "$qemu" ] || return 0
	done
	return 1
}

if [ -n "$state" ]; then
	kept=$(readlink "$state")
	(
		while [ -e $me ] && ! ${KILL_AT#the_}; do :; done
		case $KILL_AT in the_*) kill -9 $copy ;; *) kill -9 $$ ;; esac
	) >/dev/null 2>&1 &
fi
exec "$qemu" "$@"
END
chmod +x "$dir/bin/qemu-system-x86_64"

# killed STATUS WHEN FILE...
killed()
(
	PATH=$dir/bin:$PATH
	KILL_AT=$2
	export PATH KILL_AT
	wanted=$1
	shift 2
	run "$wanted" boot --screen --json "$@"
)

# The same of a copy, which may have told its verdict before: then once more.
killed_in_time()
{
	for try in 1 2 3 4 5 6 7 8 9 10; do
		killed "$@" || return 1
		! grep -q LOST_VM "$dir/out" || return 0
	done
	return 1
}

# copies YES NO: so many VMs were copies, and so many were not.
copies()
{
	[ "$(grep -c '"copy": true' "$dir/out")" -eq "$1" ] &&
		[ "$(grep -c '"copy": false' "$dir/out")" -eq "$2" ]
}

# What the files came to, in order, without what differs from run to run.
findings()
{
	grep -E '"(verdict|code|file|text)":' "$dir/out"
}

# alone FILE...: the same, each in a run of its own.
alone()
{
	for file; do
		"$PLIMSOLL" boot --screen --json "$file" >"$dir/out" 2>"$dir/err"
		findings | tail -n +2
	done
}

# The command is killed while copies run: no QEMU of its own outlives it.
dies_with_us()
{
	mkdir "$dir/many"
	for i in $(seq 200); do ln -s "$dir/rules.plm" "$dir/many/$i.plm"; done
	"$PLIMSOLL" boot --screen "$dir"/many/* >/dev/null 2>&1 &
	us=$!
	while [ "$(cat /proc/$us/task/*/children | wc -w)" -lt 2 ]; do
		kill -0 $us || return 1
	done
	theirs=$(cat /proc/$us/task/*/children)
	kill -9 $us
	wait $us
	for i in $(seq 100); do
		alive=
		for pid in $theirs; do
			# One that nobody has asked after yet is gone, too.
			[ ! -e /proc/"$pid"/exe ] || alive="$alive $pid"
		done
		[ -n "$alive" ] || return 0
		sleep 0.1
	done
	echo "alive: $alive"
	return 1
}

# Mounts of its own: as root, or as who may become it in a name space.
apart='unshare --mount'
[ "$(id -u)" -eq 0 ] || apart='unshare --map-root-user --mount'

# A cache folder of this size, which is full with that.
on_small_disk()
{
	# shellcheck disable=SC2016,SC2086 # for the shell in the name space; words
	size=$1 cache=$dir/small $apart sh -c '
		mkdir -p "$cache" && mount -t tmpfs -o "size=$size" none "$cache" &&
			mkdir "$cache/plimsoll" &&
			ln -s "$kernels" "$cache/plimsoll/kernels" &&
			XDG_CACHE_HOME=$cache "$PLIMSOLL" boot --screen "$file" &&
			exit 1
		[ $? -eq 3 ] && [ -z "$(ls -A "$cache/plimsoll/templates")" ]' \
		>"$dir/out" 2>"$dir/err"
}

compiled twin twin
compiled pids pids
compiled rules rules
head -c 100 "$dir/twin.plm" >"$dir/torn.plm"
cp "$dir/torn.plm" "$dir/other.plm"

check 'a good file passes' run 0 boot --screen "$dir/twin.plm"
check 'told on standard output' prints "$dir/twin.plm: pass"
check 'a template is kept' templates 1
check 'and nothing else' empty
before=$(made)
check 'a good, a torn and a missing file fail together' \
	run 1 boot --screen --json "$dir/pids.plm" "$dir/torn.plm" "$dir/none"
check 'the good one passes' prints '"verdict": "pass"'
check 'the torn one is refused' prints '"code": "REFUSED"'
check 'by kernel and userspace alike' prints 'alike: TRUNCATED'
check 'the missing one is unreadable' prints '"code": "UNREADABLE"'
check 'the template is named' prints '"template": "sha256:'
check 'the same template was used' same_template
check 'nothing is left behind' empty

sleep 1		# so that a new one is made at another second
check 'a damaged byte of its memory' damage "$store"/*/ram "$(used_byte)"
check 'does no harm' run 0 boot --screen "$dir/twin.plm"
check 'because another one was made' sh -c \
	'[ "$1" != "$(sed -n "s/.*\"made\": //p" "$2"/*/template.json)" ]' \
	- "$before" "$store"
check 'and only one is kept' templates 1
before=$(made)
sleep 1
: >"$(echo "$store"/*/state)"
check 'an empty state does no harm either' run 0 boot --screen "$dir/twin.plm"
rm "$store"/*/template.json
check 'nor facts that are gone' run 0 boot --screen "$dir/twin.plm"
check 'and one template is kept' templates 1

# A QEMU that dies.  The first makes its own template, being another program.
for at in true started reading running; do
	check "QEMU killed when $at leaves it unknown" \
		killed 3 "$at" "$dir/rules.plm"
	check 'with the reason' says 'token (QEMU was killed after '
	check 'and nothing behind' empty
done
# Copies of a VM that was rehearsed.
set -- "$dir/twin.plm" "$dir/torn.plm" "$dir/pids.plm" "$dir/rules.plm" \
	"$dir/other.plm"
check 'five files, two of which are bad' run 1 boot --screen --json "$@"
check 'are copies of one VM' copies 5 0
check 'and nothing is left' empty
findings | tail -n +2 >"$dir/together"
alone "$@" >"$dir/alone"
check 'alone they come to the same' diff "$dir/alone" "$dir/together"
check 'of which there is some' grep -q REFUSED "$dir/together"
check 'one file is no copy' copies 0 1
check 'a copy is killed among bad files and good ones' \
	killed_in_time 1 the_copied "$@"
check 'with the reason' says 'token (QEMU was killed after '
check 'and only its file' sh -c \
	'[ "$(grep -c "\"code\": \"LOST_VM" "$1")" -eq 1 ]' - "$dir/out"
check 'and nothing behind' empty
check 'without their original they start by themselves' \
	killed 1 copied "$@" "$@" "$@" "$@"
findings | tail -n +2 >"$dir/together"
check 'some of them' grep -q '"copy": false' "$dir/out"
check 'to the same end' sh -c \
	'cat "$1" "$1" "$1" "$1" | diff - "$2"' - "$dir/alone" "$dir/together"
check 'an original that dies at its rehearsal does no harm' \
	killed 1 rehearsing "$dir/twin.plm" "$dir/torn.plm" "$dir/pids.plm" \
	"$dir/other.plm"
check 'all start by themselves' copies 0 4
check 'QEMUs end with the command' dies_with_us

check 'afterwards it passes' run 0 boot --screen "$dir/rules.plm"
rm -r "$store"
check 'and so does the other' run 0 boot --screen "$dir/twin.plm"

# A disk on which the facts have room, but not the memory.
file=$dir/twin.plm
export file kernels
check 'a full disk leaves it unknown and nothing behind' on_small_disk 16m
check 'with the reason' says "no template: no room for the VM's memory"

check 'a kernel that is not there leaves it unknown' \
	run 3 boot --screen --kernel "$dir/none" "$dir/twin.plm"
check 'with the reason' says 'No such file or directory [NO_KERNEL]'

# Neighbours by the thousand go through one VM.
check 'ten thousand damaged files are offered to one VM' sh -c \
	'build/offer-in-vm debian:6.1 "$1" "$2" 10000 >"$3"' - \
	"build/modules/$(cat build/kernels/debian-6.1/release)/plimsoll.ko" \
	"$dir/twin.plm" "$dir/out"
check 'and every one is refused' prints '10000 refused, 0 taken, 0 otherwise'
check 'its template is kept beside the other' templates 2

# A consumer that is not of the kernel's can't be loaded into any template.
echo junk >"$dir/junk.ko"
check 'a consumer that is no module leaves it unknown' \
	run 3 boot --screen --consumer "$dir/junk.ko" "$dir/twin.plm"
check 'with the reason' says 'its step CONSUMER failed: Exec format error'
check 'and nothing is kept of it' templates 2
check 'nor left' empty

rm -r "$store"
: >"$store"
check 'no room for templates leaves it unknown' \
	run 3 boot --screen "$dir/twin.plm"
check 'with the reason' says 'no template: its files: '

check '--screen takes no scenario' \
	run 2 boot --screen --scenario load "$dir/twin.plm"
check 'nor a baseline' \
	run 2 boot --screen --baseline "$dir/twin.plm" "$dir/twin.plm"
done_testing
