// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/lab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"

int lab_token(char out[VM_TOKEN_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[VM_TOKEN_LEN / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -1;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[VM_TOKEN_LEN] = 0;
	return 0;
}

void lab_token_of(const char *text, char out[VM_TOKEN_LEN + 1])
{
	char *digest = digest_of(text, strlen(text));

	memcpy(out, digest + strlen("sha256:"), VM_TOKEN_LEN);
	out[VM_TOKEN_LEN] = 0;
	free(digest);
}

void lab_initramfs(struct initramfs *initramfs)
{
	char *init = file_part("guest/init");

	initramfs_init(initramfs);
	initramfs_file(initramfs, "/init", 0755, init);
	free(init);
}

int lab_write(struct initramfs *initramfs, const struct script *script,
	      const char *path, char **out_digest)
{
	int err;

	initramfs_data(initramfs, VM_SCRIPT, 0600, script->bytes.data,
		       script->bytes.len);
	err = initramfs_finish(initramfs);
	if (!err)
		err = file_write(path, initramfs->bytes.data,
				 initramfs->bytes.len);
	if (!err && out_digest)
		*out_digest = digest_of(initramfs->bytes.data,
					initramfs->bytes.len);
	return err;
}

static int write_bare(const char *token, const char *path)
{
	struct initramfs initramfs;
	struct script script = { 0 };
	int err;

	script_step(&script, VM_STEP_TOKEN, 0, 0, 0, token, NULL);
	script_step(&script, VM_STEP_REBOOT, 0, 1, 0, NULL, NULL);
	lab_initramfs(&initramfs);
	err = lab_write(&initramfs, &script, path, NULL);
	initramfs_free(&initramfs);
	script_free(&script);
	return err;
}

double lab_bare_boot(const struct kernel *kernel, const char *accelerator,
		     const char *workdir, double deadline, char **out_version)
{
	char token[VM_TOKEN_LEN + 1];
	char *path = xasprintf("%s/bare", workdir);
	struct qemu_config config = {
		.vmlinux = kernel->vmlinux, .initramfs = path,
		.accelerator = accelerator, .token = token,
		.deadline = deadline,
	};
	struct qemu_outcome outcome;
	double seconds = -1;

	if (lab_token(token) == 0 && write_bare(token, path) == 0) {
		qemu_run(&config, &outcome);
		if (!results_fault(&outcome.results, token))
			seconds = outcome.results.list[outcome.results.num - 1]
				.seconds;
		if (out_version && outcome.version)
			*out_version = xstrdup(outcome.version);
		qemu_outcome_free(&outcome);
	}
	unlink(path);
	free(path);
	return seconds;
}
