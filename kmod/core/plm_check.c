// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The structural check: header, sections and check sum. */
#include "plm_checker.h"

/*@ predicate plm_bytes_ok(struct plm_checker *k) =
  @	\object_pointer(k->c.data) &&
  @	\valid_read(k->c.data + (0 .. k->c.len - 1));
  @
  @ predicate plm_sized_ok(struct plm_checker *k) =
  @	plm_bytes_ok(k) && PLM_BODY_OFF <= k->c.len <= PLM_MAX_FILE_LEN;
  @
  @ predicate plm_file_ok(struct plm_checker *k) =
  @	k->file.pos <= k->file.len && k->file.len == k->c.len;
  @*/

/* Offset in the file of the first non-zero byte of a range, or its end. */
/*@ requires \valid_read(k) && plm_bytes_ok(k);
  @ requires off <= end <= k->c.len;
  @ assigns \nothing;
  @ ensures off <= \result <= end;
  @*/
static u32 plm_find_set(const struct plm_checker *k, u32 off, u32 end)
{
	/*@ loop invariant \at(off, Pre) <= off <= end;
	  @ loop assigns off;
	  @ loop variant end - off;
	  @*/
	while (off < end && k->c.data[off] == 0)
		off++;
	return off;
}

/* Header */

static const u8 plm_magic[PLM_MAGIC_LEN] = PLM_MAGIC;

/*@ requires \valid_read(data + (0 .. PLM_MAGIC_LEN - 1));
  @ assigns \nothing;
  @*/
static bool plm_magic_fits(const u8 *data)
{
	u32 i;

	/*@ loop invariant 0 <= i <= PLM_MAGIC_LEN;
	  @ loop assigns i;
	  @ loop variant PLM_MAGIC_LEN - i;
	  @*/
	for (i = 0; i < PLM_MAGIC_LEN; i++)
		if (data[i] != plm_magic[i])
			return false;
	return true;
}

/*@ requires \valid(k) && plm_bytes_ok(k) && max_len <= PLM_MAX_FILE_LEN;
  @ assigns k->fault.off;
  @ ensures \result == PLM_OK ==> plm_sized_ok(k);
  @*/
static enum plm_err plm_check_sizes(struct plm_checker *k, u32 max_len)
{
	const u8 *data = k->c.data;
	u32 total;

	if (k->c.len > max_len)
		return plm_fail(k, max_len, PLM_TOO_LARGE);
	if (k->c.len < PLM_MAGIC_LEN)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (!plm_magic_fits(data))
		return plm_fail(k, PLM_HDR_MAGIC, PLM_BAD_MAGIC);
	if (k->c.len < PLM_BODY_OFF)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (plm_le32(data + PLM_HDR_FORMAT_VERSION) != PLM_FORMAT_VERSION)
		return plm_fail(k, PLM_HDR_FORMAT_VERSION,
				PLM_BAD_FORMAT_VERSION);
	total = plm_le32(data + PLM_HDR_TOTAL_LEN);
	if (total > k->c.len)
		return plm_fail(k, k->c.len, PLM_TRUNCATED);
	if (total < k->c.len)
		return plm_fail(k, total, PLM_TRAILING);
	return PLM_OK;
}

/*@ requires \valid(k) && plm_sized_ok(k);
  @ assigns k->c.channel, k->c.version, k->fault.off;
  @*/
static enum plm_err plm_check_header(struct plm_checker *k)
{
	const u8 *data = k->c.data;
	u32 set;

	if (plm_le32(data + PLM_HDR_NUM_SECTIONS) != PLM_NUM_SECTIONS)
		return plm_fail(k, PLM_HDR_NUM_SECTIONS, PLM_BAD_SECTION);
	k->c.channel = plm_le32(data + PLM_HDR_CHANNEL);
	if (k->c.channel < 1 || k->c.channel > PLM_MAX_CHANNEL)
		return plm_fail(k, PLM_HDR_CHANNEL, PLM_BAD_CHANNEL);
	k->c.version = plm_le64(data + PLM_HDR_CONTENT_VERSION);
	if (k->c.version == 0)
		return plm_fail(k, PLM_HDR_CONTENT_VERSION, PLM_BAD_VERSION);
	set = plm_find_set(k, PLM_HDR_RESERVED, PLM_HEADER_LEN);
	if (set < PLM_HEADER_LEN)
		return plm_fail(k, set, PLM_RESERVED_SET);
	return PLM_OK;
}

