// SPDX-License-Identifier: GPL-2.0-or-later
#include "content/machine.h"

#include <stdlib.h>

#include "base/mem.h"

void machine_init(struct machine *machine, const struct plm_content *content)
{
	machine->list = xcalloc(plm_num_automata(content) + 1,
				sizeof(*machine->list));
	machine->walk_words = xcalloc(plm_walks_words(content),
				      sizeof(*machine->walk_words));
	machine->scratch_words = xcalloc(plm_scratch_words(content),
					 sizeof(*machine->scratch_words));
	plm_walks_init(&machine->walks, content, machine->list,
		       machine->walk_words);
	plm_scratch_init(&machine->scratch, content, &machine->walks,
			 machine->scratch_words);
}

void machine_free(struct machine *machine)
{
	free(machine->list);
	free(machine->walk_words);
	free(machine->scratch_words);
}

size_t machine_scratch_len(const struct plm_content *content)
{
	return (size_t)plm_scratch_words(content) * sizeof(s32);
}

size_t machine_shared_len(const struct plm_content *content)
{
	return (size_t)plm_walks_words(content) * sizeof(u32) +
	       plm_num_automata(content) * sizeof(struct plm_walk);
}
