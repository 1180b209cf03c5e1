// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/console_title.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vm/console_glob.h"

#define WORDS_MAX 160
/* So often does a function stand in a trace that calls itself without end. */
#define MIN_RECURSION 3

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* Compilers make copies of functions; the copy's suffix is no news. */
static size_t name_len_plain(const char *name, size_t len)
{
	static const char *const suffixes[] = {
		".isra.", ".constprop.", ".part.", ".cold", ".llvm.", ".lto_priv.",
		".__",
	};

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		const char *hit = memmem(name, len, suffixes[i],
					 strlen(suffixes[i]));

		if (hit && hit != name)
			len = (size_t)(hit - name);
	}
	return len;
}

static void set_name(char *out, const char *name, size_t len)
{
	len = name_len_plain(name, len);
	if (len >= CONSOLE_FUNC_MAX)
		len = CONSOLE_FUNC_MAX - 1;
	memcpy(out, name, len);
	out[len] = '\0';
}

/* " (mm/slub.c:12", where decode_stacktrace.sh has put a place for an offset */
static bool is_place(const char *text)
{
	size_t len = strcspn(text + (*text == ' '), " )");
	const char *colon;

	if (strncmp(text, " (", 2))
		return false;
	colon = memchr(text + 1, ':', len);
	return colon && colon - text > 3 && colon[-2] == '.' &&
	       isdigit((unsigned char)colon[1]);
}

/*
 * The function at @text: "name+0x12/0x34", "name (mm/slub.c:12)".  False if
 * there is none at exactly this place.
 */
static bool name_at(const char *text, char *out)
{
	const char *end = text;

	while (is_name(*end))
		end++;
	if (end == text || isdigit((unsigned char)*text) ||
	    (strncmp(end, "+0x", 3) && !is_place(end)))
		return false;
	set_name(out, text, (size_t)(end - text));
	return true;
}

/*
 * A log that was symbolized names inlined functions, "name file.c:12 [inline]".
 * A title needs the one that holds them, which any log names.
 */
static bool inlined_at(struct console_where *where, const char *text)
{
	const char *end = text;

	while (is_name(*end))
		end++;
	if (end == text || isdigit((unsigned char)*text) ||
	    !console_glob(" *.%:~ [inline]*", end, NULL))
		return false;
	if (!where->inlined[0])
		set_name(where->inlined, text, (size_t)(end - text));
	return true;
}

/* The first "name+0x" anywhere in @text. */
static bool name_in(const char *text, char *out)
{
	const char *plus = text, *start;

	while ((plus = strstr(plus, "+0x"))) {
		start = plus;
		while (start > text && is_name(start[-1]))
			start--;
		if (start < plus && name_at(start, out))
			return true;
		plus += 3;
	}
	return false;
}

static const char *behind(const char *text, const char *mark)
{
	const char *hit = strstr(text, mark);

	return hit ? hit + strlen(mark) : NULL;
}

/* "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 35s!" */
static void read_pool(struct console_where *where, const char *msg)
{
	const char *pool = behind(msg, "workqueue lockup - pool ");
	const char *end = pool ? strstr(pool, " stuck for ") : NULL;

	if (end && end - pool < CONSOLE_POOL_MAX)
		memcpy(where->pool, pool, (size_t)(end - pool));
}

void console_where_repeat(struct console_where *where, const char *msg)
{
	static const char *const marks[] = { " at ", " in " };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = behind(msg, marks[i]);
		const char *next = at ? strchr(at, ' ') : NULL;

		/* "at func+0x1", and "at file:1 func+0x1" */
		if ((at && name_at(at, where->header)) ||
		    (next && name_at(next + 1, where->header)))
			return;
		if ((at && inlined_at(where, at)) ||
		    (next && inlined_at(where, next + 1)))
			return;
	}
	/* "hint: func+0x0" is what the object is, not who errs. */
	if (!behind(msg, " hint: "))
		name_in(msg, where->header);
}

