// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The host's end of the mailbox, with the guest's end played here: what goes
 * in lies where its head says, and no count of a guest takes the host out of
 * the ring.  And the mailbox's place in what QEMU writes of a template.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "vm/bytes.h"
#include "vm/mailbox.h"
#include "vm/protocol.h"
#include "vm/template_state.h"

#define PAGE 4096

/* Room for a script and files: all but the ring. */
#define ROOM (MAILBOX_LEN - VM_RING_LEN)

static int set_up(void **state)
{
	struct mailbox *mailbox = xcalloc(1, sizeof(*mailbox));

	*state = mailbox;
	return mailbox_open(mailbox);
}

static int tear_down(void **state)
{
	mailbox_close(*state);
	free(*state);
	return 0;
}

/* The same memory as the guest has it: through the descriptor. */
static uint8_t *guest_view(const struct mailbox *mailbox)
{
	void *data = mmap(NULL, MAILBOX_LEN, PROT_READ | PROT_WRITE, MAP_SHARED,
			  mailbox->fd, 0);

	assert_ptr_not_equal(data, MAP_FAILED);
	return data;
}

static void assert_part(const uint8_t *view, const struct vm_mailbox_part *part,
			const char *text)
{
	assert_int_equal(part->len, strlen(text));
	assert_int_equal(part->off % PAGE, 0);
	assert_true(part->off + part->len <= ROOM);
	assert_memory_equal(view + part->off, text, strlen(text));
}

static void test_empty(void **state)
{
	struct mailbox *mailbox = *state;
	uint8_t *view = guest_view(mailbox);
	const void *data;
	size_t len = 1;

	assert_int_equal(((struct vm_mailbox *)view)->magic, 0);
	assert_true(mailbox_take(mailbox, &data, &len));
	assert_int_equal(len, 0);
	munmap(view, MAILBOX_LEN);
}

static void test_filled(void **state)
{
	static const struct mailbox_file files[] = {
		{ "first", 5 }, { NULL, 0 }, { "third", 5 },
	};
	struct mailbox *mailbox = *state;
	struct script script = { { (uint8_t *)"steps", 5, 5 } };
	uint8_t *view = guest_view(mailbox);
	const struct vm_mailbox *head = (const void *)view;

	assert_int_equal(mailbox_fill(mailbox, &script, files, 3), 0);
	assert_int_equal(head->magic, VM_MAILBOX_MAGIC);
	assert_int_equal(head->num_files, 3);
	assert_int_equal(head->ring_off, ROOM);
	assert_int_equal(head->written, 0);
	assert_part(view, &head->script, "steps");
	assert_part(view, &head->files[0], "first");
	assert_part(view, &head->files[1], "");
	assert_part(view, &head->files[2], "third");
	/* No two lie upon each other, nor upon the head. */
	assert_true(head->script.off >= sizeof(*head) + sizeof(head->files[0]) * 3);
	assert_true(head->files[0].off >= head->script.off + 5);
	assert_true(head->files[2].off >= head->files[0].off + 5);
	munmap(view, MAILBOX_LEN);
}

/* A file of @len bytes, alone but for an empty script. */
static int fill_with(struct mailbox *mailbox, size_t len)
{
	struct script script = { 0 };
	struct mailbox_file file = { calloc(1, len), len };
	int err;

	assert_non_null(file.data);
	err = mailbox_fill(mailbox, &script, &file, 1);
	free((void *)file.data);
	return err;
}

/* The head is a page; the file may have all behind it, up to the ring. */
static void test_largest_file(void **state)
{
	struct mailbox *mailbox = *state;

	assert_int_equal(fill_with(mailbox, ROOM - PAGE), 0);
	assert_int_equal(mailbox->head->files[0].off +
			 mailbox->head->files[0].len, ROOM);
}

static void test_too_large_file(void **state)
{
	struct mailbox *mailbox = *state;

	assert_int_equal(fill_with(mailbox, ROOM - PAGE + 1), -EFBIG);
	assert_int_equal(mailbox->head->magic, 0);
	/* Nothing of it may have reached the ring. */
	for (size_t i = 0; i < VM_RING_LEN; i++)
		assert_int_equal(mailbox->ring[i], 0);
}

