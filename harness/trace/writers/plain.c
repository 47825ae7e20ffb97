// SPDX-License-Identifier: MIT
/// plain.c: operations for forms that know malloc, realloc and free alone, on one thread.
#include "harness/trace/writers/plain.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

/// A bit for each slot; pages become resident when first written.
#define LIVE_BYTES (((size_t)HD_SLOT_MAX + 1) / 8)

void hd_plain_open(struct hd_plain *plain, bool lenient)
{
    *plain = (struct hd_plain){.lenient = lenient};
}

void hd_plain_close(struct hd_plain *plain)
{
    if (plain->live != NULL) HD_ASSERT(munmap(plain->live, LIVE_BYTES) == 0);
    plain->live = NULL;
}

bool hd_plain_lives(const struct hd_plain *plain, const struct hd_op *op)
{
    return plain->live != NULL && (plain->live[op->slot / 8] >> op->slot % 8 & 1) != 0;
}

static void note(struct hd_plain *plain, uint32_t slot, bool live)
{
    const uint8_t bit = (uint8_t)(1U << slot % 8);
    if (live)
        plain->live[slot / 8] |= bit;
    else
        plain->live[slot / 8] &= (uint8_t)~bit;
}

enum hd_status hd_plain_lose(struct hd_plain *plain, const struct hd_op *op, bool says,
                             const char *what, struct hd_message *message)
{
    char text[HD_OP_TEXT_MAX];
    (void)hd_op_format(op, text);
    const enum hd_status status =
        hd_fail(message, HD_BAD_INPUT, "operation %" PRIu64 ", `%s': the form has no %s",
                plain->number, text, what);
    if (!plain->lenient) return status;
    if (plain->plainer + plain->left_out == 0) plain->first = *message;
    if (says)
        plain->plainer++;
    else
        plain->left_out++;
    return HD_OK;
}

/// Why nothing of the operation can be said; NULL: something can.
static const char *unsaid(const struct hd_plain *plain, const struct hd_op *op)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    const bool makes = (operands & HD_RESULT) != 0;
    const bool takes = (operands & HD_SLOT) != 0;
    uint64_t size = 0;
    if (!makes && op->kind != HD_OP_FREE && op->kind != HD_OP_FREE_NULL) return "such operation";
    if ((operands & HD_COUNT) && __builtin_mul_overflow(op->extra, op->size, &size))
        return "count times size past SIZE_MAX";
    if (takes && !makes && !hd_plain_lives(plain, op)) return "free of nothing";
    if (makes && !takes && hd_plain_lives(plain, op)) return "call that would be skipped";
    return NULL;
}

/// What is lost of an operation that can be said; NULL: nothing.
static const char *lost(const struct hd_op *op)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->thread != 0) return "threads";
    if (operands & HD_ALIGNMENT) return "alignment";
    if (operands & HD_COUNT) return "count";
    return op->kind == HD_OP_VALLOC ? "alignment" : NULL;
}

static enum hd_op_kind plain_kind(const struct hd_op *op)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (!(operands & HD_RESULT)) return (enum hd_op_kind)op->kind;
    return operands & HD_SLOT ? HD_OP_REALLOC : HD_OP_MALLOC;
}

enum hd_status hd_plain_say(struct hd_plain *plain, const struct hd_op *op, struct hd_op *said,
                            bool *says, struct hd_message *message)
{
    plain->number++;
    *says = false;
    if (plain->live == NULL) {
        void *live = mmap(NULL, LIVE_BYTES, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (live == MAP_FAILED) return hd_fail(message, HD_UNAVAILABLE, "no memory for the slots");
        plain->live = live;
    }
    const char *why = unsaid(plain, op);
    if (why != NULL) return hd_plain_lose(plain, op, false, why, message);

    const char *what = lost(op);
    if (what != NULL) {
        const enum hd_status status = hd_plain_lose(plain, op, true, what, message);
        if (status != HD_OK) return status;
    }
    memset(said, 0, sizeof *said);
    said->kind = (uint8_t)plain_kind(op);
    said->slot = op->slot;
    said->size = hd_op_infos[op->kind].operands & HD_COUNT ? op->extra * op->size : op->size;
    if (op->kind != HD_OP_FREE_NULL) note(plain, op->slot, op->kind != HD_OP_FREE);
    *says = true;
    return HD_OK;
}
