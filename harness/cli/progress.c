// SPDX-License-Identifier: MIT
/// progress.c: one line, written over and over.
#include "harness/cli/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TAIL_MAX 40 // of a path or name, so that the line fits 100 columns

static bool on_terminal(void)
{
    static int answer = -1;
    if (answer < 0) answer = isatty(STDERR_FILENO);
    return answer == 1;
}

static const char *tail(const char *text)
{
    const size_t length = strlen(text);
    return length > TAIL_MAX ? text + length - TAIL_MAX : text;
}

void hd_progress_show(size_t done, size_t count, const char *path, const char *allocator)
{
    if (!on_terminal()) return;
    (void)fprintf(stderr, "\r\033[K%zu of %zu: %s on %s", done, count, tail(path), tail(allocator));
    (void)fflush(stderr);
}

void hd_progress_note(const char *text)
{
    if (!on_terminal()) return;
    (void)fprintf(stderr, "\r\033[K%s", text);
    (void)fflush(stderr);
}

void hd_progress_clear(void)
{
    if (!on_terminal()) return;
    (void)fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
}
