#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a run leaves: reports that other programs read, a console that is the
# same again, a command that repeats it.  And whatever takes the ground from
# under a run makes it unknown, with the reason, and leaves nothing.

# shellcheck source=tests/tap.sh
. tests/tap.sh

# Kernels from the user's cache, everything else in a place of our own.
kernels=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll/kernels
XDG_CACHE_HOME=$dir/cache
TMPDIR=$dir/tmp
mkdir -p "$TMPDIR" "$XDG_CACHE_HOME/plimsoll"
ln -s "$kernels" "$XDG_CACHE_HOME/plimsoll/kernels"
cp "$kernels"/../accelerator-* "$XDG_CACHE_HOME/plimsoll/" 2>/dev/null
export XDG_CACHE_HOME TMPDIR

empty()
{
	left=$(ls -A "$TMPDIR")
	[ -z "$left" ] || echo "left behind: $left"
	[ -z "$left" ]
}

# reported FILE TEXT
reported()
{
	grep -F -e "$2" "$dir/report/$1"
}

# The command of the only run, carried out by a shell.
repeated()
{
	command=$(sed -n 's/^ *# repeat: //p' "$dir/report/report.ktap")
	[ -n "$command" ] || return 1
	echo "$command"
	PATH=$(dirname "$(realpath "$PLIMSOLL")"):$PATH sh -c "$command" \
		>"$dir/out" 2>"$dir/err"
	[ $? -eq 1 ]
}

# The number of the QEMU that a process has started, as soon as there is one.
qemu_of()
{
	tries=0
	while [ $tries -lt 200 ]; do
		grep -l "^PPid:[[:space:]]*$1$" /proc/[0-9]*/status 2>/dev/null |
			xargs grep -l '^Name:[[:space:]]*qemu' 2>/dev/null |
			sed -n '1s,/proc/\(.*\)/status,\1,p' | grep . && return
		tries=$((tries + 1))
		sleep 0.05
	done
	return 1
}

start()
{
	"$PLIMSOLL" boot --scenario load "$dir/twin.plm" >"$dir/out" \
		2>"$dir/err" </dev/null &
	pid=$!
	qemu=$(qemu_of $pid)
}

qemu_killed()
{
	start || return 1
	kill -KILL "$qemu"
	wait $pid
	[ $? -eq 3 ]
}

# Where nobody waits for it, its entry stays.
gone()
{
	[ ! -e "/proc/$qemu" ] || grep -q '^State:[[:space:]]*Z' "/proc/$qemu/status"
}

command_killed()
{
	start || return 1
	kill -KILL $pid
	wait $pid 2>/dev/null
	sleep 0.3
	gone && ! empty
}

# Whoever may not mount does so in a namespace of their own; root may be in one
# already, a container's, in which there are no further ones.
apart=
[ "$(id -u)" -eq 0 ] || apart='unshare --map-root-user --mount'

# little SIZE COMMAND...: with $where on a file system of this size; what the
# command leaves there is told.
little()
{
	size=$1
	shift
	# shellcheck disable=SC2086 # a command and its options, or nothing
	$apart sh -c 'size=$1 where=$2
		shift 2
		mount -t tmpfs -o "size=$size" none "$where" || exit
		"$@"
		status=$?
		ls -A "$where"
		umount "$where"
		exit $status' - "$size" "$where" "$@"
}

# unknown_on_little SIZE OPTION...
unknown_on_little()
{
	size=$1
	shift
	little "$size" "$PLIMSOLL" boot "$@" "$dir/twin.plm" >"$dir/out" \
		2>"$dir/err"
	[ $? -eq 3 ]
}

# Without the names that a kernel was found under.
no_kernels()
{
	mkdir -p "$dir/bare/plimsoll/kernels"
	XDG_CACHE_HOME=$dir/bare run 3 boot "$dir/twin.plm"
}

# The kernel's folder is there, and its image is not.
half_kernel()
{
	mkdir "$dir/bare/plimsoll/kernels/half"
	echo 6.1.0-1-amd64 >"$dir/bare/plimsoll/kernels/half/release"
	ln -s half "$dir/bare/plimsoll/kernels/debian-6.1"
	XDG_CACHE_HOME=$dir/bare run 3 boot "$dir/twin.plm"
}

# files_hold N: at least so many, each still with the bytes that went in.
files_hold()
{
	awk -F '"' '$2 == "from" { from = $4 }
		$2 == "digest" && from {
			print substr($4, 8) "  " from
			from = ""
		}' "$dir/report/report.json" >"$dir/sums" &&
		[ "$(wc -l <"$dir/sums")" -ge "$1" ] && sha256sum -c "$dir/sums"
}

"$PLIMSOLL" compile -o "$dir/twin.plm" tests/samples/twin >/dev/null 2>&1
hostile=$dir/$(printf "a'b\"<c>&]]>\\001 \\377 # SKIP.plm")
head -c 100 "$dir/twin.plm" >"$hostile"

