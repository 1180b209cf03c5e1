// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fuzzer in the guest, from its first input to its end: what is counted, and
 * what it says of itself when something could not be done.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void leave(int status) __attribute__((noreturn));
static int at_exit(void (*function)(void));

/* Not in the library of the tests: it needs what stands in for the rest below. */
#undef fail
#define main fuzz_main
#define _exit leave
#define exit leave
#define atexit at_exit
#include "vm/guest/fuzz.c"
#undef main
#undef _exit
#undef exit
#undef atexit

#define NUM_INPUTS 3u

static jmp_buf left;
static void (*last)(void);		/* what exit() would call */
static struct fuzz_offered answer;	/* to each input */
static int end_error;
static unsigned int num_offered, num_ended, num_looks;
static unsigned int cries_at;		/* the look that hears something; 0: none */
static bool end_wanted;			/* by the host, once the engine runs */

static void leave(int status)
{
	longjmp(left, status + 1);
}

static int at_exit(void (*function)(void))
{
	last = function;
	return 0;
}

/* The other parts of the guest, in place of the real ones. */
static uint8_t *memory;

int mailbox_part(uint32_t index, uint8_t **out_data, size_t *out_len)
{
	assert_int_equal(index, FUZZ_SHARE_PART);
	*out_data = memory;
	*out_len = FUZZ_SHARE_LEN;
	return 0;
}

static int way_start(const struct fuzz_share *of)
{
	assert_ptr_equal(of, memory);
	return 0;
}

static struct fuzz_offered way_offer(const uint8_t *data, size_t len,
				     uint32_t ways)
{
	(void)data;
	(void)len;
	(void)ways;
	num_offered++;
	return answer;
}

static int way_end(void)
{
	num_ended++;
	return end_error;
}

const struct fuzz_way fuzz_way_ours = { way_start, way_offer, way_end, true };
const struct fuzz_way fuzz_way_steps = { way_start, way_offer, NULL, false };

bool cry_heard(uint8_t *of)
{
	(void)of;
	return ++num_looks == cries_at;
}

int nanosleep(const struct timespec *wanted, struct timespec *out_left)
{
	(void)wanted;
	(void)out_left;
	return 0;
}

int engine_run(const uint8_t *of, bool (*try_one)(const uint8_t *data,
						  size_t len, bool counted))
{
	(void)of;
	try_one((const uint8_t *)"x", 1, true);
	atomic_store(&head->end_wanted, end_wanted);
	try_one((const uint8_t *)"x", 1, true);
	leave(0);
}

int iopl(int level)
{
	return level;
}

int load_module(const char *path, const char *params)
{
	(void)path;
	(void)params;
	return ENOENT;
}

int cry_start(void) { return 0; }
void memory_start(void) { }
bool memory_grew(void) { return false; }
int cover_start(char *const *modules) { (void)modules; return 0; }
void cover_begin(void) { }
void cover_end(bool counted) { (void)counted; }
void cover_compare_begin(void) { }
void cover_compare_end(void) { }

/* The tests */

static void add_input(size_t *pos, uint32_t ways)
{
	const struct fuzz_entry entry = { 8, ways };

	memcpy(memory + FUZZ_INPUTS_OFF + *pos, &entry, sizeof(entry));
	*pos += sizeof(entry) + 8;
}

