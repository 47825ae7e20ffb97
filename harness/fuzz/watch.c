// SPDX-License-Identifier: MIT
/// watch.c: signal handlers around a run, and a timer that sees a run that does not end.
#include "harness/fuzz/watch.h"

#include "harness/base/uninstrumented.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/report.h"
#include "harness/fuzz/ticks.h"
#include "harness/tap/tap.h"

#if defined(__has_include) && __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#endif

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof crash_signals[0])

static struct sigaction engine_actions[CRASH_SIGNALS]; // what was installed before us

// On which an engine's handler prints or ends the process, in the middle of a run too.
static const int engine_signals[] = {SIGINT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2};
#define ENGINE_SIGNALS (sizeof engine_signals / sizeof engine_signals[0])

static struct sigaction engine_handlers[ENGINE_SIGNALS];
static struct hd_target_run current; // run NULL: none under way
static unsigned deadline_s;
static unsigned patience_s; // how long the next input may take
static bool goes_on;
static bool (*recover)(void);
static sigjmp_buf before_run;        // without the mask: to save it takes a system call
static sigset_t mask;                // that runs begin with
static pid_t runner;                 // the thread that before_run is of
static volatile uint64_t past_ns;    // that the run under way has been seen to last
static char handler_stack[64 << 10]; // an allocator may have used up the main one

/// Reports the run under way as ended by `name`, of which `how` tells more.
static void report_ending(const char *name, const char *how)
{
    hd_tap_disarm(); // we are inside the allocator, perhaps
    const struct hd_target_run run = current;
    hd_watch_drop();
    struct hd_finding finding;
    hd_run_begin_finding(run.run, &finding);
    char place[40];
    (void)snprintf(place, sizeof place, "%.24s-%.12s", name, hd_run_phase_place(run.run));
    (void)hd_finding_set(&finding, place, "%s, %s", how, hd_run_phase_text(run.run));
    (void)snprintf(finding.oracle, sizeof finding.oracle, "%s",
                   hd_oracles[HD_ORACLE_progress]->name);
    hd_report_finding(&run, &finding);
}

// ---------------------------------------------------------------------------- what comes after

/// Leaves the run, out of a signal handler, where something can put the heap back. Another thread,
/// the trace's or the allocator's, cannot leave it: the jump would be into another one's stack.
static void leave_run(void)
{
    if (goes_on && recover != NULL && gettid() == runner) siglongjmp(before_run, 1);
}

/// The end with a finding.
static _Noreturn void end_process(void)
{
    if (goes_on && !HD_TAKES_OPTIONS) _exit(HD_TARGET_FOUND);
    abort();
}

