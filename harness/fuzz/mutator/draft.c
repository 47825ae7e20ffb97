// SPDX-License-Identifier: MIT
/// draft.c: a trace that is being changed.
#include "harness/fuzz/mutator/draft.h"

#include "harness/trace/binary.h"

#include <string.h>

void hd_draft_decode(struct hd_draft *draft, const uint8_t *bytes, size_t size)
{
    const size_t whole = size / HD_RECORD_SIZE;
    const size_t rest = size % HD_RECORD_SIZE;
    draft->count = whole < draft->count_max ? whole : draft->count_max;
    for (size_t i = 0; i < draft->count; i++)
        hd_binary_decode(bytes + i * HD_RECORD_SIZE, &draft->ops[i]);
    if (rest == 0 || whole >= draft->count_max) return;

    uint8_t record[HD_RECORD_SIZE] = {0};
    memcpy(record, bytes + whole * HD_RECORD_SIZE, rest);
    hd_binary_decode(record, &draft->ops[draft->count++]);
}

size_t hd_draft_encode(const struct hd_draft *draft, uint8_t *bytes)
{
    for (size_t i = 0; i < draft->count; i++)
        hd_binary_encode(&draft->ops[i], bytes + i * HD_RECORD_SIZE);
    return draft->count * HD_RECORD_SIZE;
}

size_t hd_draft_any_with(struct hd_draft *draft, unsigned operands)
{
    if (draft->count == 0) return 0;
    const size_t from = hd_draft_any(draft);
    for (size_t i = from; i < draft->count; i++)
        if (hd_op_infos[draft->ops[i].kind].operands & operands) return i;
    for (size_t i = 0; i < from; i++)
        if (hd_op_infos[draft->ops[i].kind].operands & operands) return i;
    return draft->count;
}

size_t hd_draft_any_run(struct hd_draft *draft, size_t length_max, size_t *length)
{
    if (length_max > draft->count) length_max = draft->count;
    *length = (size_t)hd_random_few(&draft->random, length_max);
    return (size_t)hd_draft_below(draft, draft->count - *length + 1);
}

void hd_draft_add(struct hd_draft *draft, struct hd_op op)
{
    if (draft->run_count == draft->count_max || !hd_draft_is_on(draft, op.kind)) return;
    draft->run[draft->run_count++] = op;
}

bool hd_draft_insert_run(struct hd_draft *draft, size_t at)
{
    const size_t length = draft->run_count;
    draft->run_count = 0;
    if (length == 0) return false;

    if (at > draft->count_max - length) at = draft->count_max - length;
    const size_t behind = draft->count - at;
    const size_t room = draft->count_max - at - length;
    const size_t kept = behind < room ? behind : room;
    memmove(&draft->ops[at + length], &draft->ops[at], kept * sizeof draft->ops[0]);
    memcpy(&draft->ops[at], draft->run, length * sizeof draft->ops[0]);
    draft->count = at + length + kept;
    return true;
}

void hd_draft_erase(struct hd_draft *draft, size_t at, size_t count)
{
    const size_t behind = draft->count - at - count;
    memmove(&draft->ops[at], &draft->ops[at + count], behind * sizeof draft->ops[0]);
    draft->count -= count;
}
