/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Templates: the kinds of event that a consumer can evaluate, and the inputs
 * of each, in the order in which an event source fills them.  Inputs are only
 * ever appended.  Names are those of the Sigma taxonomy.
 *
 * A *template* is what content is compiled against.  A *supply* is what one
 * consumer's event source says that it really fills in; it has the same shape
 * so that the two can be compared, and it stands in the consumer's ELF section
 * PLM_SUPPLY_SECTION, one record after the other, exactly as laid out here
 * (little-endian, no padding).
 */
#ifndef PLM_TEMPLATE_H
#define PLM_TEMPLATE_H

#include "plm_env.h"

#define PLM_SUPPLY_SECTION	".plimsoll.supply"
#define PLM_SUPPLY_MAGIC	0x31534c50u	/* "PLS1" */
#define PLM_INPUT_NAME_LEN	31
#define PLM_MAX_INPUTS		32
#define PLM_MAX_TEMPLATES	16

enum plm_type {
	PLM_TYPE_STRING = 1,	/* bytes, without a terminator */
	PLM_TYPE_NUMBER = 2,	/* u64 */
};

struct plm_input {
	u8 type;			/* enum plm_type */
	char name[PLM_INPUT_NAME_LEN];	/* zero-terminated, zero-filled */
};

struct plm_supply {
	u32 magic;			/* PLM_SUPPLY_MAGIC */
	u32 template_id;
	u32 num_inputs;			/* entries of inputs that are filled */
	u32 reserved;			/* zero */
	struct plm_input inputs[PLM_MAX_INPUTS];	/* unused ones zero */
};

struct plm_template {
	const char *name;		/* "process_creation" */
	struct plm_supply shape;	/* all inputs that it declares */
};

/*
 * X(type, name): the declared inputs of each template.
 *
 * process_creation: a process has replaced its image (Linux: execve).
 *	Image, ParentImage: absolute path of the executable.
 *	CommandLine, ParentCommandLine: arguments joined by single spaces, as
 *		they were when the process began.
 *	CurrentDirectory: absolute path.
 *	User, ParentUser: "root" for uid 0, else the uid in decimal.
 *	LogonId: login uid, or the uid where no login has been recorded.
 *	ProcessId, ParentProcessId: thread group ids in the initial namespace.
 *
 * network_connection: a process has sent the first packet of a connection, has
 * given a datagram socket its peer, or has accepted a connection.
 *	Image, CommandLine, User, ProcessId: of that process, as above.
 *	Protocol: "tcp" or "udp".
 *	Initiated: "true" for the process that connects, "false" for the one
 *		that accepts.
 *	SourceIp, SourcePort: of the side that connects, whichever that is.
 *	DestinationIp, DestinationPort: of the side that is connected to.
 *		Addresses are text: IPv4 with dots, IPv6 as RFC 5952 has it;
 *		IPv4 addresses within IPv6 are IPv4 addresses.
 *	SourceIsIpv6, DestinationIsIpv6: "true" or "false", of that text.
 *
 * file_event: a process has made, renamed or deleted a file.
 *	Image, CommandLine, User, ProcessId: of that process, as above.
 *	EventType: "create", "rename" or "delete".
 *	TargetFilename: absolute path; of a renamed file the new one.
 *	SourceFilename: absolute path before a renaming; otherwise absent.
 */
#define PLM_PROCESS_CREATION_ID 1
#define PLM_PROCESS_CREATION_INPUTS(X)	\
	X(STRING, Image)		\
	X(STRING, CommandLine)		\
	X(STRING, ParentImage)		\
	X(STRING, ParentCommandLine)	\
	X(STRING, CurrentDirectory)	\
	X(STRING, User)			\
	X(STRING, ParentUser)		\
	X(NUMBER, LogonId)		\
	X(NUMBER, ProcessId)		\
	X(NUMBER, ParentProcessId)

#define PLM_NETWORK_CONNECTION_ID 2
#define PLM_NETWORK_CONNECTION_INPUTS(X)	\
	X(STRING, Image)			\
	X(STRING, CommandLine)			\
	X(STRING, User)				\
	X(NUMBER, ProcessId)			\
	X(STRING, Protocol)			\
	X(STRING, Initiated)			\
	X(STRING, SourceIsIpv6)			\
	X(STRING, SourceIp)			\
	X(NUMBER, SourcePort)			\
	X(STRING, DestinationIsIpv6)		\
	X(STRING, DestinationIp)		\
	X(NUMBER, DestinationPort)

#define PLM_FILE_EVENT_ID 3
#define PLM_FILE_EVENT_INPUTS(X)	\
	X(STRING, Image)		\
	X(STRING, CommandLine)		\
	X(STRING, User)			\
	X(NUMBER, ProcessId)		\
	X(STRING, EventType)		\
	X(STRING, TargetFilename)	\
	X(STRING, SourceFilename)

/* X(ID, name, INPUTS): all templates, ascending by id. */
#define PLM_TEMPLATES(X)	\
	X(PLM_PROCESS_CREATION_ID, process_creation, PLM_PROCESS_CREATION_INPUTS) \
	X(PLM_NETWORK_CONNECTION_ID, network_connection, \
	  PLM_NETWORK_CONNECTION_INPUTS) \
	X(PLM_FILE_EVENT_ID, file_event, PLM_FILE_EVENT_INPUTS)

/*@ predicate plm_shape_fits(struct plm_supply *shape) =
  @	\valid_read(shape) && shape->num_inputs <= PLM_MAX_INPUTS;
  @*/

/* The templates that this build of the core knows; NULL past the last. */
/*@ assigns \result \from index;
  @ ensures \result == \null ||
  @	(\valid_read(\result) && plm_shape_fits(&\result->shape));
  @*/
const struct plm_template *plm_template_at(u32 index);

/* The template with this id, or NULL. */
/*@ assigns \result \from template_id;
  @ ensures \result == \null ||
  @	(\valid_read(\result) && plm_shape_fits(&\result->shape));
  @*/
const struct plm_template *plm_template_find(u32 template_id);

/*
 * Hash over a template's id and the types and names of its first num_inputs
 * inputs: FNV-1a, 64 bits, over the id's four bytes (little-endian), then for
 * each input its type byte and its name without the terminator, then one zero
 * byte.  Because inputs are only appended, content hashes no more of them than
 * it touches, and stays loadable where a template has grown.
 * num_inputs above shape->num_inputs is cut to it.
 */
/*@ requires \valid_read(shape);
  @ assigns \nothing;
  @*/
u64 plm_shape_hash(const struct plm_supply *shape, u32 num_inputs);

#endif /* PLM_TEMPLATE_H */
