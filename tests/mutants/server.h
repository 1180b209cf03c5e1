/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a test program that is linked with server.c and mutated sources is asked
 * to run as a mutant.
 *
 * With MUTANTS_SERVER="IN OUT" in its environment, two descriptors, it does not
 * come to main: it reads a struct mutants_request from IN, and for each forks a
 * process that goes on to main as that mutant, quietly; what waitpid says of
 * that is written to OUT as an int.  It ends when IN does.
 *
 * With MUTANTS_SEEN=FILE it runs as the original, and sets in the file, a byte
 * for each mutant, those that would have had another value somewhere.
 */
#ifndef MUTANTS_SERVER_H
#define MUTANTS_SERVER_H

struct mutants_request {
	unsigned int mutant;
	unsigned int limit;	/* of processor time, in milliseconds */
};

#define MUTANTS_SERVER	"MUTANTS_SERVER"
#define MUTANTS_SEEN	"MUTANTS_SEEN"

#endif /* MUTANTS_SERVER_H */
