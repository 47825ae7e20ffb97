// SPDX-License-Identifier: MIT
/// goes_round.c: instruction by instruction, until the state is one that was there before.
///
///     stopped here ──> ... ──> the same registers ──> ... ──> the same registers again
///                              memory now         <──────────> memory now: the same
///
/// What follows from a state is always the same, but for what comes from outside: the kernel,
/// clocks, the processor's random numbers. Between the two states is nothing of these.
#include "harness/runner/stuck.h"

// AddressSanitizer looks for leaks as the process ends, by ptrace, and dies where another traces it.
#if defined(__x86_64__) && !HD_IS_SANITIZED

#include "harness/base/clock.h"
#include "harness/fresh/pages.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX   (4096 + 128)       // of /proc/PID/maps
#define MEMORY_MAX ((size_t)64 << 20) // resident bytes that are compared, 15 ms; more: not told

struct traced {
    pid_t child;
    int memory; // /proc/PID/mem
    struct hd_pages pages;
    struct hd_page_run vdso; // the kernel's code in it, which reads clocks
    size_t steps_left;
    uint64_t until_ns; // no step is made from this time on
    int signal;        // that it stopped by and has not got yet; 0: none
};

struct state {
    uint64_t memory;        // a hash of all that it can write
    uint8_t vectors[16384]; // and floating point, as XSAVE has them
    size_t vectors_size;
};

// ---------------------------------------------------------------------------- stepping

/// Waits until it stops, and says why: a signal, and above it ptrace's event; 0: it ended, and is
/// left to others to reap.
static int await_stop(pid_t child)
{
    siginfo_t info;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WNOWAIT) != 0)
        if (errno != EINTR) return 0;
    return info.si_code == CLD_TRAPPED ? info.si_status : 0;
}

/// To step where the signal of a step is blocked, in its handler for one, would end the child.
static bool may_step(pid_t child)
{
    uint64_t blocked;
    return ptrace(PTRACE_GETSIGMASK, child, sizeof blocked, &blocked) == 0 &&
           (blocked >> (SIGTRAP - 1) & 1) == 0;
}

/// A SIGTRAP may be the allocator's own, by int3 for one.
static bool is_step(pid_t child)
{
    siginfo_t info;
    return ptrace(PTRACE_GETSIGINFO, child, 0, &info) == 0 &&
           (info.si_code == TRAP_TRACE || info.si_code == TRAP_BRKPT);
}

/// Whether these bytes, of an instruction or in the middle of one, are one that asks for something
/// from outside.
static bool asks_outside(const uint8_t code[static 3])
{
    if (code[0] == 0xcd && code[1] == 0x80) return true; // int 0x80
    if (code[0] != 0x0f) return false;
    switch (code[1]) {
    case 0x05: return true;            // syscall
    case 0x34: return true;            // sysenter
    case 0x31: return true;            // rdtsc
    case 0x33: return true;            // rdpmc
    case 0xc7: return true;            // rdrand, rdseed, rdpid; and others that do not
    case 0x01: return code[2] == 0xf9; // rdtscp
    default: return false;
    }
}

/// pushf, popf, iret: that it is traced is a flag too, which would be saved, or be its own then.
static bool touches_flags(uint8_t opcode)
{
    return opcode == 0x9c || opcode == 0x9d || opcode == 0xcf;
}

/// Whether the next instruction does the same whenever it is carried out.
static bool repeats(const struct traced *traced, uint64_t address)
{
    uint8_t code[8];
    if (address >= traced->vdso.start && address < traced->vdso.end) return false;
    if (pread(traced->memory, code, sizeof code, (off_t)address) != sizeof code) return false;
    if (touches_flags(code[0] == 0x66 || code[0] == 0x48 ? code[1] : code[0])) return false;
    for (size_t prefixes = 0; prefixes <= 4; prefixes++)
        if (asks_outside(code + prefixes)) return false;
    return true;
}

static bool get_registers(const struct traced *traced, struct user_regs_struct *registers)
{
    return ptrace(PTRACE_GETREGS, traced->child, 0, registers) == 0;
}

/// Carries out the next instruction, if it repeats: one that asks the kernel might not come back.
static bool step(struct traced *traced, struct user_regs_struct *registers)
{
    if (traced->steps_left == 0 || hd_now_ns() >= traced->until_ns) return false;
    if (!repeats(traced, registers->rip)) return false;
    traced->steps_left--;
    if (ptrace(PTRACE_SINGLESTEP, traced->child, 0, 0) != 0) return false;
    const int signal = await_stop(traced->child);
    if (signal == SIGTRAP && is_step(traced->child)) return get_registers(traced, registers);
    traced->signal = signal >> 8 == 0 ? signal : 0; // a stop is no signal to hand on
    return false;
}

// ---------------------------------------------------------------------------- memory

struct hashing {
    const struct traced *traced;
    uint64_t hash;
    size_t left; // of MEMORY_MAX
    bool failed;
};

static void hash_words(uint64_t *hash, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *hash = (*hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        *hash ^= *hash >> 29;
    }
}

