/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dates in words and digits, and what a log daemon puts behind them: host and
 * speaker.  Each parser returns what follows what it knows, or NULL.
 */
#ifndef VM_CONSOLE_DATE_H
#define VM_CONSOLE_DATE_H

#include "vm/console_line.h"

/*
 * "Nov 22 18:40:01 host kernel: ", in any language; also with seconds only, or
 * with no host.
 */
const char *console_date_daemon(struct console_line *line, const char *p);
/* "2026-11-22T18:40:01.123456+00:00 host kernel: ", or with no host. */
const char *console_date_iso(struct console_line *line, const char *p);
/* "[Sat Nov 22 18:40:01 2026]", "[Nov22 18:40]" */
const char *console_date_dmesg(struct console_line *line, const char *p);
/* "[2026/11/22, 18:40:01.123]", of who recorded a serial line */
const char *console_date_terminal(struct console_line *line, const char *p);
/* "host kernel: " behind a time in seconds, by journalctl -o short-monotonic */
const char *console_date_host(struct console_line *line, const char *p);

#endif /* VM_CONSOLE_DATE_H */
