// SPDX-License-Identifier: MIT
/// text_write.c: the text form, written in its one canonical way.
#include "harness/trace/text_write.h"

#include "harness/trace/number.h"
#include "harness/trace/text_read.h"

#include <string.h>

static const char first_line[] = HD_TEXT_FIRST_LINE "\n";

/// Each of these writes at `end`, zero-terminated, and returns the new end.
static char *put_number(char *end, uint64_t value)
{
    return end + hd_number_format(value, end);
}

static char *put_operand(char *end, uint64_t value)
{
    *end = ' ';
    return put_number(end + 1, value);
}

static char *put_extra(char *end, const struct hd_op *op, unsigned operands)
{
    if (operands & HD_SYSCALL) return stpcpy(stpcpy(end, " "), hd_syscall_names[op->extra]);
    return operands & HD_IN_EXTRA ? put_operand(end, op->extra) : end;
}

static char *put_size(char *end, const struct hd_op *op, unsigned operands)
{
    if (operands & HD_DELTA) {
        *end++ = ' ';
        return end + hd_number_format_signed((int64_t)op->size, end);
    }
    return operands & HD_IN_SIZE ? put_operand(end, op->size) : end;
}

size_t hd_op_format(const struct hd_op *op, char text[HD_OP_TEXT_MAX])
{
    HD_ASSERT(hd_op_well_formed(op));
    const struct hd_op_info *info = &hd_op_infos[op->kind];
    char *end = text;
    if (op->thread != 0) {
        *end++ = '@';
        end = put_number(end, op->thread);
        *end++ = ' ';
    }
    if (info->operands & HD_RESULT) end = stpcpy(put_number(end, op->slot), " = ");
    end = stpcpy(end, info->text);
    if (info->operands & HD_SLOT) end = put_operand(end, op->slot);
    end = put_extra(end, op, info->operands);
    end = put_size(end, op, info->operands);
    return (size_t)(end - text);
}

enum hd_status hd_text_write_begin(struct hd_sink *sink, struct hd_message *message)
{
    return hd_sink_put(sink, first_line, sizeof first_line - 1, message);
}

enum hd_status hd_text_write_op(struct hd_sink *sink, const struct hd_op *op,
                                struct hd_message *message)
{
    char text[HD_OP_TEXT_MAX];
    const size_t length = hd_op_format(op, text);
    text[length] = '\n'; // in place of the terminating zero
    return hd_sink_put(sink, text, length + 1, message);
}

char *hd_text_print(const struct hd_trace *trace, struct hd_arena *arena, size_t *size)
{
    char *text = hd_arena_take(arena, sizeof first_line, 1);
    memcpy(text, first_line, sizeof first_line);
    size_t used = sizeof first_line - 1;
    for (size_t i = 0; i < trace->count; i++) {
        char line[HD_OP_TEXT_MAX];
        const size_t length = hd_op_format(&trace->ops[i], line);
        hd_arena_extend(arena, text, used + 1, used + length + 2);
        memcpy(text + used, line, length);
        used += length;
        memcpy(text + used, "\n", 2);
        used++;
    }
    *size = used;
    return text;
}