static void test_too_many_files(void **state)
{
	struct mailbox *mailbox = *state;
	size_t num = ROOM / 2 / sizeof(struct vm_mailbox_part) + 1;
	struct mailbox_file *files = xcalloc(num, sizeof(*files));
	struct script script = { 0 };

	assert_int_equal(mailbox_fill(mailbox, &script, files, num), -EFBIG);
	assert_int_equal(mailbox->head->magic, 0);
	free(files);
}

/* Bytes that follow from their place in the stream. */
static uint8_t byte_at(uint64_t at)
{
	return (uint8_t)(at * 251 >> 3);
}

/* As the guest does: bytes first, then their count. */
static void write_ring(uint8_t *view, uint64_t num)
{
	struct vm_mailbox *head = (void *)view;

	for (uint64_t i = head->written; i < head->written + num; i++)
		view[ROOM + i % VM_RING_LEN] = byte_at(i);
	head->written += num;
}

/* Take all there is; how much that was. */
static uint64_t take_all(struct mailbox *mailbox)
{
	uint64_t at = mailbox->taken;
	uint64_t sum = 0;
	const uint8_t *data;
	size_t len;

	do {
		assert_true(mailbox_take(mailbox, (const void **)&data, &len));
		for (size_t i = 0; i < len; i++)
			assert_int_equal(data[i], byte_at(at + sum + i));
		sum += len;
	} while (len);
	return sum;
}

/* Parts of many lengths, several times around. */
static void test_ring(void **state)
{
	static const uint64_t parts[] = {
		1, 40, VM_RING_LEN - 41, VM_RING_LEN, 3, VM_RING_LEN - 1, 5000,
	};
	struct mailbox *mailbox = *state;
	uint8_t *view = guest_view(mailbox);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		write_ring(view, parts[i]);
		assert_int_equal(take_all(mailbox), parts[i]);
		/* All of it is the guest's again. */
		assert_int_equal(((struct vm_mailbox *)view)->taken,
				 mailbox->taken);
	}
	munmap(view, MAILBOX_LEN);
}

/* What was handed out is the caller's until it comes again. */
static void test_taken_later(void **state)
{
	struct mailbox *mailbox = *state;
	uint8_t *view = guest_view(mailbox);
	const struct vm_mailbox *head = (const void *)view;
	const void *data;
	size_t len;

	write_ring(view, 100);
	assert_true(mailbox_take(mailbox, &data, &len));
	assert_int_equal(len, 100);
	assert_int_equal(head->taken, 0);
	assert_true(mailbox_take(mailbox, &data, &len));
	assert_int_equal(len, 0);
	assert_int_equal(head->taken, 100);
	munmap(view, MAILBOX_LEN);
}

/* A count more than a ring ahead, or behind what was taken, is a lie. */
static void test_lying_counts(void **state)
{
	struct mailbox *mailbox = *state;
	uint8_t *view = guest_view(mailbox);
	struct vm_mailbox *head = (void *)view;
	const uint64_t lies[] = {
		100 + VM_RING_LEN + 1, 99, 0, UINT64_MAX,
	};
	const void *data;
	size_t len;

	write_ring(view, 100);
	assert_int_equal(take_all(mailbox), 100);
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		head->written = lies[i];
		len = 1;
		assert_false(mailbox_take(mailbox, &data, &len));
		assert_int_equal(len, 0);
		assert_int_equal(mailbox->taken, 100);
	}
	head->written = 100 + VM_RING_LEN;
	assert_true(mailbox_take(mailbox, &data, &len));
	assert_int_equal(len, VM_RING_LEN - 100);
	munmap(view, MAILBOX_LEN);
}

/* The guest's own idea of what was taken is nothing to the host. */
static void test_overwritten_head(void **state)
{
	struct mailbox *mailbox = *state;
	uint8_t *view = guest_view(mailbox);
	struct vm_mailbox *head = (void *)view;

	write_ring(view, 10);
	head->taken = UINT64_MAX;
	head->ring_off = UINT64_MAX;
	head->num_files = UINT32_MAX;
	assert_int_equal(take_all(mailbox), 10);
	assert_int_equal(head->taken, 10);
	munmap(view, MAILBOX_LEN);
}

/* The template's state */

#define PLACE 0xfebf000000000000ULL

struct state_file {
	int fd;
	struct vm_bytes bytes;
};

