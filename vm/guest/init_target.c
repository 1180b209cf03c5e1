// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target's steps: each is told with all that it gave; and what was carried out
 * can be done again, with the candidate or with damaged forms of it.
 */
#include "vm/guest/init_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Long answers are cut to what is of use to people. */
static void tell(struct guest *guest, const struct step *step,
		 enum target_told told, uint64_t began)
{
	const struct target_answer *answer = target_last_answer();
	static uint8_t data[sizeof(struct vm_answer) + TARGET_MAX_OUTPUT +
			    TARGET_MAX_CONSOLE];
	struct vm_answer head = { .phase = step->head.a, .told = told };
	const char *console;
	size_t len;
	bool cut;

	console = target_console(&len, &cut);
	if (told != TARGET_SKIPPED) {
		head.error = answer->error;
		head.status = answer->status;
		head.output_len = (uint32_t)answer->output_len;
		head.console_len = (uint32_t)len;
	}
	head.microseconds = target_now_us() - began;
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), answer->output, head.output_len);
	memcpy(data + sizeof(head) + head.output_len, console,
	       head.console_len);
	report(guest, VM_RESULT_ANSWER, step, 0, data,
	       sizeof(head) + head.output_len + head.console_len);
}

int step_target(struct guest *guest, const struct step *step)
{
	uint64_t began = target_now_us();
	char **texts;
	int err = target_keep(step->head.a, step->texts, step->head.num_texts,
			      &texts);

	if (!err)
		tell(guest, step, target_step(step->head.a, texts), began);
	return err;
}

/*
 * Who takes it has read it.  Who refuses need not: it may be empty, or too long;
 * but a file or a device that is not found is none of it.
 */
static bool was_to_be_read(const struct stat *st)
{
	static const int lost[] = { ENOENT, ENOTDIR, ENODEV, ENXIO };
	enum target_told told = target_loaded();

	for (size_t i = 0; told == TARGET_REJECTED && st->st_size &&
	     i < sizeof(lost) / sizeof(lost[0]); i++)
		if (target_loaded_error() == lost[i])
			return true;
	return told == TARGET_ACCEPTED;
}

/*
 * A parser that has never read the candidate has not judged it, whatever it
 * says.  The time of the last access tells; nobody else sets it.
 */
int step_target_watch(struct guest *guest, const struct step *step)
{
	const struct timespec times[2] = { { 1, 0 }, { 0, UTIME_OMIT } };
	const char *path = step->texts[0];
	struct stat st;

	(void)guest;
	if (!step->head.a)
		return utimensat(AT_FDCWD, path, times, 0) ? errno : 0;
	if (stat(path, &st))
		return errno;
	return st.st_atim.tv_sec == 1 && was_to_be_read(&st) ? ENODATA : 0;
}

static void count(struct vm_offered *sums, enum target_told told,
		  uint32_t number)
{
	sums->num_offered++;
	if (told != TARGET_ACCEPTED && !sums->first_error)
		sums->first_error = (uint32_t)target_loaded_error();
	if (told == TARGET_ACCEPTED && !sums->num_accepted++)
		sums->first_accepted = number;
	if (told != TARGET_ACCEPTED && told != TARGET_REJECTED &&
	    !sums->num_not_told++)
		sums->first_not_told = number;
	sums->num_rejected += told == TARGET_REJECTED;
	sums->num_cut += told == TARGET_CUT;
}

/*
 * What leaks grows in every round; anything else stays or falls at least once,
 * and then there is no need to go on.  The first round only warms up.
 */
int step_target_rounds(struct guest *guest, const struct step *step)
{
	struct vm_offered sums = { 0 };
	struct vm_figures last, now;
	bool growing[VM_NUM_FIGURES];
	bool any = true;

	memset(growing, 1, sizeof(growing));
	figures_report(guest, step, &last);
	for (uint32_t round = 0; any && round <= step->head.a; round++) {
		count(&sums, target_once_more(false, NULL), round);
		figures_report(guest, step, &now);
		any = round == 0;
		for (int i = 0; round && i < VM_NUM_FIGURES; i++) {
			growing[i] &= now.bytes[i] > last.bytes[i];
			any |= growing[i];
		}
		last = now;
	}
	report(guest, VM_RESULT_OFFERED, step, 0, &sums, sizeof(sums));
	return 0;
}

int target_put_file(const char *path, const uint8_t *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, data, len) != (ssize_t)len)
		err = errno ? errno : EIO;
	close(fd);
	return err;
}

/*
 * The candidate at text 0 with one byte flipped at each of a offsets from b
 * on, text 1 apart.  What damages a byte depends only on where it stands.
 */
int step_target_damage(struct guest *guest, const struct step *step)
{
	enum target_told before = target_loaded();
	struct vm_offered sums = { 0 };
	const char *path = step->texts[0];
	size_t stride = strtoull(step->texts[1], NULL, 10);
	uint8_t *data;
	size_t len;
	int err = read_whole(path, &data, &len);

	for (size_t i = 0; !err && i < step->head.a; i++) {
		size_t at = step->head.b + i * stride;
		uint8_t flip = (uint8_t)(1 + at * 37 % 255);

		if (at >= len)
			break;
		data[at] ^= flip;
		err = target_put_file(path, data, len);
		data[at] ^= flip;
		if (!err)
			count(&sums, target_once_more(false, NULL), (uint32_t)at);
	}
	if (!err)
		err = target_put_file(path, data, len);
	if (!err)
		err = target_once_at_last(before);
	free(data);
	report(guest, VM_RESULT_OFFERED, step, 0, &sums, sizeof(sums));
	return err;
}
