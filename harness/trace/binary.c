// SPDX-License-Identifier: MIT
/// binary.c: one operation as a record of 24 bytes.
#include "harness/trace/binary.h"

#include "allocators/status.h"
#include "harness/trace/scale.h"

#include <endian.h>
#include <string.h>

enum { AT_KIND = 0, AT_THREAD = 1, AT_SLOT = 2, AT_SIZE = 6, AT_EXTRA = 15 };
_Static_assert(AT_EXTRA + 1 + sizeof(uint64_t) == HD_RECORD_SIZE, "the record ends with extra");

/// Bytes below NUMBERED are operations by number and never move; the others are shared out.
#define NUMBERED   64
#define SHARED_OUT (256 - NUMBERED)
_Static_assert(HD_OP_KINDS <= NUMBERED, "every operation has its canonical byte");

/// Where each operation's share begins and ends, counted from NUMBERED; weights are the shares.
enum {
#define HD_OP(id, text, operands, weight) FIRST_##id, LAST_##id = FIRST_##id + (weight)-1,
#include "harness/trace/ops.def"
#undef HD_OP
    SUM_OF_WEIGHTS
};
_Static_assert(SUM_OF_WEIGHTS == SHARED_OUT, "the weights in ops.def must sum to 192");

static const uint8_t shares[SHARED_OUT] = {
#define HD_OP(id, text, operands, weight) [FIRST_##id... LAST_##id] = HD_OP_##id,
#include "harness/trace/ops.def"
#undef HD_OP
};

static const uint8_t thread_bits[4] = {0, 2, 2, 6};
static const uint8_t slot_bits[16] = {0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 8, 12, 20, 28};

static uint8_t decode_kind(uint8_t byte)
{
    return byte < NUMBERED ? byte % HD_OP_KINDS : shares[byte - NUMBERED];
}

static uint8_t decode_thread(uint8_t byte)
{
    return (uint8_t)(byte & ((1U << thread_bits[byte >> 6]) - 1));
}

static uint8_t encode_thread(uint8_t thread)
{
    unsigned code = 0;
    while (thread >> thread_bits[code] != 0)
        code++;
    return (uint8_t)(code << 6 | thread);
}

static uint32_t decode_slot(const uint8_t *bytes)
{
    uint32_t field;
    memcpy(&field, bytes, sizeof field);
    field = le32toh(field);
    return field & ((UINT32_C(1) << slot_bits[field >> 28]) - 1);
}

static void encode_slot(uint32_t slot, uint8_t *bytes)
{
    uint32_t code = 0;
    while (slot >> slot_bits[code] != 0)
        code++;
    const uint32_t field = htole32(code << 28 | slot);
    memcpy(bytes, &field, sizeof field);
}

static uint64_t load_payload(const uint8_t *bytes)
{
    uint64_t payload;
    memcpy(&payload, bytes, sizeof payload);
    return le64toh(payload);
}

static void encode_number(uint8_t form, uint64_t value, uint8_t *bytes)
{
    const uint64_t payload = htole64(value);
    bytes[0] = form;
    memcpy(bytes + 1, &payload, sizeof payload);
}

static uint64_t decode_size(unsigned operands, const uint8_t *bytes)
{
    const uint64_t payload = load_payload(bytes + 1);
    if (operands & (HD_SIZE | HD_DELTA)) return hd_scale_size(bytes[0], payload);
    return operands & HD_TIMES ? hd_scale_times(bytes[0], payload) : 0;
}

static void encode_size(const struct hd_op *op, uint8_t *bytes)
{
    const bool times = hd_op_infos[op->kind].operands & HD_TIMES;
    const uint64_t value = times ? op->size - 1 : op->size;
    encode_number(hd_scale_form(value), value, bytes);
}

static uint64_t decode_extra(unsigned operands, const uint8_t *bytes)
{
    const uint64_t payload = load_payload(bytes + 1);
    if (operands & HD_SYSCALL) return hd_scale_syscall(payload);
    if (operands & HD_COUNT) return hd_scale_size(bytes[0], payload);
    return operands & HD_ALIGNMENT ? hd_scale_alignment(bytes[0], payload) : 0;
}

static void encode_extra(const struct hd_op *op, uint8_t *bytes)
{
    const bool call = hd_op_infos[op->kind].operands & HD_SYSCALL; // no form changes its meaning
    encode_number(call ? 0 : hd_scale_form(op->extra), op->extra, bytes);
}

void hd_binary_decode(const uint8_t record[HD_RECORD_SIZE], struct hd_op *op)
{
    const uint8_t kind = decode_kind(record[AT_KIND]);
    const unsigned operands = hd_op_infos[kind].operands;

    memset(op, 0, sizeof *op); // the padding too: equal operations are equal bytes
    op->kind = kind;
    op->thread = decode_thread(record[AT_THREAD]);
    if (operands & (HD_SLOT | HD_RESULT)) op->slot = decode_slot(record + AT_SLOT);
    op->size = decode_size(operands, record + AT_SIZE);
    op->extra = decode_extra(operands, record + AT_EXTRA);
}

void hd_binary_encode(const struct hd_op *op, uint8_t record[HD_RECORD_SIZE])
{
    HD_ASSERT(hd_op_well_formed(op));
    record[AT_KIND] = op->kind;
    record[AT_THREAD] = encode_thread(op->thread);
    encode_slot(op->slot, record + AT_SLOT);
    encode_size(op, record + AT_SIZE);
    encode_extra(op, record + AT_EXTRA);
}
