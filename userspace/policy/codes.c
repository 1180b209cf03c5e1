// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/codes.h"

#define CODE_NAME(name, floor) [POLICY_##name] = #name,
#define CODE_FLOOR(name, floor) [POLICY_##name] = SEVERITY_##floor,

const char *policy_code_name(enum policy_code code)
{
	static const char *const names[] = { POLICY_CODES(CODE_NAME) };

	return names[code];
}

enum severity policy_code_floor(enum policy_code code)
{
	static const enum severity floors[] = { POLICY_CODES(CODE_FLOOR) };

	return floors[code];
}