void console_where_header(struct console_where *where,
			  const struct console_pattern *pattern,
			  const char *msg)
{
	memset(where, 0, sizeof(*where));
	where->in_trace = pattern->flags & PATTERN_BARE;
	where->trapped = pattern->flags & (PATTERN_DIES | PATTERN_DEATH |
					   PATTERN_FOLLOWS);
	where->shared = pattern->flags & PATTERN_SHARED;
	read_pool(where, msg);
	console_where_repeat(where, msg);
}

/* The line that says where the CPU stood, per architecture. */
static const char *behind_register(const char *msg)
{
	static const char *const marks[] = {
		"pc : ", "epc : ", "epc   : ", "NIP ", "EIP: ", "IP: ",
		"PC is at ", "Krnl PSW : ", "ERA: ", "TPC: ", "IAOQ[0]: ",
	};
	const char *rip = behind(msg, "RIP: ");

	if (rip) {
		/* Segments with a privilege of 3 are a program's. */
		if (!strncmp(rip, "0033:", 5) || !strncmp(rip, "0023:", 5) ||
		    !strncmp(rip, "002b:", 5))
			return NULL;
		/* "0010:func+0x1/0x2" */
		return strspn(rip, "0123456789abcdef") == 4 && rip[4] == ':' ?
		       rip + 5 : rip;
	}
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (!strncmp(msg, marks[i], strlen(marks[i])))
			return msg + strlen(marks[i]);
	return NULL;
}

/* In a recursion, the first functions of its trace are the repeated ones. */
static void count_frame(struct console_where *where, const char *name)
{
	for (size_t i = 0; i < CONSOLE_DEEP_MAX; i++) {
		struct console_frame *frame = &where->deep[i];

		if (!frame->times)
			set_name(frame->name, name, strlen(name));
		else if (strcmp(frame->name, name))
			continue;
		frame->times++;
		return;
	}
}

/* The function that stands there most, or an empty text if none recurs. */
static const char *find_recursive(const struct console_where *where)
{
	const struct console_frame *found = NULL;

	for (size_t i = 0; i < CONSOLE_DEEP_MAX; i++) {
		const struct console_frame *frame = &where->deep[i];

		if (frame->times >= MIN_RECURSION &&
		    (!found || frame->times > found->times) &&
		    !console_function_generic(frame->name))
			found = frame;
	}
	return found ? found->name : "";
}

static void add_frame(struct console_where *where, const char *name)
{
	count_frame(where, name);
	if (console_function_generic(name)) {
		if (!where->generic[0])
			set_name(where->generic, name, strlen(name));
	} else if (!where->frame[0]) {
		set_name(where->frame, name, strlen(name));
		where->frame_in_irq = where->in_irq;
	}
}

static const char *skip_mark(const char *msg, char end)
{
	const char *mark = strchr(msg, end);

	return mark ? mark + 1 + strspn(mark + 1, " ") : msg;
}

/*
 * "func from caller+0x1/0x2", "func [mod] from caller+0x1/0x2",
 * "(func) from [<addr>] (caller+0x1/0x2)": 32-bit ARM
 */
static bool arm_frame(struct console_where *where, const char *msg)
{
	char name[CONSOLE_FUNC_MAX];
	const char *start = msg + (*msg == '('), *end = start, *from;

	while (is_name(*end))
		end++;
	from = end + (*end == ')');
	if (!strncmp(from, " [", 2))
		from += strcspn(from, "]");
	from += *from == ']';
	if (end == start || strncmp(from, " from ", strlen(" from ")))
		return false;
	set_name(name, start, (size_t)(end - start));
	add_frame(where, name);
	return true;
}

/* "func+0x1/0x2 [mod]", "[<addr>] func+0x1/0x2"; "? func" is a guess. */
static bool read_frame(struct console_where *where, const char *msg)
{
	char name[CONSOLE_FUNC_MAX];

	/* "<IRQ>" and the like stand alone in newer kernels. */
	if (*msg == '<') {
		where->in_irq = !strncmp(msg, "<IRQ>", 5);
		msg = skip_mark(msg, '>');
	}
	if (!strncmp(msg, "[<", 2))
		msg = skip_mark(msg, ']');
	if (!strncmp(msg, "? ", 2))
		return true;
	if (!name_at(msg, name))
		return inlined_at(where, msg) || arm_frame(where, msg);
	add_frame(where, name);
	return true;
}

