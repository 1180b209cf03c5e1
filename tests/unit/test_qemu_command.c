// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line of QEMU: whose time is counted in instructions, and what a
 * VM from a template has in common with the one that the template was made of.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "vm/qemu_command.h"

static const struct qemu_channels channels = { 11, 12, 13 };

/* The whole line as one text. */
static char *line_of(const struct qemu_config *config)
{
	char **arguments = qemu_arguments("/bin/qemu", config, &channels);
	char *line = qemu_command_line(arguments);

	qemu_arguments_free(arguments);
	return line;
}

/* @wanted is in the line, and @not is not; either may be NULL. */
static void assert_line(const struct qemu_config *config, const char *wanted,
			const char *not)
{
	char *line = line_of(config);

	if (wanted)
		assert_non_null(strstr(line, wanted));
	if (not)
		assert_null(strstr(line, not));
	free(line);
}

static void test_real_time(void **state)
{
	(void)state;
	assert_line(&(struct qemu_config){
			.accelerator = "tcg", .vmlinux = "k", .initramfs = "i",
		    }, "-accel tcg ", "-icount");
	assert_line(&(struct qemu_config){
			.accelerator = "kvm", .vmlinux = "k", .initramfs = "i",
		    }, "-accel kvm -cpu host ", "tsc_early_khz");
}

static void test_counted_time(void **state)
{
	struct qemu_config config = {
		.accelerator = "kvm", .vmlinux = "k", .initramfs = "i",
		.warps = true,
	};

	(void)state;
	/* Asked for, it makes any accelerator tcg. */
	assert_line(&config, "-accel tcg,thread=single -icount shift=4,sleep=off",
		    "-cpu host");
	assert_line(&config, "tsc_early_khz=1000000", NULL);
	config.warps = false;
	config.deterministic = true;
	assert_line(&config, "-icount shift=4,sleep=off", "kvm");
}

/* It is for what tcg is slow at; another accelerator keeps its own time. */
static void test_slow_clock(void **state)
{
	struct qemu_config config = {
		.accelerator = "tcg", .vmlinux = "k", .initramfs = "i",
		.slow_clock = true,
	};

	(void)state;
	assert_line(&config, "-accel tcg,thread=single -icount shift=1,sleep=off",
		    "shift=4");
	assert_line(&config, "tsc_early_khz=1000000", NULL);
	config.accelerator = "kvm";
	assert_line(&config, "-accel kvm -cpu host ", "-icount");
}

/* The same machine and clock, or what was kept does not fit. */
static void test_template(void **state)
{
	struct qemu_config config = {
		.accelerator = "tcg", .slow_clock = true, .ram = "/a,b",
		.restore = 7, .memory_mib = 64,
	};

	(void)state;
	assert_line(&config, "-icount shift=1,sleep=off", "-kernel");
	assert_line(&config, "-incoming defer", "share=on");
	assert_line(&config, "size=64M,mem-path=/a,,b,share=off", NULL);
	config.restore = 0;
	config.vmlinux = "k";
	config.initramfs = "i";
	assert_line(&config, "size=64M,mem-path=/a,,b,share=on", "-incoming");
	assert_line(&config, "-icount shift=1,sleep=off", NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_time),
		cmocka_unit_test(test_counted_time),
		cmocka_unit_test(test_slow_clock),
		cmocka_unit_test(test_template),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
