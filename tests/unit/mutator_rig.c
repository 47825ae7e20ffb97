// SPDX-License-Identifier: MIT
/// mutator_rig.c: drafts of texts and of dice, and what changed between two of them.
#include "tests/unit/mutator_rig.h"

#include "harness/trace/trace.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

void draft_of_text(struct hd_draft *draft, const char *lines, size_t count_max)
{
    char text[4096];
    struct hd_arena arena;
    struct hd_trace trace;
    struct hd_message message = {""};
    const int size = snprintf(text, sizeof text, "heapduel-trace 1\n%s", lines);
    assert_in_range(size, 1, sizeof text - 1);
    hd_arena_open(&arena, 1 << 20);
    if (hd_trace_read_bytes("lines", (const uint8_t *)text, (size_t)size, &arena, &trace,
                            &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_in_range(trace.count, 0, count_max);
    memcpy(draft->ops, trace.ops, trace.count * sizeof trace.ops[0]);
    draft->count = trace.count;
    draft->count_max = count_max;
    draft->run_count = 0;
    draft->off = 0;
    hd_arena_close(&arena);
}

void draft_of_dice(struct hd_draft *draft, size_t count_max, uint64_t *dice)
{
    draft->count_max = count_max;
    draft->count = 1 + random_below(dice, count_max);
    draft->run_count = 0;
    draft->off = 0;
    for (size_t i = 0; i < draft->count; i++) {
        draft->ops[i] = random_op(dice);
        if (random_below(dice, 4)) draft->ops[i].slot %= 16;
    }
}

void draft_copy(struct hd_draft *to, const struct hd_draft *from)
{
    memcpy(to->ops, from->ops, from->count * sizeof from->ops[0]);
    to->count = from->count;
    to->count_max = from->count_max;
    to->off = from->off;
}

bool op_same(const struct hd_op *a, const struct hd_op *b)
{
    return a->kind == b->kind && a->thread == b->thread && a->slot == b->slot &&
           a->size == b->size && a->extra == b->extra;
}

static bool run_same(const struct hd_draft *a, size_t from_a, const struct hd_draft *b,
                     size_t from_b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!op_same(&a->ops[from_a + i], &b->ops[from_b + i])) return false;
    return true;
}

bool draft_same(const struct hd_draft *a, const struct hd_draft *b)
{
    return a->count == b->count && run_same(a, 0, b, 0, a->count);
}

bool was_inserted(const struct hd_draft *before, const struct hd_draft *after, uint8_t begins_with,
                  size_t *at, size_t *length)
{
    if (after->count <= before->count) return false;
    *length = after->count - before->count;
    for (; *at <= before->count; (*at)++) {
        if (begins_with != HD_OP_KINDS && after->ops[*at].kind != begins_with) continue;
        if (run_same(before, 0, after, 0, *at) &&
            run_same(before, *at, after, *at + *length, before->count - *at))
            return true;
    }
    return false;
}

bool one_changed(const struct hd_draft *before, const struct hd_draft *after, size_t *at)
{
    if (before->count != after->count) return false;
    size_t changed = 0;
    for (size_t i = 0; i < after->count; i++) {
        if (op_same(&before->ops[i], &after->ops[i])) continue;
        *at = i;
        changed++;
    }
    return changed == 1;
}

size_t kind_count(const struct hd_draft *draft, uint8_t kind)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->count; i++)
        count += draft->ops[i].kind == kind;
    return count;
}

bool names_slot(const struct hd_op *op)
{
    return (hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT)) != 0;
}

bool applies_at(const struct hd_draft *draft, size_t at)
{
    return hd_occupancy_applies(hd_occupancy_at(draft, at), &draft->ops[at]);
}
