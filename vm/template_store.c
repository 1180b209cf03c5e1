// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/template_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "vm/template_digest.h"
#include "vm/workdir.h"

#define FOLDER "templates"
#define FACTS "template.json"
#define MAX_KEPT 12		/* templates; each is some 100 MB */
#define FACTS_MAX_LEN ((size_t)1 << 20)

static char *store_path(void)
{
	char *cache = file_cache_dir();
	char *path = xasprintf("%s/" FOLDER, cache);

	free(cache);
	return path;
}

static char *path_of_key(const char *key)
{
	char *store = store_path();
	const char *digits = strchr(key, ':');
	char *path = xasprintf("%s/%.32s", store, digits ? digits + 1 : key);

	free(store);
	return path;
}

static int open_in(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int saved = errno;

	free(path);
	errno = saved;
	return fd;
}

static bool same_digest(int fd, const json_t *facts, const char *name)
{
	const char *kept = json_string_value(json_object_get(facts, name));
	char *now = template_digest(fd);
	bool same = kept && now && !strcmp(kept, now);

	free(now);
	return same;
}

static json_t *read_facts(const char *folder, const char *key)
{
	char *path = xasprintf("%s/" FACTS, folder);
	json_t *facts = NULL;
	const char *kept;
	uint8_t *data;
	size_t len;

	if (file_read(path, FACTS_MAX_LEN, &data, &len) == 0) {
		facts = json_loadb((char *)data, len, 0, NULL);
		free(data);
	}
	kept = json_string_value(json_object_get(facts, "key"));
	if (facts && (!kept || strcmp(kept, key))) {
		json_decref(facts);
		facts = NULL;
	}
	/* What was used last is kept longest. */
	utimensat(AT_FDCWD, path, NULL, 0);
	free(path);
	return facts;
}

static int open_folder(const char *folder, const char *key,
		       struct template_files *out)
{
	out->facts = read_facts(folder, key);
	out->ram = open_in(folder, "ram");
	out->state = open_in(folder, "state");
	if (!out->facts || out->ram < 0 || out->state < 0)
		return -EBADMSG;
	if (!same_digest(out->ram, out->facts, "ram") ||
	    !same_digest(out->state, out->facts, "state"))
		return -EBADMSG;
	return 0;
}

int template_store_open(const char *key, struct template_files *out)
{
	char *folder = path_of_key(key);
	struct stat st;
	int err;

	*out = (struct template_files){ .ram = -1, .state = -1 };
	if (stat(folder, &st))
		err = -errno;
	else
		err = open_folder(folder, key, out);
	if (err)
		template_store_close(out);
	free(folder);
	return err;
}

void template_store_close(struct template_files *files)
{
	if (files->ram >= 0)
		close(files->ram);
	if (files->state >= 0)
		close(files->state);
	json_decref(files->facts);
	*files = (struct template_files){ .ram = -1, .state = -1 };
}

static int make_file(const char *folder, const char *name, size_t len)
{
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int err = 0;

	free(path);
	if (fd < 0 || ftruncate(fd, (off_t)len))
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

char *template_store_begin(size_t ram_len)
{
	char *store = store_path();
	char *folder = NULL;
	int err = file_mkdirs(store);

	if (!err) {
		folder = workdir_make_in(store);
		err = folder ? 0 : -errno;
	}
	if (!err)
		err = make_file(folder, "ram", ram_len);
	if (!err)
		err = make_file(folder, "state", 0);
	free(store);
	if (!err)
		return folder;
	workdir_remove(folder);
	errno = -err;
	return NULL;
}

static int add_digest(const char *folder, const char *name, json_t *facts)
{
	int fd = open_in(folder, name);
	char *digest = fd < 0 ? NULL : template_digest(fd);

	if (fd >= 0)
		close(fd);
	if (!digest)
		return -EIO;
	json_object_set_new(facts, name, json_string(digest));
	free(digest);
	return 0;
}

static int write_facts(const char *folder, const json_t *facts)
{
	char *path = xasprintf("%s/" FACTS, folder);
	char *text = json_dumps(facts, JSON_INDENT(2));
	int err = text ? file_write(path, text, strlen(text)) : -ENOMEM;

	free(text);
	free(path);
	return err;
}

/* When the template in this folder was used last; 0: it is none. */
static time_t last_used(const char *folder)
{
	char *path = xasprintf("%s/" FACTS, folder);
	struct stat st;
	time_t used = stat(path, &st) ? 0 : st.st_mtime;

	free(path);
	return used;
}

/* Remove the one that was used longest ago if there are too many. */
static bool prune_one(const char *store)
{
	char *oldest = NULL;
	time_t oldest_used = 0;
	struct dirent *entry;
	size_t num = 0;
	DIR *dir = opendir(store);

	while (dir && (entry = readdir(dir))) {
		char *folder = xasprintf("%s/%s", store, entry->d_name);
		time_t used = last_used(folder);

		num += used > 0;
		if (!used || (oldest && used >= oldest_used)) {
			free(folder);
			continue;
		}
		free(oldest);
		oldest = folder;
		oldest_used = used;
	}
	if (dir)
		closedir(dir);
	if (num <= MAX_KEPT) {
		free(oldest);
		return false;
	}
	workdir_remove(oldest);
	return true;
}

int template_store_keep(char *folder, const char *key, json_t *facts)
{
	char *to = path_of_key(key);
	char *store = store_path();
	int err;

	json_object_set_new(facts, "key", json_string(key));
	err = add_digest(folder, "ram", facts);
	if (!err)
		err = add_digest(folder, "state", facts);
	if (!err)
		err = write_facts(folder, facts);
	if (err)
		workdir_remove(folder);
	else
		err = workdir_keep(folder, to);
	/* Somebody else's is as good. */
	if (err == -ENOTEMPTY || err == -EEXIST)
		err = 0;
	while (!err && prune_one(store))
		;
	free(store);
	free(to);
	return err;
}

void template_store_drop(char *folder)
{
	workdir_remove(folder);
}

void template_store_remove(const char *key)
{
	workdir_remove(path_of_key(key));
}
