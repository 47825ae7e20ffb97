// SPDX-License-Identifier: MIT
/// syscalls_columns.c: two allocators beside each other, the same operation in the same row.
#include "harness/cli/pairing.h"
#include "harness/cli/syscalls.h"

#include <stdio.h>
#include <string.h>

#define INDENT      2 // of a call under its operation
#define CONTINUED   6 // of the rest of a line that did not fit
#define SEPARATOR   " | "

/// Where a column is in what it has to write.
struct column {
    const struct hd_told_step *step; // NULL: nothing to write
    size_t line;                     // 0: the title; then the calls
    size_t at;                       // byte in the line
};

static const char *line_of(const struct column *column)
{
    const struct hd_told_step *step = column->step;
    if (step == NULL || column->line > step->step.call_count) return NULL;
    return column->line == 0 ? step->title : step->lines[column->line - 1];
}

/// How many bytes of the text go on a row: all, or as many as end behind a space or a `|`.
static size_t fitting(const char *text, size_t room)
{
    if (strlen(text) <= room) return strlen(text);
    for (size_t length = room; length > room / 2; length--)
        if (text[length - 1] == ' ' || text[length - 1] == '|') return length;
    return room;
}

/// Writes the next row of the column, padded where `pads`; only spaces when it is at its end.
static void print_row(struct column *column, int width, bool pads)
{
    const char *text = line_of(column);
    if (text == NULL) {
        if (pads) (void)printf("%*s", width, "");
        return;
    }
    const int indent = column->at > 0 ? CONTINUED : column->line > 0 ? INDENT : 0;
    const size_t length = fitting(text + column->at, (size_t)(width - indent));
    size_t shown = length;
    while (shown > 0 && text[column->at + shown - 1] == ' ')
        shown--;
    (void)printf("%*s%.*s", indent, "", (int)shown, text + column->at);
    if (pads) (void)printf("%*s", width - indent - (int)shown, "");
    column->at += length;
    if (text[column->at] == '\0') {
        column->line++;
        column->at = 0;
    }
}

static void print_pair(const struct hd_pair *pair, int width)
{
    struct column left = {.step = pair->left};
    struct column right = {.step = pair->right};
    while (line_of(&left) != NULL || line_of(&right) != NULL) {
        print_row(&left, width, true);
        (void)printf("%s", line_of(&right) != NULL ? SEPARATOR : " |");
        print_row(&right, width, false);
        (void)putchar('\n');
    }
}

static bool has_calls(const struct hd_told_step *step)
{
    return step != NULL && step->step.call_count != 0;
}

void hd_syscalls_columns(const struct hd_syscalls_view *view)
{
    const struct hd_trials *trials = view->trials;
    const int width = (view->width - (int)strlen(SEPARATOR)) / 2;
    struct hd_told left;
    struct hd_told right;
    hd_told_open(&left, &trials->results[0], trials->trace, view->relative);
    hd_told_open(&right, &trials->results[1], trials->trace, view->relative);
    (void)printf("%-*.*s" SEPARATOR "%.*s\n", width, width, trials->roster.names[0], width,
                 trials->roster.names[1]);
    struct hd_pairing pairing = {.left = &left, .right = &right};
    struct hd_pair pair;
    while (hd_pair_next(&pairing, &pair))
        if (!view->brief || has_calls(pair.left) || has_calls(pair.right))
            print_pair(&pair, width);
    hd_told_close(&left);
    hd_told_close(&right);
}
