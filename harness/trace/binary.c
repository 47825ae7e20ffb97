// SPDX-License-Identifier: MIT
/// binary.c: one operation as a record of 24 bytes.
#include "harness/trace/binary.h"

#include "allocators/status.h"
#include "harness/trace/scale.h"

#include <endian.h>
#include <string.h>

enum { AT_KIND = 0, AT_THREAD = 1, AT_SLOT = 2, AT_SIZE = 6, AT_EXTRA = 15 };
_Static_assert(AT_EXTRA + 1 + sizeof(uint64_t) == HD_RECORD_SIZE, "the record ends with extra");

/// Where each operation's share of the 256 values begins and ends; weights are the shares.
enum {
#define HD_OP(id, text, operands, weight) FIRST_##id, LAST_##id = FIRST_##id + (weight)-1,
#include "harness/trace/ops.def"
#undef HD_OP
    BYTES_SHARED_OUT
};
_Static_assert(BYTES_SHARED_OUT == 256, "the weights in ops.def must sum to 256");

static const uint8_t kinds[256] = {
#define HD_OP(id, text, operands, weight) [FIRST_##id... LAST_##id] = HD_OP_##id,
#include "harness/trace/ops.def"
#undef HD_OP
};

static const uint8_t first_bytes[HD_OP_KINDS] = {
#define HD_OP(id, text, operands, weight) [HD_OP_##id] = FIRST_##id,
#include "harness/trace/ops.def"
#undef HD_OP
};

static const uint8_t slot_bits[16] = {0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 8, 12, 20, 28};

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

static void encode_number(uint64_t value, uint8_t *bytes)
{
    const uint64_t payload = htole64(value);
    bytes[0] = hd_scale_form(value);
    memcpy(bytes + 1, &payload, sizeof payload);
}

void hd_binary_decode(const uint8_t record[HD_RECORD_SIZE], struct hd_op *op)
{
    const uint8_t kind = kinds[record[AT_KIND]];
    const unsigned operands = hd_op_infos[kind].operands;
    const uint64_t extra = load_payload(record + AT_EXTRA + 1);

    memset(op, 0, sizeof *op); // the padding too: equal operations are equal bytes
    op->kind = kind;
    op->thread = record[AT_THREAD];
    if (operands & (HD_SLOT | HD_RESULT)) op->slot = decode_slot(record + AT_SLOT);
    if (operands & HD_SIZE)
        op->size = hd_scale_size(record[AT_SIZE], load_payload(record + AT_SIZE + 1));
    if (operands & HD_COUNT) op->extra = hd_scale_size(record[AT_EXTRA], extra);
    if (operands & HD_ALIGNMENT) op->extra = hd_scale_alignment(record[AT_EXTRA], extra);
}

void hd_binary_encode(const struct hd_op *op, uint8_t record[HD_RECORD_SIZE])
{
    HD_ASSERT(op->kind < HD_OP_KINDS && op->slot <= HD_SLOT_MAX);
    record[AT_KIND] = first_bytes[op->kind];
    record[AT_THREAD] = op->thread;
    encode_slot(op->slot, record + AT_SLOT);
    encode_number(op->size, record + AT_SIZE);
    encode_number(op->extra, record + AT_EXTRA);
}
