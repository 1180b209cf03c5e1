/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include <jansson.h>
#include <stdint.h>

/*
 * Print one JSON document and a newline on stdout.  Takes the reference.
 * 0, or -1 where it could not all be written; that has been said on stderr.
 */
int document_print(json_t *document);

/*
 * A JSON string of a text from outside, which may be no UTF-8: bytes that are
 * not plain ASCII are then shown as "?".
 */
json_t *document_text(const char *text);

/* The same of a text that may be missing: JSON's null for NULL. */
json_t *document_text_or_null(const char *text);

/*
 * A number from a file: as a text where it exceeds what a JSON integer can be
 * relied on to hold.
 */
json_t *document_number(uint64_t number);

#endif /* REPORT_DOCUMENT_H */
