// SPDX-License-Identifier: MIT
/// report.c: what was found, in words and as a trace file; how much was run.
#include "harness/fuzz/report.h"

#include "harness/base/arena.h"
#include "harness/fuzz/finding_file.h"
#include "harness/fuzz/history.h"
#include "harness/fuzz/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *findings_folder;
static bool quiet;
static struct hd_stats private_stats;
static struct hd_stats *stats = &private_stats; // or the file's

/// By write(2) alone: the heap may be broken, and it may be ours.
static bool print(int fd, const char *format, ...) HD_PRINTF(2, 3);
static bool print(int fd, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length <= 0) return false;
    const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    return write(fd, text, size) == (ssize_t)size;
}

// ---------------------------------------------------------------------------- statistics

static struct hd_stats *map_stats(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    void *memory = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof *stats) == 0)
        memory = mmap(NULL, sizeof *stats, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        struct hd_message message;
        hd_target_give_up(hd_fail(&message, HD_UNAVAILABLE, "%.300s: %s", path, strerror(errno)),
                          &message);
    }
    (void)close(fd);
    hd_arena_note(memory, sizeof *stats);
    return memory;
}

void hd_report_start(const char *findings, const char *stats_path, bool quiet_if_known)
{
    quiet = quiet_if_known;
    findings_folder = findings != NULL ? findings : ".";
    if (stats_path != NULL) stats = map_stats(stats_path);
    if (stats->magic != HD_STATS_MAGIC) *stats = (struct hd_stats){.magic = HD_STATS_MAGIC};
}

void hd_target_count_input(void)
{
    stats->inputs++;
}

void hd_report_count_run(const struct hd_run *run)
{
    stats->operations += run->operations;
}

void hd_report_fresh(const char *way)
{
    (void)snprintf(stats->fresh, sizeof stats->fresh, "%s", way);
}

uint8_t *hd_report_behaviours(void)
{
    return stats->behaviours;
}

// ---------------------------------------------------------------------------- findings

/// The trace, and behind it what it shows, as a comment.
static bool write_trace(const struct hd_target_run *run, const struct hd_finding *finding,
                        const char *signature, int fd)
{
    struct hd_message message;
    if (hd_trace_write_text(run->trace, fd, &message) != HD_OK) return false;
    return print(fd, "# %s: %s at step %" PRIu64 ": %s\n", run->name, signature, finding->step,
                 finding->evidence);
}

/// Puts the trace at `path` when it is whole; others look there meanwhile. False when it could not
/// be kept, and errno says why.
static bool keep_trace(const struct hd_target_run *run, const struct hd_finding *finding,
                       const char *signature, const char *path)
{
    char temporary[PATH_MAX];
    (void)snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    bool kept = write_trace(run, finding, signature, fd);
    kept = close(fd) == 0 && kept;
    kept = kept && (link(temporary, path) == 0 || errno == EEXIST);
    const int error = errno;
    (void)unlink(temporary);
    errno = error;
    return kept;
}

/// How long it took, in inputs and in time.
static void note_first(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    stats->first_inputs = stats->inputs;
    stats->first_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void print_finding(const struct hd_target_run *run, const struct hd_finding *finding,
                          const char *signature)
{
    char place[64] = "in the frees at the end";
    if (!finding->at_end)
        (void)snprintf(place, sizeof place, "at step %" PRIu64 " of %zu", finding->step,
                       run->trace->count);
    (void)print(STDERR_FILENO, "\nheapduel: a finding on %s: %s\n  %s: %s\n  %s\n\n", run->name,
                signature, place, finding->operation, finding->evidence);
    struct hd_message message;
    (void)!hd_trace_write_text(run->trace, STDERR_FILENO, &message);
}

void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    char path[PATH_MAX] = "";
    hd_finding_signature(finding, signature);
    hd_finding_path(findings_folder, run->name, signature, ".trace", path);
    if (stats->findings++ == 0) note_first();
    const bool known = utimensat(AT_FDCWD, path, NULL, 0) == 0; // and that it was seen again
    if (known && quiet) return;
    print_finding(run, finding, signature);
    if (!known) {
        char history[PATH_MAX];
        hd_finding_path(findings_folder, run->name, signature, ".history.bin", history);
        hd_history_write(history);
    }
    if (known || keep_trace(run, finding, signature, path)) {
        (void)print(STDERR_FILENO, "\nreplay it: heapduel run %s %s\n", run->replay, path);
        return;
    }
    stats->unkept++;
    stats->error = (uint64_t)errno;
    (void)print(STDERR_FILENO, "\nheapduel: cannot keep it as %s: %s\n", path, strerror(errno));
}
