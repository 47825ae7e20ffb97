// SPDX-License-Identifier: MIT
/// progress.c: one line, written over and over.
#include "harness/cli/progress.h"

#include "harness/base/clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Of a path or name, so that the line fits 100 columns, without operations and with them.
#define TAIL_MAX       40
#define TAIL_MAX_STEPS 22

static bool on_terminal(void)
{
    static int answer = -1;
    if (answer < 0) answer = isatty(STDERR_FILENO);
    return answer == 1;
}

static const char *tail(const char *text, size_t length_max)
{
    const size_t length = strlen(text);
    return length > length_max ? text + length - length_max : text;
}

/// What is shown, and since when.
static struct {
    size_t done;
    size_t count;
    const char *path;
    const char *allocator;
    uint64_t begun_ms;
} shown;

static void write_line(const char *behind)
{
    const size_t length_max = *behind != '\0' ? TAIL_MAX_STEPS : TAIL_MAX;
    (void)fprintf(stderr, "\r\033[K%zu of %zu: %s on %s%s", shown.done, shown.count,
                  tail(shown.path, length_max), tail(shown.allocator, length_max), behind);
    (void)fflush(stderr);
}

void hd_progress_show(size_t done, size_t count, const char *path, const char *allocator)
{
    if (!on_terminal()) return;
    shown.done = done;
    shown.count = count;
    shown.path = path;
    shown.allocator = allocator;
    shown.begun_ms = hd_now_ms();
    write_line("");
}

#define ESTIMATES_AFTER_MS 1000 // sooner it would jump

void hd_progress_steps_text(uint64_t elapsed_ms, uint64_t done, uint64_t count,
                            char text[HD_PROGRESS_STEPS_MAX])
{
    const int length = snprintf(text, HD_PROGRESS_STEPS_MAX,
                                "%" PRIu64 " of %" PRIu64 " operations", done, count);
    if (done == 0 || elapsed_ms < ESTIMATES_AFTER_MS) return;
    const double left_s = (double)elapsed_ms / 1000 / (double)done * (double)(count - done);
    (void)snprintf(text + length, HD_PROGRESS_STEPS_MAX - (size_t)length,
                   left_s < 120 ? ", %.0f s left" : ", %.0f min left",
                   left_s < 120 ? left_s : left_s / 60);
}

void hd_progress_steps(uint64_t done, size_t count)
{
    char steps[HD_PROGRESS_STEPS_MAX];
    char behind[HD_PROGRESS_STEPS_MAX + 2];
    if (!on_terminal()) return;
    hd_progress_steps_text(hd_now_ms() - shown.begun_ms, done, count, steps);
    (void)snprintf(behind, sizeof behind, ", %s", steps);
    write_line(behind);
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
