// SPDX-License-Identifier: MIT
/// trace.c: a whole trace in memory, in and out.
#include "harness/trace/trace.h"

#include "harness/base/temporary.h"
#include "harness/trace/binary.h"
#include "harness/trace/reader.h"
#include "harness/trace/sink.h"
#include "harness/trace/text_write.h"

#include <string.h>

/// A trace that grows in place at the end of the arena.
struct growing {
    struct hd_arena *arena;
    struct hd_op *ops;
    struct hd_trace trace;
};

static enum hd_status add(void *context, const struct hd_op *op, struct hd_message *message)
{
    (void)message;
    struct growing *growing = context;
    struct hd_trace *trace = &growing->trace;
    hd_arena_extend(growing->arena, growing->ops, trace->count * sizeof *op,
                    (trace->count + 1) * sizeof *op);
    memcpy(&growing->ops[trace->count], op, sizeof *op); // memcpy keeps the padding zero
    hd_op_count_slot(op, &trace->slot_count);
    trace->count++;
    return HD_OK;
}

static enum hd_status read_all(struct hd_reader *reader, void *context, struct hd_message *message)
{
    struct growing *growing = context;
    struct hd_arena *arena = growing->arena;
    const size_t used_before = arena->used;
    growing->ops = hd_arena_take(arena, 0, _Alignof(struct hd_op));
    growing->trace.ops = growing->ops;
    const enum hd_status status = hd_reader_read_all(reader, add, growing, message);
    if (status != HD_OK) hd_arena_reset(arena, used_before);
    return status;
}

enum hd_status hd_trace_read(const char *path, struct hd_arena *arena, struct hd_trace *trace,
                             struct hd_message *message)
{
    struct growing growing = {.arena = arena};
    const enum hd_status status = hd_reader_use_file(path, false, read_all, &growing, message);
    if (status == HD_OK) *trace = growing.trace;
    return status;
}

enum hd_status hd_trace_read_bytes(const char *name, const uint8_t *bytes, size_t size,
                                   struct hd_arena *arena, struct hd_trace *trace,
                                   struct hd_message *message)
{
    struct growing growing = {.arena = arena};
    const enum hd_status status =
        hd_reader_use_bytes(name, bytes, size, read_all, &growing, message);
    if (status == HD_OK) *trace = growing.trace;
    return status;
}

static struct hd_op *decode(const uint8_t *bytes, size_t size, struct hd_arena *arena,
                            struct hd_trace *trace)
{
    const size_t whole = size / HD_RECORD_SIZE;
    const size_t rest = size % HD_RECORD_SIZE;
    const size_t count = whole + (rest != 0);
    struct hd_op *ops = hd_arena_take(arena, count * sizeof *ops, _Alignof(struct hd_op));

    for (size_t i = 0; i < whole; i++)
        hd_binary_decode(bytes + i * HD_RECORD_SIZE, &ops[i]);
    if (rest != 0) {
        uint8_t record[HD_RECORD_SIZE] = {0};
        memcpy(record, bytes + whole * HD_RECORD_SIZE, rest);
        hd_binary_decode(record, &ops[whole]);
    }

    *trace = (struct hd_trace){.ops = ops, .count = count};
    for (size_t i = 0; i < count; i++)
        hd_op_count_slot(&ops[i], &trace->slot_count);
    return ops;
}

void hd_trace_decode(const uint8_t *bytes, size_t size, struct hd_arena *arena,
                     struct hd_trace *trace)
{
    (void)decode(bytes, size, arena, trace);
}

void hd_trace_decode_input(const uint8_t *bytes, size_t size, struct hd_arena *arena,
                           struct hd_trace *trace)
{
    struct hd_op *ops = decode(bytes, size, arena, trace);
    for (size_t i = 0; i < trace->count; i++)
        ops[i].thread %= HD_INPUT_THREADS;
}

// ---------------------------------------------------------------------------- walking

void hd_trace_let_go(const struct hd_trace *trace, const struct hd_window *window,
                     const void *beside, size_t element)
{
    if (trace->spool == NULL) return;
    hd_temporary_let_go((const uint8_t *)beside + window->from * element,
                        (window->to - window->from) * element);
}

bool hd_trace_walk(const struct hd_trace *trace, struct hd_window *window)
{
    hd_trace_let_go(trace, window, trace->ops, sizeof trace->ops[0]);
    window->from = window->to;
    const size_t left = trace->count - window->from;
    window->to += left < HD_TRACE_WINDOW ? left : HD_TRACE_WINDOW;
    return left != 0;
}

// ---------------------------------------------------------------------------- text

enum hd_status hd_trace_write_text(const struct hd_trace *trace, int fd, struct hd_message *message)
{
    struct hd_sink sink;
    hd_sink_open(&sink, "the trace", fd);
    enum hd_status status = hd_text_write_begin(&sink, message);
    for (struct hd_window window = {0}; status == HD_OK && hd_trace_walk(trace, &window);)
        for (size_t i = window.from; status == HD_OK && i < window.to; i++)
            status = hd_text_write_op(&sink, &trace->ops[i], message);
    return hd_sink_finish(&sink, status, message);
}
