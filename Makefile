# SPDX-License-Identifier: GPL-2.0-or-later
#
# plimsoll: may this content file ship to machines whose kernel will parse it?
#
# On a bare Debian 12, as root or as a user who may sudo, two targets do all of
# their set-up themselves; a second run installs and downloads nothing:
#
#   make gate [FILE=x.plm]  set up, build, gate the file (or a sample of ours)
#   make check              set up, build everything, run every test
#
# The rest expects the packages to be there (make setup installs them):
#
#   make                    the command, and the module for every kernel
#   make sanitizer          the kernel that looks for faults, and the module for it
#   make install            into $(DESTDIR)$(PREFIX)
#   make help               the list of targets
#
# Variables: KERNELS (debian:6.1 debian:6.12), CC, PREFIX, DESTDIR, FILE,
# BASELINE, POLICY, REPORT, V=1 (show commands).  Everything built is below build/;
# kernels are in the user's cache folder, see vm/fetch-kernel.

MAKEFLAGS += --no-builtin-rules --check-symlink-times
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VERSION := 0.1.0
PREFIX ?= /usr/local
LIBDIR = $(PREFIX)/lib/plimsoll
KERNELS ?= debian:6.1 debian:6.12
CC = gcc
Q = $(if $(V),,@)
say = @printf '  %-8s %s\n'

# Packages

PACKAGES_BUILD := gcc binutils libc6-dev make pkg-config patch xz-utils zstd kmod \
	libelf-dev libjansson-dev libyaml-dev libssl-dev libarchive-dev \
	libcyaml-dev picosat libbpf-dev zlib1g-dev
PACKAGES_GATE := $(PACKAGES_BUILD) qemu-system-x86 e2fsprogs
PACKAGES_SANITIZER := $(PACKAGES_GATE) flex bison bc perl clang \
	libclang-rt-dev libstdc++-12-dev
PACKAGES_PROVE := frama-c-base why3 z3 cvc4 perl
PACKAGES_CHECK := $(PACKAGES_SANITIZER) llvm libcmocka-dev sparse git \
	linux-source-6.1 libhyperscan-dev wireless-regdb apparmor \
	libxml2-utils $(PACKAGES_PROVE)
PACKAGES_FUZZ := $(PACKAGES_CHECK) afl++

.PHONY: setup setup-gate setup-sanitizer setup-check setup-fuzz
setup: setup-check
setup-gate:
	$(Q)tests/setup $(PACKAGES_GATE)
setup-sanitizer:
	$(Q)tests/setup $(PACKAGES_SANITIZER)
setup-check:
	$(Q)tests/setup $(PACKAGES_CHECK)
setup-fuzz:
	$(Q)tests/setup $(PACKAGES_FUZZ)

# Userspace: the command, and the same command under sanitizers

LIBS_PC := jansson yaml-0.1 libcyaml libcrypto libelf libarchive
# The yardstick of the benchmarks, where there is one.
HYPERSCAN := $(shell pkg-config --exists libhs && echo libhs)
# PicoSAT has no file for pkg-config.
LIBS = -Wl,--as-needed $(shell pkg-config --libs $(LIBS_PC) $(HYPERSCAN)) \
	-lpicosat
WARN := -Wall -Wextra -Werror
CPPFLAGS_ALL = -D_GNU_SOURCE -DPLIMSOLL_VERSION='"$(VERSION)"' \
	-DPLIMSOLL_LIBDIR='"$(LIBDIR)"' -I. -Ikmod/core -Ikmod -Iuserspace
CFLAGS ?= -O2 -g
CFLAGS_ALL = -std=gnu11 $(CFLAGS) $(WARN) -fstack-protector-strong
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

