// SPDX-License-Identifier: MIT
/// report.c: what was found, in words and as a trace file; how much was run.
#include "harness/fuzz/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *findings_folder;
static const char *stats_path;
static struct timespec started;
static struct {
    const char *allocator; // NULL: none told of
    const char *way;
} fresh;
static struct {
    uint64_t inputs;
    uint64_t operations;
    uint64_t findings;
} counts;

/// By write(2) alone: the heap may be broken, and it may be ours.
static void print(int fd, const char *format, ...) HD_PRINTF(2, 3);
static void print(int fd, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length <= 0) return;
    const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    (void)!write(fd, text, size);
}

static void write_stats(void)
{
    if (stats_path == NULL) return;
    const int fd = open(stats_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        print(STDERR_FILENO, "heapduel: %s: %s\n", stats_path, strerror(errno));
        return;
    }
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t elapsed_ms = (now.tv_sec - started.tv_sec) * INT64_C(1000) +
                               (now.tv_nsec - started.tv_nsec) / 1000000;
    print(fd,
          "inputs %" PRIu64 "\noperations %" PRIu64 "\nfindings %" PRIu64 "\nelapsed_ms %" PRId64
          "\n",
          counts.inputs, counts.operations, counts.findings, elapsed_ms);
    if (fresh.allocator != NULL) print(fd, "fresh %s %s\n", fresh.allocator, fresh.way);
    (void)close(fd);
}

void hd_report_start(const char *findings, const char *stats)
{
    findings_folder = findings != NULL ? findings : ".";
    stats_path = stats;
    (void)clock_gettime(CLOCK_MONOTONIC, &started);
    (void)atexit(write_stats);
}

void hd_target_count_input(void) { counts.inputs++; }

void hd_report_fresh(const char *allocator, const char *way)
{
    fresh.allocator = allocator;
    fresh.way = way;
}

void hd_report_count_run(const struct hd_run *run) { counts.operations += run->operations; }

/// `DIR/NAME-SIGNATURE.trace`, with dashes where a path would make folders.
static void name_file(const char *name, const char *signature, char path[static PATH_MAX])
{
    const char *slash = strrchr(name, '/');
    const int folder = snprintf(path, PATH_MAX, "%s/", findings_folder);
    if (folder < 0 || folder >= PATH_MAX) return;
    (void)snprintf(path + folder, PATH_MAX - (size_t)folder, "%s-%s.trace",
                   slash != NULL ? slash + 1 : name, signature);
    for (char *c = path + folder; *c != '\0'; c++)
        if (*c == '/' || *c == ':') *c = '-';
}

/// The trace, and behind it what it shows, as a comment. False when it could not be kept.
static bool keep_trace(const struct hd_target_run *run, const struct hd_finding *finding,
                       const char *signature, const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return errno == EEXIST;
    struct hd_message message;
    const bool kept = hd_trace_write_text(run->trace, fd, &message) == HD_OK;
    print(fd, "# %s: %s at step %" PRIu64 ": %s\n", run->name, signature, finding->step,
          finding->evidence);
    (void)close(fd);
    return kept;
}

void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    char path[PATH_MAX] = "";
    hd_finding_signature(finding, signature);
    name_file(run->name, signature, path);
    counts.findings++;
    char place[64] = "in the frees at the end";
    if (!finding->at_end)
        (void)snprintf(place, sizeof place, "at step %" PRIu64 " of %zu", finding->step,
                       run->trace->count);
    print(STDERR_FILENO, "\nheapduel: a finding on %s: %s\n  %s: %s\n  %s\n\n", run->name,
          signature, place, finding->operation, finding->evidence);
    struct hd_message message;
    (void)!hd_trace_write_text(run->trace, STDERR_FILENO, &message);
    if (keep_trace(run, finding, signature, path))
        print(STDERR_FILENO, "\nreplay it: heapduel run %s %s\n", run->replay, path);
    else
        print(STDERR_FILENO, "\nheapduel: cannot keep it as %s: %s\n", path, strerror(errno));
    write_stats();
}
