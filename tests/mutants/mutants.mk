# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutants: the sources of the core, and of what loads content in the module, each
# check of them bent or removed, one at a time, and the tests run on each.
# README.md in tests/mutants says how.
#
#	make mutants		all of them; what survives is printed
#	make mutants-core	those of the core
#	make mutants-module	those of the module, in VMs

MUTANTS_LLVM ?= /usr/lib/llvm-14
MUTANTS_CORE := $(sort $(wildcard kmod/core/*.h)) $(sort $(CORE_SRC))
MUTANTS_SRC := build/mutants/core
MUTANTS_TESTS := $(basename $(notdir $(wildcard tests/unit/test_core_*.c))) \
	replay_check replay_eval

build/mutants/mutate: $(addprefix tests/mutants/,mutate.c finder.c sites.c \
		sites_expression.c sites_statement.c sites_table.c source.c \
		finder.h sites.h source.h) \
		$(addprefix build/obj/userspace/base/,file.o held.o mem.o)
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -I$(MUTANTS_LLVM)/include -o $@ \
		$(filter %.c %.o,$^) -L$(MUTANTS_LLVM)/lib -lclang

build/mutants/mutants: $(addprefix build/obj/tests/mutants/,mutants.o run.o table.o) build/obj/userspace/base/mem.o
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -o $@ $^

$(MUTANTS_SRC)/mutants.tsv: build/mutants/mutate $(MUTANTS_CORE)
	$(say) MUTATE $(@D)
	@rm -rf $(@D)/kmod
	$(Q)$< -t $(@D) $(MUTANTS_CORE) -- -x c -std=gnu11 -Ikmod/core

# Each test twice: as it is, which is quick, and under sanitizers.  $(1): the
# folder, $(2): flags, $(3): an archive of what is not mutated.
define mutants_tests
build/mutants/$(1)/obj/%.o: %.c $(MUTANTS_SRC)/mutants.tsv tests/mutants/schema.h \
		$(wildcard tests/unit/lib/*.h fuzz/*.h)
	$(say) CC-MUT $$<
	@mkdir -p $$(@D)
	$(Q)$(CC) -I$(MUTANTS_SRC)/kmod/core $(CPPFLAGS_ALL) -std=gnu11 -O1 -w \
		-include tests/mutants/schema.h -ftrivial-auto-var-init=pattern $(2) \
		-c -o $$@ $$(if $$(filter kmod/core/%,$$<),$(MUTANTS_SRC)/)$$<

MUTANTS_$(1)_OBJ := $(patsubst %.c,build/mutants/$(1)/obj/%.o,$(CORE_SRC) \
	tests/mutants/server.c $(wildcard tests/unit/lib/*.c))

build/mutants/$(1)/%: build/mutants/$(1)/obj/tests/unit/%.o $$(MUTANTS_$(1)_OBJ) $(3)
	$(say) LD $$@
	$(Q)$(CC) $(2) -o $$@ $$^ $$(LIBS) -lcmocka

build/mutants/$(1)/replay_%: build/mutants/$(1)/obj/fuzz/fuzz_%.o \
		build/mutants/$(1)/obj/fuzz/replay.o \
		build/mutants/$(1)/obj/fuzz/file.o $$(MUTANTS_$(1)_OBJ) $(3)
	$(say) LD $$@
	$(Q)$(CC) $(2) -o $$@ $$^ $$(LIBS) -lcmocka
endef

build/mutants/libplimsoll.a: $(filter-out %/main.o,$(OBJ))
	$(say) AR $@
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

$(eval $(call mutants_tests,plain,,build/mutants/libplimsoll.a))
$(eval $(call mutants_tests,san,$(SANITIZE),build/san/libplimsoll.a))

.PHONY: mutants mutants-core mutants-module mutants-tests mutants-vm
mutants-tests: build/mutants/mutants build/fuzz/seed/.made \
	$(MUTANTS_TESTS:%=build/mutants/plain/%) $(MUTANTS_TESTS:%=build/mutants/san/%)
	@:

# What loads content in the module, which must be built in this folder.
MUTANTS_MODULE := $(addprefix kmod/,channel.c control.c firmware.c loaded.c main.c)

# As it is, and without what these consumers lack, for what is done then.
MUTANTS_LACKING := $(addprefix tests/consumers/,01-fewer-inputs-honest.patch \
	31-function-gone.patch)

build/mutants/lacking/.built: private PATCHES := $(MUTANTS_LACKING:%=-p %)
build/mutants/lacking/.built: $(MUTANTS_LACKING)
build/mutants/module/.built build/mutants/lacking/.built: \
		build/mutants/mutate build/kmod/debian-6.1/.built \
		$(addprefix tests/mutants/,stage-module schema.h faults.h plm_mutant.c)
	$(say) MODULE $(@D)
	@mkdir -p $(@D)
	$(Q)tests/mutants/stage-module $(PATCHES) $(@D) build/kmod/debian-6.1 \
		build/kernels/debian-6.1 $(MUTANTS_MODULE) >$(@D).log 2>&1 || \
		{ cat $(@D).log; exit 1; }
	@touch $@

build/mutants/choose: tests/mutants/choose.c
	$(say) GUEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -static -s -o $@ $<

build/mutants/starved: $(addprefix tests/kselftest/plimsoll/,lab.c lab.h) \
		tests/mutants/starved.c kmod/plimsoll_uapi.h vm/guest/actor.h
	$(say) GUEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -D_GNU_SOURCE -I. -Ikmod -Ikmod/core \
		-Itests/kselftest/plimsoll -static -s -pthread -o $@ $(filter %.c,$^)

build/mutants-in-vm: build/obj/tests/mutants/vm_tests.o build/mutants/libplimsoll.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) -o $@ $^ $(LIBS)

mutants-vm: build/mutants/mutants build/mutants/module/.built \
		build/mutants/lacking/.built build/mutants/choose \
		build/mutants/starved build/mutants-in-vm command kselftest
	@:

mutants:
	$(Q)tests/setup $(PACKAGES_CHECK) libclang-14-dev
	$(Q)$(MAKE) --no-print-directory -j2 mutants-tests mutants-vm
	$(Q)$(MAKE) --no-print-directory mutants-core mutants-module
mutants-core: mutants-tests
	$(Q)tests/mutants/core
mutants-module: mutants-vm
	$(Q)tests/mutants/module
