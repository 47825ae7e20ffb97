// SPDX-License-Identifier: MIT
/// parked.c: while a run goes on: the script followed, or left.
///
/// Runs in the tap's signal handler: no call of libc. Compiled without sanitizers and coverage.
#include "harness/fresh/parked.h"

#include "harness/fresh/break.h"
#include "harness/tap/raw.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/// The arguments that the kernel reads of a call that changes memory; 0: it changes none.
static unsigned argument_count(enum hd_syscall_id id, const uint64_t args[6])
{
    switch (id) {
    case HD_SYSCALL_mmap: return (args[3] & MAP_ANONYMOUS) != 0 ? 4 : 6;
    case HD_SYSCALL_munmap: return 2;
    case HD_SYSCALL_mremap: return (args[3] & MREMAP_FIXED) != 0 ? 5 : 4;
    case HD_SYSCALL_mprotect: return 3;
    case HD_SYSCALL_pkey_mprotect: return 4;
    case HD_SYSCALL_madvise: return 3;
    case HD_SYSCALL_brk: return 1;
    default: return 0;
    }
}

static bool same_call(const struct hd_parked_call *call, enum hd_syscall_id id,
                      const uint64_t args[6])
{
    if (call->id != id) return false;
    for (unsigned i = 0; i < argument_count(id, args); i++)
        if (call->args[i] != args[i]) return false;
    return true;
}

// ---------------------------------------------------------------------------- leaving the script

/// What the rest of the script would get is unmapped: the break last.
static void leave(struct hd_parked *parked)
{
    for (uint32_t i = parked->at; i < parked->script_count; i++) {
        const struct hd_parked_call *call = &parked->script[i];
        const bool mapped = call->parked && call->id == HD_SYSCALL_mmap;
        if (mapped && (call->args[3] & MAP_FIXED) == 0) // else in a reserve, with which it goes
            (void)HD_RAW2(SYS_munmap, (uint64_t)call->result, hd_page_from(call->args[1]));
    }
    if (parked->break_end != parked->break_now) (void)HD_RAW1(SYS_brk, parked->break_now);
    parked->following = false;
    parked->script_count = parked->at;
}

// ---------------------------------------------------------------------------- following it

static bool protect(uintptr_t start, uintptr_t end, uint64_t prot)
{
    return end <= start || HD_RAW4(SYS_mprotect, start, end - start, prot, 0) == 0;
}

/// Whole pages come within reach, or go out of it. A run may be left at any point: what is out of
/// reach never lies below break_now, nor what is within it above break_high.
static bool move_break(struct hd_parked *parked, uintptr_t to)
{
    const uintptr_t from = parked->break_now;
    if (to > parked->break_high) parked->break_high = to;
    if (!protect(hd_page_from(from), hd_page_from(to), HD_READ_WRITE)) return false;
    parked->break_now = to;
    if (protect(hd_page_from(to), hd_page_from(from), PROT_NONE)) return true;
    parked->break_now = from;
    return false;
}

/// Makes accessible what the call got before; false: past the memory limit.
static bool give_parked(struct hd_parked *parked, const struct hd_parked_call *call)
{
    if (call->id == HD_SYSCALL_brk) return move_break(parked, call->args[0]);
    const uintptr_t start = (uintptr_t)call->result;
    return call->args[2] == PROT_NONE ||
           protect(start, start + hd_page_from(call->args[1]), call->args[2]);
}

/// The kernel is asked, as it was then; it must give the same place, for which more of the address
/// space is taken now.
static int64_t ask_again(const struct hd_parked_call *call, long number, const uint64_t args[6])
{
    uint64_t again[6];
    for (size_t i = 0; i < 6; i++)
        again[i] = args[i];
    if (call->id == HD_SYSCALL_mmap && (args[3] & MAP_FIXED) == 0) {
        again[0] = (uint64_t)call->result;
        again[3] |= MAP_FIXED_NOREPLACE;
    }
    return hd_raw_make(number, again);
}

/// False: the run has left the script, and the call is yet to be made.
static bool follow(struct hd_parked *parked, enum hd_syscall_id id, long number,
                   const uint64_t args[6], int64_t *result)
{
    const struct hd_parked_call *call = &parked->script[parked->at];
    if (parked->at == parked->script_count || !same_call(call, id, args)) return false;
    if (call->parked) {
        if (!give_parked(parked, call)) return false;
        *result = call->result;
    } else {
        *result = ask_again(call, number, args);
        if (*result != call->result && id == HD_SYSCALL_mmap) {
            if (*result > 0) (void)HD_RAW2(SYS_munmap, (uint64_t)*result, args[1]);
            return false;
        }
    }
    parked->at++;
    if (*result != call->result) leave(parked);
    return true;
}

