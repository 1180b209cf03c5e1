/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the parts of the reader of target files. */
#ifndef VM_TARGET_READ_H
#define VM_TARGET_READ_H

#include "sigma/tree.h"
#include "vm/target.h"

struct target_reader {
	struct target *target;
	const char *folder;		/* of the target's file, resolved */
	struct sigma_error error;
};

/* All of these: 0, or -1 and the reader's error. */

#define target_fail(reader, node, ...)					\
	sigma_fail(&(reader)->error, (node)->at, SIGMA_BAD_VALUE, __VA_ARGS__)

/* A text without zero or control bytes, at most 1,000 long.  Not owned. */
int target_read_text(struct target_reader *reader, const struct tree_node *node,
		     const char **out);
/* Letters, digits, - and _ only. */
int target_read_word(struct target_reader *reader, const struct tree_node *node,
		     const char **out);
/* An absolute path in the guest, without "." and "..". */
int target_read_guest_path(struct target_reader *reader,
			   const struct tree_node *node, const char **out);
/* A path below the target's folder, or "guest:NAME"; a new string. */
int target_read_host_path(struct target_reader *reader,
			  const struct tree_node *node, char **out);
int target_read_number(struct target_reader *reader,
		       const struct tree_node *node, uint64_t max,
		       uint64_t *out);
/* "yes" or "no", "true" or "false". */
int target_read_flag(struct target_reader *reader, const struct tree_node *node,
		     bool *out);
/* A module's name, a *.ko beside the target, or "consumer". */
int target_read_module(struct target_reader *reader,
		       const struct tree_node *node,
		       struct target_module *out);

/* Is it a map whose keys are all of these (NULL at the end)? */
int target_check_keys(struct target_reader *reader,
		      const struct tree_node *node, const char *what,
		      const char *const *keys);

/* target_read_step.c: one step, complete. */
int target_read_step(struct target_reader *reader, const struct tree_node *node,
		     struct target_step *step);

/* target_read_argument.c: the text for an ioctl's argument, or attributes. */
int target_read_argument(struct target_reader *reader,
			 const struct tree_node *node, char **out);
int target_read_attribute(struct target_reader *reader,
			  const struct tree_node *node, char **out);
int target_read_hex(struct target_reader *reader, const struct tree_node *node,
		    const char **out);

/* The whole of a file. */
int target_read(struct target_reader *reader, const struct tree_node *root);

#endif /* VM_TARGET_READ_H */
