// SPDX-License-Identifier: MIT
/// text_line.c: one line of the text form, read as an operation.
#include "harness/trace/text_line.h"

#include "harness/trace/number.h"
#include "harness/trace/word.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/// Bytes between blanks; length 0 is the end of the line, or the comment that ends it.
struct token {
    const char *text;
    size_t length;
    size_t at; // bytes of the line before it
};

struct parser {
    const struct hd_text_line *line;
    size_t at;
    struct hd_message *message;
};

enum hd_status hd_text_fail(const struct hd_text_line *line, size_t at, struct hd_message *message,
                            const char *format, ...)
{
    enum { NAME_SHOWN = 240 };
    const size_t length = strlen(line->name);
    const bool cut = length > NAME_SHOWN;
    int used = snprintf(message->text, sizeof message->text, "%s%s:%zu:%zu: ", cut ? "..." : "",
                        cut ? line->name + length - NAME_SHOWN : line->name, line->number, at + 1);
    HD_ASSERT(used > 0 && (size_t)used < sizeof message->text);

    va_list args;
    va_start(args, format);
    (void)vsnprintf(message->text + used, sizeof message->text - (size_t)used, format, args);
    va_end(args);
    return HD_BAD_INPUT;
}

static struct token next_token(struct parser *parser)
{
    const char *text = parser->line->text;
    const size_t length = parser->line->length;
    size_t at = parser->at;
    while (at < length && (text[at] == ' ' || text[at] == '\t'))
        at++;
    const size_t start = at;
    while (at < length && text[at] != ' ' && text[at] != '\t' && text[at] != '#')
        at++;
    parser->at = at;
    return (struct token){.text = text + start, .length = at - start, .at = start};
}

static struct token peek_token(const struct parser *parser)
{
    struct parser copy = *parser;
    return next_token(&copy);
}

static bool is(struct token token, const char *text)
{
    return token.length == strlen(text) && memcmp(token.text, text, token.length) == 0;
}

/// Fails with `expected WHAT, found "TOKEN"`; bytes that are not ASCII are shown as hexadecimal.
static enum hd_status expected(const struct parser *parser, struct token found, const char *what)
{
    enum { SHOWN = 40 };
    if (found.length == 0)
        return hd_text_fail(parser->line, found.at, parser->message,
                            "expected %s, found the end of the line", what);

    char text[4 * SHOWN + 1] = "";
    size_t used = 0;
    for (size_t i = 0; i < found.length && i < SHOWN; i++) {
        const unsigned char byte = (unsigned char)found.text[i];
        const char *format = byte < 0x7f ? "%c" : "\\x%02x";
        used += (size_t)snprintf(text + used, sizeof text - used, format, byte);
    }
    return hd_text_fail(parser->line, found.at, parser->message, "expected %s, found \"%s%s\"",
                        what, text, found.length > SHOWN ? "..." : "");
}