/* Sections */

static const u32 plm_record_lens[PLM_NUM_SECTIONS] = {
	[PLM_SECTION_TEMPLATES - 1] = PLM_TEMPLATE_LEN,
	[PLM_SECTION_RULES - 1] = PLM_RULE_LEN,
	[PLM_SECTION_CRITERIA - 1] = PLM_CRITERION_LEN,
	[PLM_SECTION_PROGRAMS - 1] = 4,
	[PLM_SECTION_TRIGGERS - 1] = 4,
	[PLM_SECTION_AUTOMATA - 1] = PLM_AUTOMATON_LEN,
	[PLM_SECTION_TABLES - 1] = 4,
	[PLM_SECTION_STRINGS - 1] = 1,
};

/* Sections whose number of records has a limit of its own. */
static const u32 plm_max_counts[PLM_NUM_SECTIONS] = {
	[PLM_SECTION_TEMPLATES - 1] = PLM_MAX_TEMPLATES,
	[PLM_SECTION_RULES - 1] = PLM_MAX_RULES,
	[PLM_SECTION_CRITERIA - 1] = PLM_MAX_CRITERIA,
	[PLM_SECTION_PROGRAMS - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_TRIGGERS - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_AUTOMATA - 1] = PLM_MAX_AUTOMATA,
	[PLM_SECTION_TABLES - 1] = PLM_MAX_FILE_LEN,
	[PLM_SECTION_STRINGS - 1] = PLM_MAX_FILE_LEN,
};

/* The padding that follows @pos: bytes up to the next section. */
/*@ assigns \nothing;
  @*/
static u32 plm_padding(u32 pos)
{
	return (0u - pos) & (PLM_SECTION_ALIGN - 1);
}

/* Take the padding that follows a section. */
/*@ requires \valid(k) && plm_sized_ok(k);
  @ requires plm_file_ok(k);
  @ assigns k->fault.off, k->file.pos, k->file.failed;
  @ ensures \result == PLM_OK ==> plm_file_ok(k);
  @*/
static enum plm_err plm_check_padding(struct plm_checker *k)
{
	u32 off = k->file.pos;
	u32 len = plm_padding(off);
	u32 end, set;

	if (!plm_take(&k->file, len, &end))
		return plm_fail(k, off, PLM_TRUNCATED);
	end = off + len;
	set = plm_find_set(k, off, end);
	return set < end ? plm_fail(k, set, PLM_PADDING_SET) : PLM_OK;
}

/*@ logic integer plm_max_count(integer type) =
  @	type == PLM_SECTION_TEMPLATES ? PLM_MAX_TEMPLATES :
  @	type == PLM_SECTION_RULES ? PLM_MAX_RULES :
  @	type == PLM_SECTION_CRITERIA ? PLM_MAX_CRITERIA :
  @	type == PLM_SECTION_AUTOMATA ? PLM_MAX_AUTOMATA : PLM_MAX_FILE_LEN;
  @
  @ predicate plm_whole(integer type, integer count, integer len) =
  @	(type == PLM_SECTION_TEMPLATES ==> count * PLM_TEMPLATE_LEN == len) &&
  @	(type == PLM_SECTION_RULES ==> count * PLM_RULE_LEN == len) &&
  @	(type == PLM_SECTION_CRITERIA ==> count * PLM_CRITERION_LEN == len) &&
  @	(type == PLM_SECTION_PROGRAMS ==> count * 4 == len) &&
  @	(type == PLM_SECTION_TRIGGERS ==> count * 4 == len) &&
  @	(type == PLM_SECTION_AUTOMATA ==> count * PLM_AUTOMATON_LEN == len) &&
  @	(type == PLM_SECTION_TABLES ==> count * 4 == len) &&
  @	(type == PLM_SECTION_STRINGS ==> count == len);
  @
  @ predicate plm_ref_ok(struct plm_section_ref ref, integer type,
  @			integer len) =
  @	ref.off + ref.len <= len && ref.count <= plm_max_count(type) &&
  @	plm_whole(type, ref.count, ref.len);
  @*/

