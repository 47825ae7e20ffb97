// SPDX-License-Identifier: MIT
/// text_line.c: one line of the text form, read as an operation.
#include "harness/trace/text_line.h"

#include "harness/trace/number.h"
#include "harness/trace/text_operand.h"
#include "harness/trace/word.h"

#include <stdio.h>
#include <string.h>

static enum hd_status parse_thread(const struct hd_text_parser *parser, struct hd_token token,
                                   uint8_t *thread)
{
    _Static_assert(HD_THREAD_MAX == 63, "said in the message");
    static const char what[] = "a thread from @0 to @63";
    uint64_t number = 0;
    if (hd_number_parse(token.text + 1, token.length - 1, &number) != HD_NUMBER_GOOD ||
        number > HD_THREAD_MAX)
        return hd_token_expected(parser, token, what);
    *thread = (uint8_t)number;
    return HD_OK;
}

static enum hd_status parse_word(const struct hd_text_parser *parser, struct hd_token token,
                                 uint8_t *kind)
{
    if (token.length > 0 && memchr(token.text, '=', token.length) != NULL)
        return hd_token_expected(parser, token, "\"SLOT = word\" with blanks around \"=\"");

    *kind = (uint8_t)hd_word_find(token.text, token.length);
    if (*kind < HD_OP_KINDS) return HD_OK;

    const enum hd_op_kind nearest = hd_word_nearest(token.text, token.length);
    if (nearest == HD_OP_KINDS)
        return hd_token_expected(parser, token, "an operation (see heapduel list)");
    char what[64];
    (void)snprintf(what, sizeof what, "an operation (did you mean %s?)", hd_op_infos[nearest].text);
    return hd_token_expected(parser, token, what);
}

/// Reads `SLOT =` if it is there. `found` is its token, or one of length 0.
static enum hd_status parse_result(struct hd_text_parser *parser, struct hd_token *found,
                                   uint32_t *slot)
{
    struct hd_text_parser ahead = *parser;
    *found = hd_token_next(&ahead);
    const struct hd_token sign = hd_token_next(&ahead);
    const bool number = found->length > 0 && found->text[0] >= '0' && found->text[0] <= '9' &&
                        memchr(found->text, '=', found->length) == NULL;
    if (hd_token_is(*found, "=")) return hd_token_expected(parser, *found, "a slot before \"=\"");
    if (!hd_token_is(sign, "=")) {
        if (number) return hd_token_expected(parser, sign, "\"=\" after the slot");
        found->length = 0;
        return HD_OK;
    }
    *parser = ahead;
    return hd_text_slot_parse(parser, *found, slot);
}

enum hd_status hd_text_line_parse(const struct hd_text_line *line, struct hd_op *op, bool *blank,
                                  struct hd_message *message)
{
    struct hd_text_parser parser = {.line = line, .message = message};
    enum hd_status status = HD_OK;

    memset(op, 0, sizeof *op); // the padding too: equal operations are equal bytes
    struct hd_text_parser ahead = parser;
    const struct hd_token first = hd_token_next(&ahead);
    *blank = first.length == 0;
    if (*blank) return HD_OK;

    if (first.text[0] == '@') {
        status = parse_thread(&parser, hd_token_next(&parser), &op->thread);
        if (status != HD_OK) return status;
    }
    struct hd_token result;
    status = parse_result(&parser, &result, &op->slot);
    if (status != HD_OK) return status;

    const struct hd_token word = hd_token_next(&parser);
    status = parse_word(&parser, word, &op->kind);
    if (status != HD_OK) return status;

    const struct hd_op_info *info = &hd_op_infos[op->kind];
    const bool gives = info->operands & HD_RESULT;
    if (gives && result.length == 0)
        return hd_text_fail(line, word.at, message, "%s gives a block: expected \"SLOT =\" first",
                            info->text);
    if (!gives && result.length > 0)
        return hd_text_fail(line, result.at, message, "%s gives no block: expected no \"SLOT =\"",
                            info->text);

    status = hd_text_operands_parse(&parser, op);
    if (status != HD_OK) return status;
    const struct hd_token rest = hd_token_next(&parser);
    return rest.length == 0 ? HD_OK : hd_token_expected(&parser, rest, "the end of the line");
}