/// Reads a number from 0 to `value_max`; `what` names it in messages.
static enum hd_status parse_number(const struct parser *parser, struct token token,
                                   const char *what, uint64_t value_max, uint64_t *value)
{
    uint64_t number = 0;
    switch (hd_number_parse(token.text, token.length, &number)) {
    case HD_NUMBER_GOOD:
        if (number > value_max) break;
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
    return expected(parser, token, what);
}

static enum hd_status parse_slot(const struct parser *parser, struct token token, uint64_t *slot)
{
    _Static_assert(HD_SLOT_MAX == 268435455, "said in the message");
    return parse_number(parser, token, "a slot from 0 to 268435455", HD_SLOT_MAX, slot);
}

static enum hd_status parse_thread(const struct parser *parser, struct token token, uint8_t *thread)
{
    _Static_assert(HD_THREAD_MAX == 63, "said in the message");
    static const char what[] = "a thread from @0 to @63";
    uint64_t number = 0;
    if (hd_number_parse(token.text + 1, token.length - 1, &number) != HD_NUMBER_GOOD ||
        number > HD_THREAD_MAX)
        return expected(parser, token, what);
    *thread = (uint8_t)number;
    return HD_OK;
}

static enum hd_status parse_word(const struct parser *parser, struct token token, uint8_t *kind)
{
    if (token.length > 0 && memchr(token.text, '=', token.length) != NULL)
        return expected(parser, token, "\"SLOT = word\" with blanks around \"=\"");

    *kind = (uint8_t)hd_word_find(token.text, token.length);
    if (*kind < HD_OP_KINDS) return HD_OK;

    const enum hd_op_kind nearest = hd_word_nearest(token.text, token.length);
    if (nearest == HD_OP_KINDS) return expected(parser, token, "an operation (see heapduel list)");
    char what[64];
    (void)snprintf(what, sizeof what, "an operation (did you mean %s?)", hd_op_infos[nearest].text);
    return expected(parser, token, what);
}

/// Reads what follows the word: slot, count or alignment, size, as the kind takes them.
static enum hd_status parse_operands(struct parser *parser, const struct hd_op_info *info,
                                     struct hd_op *op)
{
    enum hd_status status = HD_OK;
    if (info->operands & HD_SLOT) {
        const struct token token = next_token(parser);
        uint64_t slot = 0;
        status = parse_slot(parser, token, &slot);
        if (status != HD_OK) return status;
        if ((info->operands & HD_RESULT) && slot != op->slot)
            return hd_text_fail(parser->line, token.at, parser->message,
                                "%s puts its result where its block was: "
                                "expected slot %" PRIu32 ", found %" PRIu64,
                                info->text, op->slot, slot);
        op->slot = (uint32_t)slot;
    }
    if (info->operands & (HD_COUNT | HD_ALIGNMENT)) {
        const char *what = info->operands & HD_COUNT ? "a count" : "an alignment in bytes";
        status = parse_number(parser, next_token(parser), what, UINT64_MAX, &op->extra);
        if (status != HD_OK) return status;
    }
    if (info->operands & HD_SIZE)
        status = parse_number(parser, next_token(parser), "a size in bytes", UINT64_MAX, &op->size);
    return status;
}

/// Reads `SLOT =` if it is there. `found` is its token, or one of length 0.
static enum hd_status parse_result(struct parser *parser, struct token *found, uint32_t *slot)
{
    struct parser ahead = *parser;
    *found = next_token(&ahead);
    const struct token sign = next_token(&ahead);
    const bool number = found->length > 0 && found->text[0] >= '0' && found->text[0] <= '9' &&
                        memchr(found->text, '=', found->length) == NULL;
    if (is(*found, "=")) return expected(parser, *found, "a slot before \"=\"");
    if (!is(sign, "=")) {
        if (number) return expected(parser, sign, "\"=\" after the slot");
        found->length = 0;
        return HD_OK;
    }
    uint64_t value = 0;
    const enum hd_status status = parse_slot(parser, *found, &value);
    *slot = (uint32_t)value;
    *parser = ahead;
    return status;
}

enum hd_status hd_text_line_parse(const struct hd_text_line *line, struct hd_op *op, bool *blank,
                                  struct hd_message *message)
{
    struct parser parser = {.line = line, .message = message};
    enum hd_status status = HD_OK;

    memset(op, 0, sizeof *op); // the padding too: equal operations are equal bytes
    const struct token first = peek_token(&parser);
    *blank = first.length == 0;
    if (*blank) return HD_OK;

    if (first.text[0] == '@') {
        status = parse_thread(&parser, next_token(&parser), &op->thread);
        if (status != HD_OK) return status;
    }
    struct token result;
    status = parse_result(&parser, &result, &op->slot);
    if (status != HD_OK) return status;

    const struct token word = next_token(&parser);
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

    status = parse_operands(&parser, info, op);
    if (status != HD_OK) return status;
    const struct token rest = next_token(&parser);
    return rest.length == 0 ? HD_OK : expected(&parser, rest, "the end of the line");
}
