/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a mutated source is made of: every place that can be bent is one of
 * these expressions, and one variable says which of them is.  All mutants thus
 * are one program, compiled once.
 *
 * A mutant is a number from 1 on; 0 is the program as it was.  Operands are
 * evaluated as in the original, also where the mutant ignores their value, but
 * for those of && and ||, which stay as lazy as they were.
 */
#ifndef MUTANTS_SCHEMA_H
#define MUTANTS_SCHEMA_H

/* Which mutant runs. */
extern unsigned int plm_mutant;

#ifdef __KERNEL__

static inline int plm_mut(unsigned int id)
{
	return plm_mutant == id;
}

static inline int plm_differs(unsigned int id, int differs)
{
	return plm_mutant == id;
}

#else

/*
 * If not NULL, a byte for each mutant: set where a run of the original came by
 * and the mutant would have had another value.  A mutant that no test makes
 * differ need not be run to know that it survives.
 */
extern unsigned char *plm_mutant_seen;

/* Is it @id that runs?  It would make a difference if @differs. */
int plm_differs(unsigned int id, int differs);

int plm_mut(unsigned int id);

/* Tables are mutated once a mutant has been chosen, by functions of this list. */
struct plm_mutant_tables {
	void (*mutate)(void);
	struct plm_mutant_tables *next;
};

extern struct plm_mutant_tables *plm_mutant_tables;

#endif

/* A condition: true, false. */
#define M_COND(id, ...)							\
	({								\
		int plm_v = (__VA_ARGS__) ? 1 : 0;			\
		plm_differs(id, !plm_v) ? 1 :				\
		plm_differs((id) + 1, plm_v) ? 0 : plm_v;		\
	})

/* A comparison by its neighbour, or by two of them. */
#define M_REL1(id, op, op1, a, b)					\
	({								\
		__auto_type plm_l = (a);				\
		__auto_type plm_r = (b);				\
		int plm_v = plm_l op plm_r, plm_w = plm_l op1 plm_r;	\
		plm_differs(id, plm_v != plm_w) ? plm_w : plm_v;	\
	})

#define M_REL2(id, op, op1, op2, a, b)					\
	({								\
		__auto_type plm_l = (a);				\
		__auto_type plm_r = (b);				\
		int plm_v = plm_l op plm_r, plm_w = plm_l op1 plm_r;	\
		int plm_x = plm_l op2 plm_r;				\
		plm_differs(id, plm_v != plm_w) ? plm_w :		\
		plm_differs((id) + 1, plm_v != plm_x) ? plm_x : plm_v;	\
	})

/* && and ||: without the left, without the right, by the other one. */
#define M_AND(id, a, b)							\
	({								\
		int plm_l = (a) ? 1 : 0;				\
		if (plm_differs(id, !plm_l))				\
			plm_l = 1;					\
		plm_differs((id) + 2, 1) ?				\
		(plm_l || (b)) :					\
		(plm_l && (plm_differs((id) + 1, 1) || (b)));		\
	})

#define M_OR(id, a, b)							\
	({								\
		int plm_l = (a) ? 1 : 0;				\
		if (plm_differs(id, plm_l))				\
			plm_l = 0;					\
		plm_differs((id) + 2, 1) ?				\
		(plm_l && (b)) :					\
		(plm_l || (!plm_differs((id) + 1, 1) && (b)));		\
	})

/* A constant: one more, one less, either. */
#define M_MORE(id, ...) ((__VA_ARGS__) + (plm_mut(id) ? 1 : 0))
#define M_LESS(id, ...) ((__VA_ARGS__) - (plm_mut(id) ? 1 : 0))
#define M_CONST(id, ...)						\
	((__VA_ARGS__) +						\
	 (plm_mut(id) ? 1 : plm_mut((id) + 1) ? -1 : 0))

/* An error: the next one, which is one as well. */
#define M_ERR(id, ...) ((__VA_ARGS__) + (plm_mut(id) ? 1 : 0))

/* Arithmetic: the other sign; or without the right operand. */
#define M_SIGN(id, op, op1, a, b)					\
	({								\
		__auto_type plm_l = (a);				\
		__auto_type plm_r = (b);				\
		plm_differs(id, plm_r != 0) ? plm_l op1 plm_r :		\
					      plm_l op plm_r;		\
	})

#define M_LEFT(id, op, a, b)						\
	({								\
		__auto_type plm_l = (a);				\
		__auto_type plm_r = (b);				\
		plm_differs(id, plm_l != (plm_l op plm_r)) ?		\
		plm_l : plm_l op plm_r;					\
	})

/* The right of += and -=. */
#define M_NEGATE(id, ...)						\
	({								\
		__auto_type plm_r = (__VA_ARGS__);			\
		plm_differs(id, plm_r != 0) ? -plm_r : plm_r;		\
	})

/* What is returned: a value, or either of two. */
#define M_RET1(id, value, ...)						\
	({								\
		__auto_type plm_v = (__VA_ARGS__);			\
		plm_differs(id, plm_v != (value)) ? (value) : plm_v;	\
	})

#define M_RET2(id, one, two, ...)					\
	({								\
		__auto_type plm_v = (__VA_ARGS__);			\
		plm_differs(id, plm_v != (one)) ? (one) :		\
		plm_differs((id) + 1, plm_v != (two)) ? (two) : plm_v;	\
	})

/* A statement: none. */
#define M_STMT(id, ...) (plm_mut(id) ? (void)0 : (void)(__VA_ARGS__))

#endif /* MUTANTS_SCHEMA_H */
