// SPDX-License-Identifier: MIT
/// check.c: runs, digested.
#include "harness/fresh/check.h"

#define RUNS 4 // the first with nothing parked, then with more and more

static void mix(struct hd_digest *digest, uint64_t value)
{
    uint64_t z = (digest->value ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    digest->value = z ^ (z >> 29);
}

/// What a call of this kind says of memory; the rest is not comparable.
static unsigned arguments_of(enum hd_syscall_id id)
{
    switch (id) {
    case HD_SYSCALL_mmap: return 4;
    case HD_SYSCALL_munmap: return 2;
    case HD_SYSCALL_mremap: return 4;
    case HD_SYSCALL_mprotect: return 3;
    case HD_SYSCALL_madvise: return 3;
    case HD_SYSCALL_brk: return 1;
    default: return 0;
    }
}

static void mix_call(struct hd_digest *digest, const struct hd_syscall *call)
{
    const enum hd_syscall_id id = hd_syscall_of(call->number);
    const unsigned arguments = arguments_of(id);
    mix(digest, (uint64_t)call->number);
    for (unsigned i = 0; i < arguments; i++)
        mix(digest, call->args[i]);
    if (arguments > 0) mix(digest, (uint64_t)call->result);
}

static void look_at_step(void *context, const struct hd_step *step)
{
    struct hd_digest *digest = context;
    mix(digest, step->result);
    mix(digest, step->usable);
    for (uint32_t i = 0; i < step->call_count; i++)
        mix_call(digest, &step->calls[i]);
    if (digest->before != NULL) digest->before->step(digest->before->context, step);
}

static void look_at_end(void *context, const struct hd_engine *engine)
{
    struct hd_digest *digest = context;
    if (digest->before != NULL) digest->before->trace_end(digest->before->context, engine);
}

void hd_digest_begin(struct hd_digest *digest, struct hd_engine *engine)
{
    *digest = (struct hd_digest){
        .observer = {.step = look_at_step, .trace_end = look_at_end, .context = digest},
        .engine = engine,
        .before = engine->observer};
    engine->observer = &digest->observer;
}

uint64_t hd_digest_end(struct hd_digest *digest)
{
    digest->engine->observer = digest->before;
    return digest->value;
}

uint64_t hd_digest_run(struct hd_fresh *fresh, const struct hd_trace *trace, struct hd_run *run)
{
    struct hd_digest digest;
    hd_fresh_begin(fresh);
    hd_digest_begin(&digest, fresh->engine);
    hd_engine_run(fresh->engine, trace, run, NULL);
    mix(&digest, run->finding_count);
    return hd_digest_end(&digest);
}

enum hd_status hd_fresh_check(struct hd_fresh *fresh, const struct hd_trace *trace,
                              struct hd_run *run, struct hd_message *message)
{
    uint64_t first = 0;
    enum hd_status status = HD_OK;
    hd_parked_close(&fresh->parked);
    for (int i = 0; i < RUNS && status == HD_OK; i++) {
        const uint64_t value = hd_digest_run(fresh, trace, run);
        status = hd_fresh_put_back(fresh, message);
        if (i == 0) first = value;
        if (status == HD_OK && value != first)
            status = hd_fail(message, HD_UNAVAILABLE,
                             "the same input gave other pointers or system calls");
    }
    return status;
}
