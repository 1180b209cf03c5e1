// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels that are there already: by name in the folder that vm/fetch-kernel
 * keeps, or by the path of an image.  A compressed image is extracted once and
 * then kept by its own digest.
 */
#include "vm/kernel.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"
#include "vm/vmlinux.h"

#define KERNEL_ERROR_MAX 256
#define IMAGE_MAX_LEN ((size_t)512 << 20)
#define SMALL_FILE_MAX_LEN 4096
#define RELEASE_MAX 128
#define DEBIAN "debian:"
#define SANITIZER "sanitizer"
#define CONFIG_MAX_LEN ((size_t)1 << 20)

__attribute__((format(printf, 2, 3)))
static int fail(char *out_error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out_error, KERNEL_ERROR_MAX, format, args);
	va_end(args);
	return -1;
}

/* The names that follow the newest ABI; a full release is another form. */
static bool debian_series(const char *series)
{
	static const char *const known[] = {
		"6.1", "6.1-cloud", "6.1-rt",
		"6.12", "6.12-cloud", "6.12-rt",
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(series, known[i]))
			return true;
	return false;
}

/* "6.1.0-56-amd64": no slash, no surprise in a path. */
static bool debian_release(const char *release)
{
	static const char end[] = "-amd64";
	size_t len = strlen(release);

	return len > strlen(end) && len < RELEASE_MAX &&
	       release[0] >= '0' && release[0] <= '9' &&
	       strspn(release, "0123456789.+-abcdefghijklmnopqrstuvwxyz") == len &&
	       !strcmp(release + len - strlen(end), end);
}

static const char *debian_part(const char *name)
{
	size_t len = strlen(DEBIAN);

	return strncmp(name, DEBIAN, len) ? NULL : name + len;
}

bool kernel_name_known(const char *name)
{
	const char *part = debian_part(name);

	if (part)
		return debian_series(part) || debian_release(part);
	return !strcmp(name, SANITIZER) || strchr(name, '/') != NULL;
}

/* A small text file as a string, or NULL. */
static char *read_text(const char *path)
{
	uint8_t *data;
	char *text;
	size_t len;

	if (file_read(path, SMALL_FILE_MAX_LEN, &data, &len))
		return NULL;
	text = xstrndup((char *)data, len);
	free(data);
	return text;
}

static bool is_there(const char *path)
{
	return access(path, R_OK) == 0;
}

/*
 * What "# size N ctime N.N" has to say for a digest to hold: the time of the
 * last change of any kind, which nobody can set back as they can its mtime.
 */
static char *stat_line(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return NULL;
	return xasprintf("# size %lld ctime %lld.%09ld\n",
			 (long long)st.st_size, (long long)st.st_ctim.tv_sec,
			 st.st_ctim.tv_nsec);
}

/*
 * The digest kept in PATH.sha256, or NULL.  *@out_holds: the file has not been
 * touched since; hashing a kernel takes a tenth of a second, on every run.
 */
static char *kept_digest(const char *path, bool *out_holds)
{
	char *side = xasprintf("%s.sha256", path);
	char *text = read_text(side);
	char *want = stat_line(path);
	char *digest = NULL;

	if (text && strspn(text, "0123456789abcdef") == 64)
		digest = xasprintf("sha256:%.64s", text);
	*out_holds = digest && want && strstr(text, want);
	free(want);
	free(text);
	free(side);
	return digest;
}

/* Not being able to keep it costs time on the next run, nothing else. */
static void keep_digest(const char *path, const char *digest)
{
	char *side = xasprintf("%s.sha256", path);
	char *copy = xstrdup(path);
	char *want = stat_line(path);
	char *text;

	if (want) {
		text = xasprintf("%s  %s\n%s", digest + strlen("sha256:"),
				 basename(copy), want);
		file_write(side, text, strlen(text));
		free(text);
	}
	free(want);
	free(copy);
	free(side);
}

