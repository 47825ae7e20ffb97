// SPDX-License-Identifier: MIT
/// replay_main.c: gives trace files to a fuzz target, without any engine and with any compiler.
///
/// `replay_TARGET [--allocator=A ...] FILE...`: each file, text or binary, as one input.
#include "harness/fuzz/target.h"
#include "harness/trace/binary.h"

#include <stdio.h>
#include <string.h>

static struct hd_arena arena;

/// The bytes that a fuzz target decodes into the file's trace.
static void replay(const char *path)
{
    struct hd_trace trace;
    struct hd_message message;
    hd_arena_reset(&arena, 0);
    const enum hd_status status = hd_trace_read(path, &arena, &trace, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);

    const size_t size = trace.count * HD_RECORD_SIZE;
    uint8_t *bytes = hd_arena_take(&arena, size, 1);
    for (size_t i = 0; i < trace.count; i++)
        hd_binary_encode(&trace.ops[i], bytes + i * HD_RECORD_SIZE);
    (void)LLVMFuzzerTestOneInput(bytes, size);
}

int main(int argc, char **argv)
{
    (void)LLVMFuzzerInitialize(&argc, &argv);
    hd_arena_open(&arena, (size_t)16 << 30);
    int files = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) continue;
        replay(argv[i]);
        files++;
    }
    if (files == 0) {
        struct hd_message message;
        hd_target_give_up(hd_fail(&message, HD_BAD_INPUT, "no trace file given"), &message);
    }
    (void)printf("%d traces replayed\n", files);
    return 0;
}
