// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What Debian machines execute while they boot, install, build, serve and are
 * worked on: short lines and long ones, as they come.  Written for the
 * benchmarks alone; the texts that the builder of automata learns from
 * (content/ordinary.c) are others.
 */
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"

struct process {
	const char *image, *command_line;
	const char *parent_image, *parent_command_line;
	const char *directory, *user;
};

#define DASH	"/usr/bin/dash"
#define BASH	"/usr/bin/bash"
#define MAKE	"/usr/bin/make"
#define SYSTEMD	"/usr/lib/systemd/systemd"
#define INIT	"/sbin/init"

static const struct process processes[] = {
	/* boot and services */
	{ "/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald",
	  SYSTEMD, INIT, "/", "root" },
	{ "/usr/lib/systemd/systemd-networkd-wait-online",
	  "/lib/systemd/systemd-networkd-wait-online --interface=ens3 --timeout=120",
	  SYSTEMD, INIT, "/", "root" },
	{ "/usr/bin/udevadm", "/bin/udevadm trigger --type=subsystems --action=add",
	  SYSTEMD, INIT, "/", "root" },
	{ "/usr/lib/udev/ata_id", "ata_id --export /dev/vda",
	  "/usr/bin/udevadm", "(udev-worker)", "/", "root" },
	{ "/usr/sbin/chronyd", "/usr/sbin/chronyd -F 1", SYSTEMD, INIT, "/",
	  "root" },
	{ "/usr/bin/dbus-daemon",
	  "/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only",
	  SYSTEMD, INIT, "/", "104" },
	{ "/usr/sbin/agetty", "/sbin/agetty -o -p -- \\u --noclear - linux",
	  SYSTEMD, INIT, "/", "root" },
	{ "/usr/lib/postgresql/15/bin/postgres",
	  "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -c config_file=/etc/postgresql/15/main/postgresql.conf",
	  SYSTEMD, INIT, "/var/lib/postgresql/15/main", "110" },
	{ "/usr/sbin/haproxy",
	  "/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid -S /run/haproxy-master.sock",
	  SYSTEMD, INIT, "/", "root" },
	{ "/usr/sbin/rsyslogd", "/usr/sbin/rsyslogd -n -iNONE", SYSTEMD, INIT,
	  "/", "root" },
	/* jobs */
	{ DASH, "/bin/sh -c test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )",
	  "/usr/sbin/cron", "/usr/sbin/CRON -f", "/root", "root" },
	{ "/usr/bin/run-parts", "run-parts --report /etc/cron.daily", DASH,
	  "/bin/sh -c cd / && run-parts --report /etc/cron.daily", "/", "root" },
	{ DASH, "/bin/sh /etc/cron.daily/man-db", "/usr/bin/run-parts",
	  "run-parts --report /etc/cron.daily", "/", "root" },
	{ "/usr/bin/mandb", "/usr/bin/mandb --quiet", DASH,
	  "/bin/sh /etc/cron.daily/man-db", "/", "6" },
	{ "/usr/bin/du", "du -sk /srv/backup/2026-11-21", BASH,
	  "bash /usr/local/sbin/prune-backups --keep 14", "/srv/backup", "root" },
	{ "/usr/bin/sha256sum", "sha256sum --check --quiet MANIFEST", BASH,
	  "bash /usr/local/sbin/prune-backups --keep 14",
	  "/srv/backup/2026-11-21", "root" },
	{ "/usr/bin/rsync",
	  "rsync -aH --delete --numeric-ids --exclude=.cache /home/ backup@store.example.net:/pool/home/",
	  BASH, "bash /usr/local/sbin/nightly", "/root", "root" },
	/* a build */
	{ MAKE, "make -C lib O=/build/out V=0 -f ../scripts/Makefile.build obj=lib/zstd",
	  MAKE, "make -j8 bzImage modules", "/build/linux", "1000" },
	{ "/usr/bin/x86_64-linux-gnu-gcc-12",
	  "gcc -Wp,-MMD,lib/zstd/.huf_decompress.o.d -nostdinc -I./arch/x86/include -I./arch/x86/include/generated -I./include -include ./include/linux/compiler-version.h -D__KERNEL__ -fmacro-prefix-map=./= -Wundef -Werror=strict-prototypes -fno-strict-aliasing -fno-common -mno-sse -mno-mmx -O2 -c -o lib/zstd/huf_decompress.o lib/zstd/huf_decompress.c",
	  DASH, "/bin/sh -c set -e; gcc lib/zstd/huf_decompress.c",
	  "/build/linux", "1000" },
	{ "/usr/lib/gcc/x86_64-linux-gnu/12/cc1",
	  "/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet -nostdinc -I ./include -D __KERNEL__ lib/sort.c -quiet -dumpdir lib/ -dumpbase sort.c -dumpbase-ext .c -mno-sse -O2 -o /run/user/1000/ccAfN3kx.s",
	  "/usr/bin/x86_64-linux-gnu-gcc-12", "gcc -O2 -c -o lib/sort.o lib/sort.c",
	  "/build/linux", "1000" },
	{ "/usr/bin/x86_64-linux-gnu-as",
	  "as -I ./include --64 -o lib/sort.o /run/user/1000/ccAfN3kx.s",
	  "/usr/bin/x86_64-linux-gnu-gcc-12", "gcc -O2 -c -o lib/sort.o lib/sort.c",
	  "/build/linux", "1000" },
	{ "/usr/bin/x86_64-linux-gnu-ar",
	  "ar cDPrST lib/lib.a lib/ctype.o lib/string.o lib/vsprintf.o lib/cmdline.o lib/rbtree.o",
	  DASH, "/bin/sh -c rm -f lib/lib.a; ar cDPrST lib/lib.a lib/ctype.o",
	  "/build/linux", "1000" },
	{ "/usr/bin/mkdir", "mkdir -p .tmp_versions arch/x86/kernel/cpu", DASH,
	  "/bin/sh -c mkdir -p .tmp_versions arch/x86/kernel/cpu",
	  "/build/linux", "1000" },
	{ "/usr/bin/cmp", "cmp -s include/generated/.utsversion.tmp include/generated/utsversion.h",
	  DASH, "/bin/sh scripts/mkcompile_h", "/build/linux", "1000" },
	{ "/usr/bin/cmake",
	  "/usr/bin/cmake -E cmake_depends \"Unix Makefiles\" /home/carol/render /home/carol/render/build --color=",
	  MAKE, "make -f CMakeFiles/Makefile2 all", "/home/carol/render/build",
	  "1002" },
	{ "/usr/bin/ninja", "ninja -C build-release -j 6", BASH, "-bash",
	  "/home/carol/render", "1002" },
	{ "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
	  "/usr/lib/jvm/java-17-openjdk-amd64/bin/java -Xmx64m -Dorg.gradle.appname=gradlew -classpath /home/dan/app/gradle/wrapper/gradle-wrapper.jar org.gradle.wrapper.GradleWrapperMain assembleDebug",
	  BASH, "bash ./gradlew assembleDebug", "/home/dan/app", "1003" },
	{ "/home/dan/.cargo/bin/rustc",
	  "rustc --crate-name serde --edition=2018 src/lib.rs --error-format=json --crate-type lib --emit=dep-info,metadata,link -C opt-level=3 -C metadata=5f0e8a1c2b3d4e6f --out-dir target/release/deps",
	  "/home/dan/.cargo/bin/cargo", "cargo build --release", "/home/dan/svc",
	  "1003" },
	{ "/usr/bin/node",
	  "node /home/erin/web/node_modules/.bin/webpack --mode production --config webpack.prod.js",
	  DASH, "sh -c webpack --mode production", "/home/erin/web", "1004" },
	{ "/usr/bin/git", "git fetch --update-head-ok --prune origin", "/usr/bin/git",
	  "git pull --prune", "/home/erin/web", "1004" },
	{ "/usr/lib/git-core/git",
	  "/usr/lib/git-core/git index-pack --stdin -v --fix-thin --keep=fetch-pack 4711 on desk",
	  "/usr/bin/git", "git fetch --update-head-ok --prune origin",
	  "/home/erin/web", "1004" },
	/* packages */
	{ "/usr/bin/dpkg-deb",
	  "dpkg-deb --fsys-tarfile /var/cache/apt/archives/libpq5_15.10-0_amd64.deb",
	  "/usr/bin/dpkg", "/usr/bin/dpkg --unpack --recursive /var/cache/apt",
	  "/", "root" },
	{ "/usr/sbin/ldconfig.real", "/sbin/ldconfig.real", DASH,
	  "/bin/sh /sbin/ldconfig", "/", "root" },
	{ "/usr/bin/perl",
	  "/usr/bin/perl -w /usr/share/debconf/frontend /var/lib/dpkg/info/tzdata.config configure 2026a-0",
	  "/usr/bin/dpkg", "/usr/bin/dpkg --configure -a", "/", "root" },
	{ "/usr/bin/cpio", "cpio --quiet --null -o -H newc -R 0:0", DASH,
	  "/bin/sh /usr/sbin/mkinitramfs -o /boot/initrd.img.new", "/", "root" },
	/* people */
	{ BASH, "-bash", "/usr/sbin/sshd", "sshd: carol@pts/3", "/home/carol",
	  "1002" },
	{ "/usr/bin/vim.basic", "vim src/scene.cc +214", BASH, "-bash",
	  "/home/carol/render", "1002" },
	{ "/usr/bin/less", "less -R CHANGES.txt", BASH, "-bash",
	  "/home/carol/render", "1002" },
	{ "/usr/bin/man", "man 7 capabilities", BASH, "-bash", "/home/dan",
	  "1003" },
	{ "/usr/bin/tmux", "tmux attach-session -t review", BASH, "-bash",
	  "/home/dan", "1003" },
	{ "/usr/bin/rg", "rg --hidden --glob !target -n Deserialize crates", BASH,
	  "-bash", "/home/dan/svc", "1003" },
	{ "/usr/bin/ssh", "ssh -T git@forge.example.net", "/usr/bin/git",
	  "git push origin HEAD:review/scene", "/home/carol/render", "1002" },
	{ "/usr/bin/python3.11",
	  "/usr/bin/python3 -m pytest -x -q tests/test_layout.py::test_wrap",
	  BASH, "-bash", "/home/erin/report", "1004" },
	{ "/usr/bin/tr", "tr -s [:space:] \\n", DASH,
	  "sh ./configure --prefix=/home/erin/opt", "/home/erin/report", "1004" },
	{ "/usr/bin/expr", "expr 17 + 1", DASH,
	  "sh ./configure --prefix=/home/erin/opt", "/home/erin/report", "1004" },
	/* containers */
	{ "/usr/bin/containerd-shim-runc-v2",
	  "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id 9d1b2c7f60a3e4d58c0f1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e -address /run/containerd/containerd.sock",
	  "/usr/bin/containerd", "/usr/bin/containerd", "/run/containerd", "root" },
	{ "/pause", "/pause", "/usr/bin/containerd-shim-runc-v2",
	  "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io", "/", "65535" },
	{ "/usr/local/bin/gunicorn",
	  "gunicorn --bind 0.0.0.0:8080 --workers 4 --access-logfile - shop.wsgi:application",
	  DASH, "/bin/sh /entrypoint.sh", "/srv/shop", "10001" },
};

const size_t num_bench_events = ARRAY_LEN(processes);

static void set(struct event *event, uint32_t input, const char *text)
{
	event_set_string(event, input, text, strlen(text));
}

void bench_event(struct event *event, size_t index)
{
	const struct process *p = &processes[index % ARRAY_LEN(processes)];

	memset(event, 0, sizeof(*event));
	event->template = plm_template_find(PLM_PROCESS_CREATION_ID);
	set(event, 0, p->image);
	set(event, 1, p->command_line);
	set(event, 2, p->parent_image);
	set(event, 3, p->parent_command_line);
	set(event, 4, p->directory);
	set(event, 5, p->user);
	set(event, 6, p->user);
	event_set_number(event, 7, strcmp(p->user, "root") ? 1000 : UINT32_MAX);
	event_set_number(event, 8, 20000 + index);
	event_set_number(event, 9, 19000 + index);
}
