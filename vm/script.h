/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making the script that PID 1 carries out, see protocol.h. */
#ifndef VM_SCRIPT_H
#define VM_SCRIPT_H

#include "vm/bytes.h"
#include "vm/protocol.h"

/* One execution, ready for a Linux machine. */
struct execution {
	char *image;		/* owned, as all texts here */
	char *folder;		/* to be in */
	char *command_line;	/* arguments joined by single spaces */
	char *parent_image;	/* NULL: PID 1 is the parent */
	char *parent_command_line;
	uint32_t uid, parent_uid;
	uint32_t login_uid;	/* or VM_NO_UID */
	uint32_t last_pid;	/* see struct vm_step */
	enum vm_act act;	/* what the program does */
	char *source, *destination;	/* of the act, or NULL */
	struct vm_act_ports ports;
};

void execution_free(struct execution *execution);

struct script {
	struct vm_bytes bytes;
};

/* A step with up to two texts (or NULL) and its numbers. */
void script_step(struct script *script, enum vm_step_op op, uint32_t id,
		 uint32_t a, uint32_t b, const char *text0, const char *text1);
void script_execute(struct script *script, uint32_t id,
		    const struct execution *execution);
/* PID 1 becomes @image with the arguments of @command_line. */
void script_become(struct script *script, uint32_t id, const char *image,
		   const char *command_line);
/* Run a program: its path and its arguments, joined by single spaces. */
void script_run(struct script *script, uint32_t id, const char *command_line);
/* A step with any number of texts, NULL at the end. */
void script_texts(struct script *script, enum vm_step_op op, uint32_t id,
		  uint32_t a, uint32_t b, char *const *texts);
void script_free(struct script *script);

#endif /* VM_SCRIPT_H */
