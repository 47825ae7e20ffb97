// SPDX-License-Identifier: MIT
/// probe_text.c: what was found, for a person.
#include "harness/cli/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LABEL_WIDTH 42
#define LINE_WIDTH  100
#define TEXT_MAX    16384 // of a table with all rows that there are

/// A label, and behind it a text, broken behind commas where the line is too long.
static void print_line(const char *label, const char *text)
{
    int column = printf("    %-*s", LABEL_WIDTH, label);
    while (*text != '\0') {
        const char *comma = strstr(text, ", ");
        const int length = comma != NULL ? (int)(comma - text) + 1 : (int)strlen(text);
        if (column + 1 + length > LINE_WIDTH && column > LABEL_WIDTH + 4)
            column = printf("\n    %*s", LABEL_WIDTH, "") - 1;
        column += printf(" %.*s", length, text);
        text += length;
        text += *text == ' ';
    }
    (void)printf("\n");
}

static void print_answers(const struct hd_probe *probe)
{
    static char text[TEXT_MAX];
    const char *section = "";
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++) {
        if (strcmp(section, hd_question_section(question)) != 0) {
            section = hd_question_section(question);
            (void)printf("  %s\n", section);
        }
        print_line(hd_question_labels[question], hd_told_text(probe, question, text, sizeof text));
    }
}

/// Each call, and the most of it in one operation.
static void print_calls(const struct hd_told_calls *calls)
{
    char text[1024] = "";
    size_t length = 0;
    (void)printf("  system calls\n");
    if (!calls->seen) {
        print_line("not seen", "");
        return;
    }
    for (unsigned id = 0; id < HD_SYSCALLS && length < sizeof text; id++)
        if (calls->most[id] != 0)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s%s %" PRIu32,
                                 length > 0 ? ", " : "", hd_syscall_names[id], calls->most[id]);
    print_line("the most of each in one operation", length > 0 ? text : "none");
    (void)snprintf(text, sizeof text, "%" PRIu32, calls->most_in_one);
    print_line("the most of all in one operation", text);
}

static void print_held(const struct hd_choice_policy *choices)
{
    static const char *const requests[HD_ZERO_REQUESTS] = {
#define HD_ZERO_REQUEST(id, word, name) [HD_ZERO_##id] = (name),
#include "allocators/zero_requests.def"
#undef HD_ZERO_REQUEST
    };
    static const char *const answers[] = {
        [HD_ZERO_OPEN] = "nothing", [HD_ZERO_NULL] = "NULL", [HD_ZERO_BLOCK] = "a block"};
    static const char *const ranges[HD_TINY_RANGES] = {"1", "2-3", "4-7", "8-15"};
    char text[200];
    size_t length = 0;
    (void)printf("  held to, from then on\n");
    for (unsigned i = 0; i < HD_ZERO_REQUESTS; i++)
        print_line(requests[i], answers[choices->zero[i]]);
    for (unsigned i = 0; i < HD_TINY_RANGES; i++)
        if (choices->alignment[i] != 0)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s: %u",
                                       length > 0 ? ", " : "", ranges[i], choices->alignment[i]);
    print_line("least alignment, by size", length > 0 ? text : "nothing");
}

void hd_probes_text(const struct hd_probes *probes)
{
    for (size_t i = 0; i < probes->roster.count; i++) {
        (void)printf("%s%s\n", i > 0 ? "\n" : "", probes->roster.names[i]);
        print_answers(&probes->of[i]);
        print_calls(&probes->of[i].calls);
        print_held(&probes->of[i].choices);
    }
}