// ---------------------------------------------------------------------------- the keeper

static void write_down(struct hd_parked *parked, enum hd_syscall_id id, const uint64_t args[6],
                       int64_t result)
{
    if (id == HD_SYSCALL_brk && (uintptr_t)result > parked->break_start)
        parked->break_raised = true;
    if (parked->made_count == HD_PARKED_CALLS_MAX) {
        parked->made_more = true;
        return;
    }
    struct hd_parked_call *call = &parked->made[parked->made_count++];
    for (size_t i = 0; i < 6; i++)
        call->args[i] = args[i];
    call->id = id;
    call->result = result;
    call->parked = false;
}

static int64_t make(struct hd_tap_keeper *keeper, long number, const uint64_t args[6])
{
    struct hd_parked *parked = (struct hd_parked *)keeper;
    const enum hd_syscall_id id = hd_syscall_of(number);
    if (argument_count(id, args) == 0) return hd_raw_make(number, args);
    const bool asks = id == HD_SYSCALL_brk && (args[0] == 0 || args[0] == hd_tap_break());
    if (asks) return (int64_t)hd_tap_break();

    int64_t result;
    if (!parked->following || !follow(parked, id, number, args, &result)) {
        if (parked->following) leave(parked);
        result = hd_raw_make(number, args);
    }
    write_down(parked, id, args, result);
    return result;
}

static uintptr_t break_now(const struct hd_tap_keeper *keeper)
{
    const struct hd_parked *parked = (const struct hd_parked *)keeper;
    return parked->following ? parked->break_now : (uintptr_t)HD_RAW1(SYS_brk, 0);
}

static void stand_aside(struct hd_tap_keeper *keeper)
{
    struct hd_parked *parked = (struct hd_parked *)keeper;
    if (parked->following) leave(parked);
}

// ---------------------------------------------------------------------------- around a run

void hd_parked_open(struct hd_parked *parked, const struct hd_pages *pages, bool keeps)
{
    *parked = (struct hd_parked){
        .keeper = {.make = make, .break_now = break_now, .stand_aside = stand_aside},
        .keeps = keeps,
        .pages = pages,
        .libc_knows_break = hd_break_is_known_to_libc()};
    parked->break_start = parked->break_end = (uintptr_t)HD_RAW1(SYS_brk, 0);
}

static void tell_libc(const struct hd_parked *parked, uintptr_t now)
{
    hd_break_tell_libc(parked->libc_knows_break ? now : 0);
}

void hd_parked_tell_libc(const struct hd_parked *parked)
{
    tell_libc(parked, parked->break_end);
}

/// Nothing got by the break is parked: the script ends before the first such call. What of the
/// break was parked stays inaccessible below what others got.
static void give_up_break(struct hd_parked *parked, uintptr_t now)
{
    parked->break_start = parked->break_end = parked->break_now = now;
    parked->at = 0;
    while (parked->at < parked->script_count && parked->script[parked->at].id != HD_SYSCALL_brk)
        parked->at++;
    leave(parked);
    parked->at = 0;
}

bool hd_parked_begin(struct hd_parked *parked)
{
    const uintptr_t end = (uintptr_t)HD_RAW1(SYS_brk, 0);
    const bool as_left = end == parked->break_end;
    parked->at = 0;
    parked->made_count = 0;
    parked->made_more = false;
    parked->break_raised = false;
    if (!as_left) give_up_break(parked, end);
    parked->break_now = parked->break_high = parked->break_start;
    parked->following = hd_parked_can_keep(parked);
    tell_libc(parked, parked->break_start);
    hd_tap_thread.keeper = &parked->keeper;
    return as_left;
}

void hd_parked_end(struct hd_parked *parked)
{
    hd_tap_thread.keeper = NULL;
    if (!parked->keeps) parked->following = false;
}

void hd_parked_close(struct hd_parked *parked)
{
    parked->at = 0;
    parked->break_now = parked->break_start;
    leave(parked);
    tell_libc(parked, (uintptr_t)HD_RAW1(SYS_brk, 0));
    parked->break_end = parked->break_start;
}