static int begin(void **state)
{
	size_t pos = 0;

	(void)state;
	memory = calloc(1, FUZZ_SHARE_LEN);
	if (!memory)
		return -1;
	for (uint32_t i = 0; i < NUM_INPUTS; i++)
		add_input(&pos, FUZZ_WAY_DIRECT | FUZZ_WAY_FIRMWARE);
	answer = (struct fuzz_offered){ .accepted = true };
	num_offered = num_ended = num_looks = cries_at = 0;
	end_error = 0;
	end_wanted = false;
	number = 0;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

/* Run it as a program is run; what it says at its end. */
static struct fuzz_share *run(enum fuzz_mode mode)
{
	char name[] = "fuzz";
	char *arguments[] = { name, NULL };
	const struct fuzz_share wanted = {
		.magic = FUZZ_SHARE_MAGIC, .mode = mode, .channel = 1,
		.num_inputs = NUM_INPUTS, .repeat = 1,
	};
	int status;

	memcpy(memory, &wanted, sizeof(wanted));
	status = setjmp(left);
	if (!status) {
		fuzz_main(1, arguments);
		status = 1;
	}
	/* exit() goes on to what was registered, which may leave again. */
	if (status == 1 && !setjmp(left))
		last();
	return (struct fuzz_share *)memory;
}

static void test_all_tried(void **state)
{
	const struct fuzz_share *said = run(FUZZ_TRY);

	(void)state;
	assert_int_equal(said->state, FUZZ_DONE);
	assert_int_equal(said->num_tried, NUM_INPUTS);
	assert_int_equal(said->num_accepted, NUM_INPUTS);
	assert_int_equal(said->num_firmware, NUM_INPUTS);
	assert_int_equal(num_ended, 1);
}

/* What was missed is not counted, and the end of it: nothing else is known. */
static void test_missed(void **state)
{
	const struct fuzz_share *said;

	(void)state;
	answer = (struct fuzz_offered){ .missed = "not loaded",
					.error = EBUSY };
	said = run(FUZZ_TRY);
	assert_int_equal(said->state, FUZZ_FAILED);
	assert_int_equal(said->error, EBUSY);
	assert_string_equal(said->why, "not loaded: Device or resource busy");
	assert_int_equal(num_offered, 1);
	assert_int_equal(said->num_firmware, 0);
	assert_int_equal(said->num_executions, 0);
	assert_int_equal(said->num_tried, 0);
}

/* A kernel that has said something alarming says why. */
static void test_missed_and_cried(void **state)
{
	(void)state;
	answer = (struct fuzz_offered){ .missed = "not loaded",
					.error = EBUSY };
	cries_at = 1;
	assert_int_equal(run(FUZZ_TRY)->state, FUZZ_CRIED);
}

static void test_quarrel(void **state)
{
	const struct fuzz_share *said;

	(void)state;
	answer = (struct fuzz_offered){ .quarrel = "they differ" };
	said = run(FUZZ_TRY);
	assert_int_equal(said->state, FUZZ_DISAGREED);
	assert_string_equal(said->why, "they differ");
}

static void test_not_unloaded(void **state)
{
	const struct fuzz_share *said;

	(void)state;
	end_error = EBUSY;
	said = run(FUZZ_TRY);
	assert_int_equal(said->state, FUZZ_FAILED);
	assert_string_equal(said->why,
			    "the module was not unloaded: Device or resource busy");
}

/* Where none has been looked for since: the report of the last inputs. */
static void test_last_look(void **state)
{
	const struct fuzz_share *said;

	(void)state;
	said = run(FUZZ_EXPLORE);
	assert_int_equal(said->state, FUZZ_DONE);
	assert_int_equal(num_offered, 3);
	assert_int_equal(num_looks, 1);
	finish(state);
	begin(state);
	cries_at = 1;
	assert_int_equal(run(FUZZ_EXPLORE)->state, FUZZ_CRIED);
}

static void test_asked_to_end(void **state)
{
	const struct fuzz_share *said;

	(void)state;
	end_wanted = true;
	said = run(FUZZ_EXPLORE);
	assert_int_equal(said->state, FUZZ_DONE);
	assert_int_equal(num_offered, 2);
	assert_int_equal(num_looks, 1);
	finish(state);
	begin(state);
	end_wanted = true;
	cries_at = 1;
	assert_int_equal(run(FUZZ_EXPLORE)->state, FUZZ_CRIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_tried, begin, finish),
		cmocka_unit_test_setup_teardown(test_missed, begin, finish),
		cmocka_unit_test_setup_teardown(test_missed_and_cried, begin,
						finish),
		cmocka_unit_test_setup_teardown(test_quarrel, begin, finish),
		cmocka_unit_test_setup_teardown(test_not_unloaded, begin,
						finish),
		cmocka_unit_test_setup_teardown(test_last_look, begin, finish),
		cmocka_unit_test_setup_teardown(test_asked_to_end, begin,
						finish),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
