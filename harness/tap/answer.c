// SPDX-License-Identifier: MIT
/// answer.c: refuses a system call, or makes it where there is memory for it; writes it down.
///
/// Runs between any two instructions of the allocator: no call of libc, no errno, no memory but the
/// thread's own. Compiled without sanitizers and coverage.
#include "harness/tap/answer.h"

#include "harness/tap/owner.h"
#include "harness/tap/raw.h"
#include "harness/tap/refusals.h"
#include "harness/tap/tap.h"

#include <stddef.h>
#include <sys/syscall.h>

uintptr_t hd_tap_break(void)
{
    const struct hd_tap_keeper *keeper = hd_tap_thread.keeper;
    return keeper != NULL ? keeper->break_now(keeper) : (uintptr_t)HD_RAW1(SYS_brk, 0);
}

void hd_tap_stand_aside(void)
{
    struct hd_tap_keeper *keeper = hd_tap_thread.keeper;
    if (keeper != NULL) keeper->stand_aside(keeper);
}

static int64_t make(struct hd_tap_keeper *keeper, long number, const uint64_t args[6])
{
    return keeper != NULL ? keeper->make(keeper, number, args) : hd_raw_make(number, args);
}

static void write_down(struct hd_tap_log *log, const struct hd_syscall *call)
{
    if (log->count == HD_TAP_LOG_MAX) {
        log->lost++;
        return;
    }
    struct hd_syscall *entry = &log->calls[log->count++];
    entry->number = call->number;
    for (size_t i = 0; i < 6; i++)
        entry->args[i] = call->args[i];
    entry->result = call->result;
    entry->from = call->from;
    entry->break_before = call->break_before;
    entry->refused = call->refused;
}

/// Random bytes are the same ones each time: an allocator that shuffles its blocks does it alike in
/// each run, and what it did can be shown again. The kernel has looked at the arguments before.
static void make_constant(const uint64_t args[6], int64_t count)
{
    volatile uint8_t *bytes = (volatile uint8_t *)args[0];
    for (int64_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(0x9d * i + 0x5b);
}

/// A seccomp filter hands over the calls of all threads, armed or not. What a thread that ends asks
/// besides memory, libc asks: signals blocked, a lock, the end itself.
static bool is_allocators(const struct hd_tap_thread *thread, long number, uintptr_t from)
{
    return thread->armed != 0 && thread->tapped && hd_owner_is_allocator(from) &&
           (!thread->ends || hd_syscall_of(number) < HD_REFUSABLES);
}

int64_t hd_tap_syscall(long number, const uint64_t args[6])
{
    return hd_answer(number, args, 0); // from nobody knows where: the allocator
}

int64_t hd_answer(long number, const uint64_t args[6], uintptr_t from)
{
    struct hd_tap_thread *thread = &hd_tap_thread;
    if (!is_allocators(thread, number, from)) return hd_raw_make(number, args);

    const enum hd_syscall_id id = hd_syscall_of(number);
    struct hd_syscall call = {.number = number, .from = from};
    for (size_t i = 0; i < 6; i++)
        call.args[i] = args[i];
    if (id == HD_SYSCALL_brk) call.break_before = hd_tap_break();
    call.refused = hd_refusals_decide(&hd_tap_refused, id, args, call.break_before);
    if (call.refused || hd_refusals_no_memory(&hd_tap_refused, id, args, call.break_before)) {
        call.result = hd_refusals_answer(id, call.break_before);
    } else {
        call.result = make(thread->keeper, number, args);
        if (id == HD_SYSCALL_getrandom) make_constant(args, call.result);
        hd_refusals_made(&hd_tap_refused, id, args, call.result, call.break_before);
    }
    write_down(thread->log, &call);
    return call.result;
}
