// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/accel.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/stage.h"
#include "vm/lab.h"

#define KEPT_SECONDS (7 * 24 * 3600)
#define CACHE_MAX_LEN 4096

/*
 * A deadline is many times a good boot, because the machine may be slow; and
 * long enough that the kernel's own watchdogs speak first.
 */
#define DEADLINE_FACTOR 20
#define DEADLINE_FLOOR 75.0
#define DEADLINE_CEILING 600.0
#define DEADLINE_EVENT 0.1

/* A device file may be there and a boot on it still never end: a short try. */
static const struct candidate {
	const char *name;
	const char *device;
	double deadline;
} candidates[] = {
	{ "kvm", "/dev/kvm", 4 },
	{ "tcg", NULL, 120 },
};

/* All that the answer depends on, as one text. */
static char *cache_key(const struct kernel *kernel)
{
	char *qemu = qemu_identity();
	struct utsname host;
	char *key;

	uname(&host);
	key = xasprintf("%s %s %s %s", host.release, host.version, qemu,
			kernel->digest);
	free(qemu);
	return key;
}

static char *cache_path(const char *key)
{
	char *dir = file_cache_dir();
	char *digest = digest_of(key, strlen(key));
	char *path = xasprintf("%s/accelerator-%.16s.json", dir,
			       digest + strlen("sha256:"));

	free(digest);
	free(dir);
	return path;
}

static const char *known_name(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(candidates); i++)
		if (!strcmp(candidates[i].name, name))
			return candidates[i].name;
	return NULL;
}

static int read_cache(const char *path, const char *key,
		      struct accelerator *out)
{
	json_t *json;
	json_int_t when;
	uint8_t *data;
	size_t len;
	int ret = -1;

	if (file_read(path, CACHE_MAX_LEN, &data, &len))
		return -1;
	json = json_loadb((char *)data, len, 0, NULL);
	free(data);
	when = json_integer_value(json_object_get(json, "time"));
	out->name = known_name(json_string_value(
			json_object_get(json, "accelerator")));
	out->bare_seconds = json_number_value(
			json_object_get(json, "bare_seconds"));
	if (out->name && out->bare_seconds > 0 && when <= time(NULL) &&
	    when > time(NULL) - KEPT_SECONDS &&
	    json_string_value(json_object_get(json, "key")) &&
	    !strcmp(json_string_value(json_object_get(json, "key")), key))
		ret = 0;
	json_decref(json);
	return ret;
}

/* Without it the next run probes again; no reason to fail. */
static void write_cache(const char *path, const char *key,
			const struct accelerator *accelerator)
{
	json_t *json = json_pack("{ss ss sf sI}", "key", key, "accelerator",
				 accelerator->name, "bare_seconds",
				 accelerator->bare_seconds, "time",
				 (json_int_t)time(NULL));
	char *text = json_dumps(json, JSON_COMPACT);
	char *dir = file_cache_dir();

	if (text && file_mkdirs(dir) == 0)
		file_write(path, text, strlen(text));
	free(dir);
	free(text);
	json_decref(json);
}

static bool usable(const struct candidate *candidate)
{
	int fd;

	if (!candidate->device)
		return true;
	fd = open(candidate->device, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int probe(const struct kernel *kernel, const char *workdir,
		 struct accelerator *out)
{
	for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
		if (!usable(&candidates[i]))
			continue;
		out->name = candidates[i].name;
		out->bare_seconds = lab_bare_boot(kernel, out->name, workdir,
						  candidates[i].deadline, NULL);
		if (out->bare_seconds > 0)
			return 0;
	}
	return -1;
}

int accelerator_find(const struct kernel *kernel, const char *workdir,
		     struct accelerator *out, char out_error[256])
{
	char *key = cache_key(kernel);
	char *path = cache_path(key);
	int ret = read_cache(path, key, out);

	if (ret) {
		ret = probe(kernel, workdir, out);
		if (ret == 0)
			write_cache(path, key, out);
		else
			snprintf(out_error, 256,
				 "no accelerator boots %.80s: a bare boot did not reach PID 1 in time",
				 kernel->name);
	}
	free(path);
	free(key);
	return ret;
}

double accelerator_deadline(const struct accelerator *accelerator,
			    size_t num_events)
{
	double seconds = accelerator->bare_seconds * DEADLINE_FACTOR;

	if (seconds < DEADLINE_FLOOR)
		seconds = DEADLINE_FLOOR;
	seconds += (double)num_events * DEADLINE_EVENT;
	return seconds < DEADLINE_CEILING ? seconds : DEADLINE_CEILING;
}
