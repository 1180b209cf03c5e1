/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The digest of a file of a template: a hundred megabytes, before every use. */
#ifndef VM_TEMPLATE_DIGEST_H
#define VM_TEMPLATE_DIGEST_H

/*
 * "LENGTH:HEX" of an open file, to be freed; NULL where it can't be read.  Pieces
 * of it are digested by SHA-256 on all cores, pages of zeros left out, and the
 * digest of theirs is the file's.
 */
char *template_digest(int fd);

#endif /* VM_TEMPLATE_DIGEST_H */