/* Do @count records of section @index + 1 take @len bytes? */
/*@ requires index < PLM_NUM_SECTIONS;
  @ assigns \nothing;
  @ ensures \result ==> plm_whole(index + 1, count, len);
  @*/
static bool plm_count_fits(u32 index, u32 count, u32 len)
{
	u32 record_len = plm_record_lens[index];

	return len % record_len == 0 && count == len / record_len;
}

/* What the table says of section @index + 1; padding behind it is taken too. */
/*@ requires \valid(k) && plm_sized_ok(k) && index < PLM_NUM_SECTIONS;
  @ requires plm_file_ok(k) && \valid(out) && \separated(k, out);
  @ assigns *out, k->fault.off, k->file.pos, k->file.failed;
  @ ensures \result == PLM_OK ==> plm_file_ok(k);
  @ ensures \result == PLM_OK ==>
  @	plm_ref_ok(*out, index + 1, \old(k->c.len));
  @*/
static enum plm_err plm_check_section(struct plm_checker *k, u32 index,
				      struct plm_section_ref *out)
{
	u32 entry = PLM_HEADER_LEN + index * PLM_SECTION_ENTRY_LEN;
	const u8 *p = k->c.data + entry;
	u32 len = plm_le32(p + PLM_SEC_LEN);
	u32 count = plm_le32(p + PLM_SEC_COUNT);
	u32 max_count = plm_max_counts[index];
	u32 off;

	//@ assert max_count == plm_max_count(index + 1);

	if (plm_le32(p + PLM_SEC_TYPE) != index + 1)
		return plm_fail(k, entry + PLM_SEC_TYPE, PLM_BAD_SECTION);
	if (plm_le32(p + PLM_SEC_OFF) != k->file.pos)
		return plm_fail(k, entry + PLM_SEC_OFF, PLM_BAD_LAYOUT);
	if (!plm_take(&k->file, len, &off))
		return plm_fail(k, entry + PLM_SEC_LEN, PLM_TRUNCATED);
	if (!plm_count_fits(index, count, len))
		return plm_fail(k, entry + PLM_SEC_COUNT, PLM_COUNT_MISMATCH);
	if (count > max_count)
		return plm_fail(k, entry + PLM_SEC_COUNT, PLM_LIMIT_EXCEEDED);
	*out = (struct plm_section_ref){ off, len, count };
	//@ assert plm_ref_ok(*out, index + 1, k->c.len);
	return plm_check_padding(k);
}

/* In a copy, a value to provers, which no store through @k is part of. */
/*@ requires \valid(k) && plm_sized_ok(k) && k->c.num_always == 0;
  @ assigns k->c, k->file.len, k->file.pos, k->file.failed, k->fault.off;
  @ ensures \result == PLM_OK ==> k->c.data == \old(k->c.data) &&
  @	k->c.len == \old(k->c.len);
  @ ensures \result == PLM_OK ==> plm_content_ok(k->c);
  @*/
static enum plm_err plm_check_sections(struct plm_checker *k)
{
	struct plm_content c = k->c;
	struct plm_section_ref ref;
	enum plm_err err;
	u32 i, off;

	plm_open_cursor(&k->file, c.len);
	plm_take(&k->file, PLM_BODY_OFF, &off);
	/*@ loop invariant 0 <= i <= PLM_NUM_SECTIONS;
	  @ loop invariant plm_sized_ok(k) && plm_file_ok(k);
	  @ loop invariant c.data == k->c.data && c.len == k->c.len;
	  @ loop invariant c.num_always == 0;
	  @ loop invariant \forall integer j; 0 <= j < i ==>
	  @	plm_ref_ok(c.section[j], j + 1, c.len);
	  @ loop assigns i, err, ref, c, k->file.pos, k->file.failed,
	  @	k->fault.off;
	  @ loop variant PLM_NUM_SECTIONS - i;
	  @*/
	for (i = 0; i < PLM_NUM_SECTIONS; i++) {
		err = plm_check_section(k, i, &ref);
		if (err)
			return err;
		c.section[i] = ref;
	}
	if (!plm_at_end(&k->file))
		return plm_fail(k, k->file.pos, PLM_TRAILING);
	//@ assert plm_content_ok(c);
	k->c = c;
	//@ assert k->c == c;
	return PLM_OK;
}

