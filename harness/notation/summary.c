// SPDX-License-Identifier: MIT
/// summary.c: how often each system call was made, as `strace -c` counts.
#include "harness/notation/summary.h"

#include "harness/notation/answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/// The row of a number, made when there is none; NULL: there is no room for it.
static struct hd_summary_row *row_of(struct hd_summary *summary, long number)
{
    for (size_t i = 0; i < summary->count; i++)
        if (summary->rows[i].number == number) return &summary->rows[i];
    if (summary->count == HD_SUMMARY_ROWS_MAX) return NULL;

    struct hd_summary_row *row = &summary->rows[summary->count++];
    *row = (struct hd_summary_row){.number = number};
    hd_notation_call_name(number, row->name);
    return row;
}

static bool failed(const struct hd_syscall *call)
{
    const bool moves_break = call->number == SYS_brk && call->args[0] != 0;
    if (moves_break && (uint64_t)call->result != call->args[0]) return true;
    return hd_answer_error(call) != 0;
}

/// `bytes` became `now`.
static void count_bytes(struct hd_summary_row *row, uint64_t bytes, uint64_t now)
{
    if (now > bytes)
        row->mapped += now - bytes;
    else
        row->unmapped += bytes - now;
}

static void count_success(struct hd_summary_row *row, const struct hd_syscall *call)
{
    switch (call->number) {
    case SYS_mmap: count_bytes(row, 0, call->args[1]); return;
    case SYS_munmap: count_bytes(row, call->args[1], 0); return;
    case SYS_mremap:
        // An old size of 0 asks for a second mapping of the same memory.
        if ((call->args[3] & MREMAP_DONTUNMAP) != 0)
            count_bytes(row, 0, call->args[2]);
        else
            count_bytes(row, call->args[1], call->args[2]);
        return;
    case SYS_brk:
        if (call->break_before != 0) count_bytes(row, call->break_before, (uint64_t)call->result);
        return;
    default: return;
    }
}

static int by_calls_then_name(const void *left, const void *right)
{
    const struct hd_summary_row *a = left;
    const struct hd_summary_row *b = right;
    if (a->calls != b->calls) return a->calls > b->calls ? -1 : 1;
    return strcmp(a->name, b->name);
}

void hd_summary_add(struct hd_summary *summary, const struct hd_syscall *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hd_summary_row *row = row_of(summary, calls[i].number);
        if (row == NULL) {
            summary->lost++;
            continue;
        }
        row->calls++;
        if (calls[i].refused)
            row->refused++;
        else if (failed(&calls[i]))
            row->errors++;
        else
            count_success(row, &calls[i]);
    }
    qsort(summary->rows, summary->count, sizeof summary->rows[0], by_calls_then_name);
}

static void write_row(const struct hd_summary_row *row, FILE *file)
{
    (void)fprintf(file,
                  "%10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %16" PRIu64 " %16" PRIu64 "  %s\n",
                  row->calls, row->errors, row->refused, row->mapped, row->unmapped, row->name);
}

void hd_summary_write(const struct hd_summary *summary, FILE *file)
{
    struct hd_summary_row sum = {.name = "total"};
    (void)fprintf(file, "%10s %10s %10s %16s %16s  %s\n", "calls", "errors", "refused",
                  "bytes mapped", "unmapped", "syscall");
    for (size_t i = 0; i < summary->count; i++) {
        const struct hd_summary_row *row = &summary->rows[i];
        sum.calls += row->calls;
        sum.errors += row->errors;
        sum.refused += row->refused;
        sum.mapped += row->mapped;
        sum.unmapped += row->unmapped;
        write_row(row, file);
    }
    write_row(&sum, file);
    if (summary->lost != 0)
        (void)fprintf(file, "%10" PRIu64 " more, of calls that found no row\n", summary->lost);
}
