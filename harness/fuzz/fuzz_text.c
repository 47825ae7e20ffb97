// SPDX-License-Identifier: MIT
/// fuzz_text.c: an accepted text, printed and read again, is the same operations.
#include "harness/trace/text_write.h"
#include "harness/trace/trace.h"

#include <string.h>

#define MEMORY_MAX ((size_t)1 << 30)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/// Whether both are the same operations, padding included.
static bool same(const struct hd_trace *a, const struct hd_trace *b)
{
    if (a->count != b->count || a->slot_count != b->slot_count) return false;
    return memcmp(a->ops, b->ops, a->count * sizeof a->ops[0]) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct hd_arena arena;
    struct hd_trace trace;
    struct hd_trace again;
    struct hd_message message;
    if (arena.base == NULL) hd_arena_open(&arena, MEMORY_MAX);
    hd_arena_reset(&arena, 0);
    if (hd_trace_read_bytes("input", bytes, size, &arena, &trace, &message) != HD_OK) {
        HD_ASSERT(strncmp(message.text, "input:", 6) == 0);
        return 0;
    }

    // Both forms come here: a binary input makes texts that hold every size there is.
    size_t text_size = 0;
    const char *text = hd_text_print(&trace, &arena, &text_size);
    HD_ASSERT(hd_trace_read_bytes("printed", (const uint8_t *)text, text_size, &arena, &again,
                                  &message) == HD_OK);
    HD_ASSERT(same(&trace, &again));
    return 0;
}
