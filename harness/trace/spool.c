// SPDX-License-Identifier: MIT
/// spool.c: written through a sink, mapped further than it is long.
#include "harness/trace/spool.h"

#include "harness/base/page.h"
#include "harness/base/temporary.h"
#include "harness/trace/reader.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESERVED     ((size_t)1 << 36) // bytes of address space: 2.8 thousand million operations
#define RESERVED_MIN ((size_t)1 << 30)
#define OP           sizeof(struct hd_op)

static const char name[] = "the temporary file for the operations of traces";

/// The file's pages from `offset` on, as far as it will ever go; what it does not have yet must not
/// be looked at.
static const struct hd_op *map(int file, size_t offset, size_t bytes)
{
    void *ops = mmap(NULL, bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, file, (off_t)offset);
    return ops != MAP_FAILED ? ops : NULL;
}

static void begin_trace(struct hd_spool *spool)
{
    spool->under_way = (struct hd_trace){.ops = spool->ops + spool->count, .spool = spool};
    hd_sink_open(&spool->sink, name, spool->file);
}

enum hd_status hd_spool_open(struct hd_spool *spool, struct hd_message *message)
{
    spool->count = 0;
    spool->ops = NULL;
    spool->file = hd_temporary_space("heapduel-trace");
    if (spool->file < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a temporary file: %m");
    for (spool->reserved = RESERVED; spool->reserved >= RESERVED_MIN; spool->reserved /= 2) {
        spool->ops = map(spool->file, 0, spool->reserved);
        if (spool->ops != NULL) break;
    }
    if (spool->ops != NULL) {
        begin_trace(spool);
        return HD_OK;
    }
    const int error = errno;
    (void)close(spool->file);
    return hd_fail(message, HD_UNAVAILABLE, "cannot map a temporary file: %s", strerror(error));
}

void hd_spool_close(struct hd_spool *spool)
{
    if (spool->ops == NULL) return;
    HD_ASSERT(munmap((void *)(uintptr_t)spool->ops, spool->reserved) == 0);
    if (spool->file >= 0) (void)close(spool->file); // nameless: gone with it
    spool->ops = NULL;
}

enum hd_status hd_spool_put(struct hd_spool *spool, const struct hd_op *op,
                            struct hd_message *message)
{
    if (spool->count == spool->reserved / OP)
        return hd_fail(message, HD_UNAVAILABLE, "no address space for more than %zu operations",
                       spool->count);
    const enum hd_status status = hd_sink_put(&spool->sink, op, OP, message);
    if (status != HD_OK) return status;
    hd_op_count_slot(op, &spool->under_way.slot_count);
    spool->under_way.count++;
    spool->count++;
    return HD_OK;
}

enum hd_status hd_spool_take(struct hd_spool *spool, struct hd_trace *trace,
                             struct hd_message *message)
{
    const enum hd_status status = hd_sink_finish(&spool->sink, HD_OK, message);
    if (status != HD_OK) return status;
    *trace = spool->under_way;
    begin_trace(spool);
    return HD_OK;
}

static enum hd_status put(void *spool, const struct hd_op *op, struct hd_message *message)
{
    return hd_spool_put(spool, op, message);
}

static enum hd_status put_all(struct hd_reader *reader, void *spool, struct hd_message *message)
{
    return hd_reader_read_all(reader, put, spool, message);
}

enum hd_status hd_spool_read(struct hd_spool *spool, const char *path, struct hd_trace *trace,
                             struct hd_message *message)
{
    const enum hd_status status = hd_reader_use_file(path, false, put_all, spool, message);
    return status == HD_OK ? hd_spool_take(spool, trace, message) : status;
}

size_t hd_spool_offset(const struct hd_trace *trace)
{
    return (size_t)(trace->ops - trace->spool->ops) * OP;
}

bool hd_spool_map(struct hd_spool *spool, int file, size_t offset, size_t count,
                  struct hd_trace *trace)
{
    const size_t before = offset % HD_PAGE;
    const size_t bytes = before + count * OP;
    spool->file = -1;
    spool->count = count;
    spool->reserved = bytes != 0 ? bytes : 1;
    spool->ops = map(file, offset - before, spool->reserved);
    if (spool->ops == NULL) return false;
    const uint8_t *first = (const uint8_t *)spool->ops + before;
    *trace = (struct hd_trace){
        .ops = (const struct hd_op *)(const void *)first, .count = count, .spool = spool};
    return true;
}