/* Which sections of a report hold its own trace, and which another one's. */
static bool read_section(struct console_where *where, const char *msg)
{
	static const char *const begin[] = {
		"Call Trace:*", "Call trace:*", "Backtrace:*", "backtrace*:*",
		"stack backtrace:*",
		/* KFENCE */
		"Out-of-bounds * at 0x*", "Use-after-free * at 0x*",
		"Invalid * at 0x*", "Corrupted memory at 0x*", "Invalid free of 0x*",
	};
	static const char *const end[] = {
		"Allocated by *", "Freed by *", "Modules linked in:*",
		"Last potentially related work *", "Uninit was *",
		"The buggy address *", "Memory state around *",
		"kfence-#*", "allocated by *", "freed by *", "Local variable *",
	};

	for (size_t i = 0; i < ARRAY_LEN(begin); i++) {
		if (console_glob(begin[i], msg, NULL)) {
			where->in_trace = true;
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(end); i++) {
		if (console_glob(end[i], msg, NULL)) {
			where->in_trace = false;
			return true;
		}
	}
	return false;
}

/* A function without an offset. */
static void set_word(char *out, const char *text)
{
	size_t len = 0;

	while (is_name(text[len]))
		len++;
	if (len && !isdigit((unsigned char)*text))
		set_name(out, text, len);
}

/*
 * Which work a stalled pool of workers is at.  A worker's own trace names it;
 * before that come all pools, of which only that one matters.
 */
static void read_work(struct console_where *where, const char *msg)
{
	const char *at = behind(msg, "in-flight: ");

	if (!strncmp(msg, "pwq ", 4))
		where->in_pool = !*where->pool || strstr(msg, where->pool);
	if (!strncmp(msg, "Workqueue: ", 11) && !where->work[0]) {
		at = strchr(msg + 11, ' ');
		if (at)
			set_word(where->work, at + 1);
		return;
	}
	if (!strncmp(msg, "last function: ", 15))
		set_word(where->work, msg + 15);
	at = at ? strchr(at, ':') : NULL;
	if (at && where->in_pool && !where->frame[0])
		set_word(where->frame, at + 1);
}

/*
 * "ffff888006d5a1f8 (&lock){+.+.}-{2:2}, at: func+0x1/0x2"; of a lock that is
 * not held, "(&lock) at:" and the function on a line of its own.
 */
static void read_lock(struct console_where *where, const char *msg)
{
	const char *at = where->lock_next ? msg : behind(msg, ", at: ");
	char name[CONSOLE_FUNC_MAX];

	where->lock_next = console_glob("*) at:*", msg, NULL);
	if (at && !where->lock[0] && (name_at(at, name) || name_in(at, name)) &&
	    !console_function_generic(name))
		set_name(where->lock, name, strlen(name));
}

/* "handlers:" and then "[<0000000012345678>] func [mod]" */
static bool read_handler(struct console_where *where, const char *msg)
{
	bool next = where->handler_next;
	char name[CONSOLE_FUNC_MAX] = "";

	where->handler_next = !strcmp(msg, "handlers:");
	if (!next || strncmp(msg, "[<", 2))
		return where->handler_next;
	set_word(name, skip_mark(msg, ']'));
	if (*name)
		add_frame(where, name);
	return true;
}

/*
 * Are these the registers of a context that has nothing to do with the report?
 * What the CPU itself caught begins with them.  Behind frames they are those of
 * what was interrupted, which matters only where it stood still and an
 * interrupt found out.
 */
static bool is_beside(const struct console_where *where)
{
	if (where->shared)
		return where->frame[0] && !where->frame_in_irq;
	return !where->trapped && (where->frame[0] || where->generic[0]);
}

static void read_register(struct console_where *where, const char *at)
{
	if (where->rip[0])
		return;
	if (is_beside(where))
		where->in_trace = false;
	else if (!name_at(at, where->rip) && !inlined_at(where, at))
		name_in(at, where->rip);
}

void console_where_line(struct console_where *where, const char *msg)
{
	const char *at = behind_register(msg);
	char name[CONSOLE_FUNC_MAX];

	if (at) {
		read_register(where, at);
		return;
	}
	if (read_section(where, msg) || read_handler(where, msg))
		return;
	if (where->in_trace) {
		read_frame(where, msg);
		return;
	}
	read_lock(where, msg);
	if (!strncmp(msg, "caller is ", 10) && name_in(msg, name))
		add_frame(where, name);
	read_work(where, msg);
}

static const char *choose(const struct console_pattern *pattern,
			  const struct console_where *where)
{
	const char *order[] = {
		pattern->flags & PATTERN_WORK ? where->work : "",
		pattern->flags & PATTERN_WORK ? where->frame : "",
		pattern->flags & PATTERN_LOCK ? where->lock : "",
		pattern->flags & PATTERN_DEEP ? find_recursive(where) : "",
		where->header, where->rip, where->frame, where->work,
	};

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (*order[i] && !console_function_generic(order[i]))
			return order[i];
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (*order[i])
			return order[i];
	return *where->generic ? where->generic : where->inlined;
}

/* How long the number, address or offset at @text is; 0 where none begins. */
static size_t number_len(const char *text, size_t len)
{
	size_t n = 0, digits = 0;

	if (len > 2 && text[0] == '0' && text[1] == 'x') {
		n = 2;
		while (n < len && isxdigit((unsigned char)text[n]))
			n++;
		return n;
	}
	while (n < len && isxdigit((unsigned char)text[n])) {
		digits += isdigit((unsigned char)text[n]) != 0;
		n++;
	}
	if (n < len && is_name(text[n]))
		return 0;
	/* "dead" and "facade" are words, sixteen digits are not. */
	return digits == n || n >= 8 ? n : 0;
}

/* Append @text with its numbers made N. */
static size_t scrub(char *out, size_t at, size_t size, const char *text,
		    size_t len)
{
	size_t i = 0;

	while (i < len && at + 1 < size) {
		char before = i ? text[i - 1] : ' ';
		size_t n = 0;

		if (text[i] == '+' && len - i > 3 &&
		    !strncmp(text + i, "+0x", 3)) {
			n = 1 + strspn(text + i + 1, "0123456789abcdefx/");
			i += n < len - i ? n : len - i;
			continue;
		}
		if (!is_name(before) && before != '-')
			n = number_len(text + i, len - i);
		out[at++] = n ? 'N' : text[i];
		i += n ? n : 1;
	}
	out[at] = '\0';
	return at;
}

char *console_title_words(const struct console_pattern *pattern,
			  const struct console_capture *captures)
{
	char words[WORDS_MAX] = "";
	size_t at = 0;

	for (const char *p = pattern->title; *p; p++) {
		if (*p == '$' && p[1] >= '1' && p[1] < '1' + CONSOLE_CAPTURES) {
			const struct console_capture *part =
				&captures[p[1] - '1'];

			if (part->start)
				at = scrub(words, at, sizeof(words),
					   part->start, part->len);
			p++;
		} else if (at + 1 < sizeof(words)) {
			words[at++] = *p;
		}
	}
	while (at && (words[at - 1] == ' ' || words[at - 1] == ':'))
		at--;
	words[at] = '\0';
	/* Where the captures hold nothing, the kind is what is left to say. */
	return xstrdup(at ? words : pattern->kind);
}

char *console_title(const struct console_pattern *pattern, const char *words,
		    const char *place, const struct console_where *where)
{
	const char *function = "";

	if (!(pattern->flags & PATTERN_NO_FUNC))
		function = choose(pattern, where);
	if (*function)
		return xasprintf("%s in %s", words, function);
	if (pattern->flags & PATTERN_PLACE && *place)
		return xasprintf("%s at %s", words, place);
	return xstrdup(words);
}
