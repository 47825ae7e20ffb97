// SPDX-License-Identifier: MIT
/// bench_text.c: what was measured, as tables for a person.
#include "harness/cli/bench.h"

#include <inttypes.h>
#include <stdio.h>

// ---------------------------------------------------------------------------- judging

void hd_bench_text_judging_head(void)
{
    (void)printf("%-12s", "allocator");
    for (size_t i = 0; i < HD_BENCH_LOADS; i++)
        (void)printf("  %8" PRIu32 " live: bare    judged  ratio", hd_bench_loads[i].live);
    (void)printf("  growth\n");
}

void hd_bench_text_judging(const char *allocator, const struct hd_bench_judging *judging)
{
    (void)printf("%-12s", allocator);
    for (size_t i = 0; i < HD_BENCH_LOADS; i++)
        (void)printf("  %16.1f ns  %5.1f ns  %5.2f", judging->bare_ns[i], judging->judged_ns[i],
                     hd_bench_ratio(judging, i));
    (void)printf("  %6.2f\n", hd_bench_growth(judging));
    (void)fflush(stdout);
}

// ---------------------------------------------------------------------------- the tap

void hd_bench_text_tap_head(enum hd_tap_way way)
{
    if (way == HD_TAP_OFF) {
        (void)printf("no way of the tap works on this machine\n");
        return;
    }
    (void)printf("%-12s  bare: no tap  %9s  ratio  calls  judged: no tap  %9s  ratio  calls\n",
                 "allocator", hd_tap_names[way], hd_tap_names[way]);
}

static void print_pace(const struct hd_tap_pace *pace, int width)
{
    (void)printf("  %*.1f ns  %6.1f ns  %5.3f  %5" PRIu64, width, pace->off_ns, pace->on_ns,
                 pace->on_ns / pace->off_ns, pace->syscalls);
}

void hd_bench_text_tap(const char *allocator, const struct hd_tap_cost *cost)
{
    (void)printf("%-12s", allocator);
    print_pace(&cost->bare, 9);
    print_pace(&cost->judged, 11);
    (void)putchar('\n');
    (void)fflush(stdout);
}

// ---------------------------------------------------------------------------- a pair of calls

static void print_pair(const char *how, double ns, double than, const char *than_what)
{
    if (ns > 0 && than > 0)
        (void)printf("%-16s %9.0f ns  %5.2f times %s\n", how, ns, ns / than, than_what);
    else
        (void)printf("%-16s %9s\n", how, "-");
}

void hd_bench_text_pair(enum hd_tap_way way, const struct hd_pair_cost *cost)
{
    (void)printf("mmap and munmap\n%-16s %9.0f ns\n", "native", cost->native_ns);
    for (enum hd_tap_way each = HD_TAP_OFF + 1; each < HD_TAP_WAYS; each++)
        print_pair(hd_tap_names[each], cost->tapped_ns[each], cost->native_ns, "native");
    if (way != HD_TAP_OFF)
        print_pair("strace", cost->strace_ns, cost->tapped_ns[way], hd_tap_names[way]);
}

// ---------------------------------------------------------------------------- a fresh heap

void hd_bench_text_fresh_head(void)
{
    (void)printf("%-12s  %-12s  %9s  %9s  %9s  %10s  %10s\n", "allocator", "fresh by", "not fresh",
                 "fresh", "fork", "fork/fresh", "inputs/s");
}

void hd_bench_text_fresh(const char *allocator, const struct hd_fresh_cost *cost)
{
    (void)printf("%-12s  %-12s  %6.1f us", allocator, hd_fresh_names[cost->way], cost->none_us);
    if (cost->fresh_us > 0)
        (void)printf("  %6.1f us  %6.1f us  %10.1f  %10.0f\n", cost->fresh_us, cost->fork_us,
                     cost->fork_us / cost->fresh_us, 1e6 / cost->fresh_us);
    else
        (void)printf("  %9s  %6.1f us  %10s  %10s\n", "-", cost->fork_us, "-", "-");
    (void)fflush(stdout);
}

void hd_bench_text_repeat_head(void)
{
    (void)printf("%-12s  %-12s  %9s  %9s  %s\n", "allocator", "fresh by", "inputs", "differing",
                 "in another process");
}

void hd_bench_text_repeat(const char *allocator, const struct hd_repeat *repeat)
{
    (void)printf("%-12s  %-12s", allocator, hd_fresh_names[repeat->way]);
    if (repeat->way == HD_FRESH_NONE)
        (void)printf("  %9s  %9s  -\n", "-", "-");
    else
        (void)printf("  %9" PRIu64 "  %9" PRIu64 "  %s\n", repeat->inputs, repeat->differing,
                     repeat->same_elsewhere ? "the same" : "DIFFERENT");
    (void)fflush(stdout);
}
