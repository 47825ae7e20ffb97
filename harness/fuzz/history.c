// SPDX-License-Identifier: MIT
/// history.c: two halves, filled in turn.
///
///     | size | input ... | size | input ... |      |
///       half being filled                ^ used
///
/// When one is full the other, which is older, is emptied and filled.
#include "harness/fuzz/history.h"

#include "harness/base/arena.h"
#include "harness/trace/binary.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HALF (HD_HISTORY_BYTES / 2)

static struct half {
    struct hd_arena arena;
    size_t inputs;
} halves[2];
static size_t filling; // which half is
static bool keeps;

void hd_history_open(void)
{
    if (keeps) return;
    for (size_t i = 0; i < 2; i++)
        hd_arena_open(&halves[i].arena, HALF);
    keeps = true;
}

void hd_history_add(const uint8_t *data, size_t size)
{
    if (!keeps || size > HALF / 2) return;
    if (halves[filling].arena.used + sizeof size + size > halves[filling].arena.reserved) {
        filling = 1 - filling;
        hd_arena_reset(&halves[filling].arena, 0);
        halves[filling].inputs = 0;
    }
    struct half *half = &halves[filling];
    memcpy(hd_arena_take(&half->arena, sizeof size, 1), &size, sizeof size);
    uint8_t *bytes = hd_arena_take(&half->arena, size, 1);
    if (size > 0) memcpy(bytes, data, size);
    half->inputs++;
}

// ---------------------------------------------------------------------------- writing

/// Records on their way into a file.
struct writer {
    int fd;
    size_t used;
    uint8_t buffer[1024 * HD_RECORD_SIZE];
};

static void flush(struct writer *writer)
{
    (void)!write(writer->fd, writer->buffer, writer->used); // what is cut short shows less
    writer->used = 0;
}

static void put(struct writer *writer, const struct hd_op *op)
{
    if (writer->used == sizeof writer->buffer) flush(writer);
    hd_binary_encode(op, writer->buffer + writer->used);
    writer->used += HD_RECORD_SIZE;
}

/// The i-th operation of an input, as it was carried out. A last record cut short is read as if
/// zeros followed.
static struct hd_op decode_at(const uint8_t *data, size_t size, size_t i)
{
    uint8_t record[HD_RECORD_SIZE] = {0};
    const size_t start = i * HD_RECORD_SIZE;
    const size_t left = size - start;
    memcpy(record, data + start, left < HD_RECORD_SIZE ? left : HD_RECORD_SIZE);
    struct hd_op op;
    hd_binary_decode(record, &op);
    op.thread %= HD_INPUT_THREADS;
    return op;
}

struct input {
    const uint8_t *data;
    size_t size;
    size_t count;  // of operations
    uint8_t first; // the thread of the first
};

static struct hd_op op_at(const struct input *input, size_t i)
{
    struct hd_op op = decode_at(input->data, input->size, i);
    op.thread = hd_thread_number(input->first, op.thread);
    return op;
}

/// As the engine ends an input: first its threads, in the order of the numbers it has for them.
static void put_thread_ends(struct writer *writer, const struct input *input)
{
    for (uint8_t thread = 0; thread < HD_INPUT_THREADS; thread++) {
        bool there = false;
        for (size_t i = 0; i < input->count; i++)
            there |= decode_at(input->data, input->size, i).thread == thread;
        const struct hd_op end = {.kind = HD_OP_THREAD_END,
                                  .thread = hd_thread_number(input->first, thread)};
        if (there && end.thread != 0) put(writer, &end);
    }
}

/// Then what is left.
static void put_frees(struct writer *writer, const struct input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct hd_op op = op_at(input, i);
        if ((hd_op_infos[op.kind].operands & HD_RESULT) == 0) continue;
        const struct hd_op end = {.kind = HD_OP_FREE, .slot = op.slot};
        put(writer, &end);
    }
}

static void put_input(struct writer *writer, const uint8_t *data, size_t size, bool is_last)
{
    const struct input input = {.data = data,
                                .size = size,
                                .count = (size + HD_RECORD_SIZE - 1) / HD_RECORD_SIZE,
                                .first = size > 0 ? decode_at(data, size, 0).thread : 0};
    for (size_t i = 0; i < input.count; i++) {
        const struct hd_op op = op_at(&input, i);
        put(writer, &op);
    }
    if (is_last) return;
    put_thread_ends(writer, &input);
    put_frees(writer, &input);
}

static void put_half(struct writer *writer, const struct half *half, bool has_last)
{
    size_t at = 0;
    for (size_t i = 0; i < half->inputs; i++) {
        size_t size;
        memcpy(&size, half->arena.base + at, sizeof size);
        at += sizeof size;
        put_input(writer, half->arena.base + at, size, has_last && i + 1 == half->inputs);
        at += size;
    }
}

bool hd_history_write(const char *path)
{
    static struct writer writer;
    if (!keeps || halves[0].inputs + halves[1].inputs < 2) return false;
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    writer = (struct writer){.fd = fd};
    put_half(&writer, &halves[1 - filling], false);
    put_half(&writer, &halves[filling], true);
    flush(&writer);
    (void)close(fd);
    return true;
}
