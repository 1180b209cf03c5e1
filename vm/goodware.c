// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/goodware.h"

#define LOGIN "KILLS_LOGIN_SHELL"
#define SYSTEM "KILLS_SYSTEM"
#define UPDATER "KILLS_UPDATER"

/* Those of PID 1 come first, as they do on a machine. */
const struct goodware goodware[] = {
	{ KILLS_PID1, "PID 1 of a SysV system", "/sbin/init", "/sbin/init",
	  NULL, NULL, 1 },
	{ KILLS_PID1, "PID 1 of a systemd system", "/usr/lib/systemd/systemd",
	  "/sbin/init", NULL, NULL, 1 },
	{ SYSTEM, "the journal", "/usr/lib/systemd/systemd-journald",
	  "/usr/lib/systemd/systemd-journald", NULL, NULL, 0 },
	{ SYSTEM, "the device manager", "/usr/bin/udevadm",
	  "/usr/lib/systemd/systemd-udevd", NULL, NULL, 0 },
	{ SYSTEM, "the message bus", "/usr/bin/dbus-daemon",
	  "/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only",
	  NULL, NULL, 0 },
	{ LOGIN, "the login prompt", "/usr/sbin/agetty",
	  "/sbin/agetty -o -p -- \\u --noclear tty1 linux", NULL, NULL, 0 },
	{ LOGIN, "login", "/usr/bin/login", "/bin/login -p --",
	  "/usr/sbin/agetty", "/sbin/agetty -o -p -- \\u --noclear tty1 linux",
	  0 },
	{ LOGIN, "a login shell", "/usr/bin/bash", "-bash",
	  "/usr/bin/login", "/bin/login -p --", 0 },
	{ LOGIN, "the SSH server", "/usr/sbin/sshd",
	  "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",
	  NULL, NULL, 0 },
	{ LOGIN, "a login shell over SSH", "/usr/bin/bash", "-bash",
	  "/usr/sbin/sshd", "/usr/sbin/sshd -D -R", 0 },
	{ LOGIN, "a shell's command", "/usr/bin/dash",
	  "/bin/sh -c run-parts /etc/update-motd.d", "/usr/sbin/sshd",
	  "/usr/sbin/sshd -D -R", 0 },
	{ UPDATER, "the updater of content", "/usr/bin/plimsoll",
	  "/usr/bin/plimsoll install", NULL, NULL, 0 },
	{ UPDATER, "the package manager", "/usr/bin/apt-get",
	  "apt-get update", "/usr/bin/dash",
	  "/bin/sh /usr/lib/apt/apt.systemd.daily update", 0 },
	{ UPDATER, "the package installer", "/usr/bin/dpkg",
	  "/usr/bin/dpkg --status-fd 9 --configure --pending",
	  "/usr/bin/apt-get", "apt-get upgrade", 0 },
};

const size_t num_goodware = sizeof(goodware) / sizeof(goodware[0]);