check 'a torn file of a hostile name fails' \
	run 1 boot --scenario load --report "$dir/report" "$hostile"
check 'there is a report as JSON' reported report.json '"verdict": "fail"'
for key in kernel_digest consumer_digest candidate initramfs files command qemu \
	accelerator console_digest seconds findings; do
	check "with its $key" reported report.json "\"$key\": "
done
check 'every file that the VM was given has the digest that is told' files_hold 3
check 'one as JUnit, which is XML' xmllint --noout "$dir/report/report.xml"
check 'with the failure' reported report.xml '<failure type="REFUSED"'
check 'one as KTAP' reported report.ktap 'not ok 1 debian:6.1, load'
check 'in which the name is no directive' \
	sh -c '! grep "^ *not ok.*#" "$1"' - "$dir/report/report.ktap"
check 'the console is there' \
	test -s "$dir/report/console-debian-6.1-load-load.log"
check 'the command that repeats it fails alike' repeated
check 'for the same reason' says 'alike: TRUNCATED'

for n in 1 2; do
	check "deterministic run $n" run 0 boot --deterministic \
		--scenario load --report "$dir/d$n" "$dir/twin.plm"
done
check 'both have the same console' cmp "$dir/d1/console-debian-6.1-load-load.log" \
	"$dir/d2/console-debian-6.1-load-load.log"
check 'it goes to the very end' \
	grep 'reboot: Power down' "$dir/d1/console-debian-6.1-load-load.log"
check 'nothing is left behind' empty

# A QEMU whose kernel cries before PID 1 is there, as often as $CRIES says.
mkdir "$dir/bin"
cat >"$dir/bin/qemu-system-x86_64" <<END
#!/bin/sh
qemu=$(command -v qemu-system-x86_64)
cried=$dir/cried
END
cat >>"$dir/bin/qemu-system-x86_64" <<'END'
console=$(printf '%s\n' "$@" | sed -n 's|^file,id=console,path=||p')
case "$* $(cat "$cried" 2>/dev/null)" in
*" $CRIES") exec "$qemu" "$@" ;;
*plimsoll.channels*) ;;
*) exec "$qemu" "$@" ;;
esac
printf x >>"$cried"
cat >"$console" <<'CRY'
[    0.000000] Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)
[    0.061824] ------------[ cut here ]------------
[    0.063490] WARNING: CPU: 0 PID: 0 at arch/x86/kernel/traps.c:1120 exc_debug_kernel+0xca/0x160
[    0.064125] Modules linked in:
[    0.064125] RIP: 0010:exc_debug_kernel+0xca/0x160
[    0.064125] ---[ end trace 0000000000000000 ]---
CRY
END
chmod +x "$dir/bin/qemu-system-x86_64"

# crying TIMES STATUS: a boot with such a QEMU
crying()
{
	rm -f "$dir/cried"
	CRIES=$1 PATH=$dir/bin:$PATH run "$2" boot --scenario load \
		--report "$dir/cry" "$dir/twin.plm"
}

check 'a kernel that cries before PID 1 is started again' crying x 0
check 'which is told, with what it cried' \
	grep 'STARTED_AGAIN' "$dir/cry/report.json"
check 'and kept' grep '"cried": "WARNING in exc_debug_kernel' \
	"$dir/cry/report.json"
check 'once: if it cries again it is unknown' crying xxx 3
check 'with the reason' says 'KERNEL_WARNING'

check 'QEMU is killed: unknown' qemu_killed
check 'with the reason' says LOST_VM
check 'and nothing is left behind' empty
check 'the command is killed: its VM goes, its folder stays' command_killed
touch -d '2 minutes ago' "$TMPDIR"/plimsoll-*
check 'until the next command' run 3 boot "$dir/none.plm"
check 'which sweeps it away' empty

where=$TMPDIR
export where
check 'no room for temporary files: unknown' \
	unknown_on_little 64k --scenario load
check 'with the reason' says 'No space left on device'
check 'nothing was left there' sh -c '! grep "^plimsoll-" "$1"' - "$dir/out"
check 'no room for a disk: unknown' \
	unknown_on_little 3m --scenario boot-twice
check 'with the reason' says 'unknown: '
check 'nothing was left there' sh -c '! grep "^plimsoll-" "$1"' - "$dir/out"
where=$XDG_CACHE_HOME/plimsoll/templates
mkdir "$where"
check 'no room for a template: unknown' unknown_on_little 24m --screen
check 'with the reason' says 'no template: '
check 'nothing was left there' sh -c '! grep plimsoll- "$1"' - "$dir/out"

check 'the kernel is gone: unknown' no_kernels
check 'and it is said how to get it' says 'fetch-kernel debian:6.1'
check 'only its image is gone: unknown' half_kernel
check 'and named' says 'half/vmlinux: No such file'
done_testing
