// SPDX-License-Identifier: MIT
/// text_operand.c: the operands of one line of the text form, read and checked.
#include "harness/trace/text_operand.h"

#include "harness/trace/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// Reads a number from `value_min` to `value_max`; `what` names it in messages.
static enum hd_status parse_number(const struct hd_text_parser *parser, struct hd_token token,
                                   const char *what, uint64_t value_min, uint64_t value_max,
                                   uint64_t *value)
{
    uint64_t number = 0;
    switch (hd_number_parse(token.text, token.length, &number)) {
    case HD_NUMBER_GOOD:
        if (number < value_min || number > value_max) break;
        *value = number;
        return HD_OK;
    case HD_NUMBER_TOO_LARGE:
        if (value_max < UINT64_MAX) break;
        return hd_text_fail(parser->line, token.at, parser->message,
                            "expected %s, found a number past SIZE_MAX", what);
    case HD_NUMBER_NEGATIVE:
        return hd_text_fail(parser->line, token.at, parser->message,
                            "expected %s, found a number below 0", what);
    case HD_NUMBER_MALFORMED: break;
    }
    return hd_token_expected(parser, token, what);
}

enum hd_status hd_text_slot_parse(const struct hd_text_parser *parser, struct hd_token token,
                                  uint32_t *slot)
{
    _Static_assert(HD_SLOT_MAX == 268435455, "said in the message");
    uint64_t number = 0;
    const enum hd_status status =
        parse_number(parser, token, "a slot from 0 to 268435455", 0, HD_SLOT_MAX, &number);
    *slot = (uint32_t)number;
    return status;
}

/// The slot operated on, which is the result's if there is one.
static enum hd_status parse_slot(struct hd_text_parser *parser, struct hd_op *op)
{
    const struct hd_op_info *info = &hd_op_infos[op->kind];
    const struct hd_token token = hd_token_next(parser);
    uint32_t slot;
    const enum hd_status status = hd_text_slot_parse(parser, token, &slot);
    if (status != HD_OK) return status;
    if ((info->operands & HD_RESULT) && slot != op->slot)
        return hd_text_fail(parser->line, token.at, parser->message,
                            "%s puts its result where its block was: "
                            "expected slot %" PRIu32 ", found %" PRIu32,
                            info->text, op->slot, slot);
    op->slot = slot;
    return HD_OK;
}

/// Fails with the names of all calls that can be refused.
static enum hd_status expected_syscall(const struct hd_text_parser *parser, struct hd_token found)
{
    char what[256];
    size_t used = (size_t)snprintf(what, sizeof what, "a system call (%s", hd_syscall_names[0]);
    for (unsigned id = 1; id < HD_REFUSABLES; id++) {
        const char *between = id + 1 < HD_REFUSABLES ? ", " : " or ";
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", between,
                                 hd_syscall_names[id]);
        HD_ASSERT(used + 1 < sizeof what);
    }
    memcpy(what + used, ")", 2);
    return hd_token_expected(parser, found, what);
}

static enum hd_status parse_syscall(const struct hd_text_parser *parser, struct hd_token token,
                                    uint64_t *syscall)
{
    for (unsigned id = 0; id < HD_REFUSABLES; id++) {
        if (!hd_token_is(token, hd_syscall_names[id])) continue;
        *syscall = id;
        return HD_OK;
    }
    return expected_syscall(parser, token);
}

static enum hd_status parse_delta(const struct hd_text_parser *parser, struct hd_token token,
                                  uint64_t *delta)
{
    static const char what[] = "a number of bytes up or down";
    int64_t number = 0;
    switch (hd_number_parse_signed(token.text, token.length, &number)) {
    case HD_NUMBER_GOOD: *delta = (uint64_t)number; return HD_OK;
    case HD_NUMBER_TOO_LARGE:
        return hd_text_fail(parser->line, token.at, parser->message,
                            "expected %s, found a number past PTRDIFF_MAX", what);
    case HD_NUMBER_NEGATIVE:
        return hd_text_fail(parser->line, token.at, parser->message,
                            "expected %s, found a number below -9223372036854775808", what);
    case HD_NUMBER_MALFORMED: break;
    }
    return hd_token_expected(parser, token, what);
}

static enum hd_status parse_extra(struct hd_text_parser *parser, unsigned operands, uint64_t *extra)
{
    if (!(operands & HD_IN_EXTRA)) return HD_OK;
    const struct hd_token token = hd_token_next(parser);
    if (operands & HD_SYSCALL) return parse_syscall(parser, token, extra);
    const char *what = operands & HD_COUNT ? "a count" : "an alignment in bytes";
    return parse_number(parser, token, what, 0, UINT64_MAX, extra);
}

static enum hd_status parse_size(struct hd_text_parser *parser, unsigned operands, uint64_t *size)
{
    _Static_assert(HD_TIMES_MAX == 64, "said in the message");
    if (!(operands & HD_IN_SIZE)) return HD_OK;
    const struct hd_token token = hd_token_next(parser);
    if (operands & HD_DELTA) return parse_delta(parser, token, size);
    if (operands & HD_TIMES)
        return parse_number(parser, token, "a number from 1 to 64", 1, HD_TIMES_MAX, size);
    return parse_number(parser, token, "a size in bytes", 0, UINT64_MAX, size);
}

enum hd_status hd_text_operands_parse(struct hd_text_parser *parser, struct hd_op *op)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    enum hd_status status = HD_OK;
    if (operands & HD_SLOT) status = parse_slot(parser, op);
    if (status == HD_OK) status = parse_extra(parser, operands, &op->extra);
    if (status == HD_OK) status = parse_size(parser, operands, &op->size);
    return status;
}