static int state_set_up(void **state)
{
	struct state_file *file = xcalloc(1, sizeof(*file));

	file->fd = memfd_create("state", MFD_CLOEXEC);
	*state = file;
	return file->fd < 0 ? -1 : 0;
}

static int state_tear_down(void **state)
{
	struct state_file *file = *state;

	close(file->fd);
	free(file->bytes.data);
	free(file);
	return 0;
}

/* As QEMU writes a block: length of the name, name, length, place. */
static size_t add_block(struct state_file *file, const char *name, uint64_t len)
{
	uint8_t name_len = (uint8_t)strlen(name);
	uint64_t numbers[] = { htobe64(len), htobe64(PLACE) };

	vm_bytes_add(&file->bytes, &name_len, 1);
	vm_bytes_add(&file->bytes, name, name_len);
	vm_bytes_add(&file->bytes, numbers, sizeof(numbers));
	return file->bytes.len - sizeof(uint64_t);
}

static int unplace(struct state_file *file)
{
	assert_int_equal(pwrite(file->fd, file->bytes.data, file->bytes.len, 0),
			 file->bytes.len);
	return template_state_unplace_mailbox(file->fd);
}

/* What is in the file now, to be compared with @file->bytes. */
static void assert_bytes(const struct state_file *file)
{
	uint8_t *data = xmalloc(file->bytes.len + 1);

	assert_int_equal(pread(file->fd, data, file->bytes.len + 1, 0),
			 file->bytes.len);
	assert_memory_equal(data, file->bytes.data, file->bytes.len);
	free(data);
}

static void test_unplaced(void **state)
{
	struct state_file *file = *state;
	size_t place;

	add_block(file, "pc.ram", 256 << 20);
	place = add_block(file, "0000:00:02.0//objects/mailbox", MAILBOX_LEN);
	add_block(file, "pc.bios", 1 << 16);
	assert_int_equal(unplace(file), 0);
	/* Eight bytes are zero now, and not one other has changed. */
	memset(file->bytes.data + place, 0, sizeof(uint64_t));
	assert_bytes(file);
}

static void assert_refused(struct state_file *file)
{
	assert_int_equal(unplace(file), -EBADMSG);
	assert_bytes(file);
}

static void test_no_mailbox(void **state)
{
	struct state_file *file = *state;

	add_block(file, "pc.ram", 256 << 20);
	assert_refused(file);
}

static void test_two_mailboxes(void **state)
{
	struct state_file *file = *state;

	add_block(file, "0000:00:02.0//objects/mailbox", MAILBOX_LEN);
	add_block(file, "0000:00:03.0//objects/mailbox", MAILBOX_LEN);
	assert_refused(file);
}

static void test_mailbox_of_other_length(void **state)
{
	struct state_file *file = *state;

	add_block(file, "0000:00:02.0//objects/mailbox", MAILBOX_LEN / 2);
	assert_refused(file);
}

/* Its place is not there, but for one byte. */
static void test_torn_state(void **state)
{
	struct state_file *file = *state;

	add_block(file, "0000:00:02.0//objects/mailbox", MAILBOX_LEN);
	file->bytes.len--;
	assert_refused(file);
}

static void test_empty_state(void **state)
{
	struct state_file *file = *state;

	assert_int_equal(template_state_unplace_mailbox(file->fd), -EBADMSG);
	assert_int_equal(template_state_unplace_mailbox(-1), -EBADF);
}

#define MAILBOX_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define STATE_TEST(f)							\
	cmocka_unit_test_setup_teardown(f, state_set_up, state_tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		MAILBOX_TEST(test_empty),
		MAILBOX_TEST(test_filled),
		MAILBOX_TEST(test_largest_file),
		MAILBOX_TEST(test_too_large_file),
		MAILBOX_TEST(test_too_many_files),
		MAILBOX_TEST(test_ring),
		MAILBOX_TEST(test_taken_later),
		MAILBOX_TEST(test_lying_counts),
		MAILBOX_TEST(test_overwritten_head),
		STATE_TEST(test_unplaced),
		STATE_TEST(test_no_mailbox),
		STATE_TEST(test_two_mailboxes),
		STATE_TEST(test_mailbox_of_other_length),
		STATE_TEST(test_torn_state),
		STATE_TEST(test_empty_state),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
