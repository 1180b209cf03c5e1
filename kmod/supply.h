/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A source's own word about what it supplies, made from the same list as the
 * calls that do it.
 *
 * A source writes one list, in the order of its template:
 *
 *	#define FOO_SUPPLY(X)				\
 *		X(STRING, Image, fill_image)		\
 *		X(NUMBER, ProcessId, fill_process_id)
 *
 * and then, each once in its file:
 *
 *	PLM_SUPPLY(foo_supply, PLM_FOO_ID, FOO_SUPPLY);
 *	PLM_SUPPLY_COMPLETE(PLM_FOO_INPUTS, FOO_SUPPLY);
 *	static void fill(struct frame *frame)
 *	{
 *		FOO_SUPPLY(PLM_SUPPLY_FILL)
 *	}
 *
 * which gives PLM_NUM_SUPPLIED, the length of the array of values; the record
 * in the ELF section PLM_SUPPLY_SECTION; a build that fails where the list and
 * the template differ in number, order, name or type; and a call of each
 * fill function with the frame and the value that it is to fill.
 */
#ifndef PLM_SUPPLY_H
#define PLM_SUPPLY_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

#include "plm_template.h"

#define PLM_SUPPLIED_INDEX(type, name, fill) PLM_SUPPLIED_##name,
#define PLM_SUPPLIED_TYPE(type, name, fill) \
	PLM_SUPPLIED_TYPE_##name = PLM_TYPE_##type,
#define PLM_SUPPLIED_INPUT(type, name, fill) { PLM_TYPE_##type, #name },

#define PLM_SUPPLY(record, id, LIST)					\
	enum { LIST(PLM_SUPPLIED_INDEX) PLM_NUM_SUPPLIED };		\
	static const struct plm_supply record				\
	__used __section(PLM_SUPPLY_SECTION) __aligned(8) = {		\
		.magic = PLM_SUPPLY_MAGIC,				\
		.template_id = (id),					\
		.num_inputs = PLM_NUM_SUPPLIED,				\
		.inputs = { LIST(PLM_SUPPLIED_INPUT) },			\
	}

#define PLM_DECLARED_INDEX(type, name) PLM_DECLARED_##name,
#define PLM_DECLARED_TYPE(type, name) \
	PLM_DECLARED_TYPE_##name = PLM_TYPE_##type,
#define PLM_DECLARED_AS_SUPPLIED(type, name)				\
	static_assert((int)PLM_SUPPLIED_##name ==			\
		      (int)PLM_DECLARED_##name &&			\
		      (int)PLM_SUPPLIED_TYPE_##name ==			\
		      (int)PLM_DECLARED_TYPE_##name,			\
		      "input " #name " is supplied otherwise than declared");

#define PLM_SUPPLY_COMPLETE(DECLARED, LIST)				\
	enum { DECLARED(PLM_DECLARED_INDEX) PLM_NUM_DECLARED };		\
	enum { DECLARED(PLM_DECLARED_TYPE) };				\
	enum { LIST(PLM_SUPPLIED_TYPE) };				\
	static_assert((int)PLM_NUM_SUPPLIED == (int)PLM_NUM_DECLARED,	\
		      "the source does not supply what its template declares"); \
	DECLARED(PLM_DECLARED_AS_SUPPLIED)				\
	static_assert((int)PLM_NUM_DECLARED <= PLM_MAX_INPUTS)

#define PLM_SUPPLY_FILL(type, name, fill) \
	(fill)(frame, &frame->values[PLM_SUPPLIED_##name]);

#endif /* PLM_SUPPLY_H */
