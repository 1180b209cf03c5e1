// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

struct pool {
	pthread_mutex_t lock;
	size_t next, num;
	void (*job)(void *context, size_t index);
	void (*done)(void *context, size_t index);
	void *context;
};

static void *work(void *data)
{
	struct pool *pool = data;
	size_t index;

	pthread_mutex_lock(&pool->lock);
	while (pool->next < pool->num) {
		index = pool->next++;
		pthread_mutex_unlock(&pool->lock);
		pool->job(pool->context, index);
		pthread_mutex_lock(&pool->lock);
		if (pool->done)
			pool->done(pool->context, index);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

void jobs_run(size_t num, void (*job)(void *context, size_t index),
	      void (*done)(void *context, size_t index), void *context)
{
	struct pool pool = {
		.lock = PTHREAD_MUTEX_INITIALIZER, .num = num, .job = job,
		.done = done, .context = context,
	};
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = cores > 1 ? (size_t)cores : 1;
	pthread_t *threads;
	size_t started = 0;

	if (wanted > num)
		wanted = num;
	threads = xcalloc(wanted + 1, sizeof(*threads));
	/* This thread is one of them, and enough where no other starts. */
	while (started + 1 < wanted &&
	       pthread_create(&threads[started], NULL, work, &pool) == 0)
		started++;
	work(&pool);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