static void hash_run(void *context, struct hd_page_run run)
{
    struct hashing *hashing = context;
    uint64_t page[HD_PAGE / sizeof(uint64_t)];
    hashing->failed |= run.end - run.start > hashing->left;
    if (hashing->failed) return;
    hashing->left -= run.end - run.start;
    for (uintptr_t at = run.start; at < run.end && !hashing->failed; at += HD_PAGE) {
        hash_words(&hashing->hash, &(uint64_t){at}, 1);
        hashing->failed =
            pread(hashing->traced->memory, page, sizeof page, (off_t)at) != sizeof page;
        hash_words(&hashing->hash, page, sizeof page / sizeof page[0]);
    }
}

static FILE *open_maps(const struct traced *traced)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/maps", (int)traced->child);
    return fopen(path, "re");
}

/// Reads the next mapping: its range, and its line. False: there is none.
static bool read_mapping(FILE *maps, struct hd_page_run *run, char line[static LINE_MAX])
{
    return fgets(line, LINE_MAX, maps) != NULL &&
           sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &run->start, &run->end) == 2;
}

static bool is_writable(const char *line)
{
    const char *rights = strchr(line, ' ');
    return rights != NULL && rights[1] != '\0' && rights[2] == 'w';
}

/// Hashes all that it can write.
static bool hash_memory(const struct traced *traced, uint64_t *hash)
{
    FILE *maps = open_maps(traced);
    if (maps == NULL) return false;
    struct hashing hashing = {.traced = traced, .left = MEMORY_MAX};
    struct hd_page_run run;
    char line[LINE_MAX];
    while (!hashing.failed && read_mapping(maps, &run, line)) {
        if (!is_writable(line)) continue;
        if (!hd_pages_list(&traced->pages, run.start, run.end, HD_PAGES_RESIDENT, hash_run,
                           &hashing))
            hashing.failed = true;
    }
    (void)fclose(maps);
    *hash = hashing.hash;
    return !hashing.failed;
}

/// A kernel that has none is as well.
static bool find_vdso(struct traced *traced)
{
    FILE *maps = open_maps(traced);
    if (maps == NULL) return false;
    struct hd_page_run run;
    char line[LINE_MAX];
    while (read_mapping(maps, &run, line))
        if (strstr(line, "[vdso]") != NULL) traced->vdso = run;
    (void)fclose(maps);
    return true;
}

static bool get_state(const struct traced *traced, struct state *state)
{
    struct iovec area = {.iov_base = state->vectors, .iov_len = sizeof state->vectors};
    if (ptrace(PTRACE_GETREGSET, traced->child, NT_X86_XSTATE, &area) != 0) return false;
    state->vectors_size = area.iov_len;
    return hash_memory(traced, &state->memory);
}

static bool same_state(const struct state *a, const struct state *b)
{
    return a->memory == b->memory && a->vectors_size == b->vectors_size &&
           memcmp(a->vectors, b->vectors, a->vectors_size) == 0;
}

// ---------------------------------------------------------------------------- going round

/// Until the registers are these again.
static bool go_round(struct traced *traced, const struct user_regs_struct *first)
{
    struct user_regs_struct now = *first;
    do
        if (!step(traced, &now)) return false;
    while (memcmp(&now, first, sizeof now) != 0);
    return true;
}

/// A call that was interrupted is made again at the first step, and may not come back.
static bool is_in_call(const struct user_regs_struct *registers)
{
    return (int64_t)registers->orig_rax >= 0;
}

/// Of a child that is stopped. The first step is there since what stopped it shows in the
/// registers.
static bool comes_again(struct traced *traced)
{
    static struct state before, after;
    struct user_regs_struct first;
    // Stopped it starts none, and no step is a call.
    if (!hd_has_one_thread(traced->child) || !may_step(traced->child)) return false;
    return find_vdso(traced) && get_registers(traced, &first) && !is_in_call(&first) &&
           step(traced, &first) && go_round(traced, &first) && get_state(traced, &before) &&
           go_round(traced, &first) && get_state(traced, &after) && same_state(&before, &after);
}

/// Of a child that goes on at once, with the signal that it was about to get.
static bool comes_again_stopped(struct traced *traced)
{
    if (ptrace(PTRACE_INTERRUPT, traced->child, 0, 0) != 0) return false;
    const int status = await_stop(traced->child);
    const bool stopped = status >> 8 == PTRACE_EVENT_STOP;
    if (!stopped && status >> 8 == 0) traced->signal = status;
    return stopped && comes_again(traced);
}

bool hd_goes_round(pid_t child, size_t instructions_max, uint64_t ns_max)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/mem", (int)child);
    if (ptrace(PTRACE_SEIZE, child, 0, 0) != 0) return false;
    struct traced traced = {.child = child,
                            .memory = open(path, O_RDONLY | O_CLOEXEC),
                            .steps_left = instructions_max,
                            .until_ns = hd_now_ns() + ns_max};
    hd_pages_open_of(&traced.pages, child);
    const bool round =
        traced.memory >= 0 && hd_pages_can_list(&traced.pages) && comes_again_stopped(&traced);
    (void)ptrace(PTRACE_DETACH, child, 0, traced.signal);
    hd_pages_close(&traced.pages);
    if (traced.memory >= 0) (void)close(traced.memory);
    return round;
}

#else

bool hd_goes_round(pid_t child, size_t instructions_max, uint64_t ns_max)
{
    (void)child;
    (void)instructions_max;
    (void)ns_max;
    return false;
}

#endif
