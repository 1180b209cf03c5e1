// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What paths and command lines on an ordinary Linux machine look like.  The
 * builder walks these through an automaton to learn which states deserve a
 * full row; they have no influence on what an automaton matches.
 */
#include "base/mem.h"
#include "content/automaton.h"

static const char *const texts[] = {
	"/usr/bin/bash", "/bin/sh", "/usr/bin/dash", "/usr/bin/env",
	"/usr/bin/python3.11", "/usr/bin/perl", "/usr/bin/ls", "/usr/bin/cat",
	"/usr/bin/grep", "/usr/bin/sed", "/usr/bin/gawk", "/usr/bin/find",
	"/usr/bin/sort", "/usr/bin/cut", "/usr/bin/head", "/usr/bin/date",
	"/usr/bin/id", "/usr/bin/uname", "/usr/bin/stat", "/usr/bin/mktemp",
	"/usr/bin/rm", "/usr/bin/cp", "/usr/bin/mv", "/usr/bin/mkdir",
	"/usr/bin/chmod", "/usr/bin/ln", "/usr/bin/tar", "/usr/bin/gzip",
	"/usr/bin/make", "/usr/bin/x86_64-linux-gnu-gcc-12",
	"/usr/lib/gcc/x86_64-linux-gnu/12/cc1",
	"/usr/lib/gcc/x86_64-linux-gnu/12/collect2",
	"/usr/bin/x86_64-linux-gnu-ld.bfd", "/usr/bin/git", "/usr/bin/ssh",
	"/usr/sbin/sshd", "/usr/sbin/cron", "/usr/bin/dpkg",
	"/usr/bin/apt-get", "/usr/lib/apt/methods/http",
	"/usr/lib/systemd/systemd", "/usr/lib/systemd/systemd-executor",
	"/usr/lib/systemd/systemd-udevd", "/usr/bin/systemctl",
	"/usr/bin/kmod", "/sbin/modprobe", "/usr/sbin/ip", "/usr/bin/sudo",
	"/usr/bin/docker", "/usr/bin/containerd-shim-runc-v2",
	"/usr/sbin/runc", "/usr/sbin/nginx", "/usr/sbin/logrotate",
	"/opt/java/openjdk/bin/java", "/usr/local/bin/node",
	"/home/user/src/project/build/tests/run",
	"/", "/root", "/home/user", "/home/user/src/project", "/var/lib",
	"/tmp", "/var/www/html", "root", "1000", "33",
	"/bin/sh -c run-parts --report /etc/cron.hourly",
	"/bin/sh -c [ -x /usr/lib/php/sessionclean ] && sessionclean",
	"sh -c /usr/bin/python3 -m compileall -q .",
	"bash -c for f in *.c; do echo $f; done",
	"ls -la --color=auto /home/user/src", "cat /proc/self/status",
	"grep -q ^ID=debian /etc/os-release", "grep -rn TODO src include",
	"sed -e s/foo/bar/g -i config.h", "find . -name *.o -type f -print",
	"rm -f -- /tmp/tmp.Qx2bV81kdA", "mkdir -p /var/lib/app/data",
	"cp -a build/out /srv/release/1.2.3", "chmod 644 README.md",
	"tar --create --gzip --file backup.tar.gz etc home",
	"gcc -O2 -g -Wall -Wextra -Iinclude -c -o build/main.o src/main.c",
	"/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet -I include -imultiarch "
	"x86_64-linux-gnu src/main.c -quiet -dumpbase main.c -mtune=generic",
	"/usr/bin/ld -plugin-opt=-fresolution=/tmp/ccUq7yWb.res --build-id "
	"--eh-frame-hdr -m elf_x86_64 -o a.out crt1.o -lc -lgcc",
	"make -j4 -C build all install", "git -c core.pager= status --short",
	"git fetch --tags https://example.org/project.git main",
	"ssh -o BatchMode=yes deploy@10.0.3.17 uptime",
	"sshd: user [priv]", "apt-get install -y --no-install-recommends curl",
	"dpkg --status-fd 23 --no-triggers --unpack --auto-deconfigure",
	"systemctl is-active --quiet networking.service",
	"/lib/systemd/systemd-udevd", "/sbin/modprobe -q -- net-pf-10",
	"python3 manage.py runserver 0.0.0.0:8000",
	"python3 -c import sys; print(sys.version_info[:2])",
	"perl -MConfig -e print $Config{version}",
	"node --max-old-space-size=4096 server.js --port 3000",
	"java -Xmx2g -Dlog4j.configurationFile=log4j2.xml -jar service.jar",
	"docker run --rm -v /home/user:/work -w /work image:latest",
	"curl -fsSL https://example.org/index.html", "sleep 60", "id -u",
	"date +%Y-%m-%dT%H:%M:%S", "uname -r", "logrotate /etc/logrotate.conf",
	"nginx: worker process", "/usr/sbin/CRON -f", "ps aux", "df -h",
};

const char *ordinary_text(size_t index)
{
	return index < ARRAY_LEN(texts) ? texts[index] : NULL;
}