/// With a finding to keep, the end is the same for every signal and with every sanitizer: abort(),
/// of which the engine is told.
static void handle_crash(int signal_number, siginfo_t *info, void *context)
{
    if (current.run != NULL) {
        char name[24];
        char how[32];
        (void)snprintf(name, sizeof name, "SIG%.16s", sigabbrev_np(signal_number));
        (void)snprintf(how, sizeof how, "raised %s", name);
        report_ending(name, how);
        leave_run();
        if (goes_on || signal_number != SIGABRT) end_process();
    }
    for (size_t i = 0; i < CRASH_SIGNALS; i++) {
        if (crash_signals[i] != signal_number) continue;
        const struct sigaction *before = &engine_actions[i];
        if ((before->sa_flags & SA_SIGINFO) != 0)
            before->sa_sigaction(signal_number, info, context);
        else // the default: let it happen again
            (void)sigaction(signal_number, before, NULL);
    }
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// AddressSanitizer calls this before it reports an error and ends the process.
void __asan_on_error(void)
{
    if (current.run == NULL) return;
    char how[80];
    (void)snprintf(how, sizeof how, "AddressSanitizer reports %.48s",
                   __asan_get_report_description());
    report_ending("asan", how);
}
#endif
#endif

/// What the handler does is not the allocator's doing: it may call malloc in the middle of libc's
/// own, and must come to the program's.
static void handle_engine_signal(int signal_number, siginfo_t *info, void *context)
{
    const char armed = hd_tap_thread.armed;
    hd_tap_disarm();
    for (size_t i = 0; i < ENGINE_SIGNALS; i++) {
        const struct sigaction *engine = &engine_handlers[i];
        if (engine_signals[i] != signal_number) continue;
        if ((engine->sa_flags & SA_SIGINFO) != 0)
            engine->sa_sigaction(signal_number, info, context);
        else
            engine->sa_handler(signal_number);
    }
    hd_tap_thread.armed = armed;
}

// The tick comes at any point, inside a sanitizer's runtime too.
HD_UNINSTRUMENTED static void handle_tick(uint64_t own_ns)
{
    if (current.run == NULL) return;
    past_ns += own_ns;
    // Of what it had, a tick may miss less than half of its time.
    if (past_ns + HD_TICK_NS / 2 < patience_s * HD_TICK_NS) return;
    report_ending("hang", "still running at the deadline");
    // Where one input hangs, many do. Whoever started us replays them with the whole deadline.
    if (patience_s == deadline_s) patience_s = deadline_s / 5 + 1;
    leave_run();
    end_process();
}

/// An allocator that calls exit(). It is too late to go on from here.
static void handle_exit(void)
{
    if (current.run == NULL) return;
    report_ending("exit", "called exit()");
    end_process();
}

static void install_handlers(void)
{
    const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    HD_ASSERT(sigaltstack(&stack, NULL) == 0);
    struct sigaction action = {.sa_sigaction = handle_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (size_t i = 0; i < CRASH_SIGNALS; i++)
        HD_ASSERT(sigaction(crash_signals[i], &action, &engine_actions[i]) == 0);
}

/// Of the signals for which the engine has a handler.
static void stand_before_engine(void)
{
    for (size_t i = 0; i < ENGINE_SIGNALS; i++) {
        struct sigaction *engine = &engine_handlers[i];
        HD_ASSERT(sigaction(engine_signals[i], NULL, engine) == 0);
        const bool calls = (engine->sa_flags & SA_SIGINFO) != 0 ||
                           (engine->sa_handler != SIG_DFL && engine->sa_handler != SIG_IGN);
        struct sigaction ours = *engine;
        ours.sa_sigaction = handle_engine_signal;
        ours.sa_flags |= SA_SIGINFO;
        if (calls) HD_ASSERT(sigaction(engine_signals[i], &ours, NULL) == 0);
    }
}

void hd_watch_start(unsigned deadline, bool go_on)
{
    deadline_s = patience_s = deadline;
    goes_on = go_on;
}

void hd_watch_drop(void)
{
    current.run = NULL;
    hd_own_stats_run_is_over();
}

void hd_target_recovery(bool (*function)(void))
{
    recover = function;
}

static void install_once(void)
{
    static bool installed;
    if (installed) return;
    runner = gettid();
    HD_ASSERT(sigprocmask(SIG_SETMASK, NULL, &mask) == 0);
    install_handlers();
    stand_before_engine();
    HD_ASSERT(atexit(handle_exit) == 0); // after the engine's, and so before it
    if (deadline_s != 0) hd_ticks_start(handle_tick);
    hd_tap_let_handlers_through();
    installed = true;
}

/// The heap is as new, or the process ends.
static void put_back(void)
{
    if (!goes_on || recover == NULL || !recover()) end_process();
}

bool hd_target_watch(const struct hd_target_run *run, void (*work)(void *context), void *context)
{
    install_once();
    if (sigsetjmp(before_run, 0) != 0) {
        HD_ASSERT(sigprocmask(SIG_SETMASK, &mask, NULL) == 0);
        put_back();
        return false;
    }
    past_ns = 0;
    hd_own_stats_run_begins();
    current = *run;
    work(context);
    hd_own_stats_count_run(run->run);
    hd_watch_drop();
    return true;
}

static bool is_harmless(const struct hd_finding *finding)
{
    for (size_t i = 0; i < HD_ORACLES; i++)
        if (strcmp(hd_oracles[i]->name, finding->oracle) == 0) return hd_oracles[i]->harmless;
    return false;
}

void hd_target_report(const struct hd_target_run *run)
{
    for (uint32_t i = 0; i < run->run->finding_count; i++) {
        const struct hd_finding *finding = &run->run->findings[i];
        hd_report_finding(run, finding);
        if (goes_on && is_harmless(finding)) continue;
        put_back();
        return;
    }
}

void hd_target_report_difference(const struct hd_target_run *run, const struct hd_finding *finding)
{
    hd_report_finding(run, finding);
    if (!goes_on) end_process();
}
