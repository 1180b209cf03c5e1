// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define MAX_FDS 16
#define NAME "plimsoll-"
#define OWNER ".owner"
#define YOUNG 60	/* seconds */
#define MAX_TRIES 100

/*
 * The folder's owner holds a lock on a file in it.  A lock ends with its
 * process, however that ends; so a folder whose file is not locked is nobody's.
 */
static int take_lock(const char *folder, int flags)
{
	char *path = xasprintf("%s/" OWNER, folder);
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
	int saved = errno;

	free(path);
	if (fd < 0) {
		errno = saved;
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	errno = EWOULDBLOCK;
	return -1;
}

/* The locks that this process holds, and on which folders. */
struct lock {
	struct lock *next;
	char *path;
	int fd;
};

static pthread_mutex_t locks_lock = PTHREAD_MUTEX_INITIALIZER;
static struct lock *locks;

static void keep_lock(const char *path, int fd)
{
	struct lock *lock = xmalloc(sizeof(*lock));

	lock->path = xstrdup(path);
	lock->fd = fd;
	pthread_mutex_lock(&locks_lock);
	lock->next = locks;
	locks = lock;
	pthread_mutex_unlock(&locks_lock);
}

static void drop_lock(const char *path)
{
	struct lock *found = NULL;

	pthread_mutex_lock(&locks_lock);
	for (struct lock **p = &locks; *p && !found; p = &(*p)->next)
		if (!strcmp((*p)->path, path)) {
			found = *p;
			*p = found->next;
			break;
		}
	pthread_mutex_unlock(&locks_lock);
	if (!found)
		return;
	close(found->fd);
	free(found->path);
	free(found);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	/* What can't be removed is left; there is nobody to tell. */
	remove(path);
	return 0;
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, MAX_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/*
 * Many a folder is called like ours: only with an owner's file in it, that nobody
 * holds, it was one.  Without, it is one only if its owner came to nothing more
 * than to make it, and then it is empty.
 */
static void sweep_one(const char *folder, const struct stat *st)
{
	int fd = take_lock(folder, 0);

	if (fd >= 0) {
		remove_all(folder);
		close(fd);
	} else if (errno == ENOENT && (st->st_mode & 07777) == 0700 &&
		   time(NULL) - st->st_mtime >= YOUNG) {
		rmdir(folder);
	}
}

/* Folders of a name like ours, of ours, that have no living owner. */
static void sweep(const char *base)
{
	struct dirent *entry;
	DIR *dir = opendir(base);

	while (dir && (entry = readdir(dir))) {
		char *folder;
		struct stat st;

		if (strncmp(entry->d_name, NAME, strlen(NAME)) ||
		    strlen(entry->d_name) != strlen(NAME) + 6)
			continue;
		folder = xasprintf("%s/%s", base, entry->d_name);
		if (!lstat(folder, &st) && S_ISDIR(st.st_mode) &&
		    st.st_uid == geteuid())
			sweep_one(folder, &st);
		free(folder);
	}
	if (dir)
		closedir(dir);
}

static char *make_one(const char *base)
{
	char *path = xasprintf("%s/" NAME "XXXXXX", base);
	int fd, saved;

	if (mkdtemp(path)) {
		fd = take_lock(path, O_CREAT);
		if (fd >= 0) {
			keep_lock(path, fd);
			return path;
		}
		saved = errno;
		remove_all(path);
		errno = saved;
	}
	free(path);
	return NULL;
}

/* Somebody who sweeps may have come between a folder's file and its lock. */
char *workdir_make_in(const char *base)
{
	char *path = NULL;

	sweep(base);
	for (int i = 0; i < MAX_TRIES && !path; i++) {
		path = make_one(base);
		if (!path && errno != EWOULDBLOCK && errno != ENOENT)
			break;
	}
	return path;
}

char *workdir_make(void)
{
	const char *base = getenv("TMPDIR");

	return workdir_make_in(base && base[0] == '/' ? base : "/tmp");
}

void workdir_remove(char *path)
{
	if (!path)
		return;
	remove_all(path);
	drop_lock(path);
	free(path);
}

int workdir_keep(char *path, const char *to)
{
	char *owner = xasprintf("%s/" OWNER, to);
	int err = rename(path, to) ? -errno : 0;

	if (err) {
		workdir_remove(path);
	} else {
		unlink(owner);
		drop_lock(path);
		free(path);
	}
	free(owner);
	return err;
}