CORE_SRC := $(wildcard kmod/core/*.c)
LIB_SRC := $(CORE_SRC) $(filter-out $(if $(HYPERSCAN),%_none.c,%_hyperscan.c), \
	$(wildcard userspace/*/*.c vm/*.c))
CMD_SRC := $(wildcard userspace/*.c)
UNIT_SRC := $(wildcard tests/unit/*.c)

objects = $(patsubst %.c,build/$(1)/%.o,$(2))
OBJ := $(call objects,obj,$(LIB_SRC) $(CMD_SRC))
SAN_OBJ := $(call objects,san,$(LIB_SRC) $(CMD_SRC))
SAN_LIB_OBJ := $(call objects,san,$(LIB_SRC) $(filter-out %/main.c,$(CMD_SRC)))
# Of the guest, what needs no kernel.
UNIT_LIB_OBJ := $(call objects,san,$(wildcard tests/unit/lib/*.c) \
	vm/guest/fuzz_edges.c vm/guest/fuzz_inputs.c)
UNIT := $(patsubst tests/unit/%.c,build/tests/%,$(UNIT_SRC))

# The core is the hot path; its checks are loops over words.
build/obj/kmod/core/%.o: CFLAGS_ALL += -O3

build/obj/%.o: %.c Makefile
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

build/san/%.o: %.c Makefile
	$(say) CC-SAN $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O1 -g $(WARN) $(SANITIZE) -MMD -MP \
		-c -o $@ $<

# Which yardstick: when its package comes or goes, what was linked is old,
# which make does not see of an object that was never made.
build/yardstick: FORCE
	@mkdir -p $(@D)
	@echo '$(HYPERSCAN)' | cmp -s - $@ || echo '$(HYPERSCAN)' >$@
.PHONY: FORCE
FORCE:

build/plimsoll: $(OBJ) build/yardstick
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) -o $@ $(OBJ) $(LIBS)

build/plimsoll-san: $(SAN_OBJ) build/yardstick
	$(say) LD $@
	$(Q)$(CC) $(SANITIZE) -o $@ $(SAN_OBJ) $(LIBS)

# An archive, so that a test is linked with what it calls and no more.
build/san/libplimsoll.a: $(SAN_LIB_OBJ) $(UNIT_LIB_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

build/tests/%: build/san/tests/unit/%.o build/san/libplimsoll.a
	$(say) LD $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS) -lcmocka

.SECONDARY:
-include $(shell find build/obj build/san build/guest -name '*.d' 2>/dev/null)

# The guest: PID 1 and the program that plays every process, static

GUEST := build/guest/init build/guest/actor build/guest/apparmor \
	build/guest/bpf build/guest/spawn

INIT_SRC := $(wildcard vm/guest/init*.c) vm/guest/mailbox.c \
	vm/target_answer.c vm/damage.c

build/guest/init: $(INIT_SRC) $(wildcard vm/*.h vm/guest/*.h kmod/core/*.h) \
		kmod/plimsoll_uapi.h Makefile
	$(say) GUEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 $(WARN) -static -s \
		-o $@ $(INIT_SRC)

build/guest/actor: vm/guest/actor.c $(wildcard vm/*.h vm/guest/*.h) Makefile
	$(say) GUEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 $(WARN) -static -s -nostdlib \
		-ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables \
		-Wl,-z,norelro -Wl,-z,noseparate-code -Wl,--build-id=none -o $@ $<

# Programs that targets run in the guest.
build/guest/bpf: GUEST_LIBS = -lbpf -lelf -lz
build/guest/%: vm/guest/%.c Makefile
	$(say) GUEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 $(WARN) -static -s -o $@ $< \
		$(GUEST_LIBS)

# The fuzzer in the guest: libFuzzer, the mutator and the console classifier,
# static.  It is C; only libFuzzer wants the library of C++.

GUEST_FUZZ_SRC := $(wildcard vm/guest/fuzz*.c) vm/guest/mailbox.c \
	$(filter-out vm/guest/init.c,$(wildcard vm/guest/init*.c)) \
	vm/target_answer.c fuzz/content.c
GUEST_FUZZ_OBJ := $(GUEST_FUZZ_SRC:%.c=build/guest/obj/%.o)
LIBFUZZER = $(shell clang -print-file-name=lib/linux/libclang_rt.fuzzer_no_main-x86_64.a)

build/guest/obj/fuzz/%.o: CPPFLAGS_ALL += -DLLVMFuzzerCustomMutator=fuzz_content_mutate
build/guest/obj/%.o: %.c Makefile
	$(say) GUEST $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu11 -O2 -g $(WARN) -MMD -MP -c -o $@ $<

build/guest/fuzz: $(GUEST_FUZZ_OBJ) build/obj/libplimsoll.a
	$(say) GUEST $@
	$(Q)$(CC) -static -s -o $@ $^ $(LIBFUZZER) -lstdc++ -lm

# What QEMU has loaded before itself where it is to be copied.
COPIES := build/copies.so

$(COPIES): vm/preload/copies.c vm/copies_protocol.h Makefile
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -U_FORTIFY_SOURCE \
		-fPIC -shared -o $@ $<

# Targets: how a VM hands content to a parser, a file each

TARGET_FILES := $(patsubst vm/%,build/%,$(wildcard vm/targets/*.yaml))

build/targets/%.yaml: vm/targets/%.yaml
	@mkdir -p $(@D)
	$(Q)cp $< $@

# What was recorded of ordinary systems, for the replay stage

GOODWARE := $(patsubst tests/%,build/%,\
	$(wildcard tests/goodware/*.xz tests/goodware/corpus.json))

build/goodware/%: tests/goodware/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

# Kernels, and the module for each

NAMES := $(subst :,-,$(KERNELS))
MODULES := $(sort $(NAMES:%=build/kmod/%/.built) \
	$(wildcard build/kmod/sanitizer/.built))
MODULE_SRC := Kbuild $(shell find kmod -name '*.[ch]')

build/vmlinux-extract: vm/tools/extract.c vm/vmlinux.c vm/vmlinux.h
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -o $@ $(filter %.c,$^) \
		$(shell pkg-config --libs libarchive)

# A link to the kernel in the cache: kept while it leads to a whole one.
build/kernels/%: build/vmlinux-extract vm/fetch-kernel vm/kernels.sh
	$(say) KERNEL $(@F)
	@mkdir -p $(@D)
	$(Q)dir=$$(PLIMSOLL_EXTRACT=build/vmlinux-extract \
		vm/fetch-kernel $(subst debian-,debian:,$(@F))) && \
		ln -sfn "$$dir" $@ && touch -h $@

build/kernels/sanitizer: vm/build-sanitizer vm/sanitizer.config
build/kmod/sanitizer/.built: build/kernels/sanitizer

# Which kernel a name stands for: what was built for another one is old.
build/kernel-of/%: FORCE | build/kernels/%
	@mkdir -p $(@D)
	@readlink -f build/kernels/$* | cmp -s - $@ || \
		readlink -f build/kernels/$* >$@

# Kbuild writes beside its sources, so they are copied below build/ first.
build/kmod/%/.built: $(MODULE_SRC) tests/stage-module build/kernel-of/%
	$(say) MODULE $*
	@mkdir -p $(@D)
	$(Q)tests/stage-module $(@D) build/kernels/$* >$(@D).log 2>&1 || \
		{ cat $(@D).log; exit 1; }
	$(Q)release=$$(cat build/kernels/$*/release) && \
		mkdir -p build/modules/$$release && \
		strip --strip-debug -o build/modules/$$release/plimsoll.ko \
		$(@D)/plimsoll.ko
	@touch $@

