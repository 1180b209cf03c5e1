// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plm_error.h"

#define PLM_ERROR_NAME(name, text) #name,
static const char plm_error_names[][24] = { PLM_ERRORS(PLM_ERROR_NAME) };
#undef PLM_ERROR_NAME

#define PLM_ERROR_TEXT(name, text) text,
static const char plm_error_texts[][64] = { PLM_ERRORS(PLM_ERROR_TEXT) };
#undef PLM_ERROR_TEXT

const char *plm_error_name(enum plm_err err)
{
	return (u32)err < PLM_NUM_ERRORS ? plm_error_names[err] : "UNKNOWN";
}

const char *plm_error_text(enum plm_err err)
{
	return (u32)err < PLM_NUM_ERRORS ? plm_error_texts[err] :
					   "unknown error";
}
