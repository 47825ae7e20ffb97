// SPDX-License-Identifier: MIT
/// program.c: names, numbers and comments as C has them.
#include "harness/reproduce/program.h"

#include "harness/trace/number.h"

#include <inttypes.h>
#include <string.h>

#define NAMES_MAX 16 // more variables than this read better as an array
#define WIDTH     100

bool hd_program_has_array(const struct hd_program *program)
{
    return program->plan.slots_used > NAMES_MAX;
}

struct hd_word hd_program_slot(const struct hd_program *program, uint32_t slot)
{
    struct hd_word word;
    const bool array = hd_program_has_array(program);
    (void)snprintf(word.text, sizeof word.text, array ? "p[%" PRIu32 "]" : "p%" PRIu32,
                   program->plan.numbers[slot]);
    return word;
}

struct hd_word hd_program_number(uint64_t number)
{
    char text[HD_NUMBER_TEXT_MAX];
    (void)hd_number_format(number, text);
    struct hd_word word;
    const char *sign = strpbrk(text, "+-");
    if (sign != NULL) // PTRDIFF_MAX is signed
        (void)snprintf(word.text, sizeof word.text, "(size_t)%.*s %c %s", (int)(sign - text), text,
                       *sign, sign + 1);
    else
        (void)snprintf(word.text, sizeof word.text, "%s%s", text,
                       *text <= '9' && number > INT64_MAX ? "u" : "");
    return word;
}

struct hd_word hd_program_function(struct hd_program *program, enum hd_op_kind kind)
{
    const bool frees = kind == HD_OP_FREE_NULL || kind == HD_OP_THREAD_END;
    const enum hd_op_kind function = frees ? HD_OP_FREE : kind;
    program->functions |= UINT32_C(1) << function;
    struct hd_word word;
    (void)snprintf(word.text, sizeof word.text, "%.40s%s", program->from->prefix,
                   hd_op_infos[function].text);
    return word;
}

struct hd_word hd_program_filled(struct hd_program *program, const struct hd_word *variable,
                                 size_t size)
{
    if (!program->fills_usable) return hd_program_number(size);
    struct hd_word word;
    const struct hd_word function = hd_program_function(program, HD_OP_USABLE_SIZE);
    (void)snprintf(word.text, sizeof word.text, "%.50s(%.24s)", function.text, variable->text);
    return word;
}

bool hd_program_is_at(const struct hd_program *program, const char *place)
{
    return strcmp(program->from->finding->place, place) == 0;
}

void hd_program_comment(FILE *file, unsigned margin, const char *text)
{
    const size_t room = WIDTH - margin - strlen("// ");
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > room) {
            size_t blank = room;
            while (blank > 0 && text[blank] != ' ') blank--;
            length = blank > 0 ? blank : room;
        }
        (void)fprintf(file, "%*s// %.*s\n", (int)margin, "", (int)length, text);
        text += length;
        text += *text == ' ' || *text == '\n';
    }
}