# What makes the sanitizer kernel quick while plimsoll fuzz --in-kernel explores
HASTE := $(if $(filter %/sanitizer/.built,$(MODULES)),build/haste/.built)

build/haste/.built: $(wildcard vm/haste/*) build/kernels/sanitizer
	$(say) MODULE haste
	@mkdir -p $(@D)
	$(Q)cp -p vm/haste/* $(@D)
	$(Q)MAKEFLAGS= $(MAKE) -C build/kernels/sanitizer/build \
		M=$(CURDIR)/$(@D) modules >$(@D).log 2>&1 || \
		{ cat $(@D).log; exit 1; }
	$(Q)install -D -m 644 $(@D)/haste.ko \
		build/modules/$$(cat build/kernels/sanitizer/release)/haste.ko
	@touch $@

# Samples of content: rules of our own, compiled

SAMPLE := build/sample.plm
SAMPLE_RULES := $(wildcard tests/samples/rules/*.yml)

$(SAMPLE): build/plimsoll $(SAMPLE_RULES)
	$(say) COMPILE $@
	$(Q)build/plimsoll compile -o $@ --channel 1 --content-version 1 \
		tests/samples/rules

# Targets for people

.PHONY: all command modules gate check check-sanitizer sanitizer install clean help lint bench goodware
# What is made on demand is kept up to date once it is there.
all: command modules $(wildcard build/guest/fuzz build/run-in-vm \
		build/offer-in-vm $(SAMPLE))
command: build/plimsoll build/plimsoll-san $(GUEST) $(COPIES) $(TARGET_FILES) \
		$(GOODWARE)
	@:
modules: $(MODULES) $(HASTE)
	@:

# What gate runs is made after setup, in a make of its own, because the
# packages must be there before pkg-config and the compilers are asked.
FILE ?= $(SAMPLE)
GATE_ARGS = $(if $(BASELINE),--baseline $(BASELINE)) \
	$(if $(POLICY),--policy $(POLICY)) $(if $(REPORT),--report $(REPORT))

gate: setup-gate
	$(Q)$(MAKE) --no-print-directory -j2 KERNELS=debian:6.1 command modules \
		$(if $(filter $(SAMPLE),$(FILE)),$(SAMPLE))
	$(Q)build/plimsoll gate $(GATE_ARGS) $(FILE)

sanitizer: setup-sanitizer
	$(Q)$(MAKE) --no-print-directory -j2 KERNELS=sanitizer command modules \
		build/guest/fuzz

check: setup-check
	$(Q)$(MAKE) --no-print-directory -j2 all
	$(Q)$(MAKE) --no-print-directory -j2 unit-tests $(SAMPLE) consumers \
		kselftest ledger fuzz-replayers fuzz-cover
	$(Q)tests/run

# On the kernel that looks for faults, which is built first: a quarter of an hour.
check-sanitizer: setup-check
	$(Q)$(MAKE) --no-print-directory -j2 KERNELS=sanitizer all \
		build/guest/fuzz ledger
	$(Q)$(MAKE) --no-print-directory -j2 $(SANITIZED:%=build/consumers/%/.built) \
		$(FUZZED:%=build/fuzzed/%/.built)
	$(Q)tests/run sanitizer

# Rounds of a minute each, for the sound module's sake; not in make check.
ROUNDS ?= 50
.PHONY: soak-sound
soak-sound: setup-check
	$(Q)$(MAKE) --no-print-directory -j2 all
	$(Q)tests/soak-sound $(ROUNDS)

.PHONY: unit-tests consumers
unit-tests: $(UNIT)
	@:

# Deliberately broken consumers: the sound module and a patch, for one kernel.
CONSUMER_MODULES := build/kmod/debian-6.1/.built build/kmod/debian-6.12/.built
SANITIZED := $(shell awk -F "\t" '$$5 == "sanitizer" { print $$1 }' \
	tests/consumers/consumers.tsv)
CONSUMERS := $(patsubst tests/consumers/%.patch,build/consumers/%/.built,\
	$(filter-out $(SANITIZED:%=tests/consumers/%.patch), \
	$(wildcard tests/consumers/*.patch)))
$(SANITIZED:%=build/consumers/%/.built): build/kmod/sanitizer/.built
consumers: $(CONSUMERS)
	@:

build/consumers/%/.built: tests/consumers/%.patch tests/consumers/consumers.tsv tests/stage-module $(CONSUMER_MODULES)
	$(say) CONSUMER $*
	@mkdir -p $(@D)
	$(Q)kernel=$$(awk -F "\t" -v name=$* "\$$1 == name { print \$$5 }" \
		tests/consumers/consumers.tsv | sed "s/^[0-9]/debian-&/") && \
		tests/stage-module $(@D) build/kernels/$$kernel $< \
			build/kmod/$$kernel >$(@D).log 2>&1 || \
		{ cat $(@D).log; exit 1; }
	@touch $@

# Those whose fault plimsoll fuzz --in-kernel is to find, for its kernel.
FUZZED := $(shell awk '!/^\#/ { print $$1 }' tests/consumers/fuzzed.tsv)
build/fuzzed/%/.built: tests/consumers/%.patch tests/stage-module build/kmod/sanitizer/.built
	$(say) CONSUMER $* sanitizer
	@mkdir -p $(@D)
	$(Q)tests/stage-module $(@D) build/kernels/sanitizer $< \
		build/kmod/sanitizer >$(@D).log 2>&1 || \
		{ cat $(@D).log; exit 1; }
	@touch $@

# A module of somebody else's, and the targets that were written for it.
LEDGER := $(NAMES:%=build/ledger/%/ledger.ko)
BPF := $(patsubst tests/samples/bpf/%.c,build/bpf/%.o,\
	$(wildcard tests/samples/bpf/*.c))
LEDGER_SRC := $(wildcard tests/targets/*)

.PHONY: ledger
ledger: $(LEDGER) $(BPF)
	@:

build/bpf/%.o: tests/samples/bpf/%.c
	$(say) BPF $@
	@mkdir -p $(@D)
	$(Q)clang -target bpf -g -O2 -Wall -Werror \
		-I/usr/include/$(shell $(CC) -print-multiarch) -c -o $@ $<

build/ledger/%/ledger.ko: $(LEDGER_SRC) build/kernel-of/%
	$(say) MODULE $@
	@mkdir -p $(@D)
	$(Q)cp -p $(LEDGER_SRC) $(@D)
	$(Q)MAKEFLAGS= $(MAKE) -C build/kernels/$*/build M=$(CURDIR)/$(@D) \
		modules >$(@D).log 2>&1 || { cat $(@D).log; exit 1; }

# What runs in a VM and asks the module: static, with the kernel's own lib.mk.
KSELFTEST_SRC := $(wildcard tests/kselftest/plimsoll/* tests/kselftest/plimsoll/rules/*/*)

.PHONY: kselftest
kselftest: build/run-in-vm build/offer-in-vm build/kselftest/.built

build/run-in-vm: build/san/tests/vm/run_in_vm.o build/san/libplimsoll.a
	$(say) LD $@
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

build/offer-in-vm: build/san/tests/vm/offer_in_vm.o build/san/libplimsoll.a
	$(say) LD $@
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

build/record-goodware build/thin-goodware: build/%-goodware: build/san/vm/tools/%.o build/san/libplimsoll.a
	$(say) LD $@
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

build/kselftest/.built: $(KSELFTEST_SRC) $(CORE_SRC) $(wildcard kmod/core/*.h) \
		kmod/plimsoll_uapi.h vm/guest/actor.c vm/guest/actor.h vm/act.h \
		build/plimsoll tests/kselftest/headers
	$(say) SELFTEST $(@D)
	@mkdir -p $(@D)
	$(Q)headers=$$(tests/kselftest/headers) && \
		MAKEFLAGS= $(MAKE) -C tests/kselftest/plimsoll KSELFTEST="$$headers" \
		OUTPUT=$(CURDIR)/$(@D) CC="$(CC)" PLIMSOLL=$(CURDIR)/build/plimsoll \
		>$(@D).log 2>&1 || { cat $(@D).log; exit 1; }
	@touch $@

# A part of make check, by itself; see tests/prove.
.PHONY: prove
prove:
	$(Q)tests/setup $(PACKAGES_PROVE)
	$(Q)prove --verbose --exec '' tests/prove

# Records the goodware corpus anew: for developers, as root, with the network.
goodware:
	$(Q)tests/setup $(PACKAGES_GATE) mmdebstrap dpkg-dev openssh-client
	$(Q)$(MAKE) --no-print-directory -j2 KERNELS=debian:6.1 command modules \
		build/vmlinux-extract build/record-goodware build/thin-goodware
	$(Q)vm/record-goodware

include fuzz/fuzz.mk
include tests/mutants/mutants.mk

# Real rules to measure beside the generated ones, where they are at hand.
BENCH_RULES ?= $(wildcard ../shared/data/sigma/process_creation)

bench: command
	$(if $(BENCH_RULES),$(Q)build/plimsoll compile -o build/bench.plm \
		--channel 1 --content-version 1 $(BENCH_RULES))
	$(Q)build/plimsoll bench $(if $(BENCH_RULES),--content build/bench.plm)

install: command modules build/vmlinux-extract
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/guest \
		$(DESTDIR)$(LIBDIR)/targets $(DESTDIR)$(PREFIX)/share/man/man5 \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/doc/plimsoll
	install build/plimsoll $(DESTDIR)$(PREFIX)/bin/plimsoll
	install build/plimsoll-san $(DESTDIR)$(LIBDIR)/plimsoll-san
	install -m 644 $(COPIES) $(DESTDIR)$(LIBDIR)
	install vm/fetch-kernel vm/build-sanitizer build/vmlinux-extract \
		$(DESTDIR)$(LIBDIR)
	install -m 644 vm/kernels.sh vm/sanitizer.config $(DESTDIR)$(LIBDIR)
	install $(GUEST) $(wildcard build/guest/fuzz) $(DESTDIR)$(LIBDIR)/guest
	install -d $(DESTDIR)$(LIBDIR)/goodware
	install -m 644 $(GOODWARE) $(DESTDIR)$(LIBDIR)/goodware
	cp -R build/modules $(DESTDIR)$(LIBDIR)/
	install -m 644 $(TARGET_FILES) $(DESTDIR)$(LIBDIR)/targets
	install -m 644 userspace/plimsoll-target.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 userspace/plimsoll.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 userspace/plimsoll-policy.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 README.md kmod/core/FORMAT.md \
		$(DESTDIR)$(PREFIX)/share/doc/plimsoll

clean:
	rm -rf build

help:
	@printf '%s\n' \
	  'make               build the command and the module for $(KERNELS)' \
	  'make gate          set up everything, gate FILE= or a sample' \
	  'make check         set up everything, run all tests' \
	  'make setup         install the packages that building and testing need' \
	  'make setup-fuzz    those that fuzzing needs as well' \
	  'make command       only the command and the guest' \
	  'make modules       only the module, for every kernel of KERNELS=' \
	  'make sanitizer     the kernel with KASAN, lockdep, ..., and the module for it' \
	  'make check-sanitizer  the tests on that kernel' \
	  'make consumers     the deliberately broken consumers' \
	  'make unit-tests    build the unit tests, under sanitizers' \
	  'make kselftest     build the tests of the module that run in VMs' \
	  'make bench         run the benchmarks' \
	  'make goodware      record the goodware corpus anew (root, network)' \
	  'make fuzz TIME=60  fuzz every target, see fuzz/README.md' \
	  'make afl TIME=60   the same with AFL++' \
	  'make fuzz-speed    the core'\''s target beside an empty one' \
	  'make fuzz-corpus   make the committed corpora small again' \
	  'make coverage      what of the core its corpus reaches' \
	  'make prove         prove the core with Frama-C' \
	  'make mutants       bend each check of the core and the module, one at a' \
	  '                   time; every test must see it, see tests/mutants' \
	  'make install       install below PREFIX=$(PREFIX)' \
	  'make clean         remove build/'
