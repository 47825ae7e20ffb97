// SPDX-License-Identifier: MIT
/// questions.c: the tables behind questions.def, and an answer as a line.
#include "harness/probe/questions.h"

#include <inttypes.h>
#include <stdio.h>

const char *const hd_question_ids[HD_QUESTIONS] = {
#define HD_SECTION(title)
#define HD_QUESTION(id, how, label) [HD_QUESTION_##id] = #id,
#include "harness/probe/questions.def"
#undef HD_QUESTION
};

const char *const hd_question_labels[HD_QUESTIONS] = {
#define HD_QUESTION(id, how, label) [HD_QUESTION_##id] = (label),
#include "harness/probe/questions.def"
#undef HD_QUESTION
};

#define TOGETHER false
#define ALONE    true
const bool hd_question_alone[HD_QUESTIONS] = {
#define HD_QUESTION(id, how, label) [HD_QUESTION_##id] = (how),
#include "harness/probe/questions.def"
#undef HD_QUESTION
#undef HD_SECTION
};

/// In the order of questions.def: a title, or a question that has it.
static const struct {
    const char *title;
    enum hd_question question;
} lines[] = {
#define HD_SECTION(title)           {(title), HD_QUESTIONS},
#define HD_QUESTION(id, how, label) {NULL, HD_QUESTION_##id},
#include "harness/probe/questions.def"
#undef HD_QUESTION
#undef HD_SECTION
};

const char *hd_question_section(enum hd_question question)
{
    const char *title = "";
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].title != NULL) title = lines[i].title;
        if (lines[i].title == NULL && lines[i].question == question) break;
    }
    return title;
}

const char *const hd_told_kinds[HD_TOLD_KINDS] = {
    [HD_TOLD_NOTHING] = "not known", [HD_TOLD_NOT_OFFERED] = "not offered",
    [HD_TOLD_WORDS] = "always",      [HD_TOLD_VARIES] = "varies",
    [HD_TOLD_BYTES] = "bytes",       [HD_TOLD_TABLE] = "table",
    [HD_TOLD_ABORTS] = "aborts",     [HD_TOLD_CRASHES] = "crashes",
    [HD_TOLD_HANGS] = "hangs",
};

// ---------------------------------------------------------------------------- as a line

/// One row: `16-2097151: 16` of alignments, `24-1032 by 16` of classes.
static int put_row(const struct hd_told_row *row, enum hd_question question, char *text,
                   size_t size)
{
    if (question == HD_QUESTION_alignment && row->from == row->to)
        return snprintf(text, size, "%" PRIu64 ": %" PRIu64, row->from, row->value);
    if (question == HD_QUESTION_alignment)
        return snprintf(text, size, "%" PRIu64 "-%" PRIu64 ": %" PRIu64, row->from, row->to,
                        row->value);
    if (row->value == 0) return snprintf(text, size, "%" PRIu64, row->from);
    return snprintf(text, size, "%" PRIu64 "-%" PRIu64 " by %" PRIu64, row->from, row->to,
                    row->value);
}

static void put_table(const struct hd_probe *probe, enum hd_question question, char *text,
                      size_t size)
{
    const struct hd_told *told = &probe->told[question];
    size_t length = 0;
    for (unsigned i = 0; i < told->row_count && length + 2 < size; i++) {
        if (i > 0) length += (size_t)snprintf(text + length, size - length, ", ");
        length += (size_t)put_row(&probe->rows[told->row_first + i], question, text + length,
                                  size - length);
    }
}

/// How a process ended: `aborts later, writing "..."`.
static void put_end(const struct hd_told *told, char *text, size_t size)
{
    const char *how = told->kind == HD_TOLD_HANGS     ? "hangs"
                      : told->kind == HD_TOLD_CRASHES ? "crashes"
                                                      : "aborts";
    const bool says = told->text[0] != '\0';
    (void)snprintf(text, size, "%s%s%s%s", how, told->later ? " later" : "", says ? ": " : "",
                   told->text);
}

const char *hd_told_text(const struct hd_probe *probe, enum hd_question question, char *text,
                         size_t size)
{
    const struct hd_told *told = &probe->told[question];
    *text = '\0';
    switch ((enum hd_told_kind)told->kind) {
    case HD_TOLD_NOTHING:
        (void)snprintf(text, size, "not known%s%s", told->text[0] != '\0' ? ": " : "", told->text);
        break;
    case HD_TOLD_NOT_OFFERED: (void)snprintf(text, size, "not offered"); break;
    case HD_TOLD_WORDS: (void)snprintf(text, size, "%s", told->text); break;
    case HD_TOLD_VARIES: (void)snprintf(text, size, "varies: %s", told->text); break;
    case HD_TOLD_BYTES:
        (void)snprintf(text, size, "%" PRIu64 " bytes%s%s", told->number,
                       told->text[0] != '\0' ? "; " : "", told->text);
        break;
    case HD_TOLD_TABLE: put_table(probe, question, text, size); break;
    case HD_TOLD_ABORTS:
    case HD_TOLD_CRASHES:
    case HD_TOLD_HANGS: put_end(told, text, size); break;
    case HD_TOLD_KINDS: HD_ASSERT(false);
    }
    return text;
}
