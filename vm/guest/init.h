/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of PID 1. */
#ifndef GUEST_INIT_H
#define GUEST_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vm/protocol.h"

#define MAX_TEXTS	UINT16_MAX	/* of one step */

/* What PID 1 knows; it takes this along when it executes itself. */
struct guest {
	int script_fd;			/* -1: the script is the mailbox's */
	int device;			/* the control device, or -1 */
	int mailbox;			/* its memory, or -1 */
	const uint8_t *script;		/* script_len bytes */
	size_t script_len;
	size_t pos;			/* of the next step in the script */
	uint64_t num_results;
	char token[VM_TOKEN_LEN];
	bool has_token;
	bool new_script;		/* script_fd is another one now */
};

/* One step with its texts found. */
struct step {
	struct vm_step head;
	char **texts;			/* num_texts, then NULL */
};

/* Parse the step at *pos, which has to end before @end, and go past it. */
bool next_step(const struct guest *guest, size_t *pos, size_t end,
	       struct step *out);

/* init_report.c: results to the host. */
void report_start(void);
/* From here on through the ring at @data of the mailbox at @head. */
void report_through(struct vm_mailbox *head, uint8_t *data);
void report(struct guest *guest, enum vm_result_type type,
	    const struct step *step, int value, const void *data, size_t len);
void report_end(struct guest *guest);

/* Each carries out one kind of step and returns 0 or an errno. */
typedef int (*step_function)(struct guest *guest, const struct step *step);

/* init_system.c: the system around */
int system_start(void);
#define DEBUGFS "/sys/kernel/debug"
int mount_debugfs(void);	/* 0, also where it is mounted; or an errno */
int write_text(const char *path, const char *text);	/* 0 or an errno */
int step_insmod(struct guest *guest, const struct step *step);
int step_consumer(struct guest *guest, const struct step *step);
int step_remove(struct guest *guest, const struct step *step);
int step_become(struct guest *guest, const struct step *step);
int step_stop(struct guest *guest, const struct step *step);
int step_reboot(struct guest *guest, const struct step *step);
/* Descriptors that PID 1 has a further use for once it executes itself. */
void keep_open(const struct guest *guest, bool over_exec);
int load_module(const char *path, const char *params);
int load_module_fd(int fd, const char *params);
int unload_module(const char *name);
/* Parameters for modules named plimsoll from the command line; static. */
const char *consumer_params(void);

/* init_driver.c: what its disk needs */
int step_driver(struct guest *guest, const struct step *step);

/* init_disk.c: the disk and the content on it */
int step_disk(struct guest *guest, const struct step *step);
int step_root(struct guest *guest, const struct step *step);
int make_folders(const char *path);	/* those above @path; 0 or an errno */
/* The caller frees *out_data; after an errno it is NULL. */
int read_whole(const char *path, uint8_t **out_data, size_t *out_len);
/* All of it, into what is open or into a file that is made or emptied for it. */
int write_whole(int fd, const uint8_t *data, size_t len);
int make_whole(const char *path, const uint8_t *data, size_t len);

/* init_execute.c: programs */
int execute_start(void);
int step_execute(struct guest *guest, const struct step *step);
void execute_one(const struct step *step, struct vm_executed *out);
/* If set, called in a program's process before it becomes the program. */
extern void (*execute_in_child)(void);

/* init_mailbox.c: memory that host and guest share */
void mailbox_start(struct guest *guest);
int step_snapshot(struct guest *guest, const struct step *step);
int step_receive(struct guest *guest, const struct step *step);

/*
 * init_act.c: what a program does.  Prepare it; *out_fds are the descriptors
 * that the program is to have as ACTOR_ACT_FD and ACTOR_SOCKET_FD (or -1), and
 * one to keep until it is over.
 */
struct act_fds {
	int act, socket, kept;
};

int act_prepare(const struct step *step, struct act_fds *out_fds);
void act_end(const struct act_fds *fds);

