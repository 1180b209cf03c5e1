// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const uint8_t *section(const struct plm_content *content,
			      enum plm_section type, size_t *out_len)
{
	const struct plm_section_ref *ref = &content->section[type - 1];

	*out_len = ref->len;
	return content->data + ref->off;
}

static bool same_section(const struct plm_content *a,
			 const struct plm_content *b, enum plm_section type)
{
	size_t a_len, b_len;
	const uint8_t *a_data = section(a, type, &a_len);
	const uint8_t *b_data = section(b, type, &b_len);

	return a_len == b_len && !memcmp(a_data, b_data, a_len);
}

/* But for their triggers, which are derived. */
static bool same_criteria(const struct plm_content *a,
			  const struct plm_content *b)
{
	size_t a_len, b_len;
	const uint8_t *p = section(a, PLM_SECTION_CRITERIA, &a_len);
	const uint8_t *q = section(b, PLM_SECTION_CRITERIA, &b_len);

	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i += PLM_CRITERION_LEN)
		if (memcmp(p + i, q + i, PLM_CRI_TRIGGER_OFF))
			return false;
	return true;
}

bool canonical_alike(const struct plm_content *a, const struct plm_content *b)
{
	return a->channel == b->channel && a->version == b->version &&
	       same_section(a, b, PLM_SECTION_TEMPLATES) &&
	       same_section(a, b, PLM_SECTION_RULES) &&
	       same_section(a, b, PLM_SECTION_PROGRAMS) &&
	       same_section(a, b, PLM_SECTION_STRINGS) && same_criteria(a, b);
}

static bool has_pattern(const struct plm_content *content)
{
	struct plm_criterion_key key;

	for (u32 i = 0; plm_get_criterion_key(content, i, &key); i++)
		if (key.op == PLM_OP_PATTERN)
			return true;
	return false;
}

static bool has_untested(const struct plm_content *content)
{
	u32 num = plm_num_criteria(content);
	u32 words = content->section[PLM_SECTION_PROGRAMS - 1].count;
	bool *tested = xcalloc((size_t)num + 1, sizeof(*tested));
	bool found = false;

	for (u32 i = 0; i < words; i++) {
		u32 word = plm_get_word(content, PLM_SECTION_PROGRAMS, i);

		if (PLM_WORD_OP(word) == PLM_WORD_TEST &&
		    PLM_WORD_ARG(word) < num)
			tested[PLM_WORD_ARG(word)] = true;
	}
	for (u32 i = 0; i < num; i++)
		found |= !tested[i];
	free(tested);
	return found;
}

/* @encoded is NULL where there is no encoding at all. */
static enum canonical kind_of(const struct plm_content *content,
			      const struct plm_content *encoded)
{
	if (!encoded)
		return has_pattern(content) ? CANONICAL_PATTERN :
					      CANONICAL_TWICE;
	if (canonical_alike(content, encoded))
		return CANONICAL_DERIVED;
	return has_untested(content) ? CANONICAL_UNTESTED : CANONICAL_TWICE;
}

void canonical_compare(const struct plm_content *content,
		       const uint8_t *encoded, size_t len,
		       struct canonical_result *out)
{
	struct plm_content other;
	struct plm_fault fault;

	*out = (struct canonical_result){ .kind = CANONICAL_SAME };
	while (out->off < len && out->off < content->len &&
	       encoded[out->off] == content->data[out->off])
		out->off++;
	if (out->off == len && len == content->len)
		return;
	out->kind = CANONICAL_TWICE;
	if (plm_check(encoded, (u32)len, 0, &other, &fault) == PLM_OK)
		out->kind = kind_of(content, &other);
}

void canonical_check(const struct plm_content *content,
		     const struct model *model, struct canonical_result *out)
{
	struct model_error error;
	uint8_t *encoded = NULL;
	size_t len = 0;

	if (model_encode(model, &encoded, &len, &error)) {
		*out = (struct canonical_result){ 0 };
		out->kind = kind_of(content, NULL);
		memcpy(out->why, error.text, sizeof(out->why));
		return;
	}
	canonical_compare(content, encoded, len, out);
	free(encoded);
}