static char *hash_file(const char *path, char *out_error)
{
	uint8_t *data;
	char *digest;
	size_t len;
	int err;

	err = file_read(path, IMAGE_MAX_LEN, &data, &len);
	if (err) {
		fail(out_error, "%s: %s", path, strerror(-err));
		return NULL;
	}
	digest = digest_of(data, len);
	free(data);
	return digest;
}

/* An image that is not the one whose digest was kept is nobody's kernel. */
static char *digest_file(const char *path, char *out_error)
{
	bool holds;
	char *kept = kept_digest(path, &holds);
	char *digest;

	if (holds)
		return kept;
	digest = hash_file(path, out_error);
	if (digest && kept && strcmp(digest, kept)) {
		fail(out_error, "%s is not what %s.sha256 says: changed since it was put there",
		     path, path);
		free(digest);
		digest = NULL;
	}
	if (digest && kept)
		keep_digest(path, digest);
	free(kept);
	return digest;
}

/* A module tree for @release, as a new string, or NULL. */
static char *module_tree(char *path, const char *release)
{
	char *real = realpath(path, NULL);
	char *dep = NULL;
	bool good = false;

	free(path);
	if (real) {
		dep = xasprintf("%s/modules.dep", real);
		good = !strcmp(basename(real), release) && is_there(dep);
	}
	free(dep);
	if (good)
		return real;
	free(real);
	return NULL;
}

/* The places where the modules of an image in @dir may be, nearest first. */
static char *find_modules(const char *dir, const char *release)
{
	char *tree = module_tree(xasprintf("%s/modules", dir), release);

	if (!tree)
		tree = module_tree(xasprintf("%s/lib/modules/%s", dir, release),
				   release);
	if (!tree)
		tree = module_tree(xasprintf("%s/../lib/modules/%s", dir,
					     release), release);
	if (!tree)
		tree = module_tree(xasprintf("/lib/modules/%s", release),
				   release);
	return tree;
}

/* What it can do for those who look for faults; nobody need know. */
static void read_config(const char *dir, struct kernel *out)
{
	char *path = xasprintf("%s/config", dir);
	uint8_t *data;
	char *text;
	size_t len;

	if (file_read(path, CONFIG_MAX_LEN, &data, &len) == 0) {
		text = xasprintf("\n%.*s\n", (int)len, (char *)data);
		out->fails_on_demand = strstr(text, "\nCONFIG_FAILSLAB=y\n") &&
			strstr(text, "\nCONFIG_FAULT_INJECTION_DEBUG_FS=y\n");
		out->is_slow = strstr(text, "\nCONFIG_KASAN=y\n");
		free(text);
		free(data);
	}
	free(path);
}

/* A folder as vm/fetch-kernel leaves it. */
static int use_folder(const char *dir, struct kernel *out, char *out_error)
{
	char *path = xasprintf("%s/release", dir);
	char *text = read_text(path);

	free(path);
	if (!text)
		return fail(out_error, "%s: no kernel in this folder (no file \"release\")",
			    dir);
	out->release = xstrndup(text, strcspn(text, "\n"));
	free(text);
	out->vmlinux = xasprintf("%s/vmlinux", dir);
	if (!is_there(out->vmlinux))
		return fail(out_error, "%s: %s", out->vmlinux, strerror(errno));
	out->modules = find_modules(dir, out->release);
	read_config(dir, out);
	out->digest = digest_file(out->vmlinux, out_error);
	return out->digest ? 0 : -1;
}

/* Where the command that fetches it is depends on how we were installed. */
static int missing(const char *name, const char *cache, char *out_error)
{
	char *fetch = file_part("fetch-kernel");
	int err = fail(out_error, "%s is not in %s/kernels; run %s %s", name,
		       cache, is_there(fetch) ? fetch : "vm/fetch-kernel",
		       name);

	free(fetch);
	return err;
}

static int find_cached(const char *name, const char *file, struct kernel *out,
		       char *out_error)
{
	char *cache = file_cache_dir();
	char *link = xasprintf("%s/kernels/%s", cache, file);
	char *dir = realpath(link, NULL);
	int err;

	/* The link moves when a newer kernel comes; a run keeps its own. */
	if (dir)
		err = use_folder(dir, out, out_error);
	else
		err = missing(name, cache, out_error);
	free(dir);
	free(link);
	free(cache);
	return err;
}

