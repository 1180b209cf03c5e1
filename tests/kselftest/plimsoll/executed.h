/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests that execute: the rules of watch-1.plm are loaded and programs are in
 * their places, and of each execution the record is looked at.
 */
#ifndef PLIMSOLL_EXECUTED_H
#define PLIMSOLL_EXECUTED_H

#include "kselftest_harness.h"
#include "lab.h"

#define BIN "/kselftest-bin"
#define MARKED BIN "/marked"
#define PLAIN BIN "/plain"
#define DOOMED BIN "/doomed"

enum { RULE_IMAGE, RULE_WORDS, RULE_END, RULE_FOLDER, RULE_USER, RULE_PARENT };

FIXTURE(events)
{
	int fd;
	struct lab_record record;
	pid_t pid;
};

FIXTURE_SETUP(events)
{
	/* First, so that the programs' descriptor is free. */
	lab_ran();
	ASSERT_EQ(0, lab_reload(""));
	self->fd = lab_open(true);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, lab_content(self->fd, "watch-1.plm"));
	ASSERT_EQ(0, lab_place(MARKED));
	ASSERT_EQ(0, lab_place(PLAIN));
	ASSERT_EQ(0, lab_place(DOOMED));
}

FIXTURE_TEARDOWN(events)
{
	close(self->fd);
	EXPECT_EQ(0, lab_unload());
}

/* The program ran, its record came, with this many matches. */
#define EXPECT_EVENT(exec, matches) do {				\
	EXPECT_EQ(0, lab_run(exec, &self->pid));			\
	EXPECT_EQ(1, lab_ran());					\
	ASSERT_TRUE(lab_find(self->fd, self->pid, &self->record));	\
	EXPECT_EQ(matches, self->record.head.num_matches);		\
} while (0)

#define EXPECT_TEXT(wanted, input)					\
	EXPECT_STREQ(wanted, self->record.texts[input])

#endif /* PLIMSOLL_EXECUTED_H */
