// SPDX-License-Identifier: MIT
/// text_operand.h: the operands of one line of the text form, read and checked.
#ifndef HD_TEXT_OPERAND_H
#define HD_TEXT_OPERAND_H

#include "harness/trace/op.h"
#include "harness/trace/text_token.h"

/// Reads what follows the word, as `op->kind` takes it, into `op`; `op->slot` holds the slot of the
/// result, if the kind gives one. HD_BAD_INPUT: something else stands there.
HD_MUST_USE enum hd_status hd_text_operands_parse(struct hd_text_parser *parser, struct hd_op *op);

/// Reads a slot's number. HD_BAD_INPUT: it is none.
HD_MUST_USE enum hd_status hd_text_slot_parse(const struct hd_text_parser *parser,
                                              struct hd_token token, uint32_t *slot);

#endif