static int find_debian(const char *name, const char *part, struct kernel *out,
		       char *out_error)
{
	char *file = xasprintf("debian-%s", part);
	int err = find_cached(name, file, out, out_error);

	free(file);
	return err;
}

/* Extract @image to @path. */
static int extract_to(const char *path, const uint8_t *image, size_t len,
		      struct kernel *out, char *out_error)
{
	char *folder = xstrdup(path);
	uint8_t *elf;
	size_t elf_len;
	int err;

	err = file_mkdirs(dirname(folder));
	free(folder);
	if (err)
		return fail(out_error, "%s: %s", path, strerror(-err));
	if (vmlinux_extract(image, len, &elf, &elf_len, out_error))
		return -1;
	err = file_write(path, elf, elf_len);
	if (!err) {
		out->digest = digest_of(elf, elf_len);
		keep_digest(path, out->digest);
	}
	free(elf);
	return err ? fail(out_error, "%s: %s", path, strerror(-err)) : 0;
}

static int use_image(const char *path, const uint8_t *image, size_t len,
		     struct kernel *out, char *out_error)
{
	char *cache, *digest;
	bool holds;

	if (vmlinux_is_elf(image, len)) {
		out->vmlinux = xstrdup(path);
		out->digest = digest_of(image, len);
		return vmlinux_check(image, len, out_error);
	}
	cache = file_cache_dir();
	digest = digest_of(image, len);
	out->vmlinux = xasprintf("%s/kernels/images/%s/vmlinux", cache,
				 digest + strlen("sha256:"));
	free(digest);
	free(cache);
	out->digest = kept_digest(out->vmlinux, &holds);
	if (holds)
		return 0;
	free(out->digest);
	out->digest = NULL;
	return extract_to(out->vmlinux, image, len, out, out_error);
}

static int find_image(const char *path, struct kernel *out, char *out_error)
{
	char release[RELEASE_MAX];
	char reason[KERNEL_ERROR_MAX];
	uint8_t *image;
	char *folder;
	size_t len;
	int err;

	err = file_read(path, IMAGE_MAX_LEN, &image, &len);
	if (err)
		return fail(out_error, "%s: %s", path, strerror(-err));
	err = vmlinux_release(image, len, release, sizeof(release), reason);
	if (!err)
		err = use_image(path, image, len, out, reason);
	free(image);
	if (err)
		return fail(out_error, "%s: %s", path, reason);
	out->release = xstrdup(release);
	folder = xstrdup(path);
	out->modules = find_modules(dirname(folder), release);
	free(folder);
	return 0;
}

static int find_path(const char *name, struct kernel *out, char *out_error)
{
	char *path = realpath(name, NULL);
	struct stat st;
	int err;

	if (!path || stat(path, &st))
		err = fail(out_error, "%s: %s", name, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		err = use_folder(path, out, out_error);
	else
		err = find_image(path, out, out_error);
	free(path);
	return err;
}

int kernel_find(const char *name, struct kernel *out, char out_error[256])
{
	const char *part = debian_part(name);
	int err;

	memset(out, 0, sizeof(*out));
	if (!kernel_name_known(name))
		return fail(out_error, "%s: no kernel's name (debian:6.1 or debian:6.12, "
			    "either also -cloud or -rt, debian:RELEASE, "
			    SANITIZER ", or the path of an image)", name);
	out->name = xstrdup(name);
	if (part)
		err = find_debian(name, part, out, out_error);
	else if (!strcmp(name, SANITIZER))
		err = find_cached(name, SANITIZER, out, out_error);
	else
		err = find_path(name, out, out_error);
	if (err)
		kernel_free(out);
	return err;
}

void kernel_free(struct kernel *kernel)
{
	free(kernel->name);
	free(kernel->release);
	free(kernel->vmlinux);
	free(kernel->modules);
	free(kernel->digest);
	memset(kernel, 0, sizeof(*kernel));
}