/*
 * The check sum finds torn and spoilt files, not malice; that is what
 * signatures are for.  The layout has made the length a multiple of 8.
 */
struct plm_sum {
	u64 a, b;
};

/*@ assigns \nothing;
  @*/
static inline struct plm_sum plm_sum_word(struct plm_sum sum, u64 word)
{
	sum.a += word;
	sum.b = (sum.b << 7 | sum.b >> 57) + sum.a;
	return sum;
}

/* @len is a multiple of 8. */
/*@ requires \valid_read(data + (0 .. len - 1));
  @ assigns \nothing;
  @*/
static struct plm_sum plm_sum_range(struct plm_sum sum, const u8 *data, u32 len)
{
	u32 off = 0;

	/*@ loop invariant 0 <= off <= len;
	  @ loop assigns off, sum;
	  @ loop variant len - off;
	  @*/
	for (; len - off >= 32; off += 32) {
		sum = plm_sum_word(sum, plm_le64(data + off));
		sum = plm_sum_word(sum, plm_le64(data + off + 8));
		sum = plm_sum_word(sum, plm_le64(data + off + 16));
		sum = plm_sum_word(sum, plm_le64(data + off + 24));
	}
	/*@ loop invariant 0 <= off <= len;
	  @ loop assigns off, sum;
	  @ loop variant len - off;
	  @*/
	for (; len - off >= 8; off += 8)
		sum = plm_sum_word(sum, plm_le64(data + off));
	return sum;
}

/*@ requires \valid(k) && plm_sized_ok(k);
  @ assigns k->fault.off;
  @*/
static enum plm_err plm_check_sum(struct plm_checker *k)
{
	const u8 *data = k->c.data;
	struct plm_sum sum = { 0, 0 };

	sum = plm_sum_range(sum, data, PLM_HDR_SUM);
	sum = plm_sum_word(sum, 0);	/* the sum itself counts as zero */
	sum = plm_sum_range(sum, data + PLM_HDR_SUM + 8,
			    k->c.len - PLM_HDR_SUM - 8);
	if (plm_le64(data + PLM_HDR_SUM) !=
	    (sum.b ^ (sum.a << 32 | sum.a >> 32)))
		return plm_fail(k, PLM_HDR_SUM, PLM_BAD_SUM);
	return PLM_OK;
}

/*@ requires \valid(k) && plm_bytes_ok(k) && k->c.num_always == 0;
  @ requires plm_known_ok(k) && k->last_text.len == 0 &&
  @	k->last_id.len == 0;
  @ assigns *k;
  @ ensures \result == PLM_OK ==>
  @	k->c.data == \old(k->c.data) && k->c.len == \old(k->c.len);
  @ ensures \result == PLM_OK ==> plm_checker_content_ok(k);
  @*/
static enum plm_err plm_check_file(struct plm_checker *k, u32 max_len)
{
	enum plm_err err;

	if (max_len == 0 || max_len > PLM_MAX_FILE_LEN)
		max_len = PLM_MAX_FILE_LEN;
	err = plm_check_sizes(k, max_len);
	if (!err)
		err = plm_check_header(k);
	if (!err)
		err = plm_check_sections(k);
	if (!err)
		err = plm_check_sum(k);
	if (!err)
		err = plm_check_records(k);
	return err;
}

enum plm_err plm_check(const u8 *data, u32 len, u32 max_len,
		       struct plm_content *out_content,
		       struct plm_fault *out_fault)
{
	struct plm_checker k = { .c = { .data = data, .len = len } };
	enum plm_err err;

	k.fault.rule = PLM_NO_RULE;
	err = plm_check_file(&k, max_len);
	if (err) {
		*out_content = (struct plm_content){ 0 };
		*out_fault = k.fault;
	} else {
		//@ assert plm_content_ok(k.c);
		//@ assert plm_content_of(k.c, data, len);
		*out_fault = (struct plm_fault){ 0, PLM_NO_RULE };
		//@ assert plm_content_ok(k.c);
		//@ assert plm_content_of(k.c, data, len);
		*out_content = k.c;
		//@ assert *out_content == k.c;
		//@ assert plm_content_ok(*out_content);
		//@ assert plm_content_of(*out_content, data, len);
	}
	return err;
}
