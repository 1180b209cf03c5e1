/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_FITS_H
#define CHECK_FITS_H

#include "check/check.h"

/* Does every consumer fit a kernel, and every kernel it is built for? */
void check_fits(const struct check_options *options, struct stage *stage);

#endif /* CHECK_FITS_H */
