/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text whose end may be left out.  A criterion stands in a file once, but in
 * what is told of its rules wherever it is tested, which makes that up to a
 * thousand times larger.
 */
#ifndef DUMP_BOUNDED_H
#define DUMP_BOUNDED_H

#include <openssl/evp.h>
#include <stddef.h>

#include "content/bytes.h"

struct bounded {
	struct bytes kept;
	size_t len, max;	/* of the whole; of what is kept */
	EVP_MD_CTX *digest;	/* of the whole, where it may be needed */
};

/* Of what is put into it the first @max bytes are kept; SIZE_MAX: all. */
void bounded_begin(struct bounded *text, size_t max);
void bounded_put(struct bounded *text, const char *more);

/*
 * What was kept as a new string.  Behind it stands how many more bytes there
 * were, with the digest of all that was put in, kept or not.
 */
char *bounded_end(struct bounded *text);

#endif /* DUMP_BOUNDED_H */
