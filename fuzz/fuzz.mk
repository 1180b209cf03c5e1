# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzz targets: with libFuzzer below build/fuzz/bin, with AFL++ below
# build/fuzz/afl, and as plain replayers, which make check runs on all corpora,
# below build/fuzz/replay.
#
#	make fuzz [TIME=60] [TARGETS="check eval"]	all of them, side by side
#	make afl [TIME=60] [TARGETS="check eval"]	the same with AFL++
#	make fuzz-speed		the core's target beside one that does nothing
#	make fuzz-corpus	what both have found, minimised, into fuzz/corpus
#	make coverage		what of the core its corpus reaches

TIME ?= 60
FUZZ_CC ?= clang
FUZZ_NAMES := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_RUN = $(or $(TARGETS),$(filter-out empty,$(FUZZ_NAMES)))
FUZZ_FLAGS := $(CPPFLAGS_ALL) -std=gnu11 -O2 -g $(WARN) -fno-omit-frame-pointer
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

# With libFuzzer.  That it is told of what is compared with what takes two thirds
# of the time of everything that works with tables, so only where an input's own
# numbers are compared.
FUZZ_TRACE = -fno-sanitize-coverage=trace-cmp
build/fuzz/obj/userspace/consumer/%.o build/fuzz/obj/vm/vmlinux.o \
build/fuzz/obj/vm/re%.o: FUZZ_TRACE =

build/fuzz/obj/%.o: %.c Makefile fuzz/fuzz.mk
	$(say) CC-FUZZ $<
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) $(FUZZ_SANITIZE) \
		-fsanitize=fuzzer-no-link $(FUZZ_TRACE) \
		-fno-sanitize-coverage=stack-depth,indirect-calls -MMD -MP -c -o $@ $<

fuzz_objects = $(patsubst %.c,build/fuzz/$(1)/%.o,$(2))

build/fuzz/obj/libplimsoll.a: $(call fuzz_objects,obj,$(LIB_SRC))
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

# Targets of content files have a mutator that knows them.
FUZZ_CONTENT := eval review
$(FUZZ_CONTENT:%=build/fuzz/bin/%): build/fuzz/obj/fuzz/content.o
build/fuzz/bin/%: build/fuzz/obj/fuzz/fuzz_%.o build/fuzz/obj/fuzz/file.o build/fuzz/obj/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(LIBS)

# The core alone is instrumented where its speed counts; what the mutator
# makes use of is as fast as it can be.  The empty target has the same mutator.
FUZZ_CORE := $(call fuzz_objects,obj,$(CORE_SRC))
FUZZ_PLAIN := build/obj/fuzz/content.o
build/obj/libplimsoll.a: $(call objects,obj,$(LIB_SRC))
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

build/fuzz/bin/check build/fuzz/bin/empty: build/fuzz/bin/%: build/fuzz/obj/fuzz/fuzz_%.o $(FUZZ_CORE) $(FUZZ_PLAIN) build/obj/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(LIBS)

# With AFL++, in its persistent mode; its own driver calls the same function.
AFL_CC ?= afl-clang-fast
build/fuzz/afl/obj/%.o: %.c Makefile fuzz/fuzz.mk
	$(say) CC-AFL $<
	@mkdir -p $(@D)
	$(Q)AFL_QUIET=1 $(AFL_CC) $(FUZZ_FLAGS) $(FUZZ_SANITIZE) -MMD -MP \
		-c -o $@ $<

build/fuzz/afl/obj/libplimsoll.a: $(call fuzz_objects,afl/obj,$(LIB_SRC))
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

build/fuzz/afl/bin/%: build/fuzz/afl/obj/fuzz/fuzz_%.o build/fuzz/afl/obj/fuzz/file.o build/fuzz/afl/obj/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)AFL_QUIET=1 $(AFL_CC) $(FUZZ_SANITIZE) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# The mutator goes into the engine itself.
build/fuzz/afl/mutator/check.so: fuzz/afl.c fuzz/content.c fuzz/fuzz.h $(LIB_SRC)
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 $(WARN) -shared -fPIC -o $@ \
		$(filter %.c,$^) $(LIBS)

AFL_CONTENT := check $(FUZZ_CONTENT)
AFL_MUTATORS := $(AFL_CONTENT:%=build/fuzz/afl/mutator/%.so)
$(filter-out %/check.so,$(AFL_MUTATORS)): build/fuzz/afl/mutator/check.so
	$(Q)ln -sf check.so $@

# Without an engine.
build/fuzz/replay/%: build/san/fuzz/fuzz_%.o build/san/fuzz/file.o build/san/fuzz/replay.o build/san/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

# With clang's own coverage of the core, for what its corpus reaches.
FUZZ_COVERED := check eval consumer
build/fuzz/cover/%.o: %.c Makefile fuzz/fuzz.mk
	$(say) CC-COVER $<
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -O1 -fprofile-instr-generate \
		-fcoverage-mapping -MMD -MP -c -o $@ $<

build/fuzz/cover/bin/%: build/obj/fuzz/fuzz_%.o build/obj/fuzz/file.o build/obj/fuzz/replay.o $(call fuzz_objects,cover,$(CORE_SRC)) build/obj/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fprofile-instr-generate -o $@ $^ $(LIBS)

# Inputs to begin with, made of what the tests have anyway.
build/fuzz/seed/.made: fuzz/seed command modules build/tests/test_core_vectors $(wildcard tests/vectors/*.vec tests/samples/*/* tests/console/*.log)
	$(say) SEED $(@D)
	$(Q)fuzz/seed $(@D)
	@touch $@

.PHONY: fuzz afl fuzz-speed fuzz-cover coverage fuzz-replayers fuzz-corpus
fuzz-replayers: $(FUZZ_NAMES:%=build/fuzz/replay/%) build/fuzz/seed/.made
	@:
fuzz: $(FUZZ_NAMES:%=build/fuzz/bin/%) build/fuzz/seed/.made
	$(Q)fuzz/run libfuzzer $(TIME) $(FUZZ_RUN)
afl: $(FUZZ_NAMES:%=build/fuzz/afl/bin/%) $(AFL_MUTATORS) build/fuzz/seed/.made
	$(Q)fuzz/run afl $(TIME) $(FUZZ_RUN)
fuzz-speed: build/fuzz/bin/check build/fuzz/bin/empty build/fuzz/seed/.made
	$(Q)fuzz/speed
fuzz-cover: $(FUZZ_COVERED:%=build/fuzz/cover/bin/%) build/fuzz/seed/.made
	@:
coverage: fuzz-cover
	$(Q)fuzz/coverage
fuzz-corpus: $(FUZZ_NAMES:%=build/fuzz/bin/%)
	$(Q)fuzz/minimise $(FUZZ_RUN)

-include $(shell find build/fuzz -name '*.d' 2>/dev/null)
