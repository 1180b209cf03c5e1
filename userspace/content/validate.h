/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONTENT_VALIDATE_H
#define CONTENT_VALIDATE_H

#include "content/model.h"

/* Each rule and criterion by itself, as the format limits it.  0 or -1. */
int validate_model(const struct model *model, struct model_error *out_error);

#endif /* CONTENT_VALIDATE_H */