/* init_run.c: a program that tells by itself */
int step_run(struct guest *guest, const struct step *step);

/* init_device.c: the control device */
int step_device(struct guest *guest, const struct step *step);
int step_close(struct guest *guest, const struct step *step);
int step_status(struct guest *guest, const struct step *step);
void device_drain(struct guest *guest, const struct step *step);

/* init_record.c: a whole system */
int step_record(struct guest *guest, const struct step *step);
void record_end(void);	/* does not return where it is PID 1 */

/* init_content.c: content offered to the device */
struct plimsoll_replace;

struct content_file {
	char *path;		/* NULL: no more files */
	uint8_t *data;
	size_t len;
	bool held;		/* data is not ours */
};

/* Read once, then kept.  0 or an errno. */
int content_file(const char *path, const struct content_file **out);
/* Offer these bytes.  0 or an errno; what the module says of them is @out. */
int content_replace(struct guest *guest, uint32_t channel, uint32_t flags,
		    const void *data, size_t len, struct plimsoll_replace *out);
/* One more answer to texts 0 and 1 in turn. */
void content_account(struct vm_alternated *sums, int answer,
		     const struct plimsoll_replace *done);
int step_replace(struct guest *guest, const struct step *step);
int step_alternate(struct guest *guest, const struct step *step);
int step_reject(struct guest *guest, const struct step *step);
int step_switch(struct guest *guest, const struct step *step);
/*
 * @path is these bytes to the steps above, and if @data is NULL whatever is
 * there now.  0 or an errno.
 */
int hold_file(const char *path, const uint8_t *data, size_t len);

/* init_neighbours.c: spoilt forms of a content file */
int step_neighbours(struct guest *guest, const struct step *step);
int step_attack(struct guest *guest, const struct step *step);
/* The edits of the recipe at *pos, which is gone past; 0 at the end. */
struct vm_edit;
size_t next_recipe(const uint8_t *recipes, size_t len, size_t *pos,
		   struct vm_edit *out_edits);

/* init_busy.c: event load */
#define EXIT_PREPARE 125	/* the process could not begin */
int step_busy(struct guest *guest, const struct step *step);
int step_watch(struct guest *guest, const struct step *step);
int step_idle(struct guest *guest, const struct step *step);
/* Each event is told from now on, or may not be: after opening, before closing. */
void busy_stream(bool is_open);

/* init_time.c */
int step_wait(struct guest *guest, const struct step *step);
int step_clock(struct guest *guest, const struct step *step);

/* init_memory.c: want of it */
int step_hog(struct guest *guest, const struct step *step);

/* init_fail.c: allocations that fail */
int step_fail_load(struct guest *guest, const struct step *step);
int step_fail_replace(struct guest *guest, const struct step *step);
int step_fail_execute(struct guest *guest, const struct step *step);

/*
 * init_ran.c: blocks of the consumer's that this process runs between the two.
 * False: it can't be told, and there is no end to it.
 */
bool ran_begin(void);
uint64_t ran_end(void);

/* init_leaks.c: memory that nobody points to */
int step_leaks(struct guest *guest, const struct step *step);

/*
 * A process beside the others: waitpid() without __WCLONE does not see it.
 * As fork() otherwise.
 */
pid_t start_aside(void);

/* init_figures.c: memory in use */
int step_figures(struct guest *guest, const struct step *step);
int step_rounds(struct guest *guest, const struct step *step);
/* Of the taint mask, what says that something has gone wrong. */
uint64_t figures_harm(void);
void figures_report(struct guest *guest, const struct step *step,
		    struct vm_figures *out);

/* init_target.c: targets that are not ours */
int step_target(struct guest *guest, const struct step *step);
int step_target_watch(struct guest *guest, const struct step *step);
int step_target_rounds(struct guest *guest, const struct step *step);
int step_target_damage(struct guest *guest, const struct step *step);
int step_target_neighbours(struct guest *guest, const struct step *step);

#endif /* GUEST_INIT_H */
