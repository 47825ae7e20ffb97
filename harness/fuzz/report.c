// SPDX-License-Identifier: MIT
/// report.c: what was found, in words and as a trace file.
#include "harness/fuzz/report.h"

#include "harness/fuzz/finding_file.h"
#include "harness/fuzz/finding_trace.h"
#include "harness/fuzz/history.h"
#include "harness/fuzz/own_stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *findings_folder;
static bool quiet;

/// By write(2) alone: the heap may be broken, and it may be ours.
static void print(const char *format, ...) HD_PRINTF(1, 2);
static void print(const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length <= 0) return;
    const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    (void)!write(STDERR_FILENO, text, size);
}

void hd_report_start(const char *findings, bool quiet_if_known)
{
    quiet = quiet_if_known;
    findings_folder = findings != NULL ? findings : ".";
}

static void print_finding(const struct hd_target_run *run, const struct hd_finding *finding,
                          const char *signature)
{
    char place[64] = "in the frees at the end";
    if (!finding->at_end)
        (void)snprintf(place, sizeof place, "at step %" PRIu64 " of %zu", finding->step,
                       run->trace->count);
    print("\nheapduel: a finding on %s: %s\n  %s: %s\n  %s\n\n", run->name, signature, place,
          finding->operation, finding->evidence);
    struct hd_message message;
    (void)!hd_trace_write_text(run->trace, STDERR_FILENO, &message);
}

static void count_unkept(int error)
{
    struct hd_stats *stats = hd_own_stats();
    stats->unkept++;
    stats->error = (uint64_t)error;
}

/// The trace, and the history of this process beside it: it is written aside before, and takes its
/// name when the trace has. One of another process that is there is no longer anybody's.
static int keep(const struct hd_target_run *run, const struct hd_finding *finding,
                const char *signature, const char *path)
{
    static char history[PATH_MAX]; // not on the stack: a signal handler's may be small
    static char aside[PATH_MAX];
    char ending[40];
    (void)snprintf(ending, sizeof ending, ".history.bin.%d", (int)getpid());
    hd_finding_path(findings_folder, run->name, signature, ".history.bin", history);
    hd_finding_path(findings_folder, run->name, signature, ending, aside);
    const bool written = hd_history_write(aside);
    const int error = hd_finding_trace_keep(path, run->trace, run->name, finding);
    if (error == 0 && written)
        (void)rename(aside, history);
    else
        (void)unlink(error == 0 ? history : aside);
    return error == EEXIST ? 0 : error;
}

void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    static char path[PATH_MAX];
    int error = 0;
    hd_finding_signature(finding, signature);
    hd_finding_path(findings_folder, run->name, signature, ".trace", path);
    hd_stats_count_finding(hd_own_stats(), signature);
    const bool known = hd_finding_trace_is_known(path);
    if (known && quiet) return;
    print_finding(run, finding, signature);
    if (!known) error = keep(run, finding, signature, path);
    if (error == 0) {
        print("\nreplay it: heapduel run %s %s\n", run->replay, path);
        return;
    }
    count_unkept(error);
    print("\nheapduel: cannot keep it as %s: %s\n", path, strerror(error));
}
