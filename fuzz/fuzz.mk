# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzz targets: with libFuzzer below build/fuzz/bin, and as plain replayers,
# which make check runs on all corpora, below build/fuzz/replay.
#
#	make fuzz [TIME=60] [TARGETS="check eval"]	all of them, side by side
#	make fuzz-corpus				what build/fuzz/corpus found,
#							minimised, into fuzz/corpus

TIME ?= 60
FUZZ_CC ?= clang
FUZZ_NAMES := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_COVER := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
# Targets of content files have a mutator that knows them.
FUZZ_CONTENT := check eval

fuzz_objects = $(patsubst %.c,build/fuzz/obj/%.o,$(1))
FUZZ_LIB_OBJ := $(call fuzz_objects,$(LIB_SRC))

build/fuzz/obj/%.o: %.c Makefile fuzz/fuzz.mk
	$(say) CC-FUZZ $<
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 -g $(WARN) $(FUZZ_COVER) \
		-MMD -MP -c -o $@ $<

build/fuzz/libplimsoll.a: $(FUZZ_LIB_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(FUZZ_CONTENT:%=build/fuzz/bin/%): build/fuzz/obj/fuzz/content.o
build/fuzz/bin/%: build/fuzz/obj/fuzz/fuzz_%.o build/fuzz/obj/fuzz/file.o build/fuzz/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(LIBS)

build/fuzz/replay/%: build/san/fuzz/fuzz_%.o build/san/fuzz/file.o build/san/fuzz/replay.o build/san/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

# Inputs to begin with, made of what the tests have anyway.
build/fuzz/seed/.made: fuzz/seed command modules build/tests/test_core_vectors $(wildcard tests/vectors/*.vec tests/samples/*/* tests/console/*.log)
	$(say) SEED $(@D)
	$(Q)fuzz/seed $(@D)
	@touch $@

.PHONY: fuzz fuzz-replayers fuzz-corpus
fuzz-replayers: $(FUZZ_NAMES:%=build/fuzz/replay/%) build/fuzz/seed/.made
	@:
fuzz: $(FUZZ_NAMES:%=build/fuzz/bin/%) build/fuzz/seed/.made
	$(Q)fuzz/run $(TIME) $(or $(TARGETS),$(filter-out empty,$(FUZZ_NAMES)))
fuzz-corpus: $(FUZZ_NAMES:%=build/fuzz/bin/%)
	$(Q)fuzz/minimise $(or $(TARGETS),$(filter-out empty,$(FUZZ_NAMES)))

-include $(shell find build/fuzz/obj -name '*.d' 2>/dev/null)
