// SPDX-License-Identifier: MIT
/// campaign.h: fuzzing one or several allocators for as long as somebody wants.
///
/// A campaign has targets: an allocator each, and perhaps all of them against each other. A target
/// has a corpus folder, and while it is its turn workers: places for a process of the engine each.
/// A process that ends, with a finding mostly, is started again. What the processes find they leave
/// as trace files in one folder; there the campaign collects, replays and shrinks them.
///
///     OUT/NAME-SIGNATURE.trace        a finding: the smallest trace
///     OUT/NAME-SIGNATURE.full.trace   as it was found
///     OUT/NAME-SIGNATURE.lost.trace   as it was found, and shows nothing in a new process
///     OUT/NAME-SIGNATURE.c            as a C program
///     OUT/engine/                     logs, statistics and policies of the processes
///     CORPUS/NAME/                    inputs
#ifndef HD_CAMPAIGN_H
#define HD_CAMPAIGN_H

#include "harness/base/arena.h"
#include "harness/campaign/process.h"
#include "harness/campaign/programs.h"
#include "harness/compare/choices.h"
#include "harness/fuzz/finding_file.h"
#include "harness/fuzz/stats.h"
#include "harness/runner/runner.h"
#include "oracles/finding.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct hd_fuzzer; // fuzzer.h

// ---------------------------------------------------------------------------- what is asked for

#define HD_SPEC_BYTES_MAX    1024
#define HD_ENGINE_WORDS_MAX  64
#define HD_ENGINE_WORD_BYTES ((size_t)32 << 10) // of all of them

/// Strings stay the caller's.
struct hd_campaign_options {
    const struct hd_fuzzer *fuzzer; // the engine
    const char *out;
    const char *corpus;
    const char *seeds;   // a folder of traces to begin with; NULL: none
    double time;         // seconds; 0: until `enough`
    unsigned jobs;       // processes at a time
    unsigned stop_after; // new findings; 0: never
    bool minimizes;
    uint32_t seed; // 0: the engine's choice
    unsigned deadline_s;
    size_t memory_bytes;
    enum hd_tap_way tap;
    bool mutates_bytes;
    const char *fresh;         // of the target's option of that name; NULL: not given
    char *const *engine_words; // for the engine, as they are
    size_t engine_word_count;

    // The allocators, each less than HD_SPEC_BYTES_MAX long, and what each is held to (NULL: its
    // own policy).
    const char *specs[HD_CONTESTANTS_MAX];
    const struct hd_held_policy *held[HD_CONTESTANTS_MAX];
    size_t spec_count;
    const char *policy; // the file that `held` are from; NULL: none
    bool differential;  // also against each other
};

/// What is done where nothing else is asked for.
#define HD_CAMPAIGN_DEFAULT                                                                        \
    {                                                                                              \
        .fuzzer = &hd_fuzzer_libfuzzer, .out = "findings", .jobs = 1, .minimizes = true,           \
        .deadline_s = 10, .memory_bytes = (size_t)256 << 20, .tap = HD_TAP_AUTO,                   \
    }

// ---------------------------------------------------------------------------- what is going on

/// What an engine says of itself.
struct hd_reading {
    bool known; // it said something
    uint64_t coverage;
    uint64_t corpus;  // inputs
    double stability; // per cent; 0: it does not say
};

struct hd_worker {
    struct hd_process process;
    char name[HD_FINDING_NAME_MAX + 16]; // of its files in OUT/engine
    char log[PATH_MAX];
    struct hd_stats *stats; // mapped; NULL until it is started first
    unsigned number;        // of the target's, from 0
    unsigned starts;
    unsigned vain_starts; // one after the other that ended at once and without a finding
    double started;       // of the process
    uint64_t findings_before;
    uint64_t deaths; // that were looked into
    struct hd_reading reading;
};

#define HD_WORKERS_MAX      64 // of a target
#define HD_FUZZ_TARGETS_MAX (HD_CONTESTANTS_MAX + 1)

struct hd_fuzz_target {
    const char *spec; // of the allocator; NULL: all against each other
    char name[HD_FINDING_NAME_MAX];
    char policy[PATH_MAX]; // a file; "": none
    char corpus[PATH_MAX];
    int lock; // on `corpus`; -1: none
    struct hd_worker *workers;
    unsigned worker_count;
    bool running;
    double turn_began;
    double ran;         // seconds, in turns that are over
    unsigned vain_ends; // of processes, without a finding and without being told
    int vain_status;    // the wait status of the last
    unsigned deaths;    // of them in a run whose input shows nothing in a process of its own
    double last_new;    // when it last covered or did something new
    uint64_t best;      // of coverage and behaviours together, for that

    // Of all its workers together; kept up by hd_campaign_run.
    uint64_t inputs;
    uint64_t operations;
    uint64_t coverage;
    char fresh[HD_STATS_FRESH]; // how heaps are made fresh, by name; "": not at all
    uint64_t behaviours;        // counters that were ever hit,
    uint8_t seen[HD_COUNTERS];  // and which
    uint64_t corpus_count;
    double stability;      // the least; 0: not known
    double first_finding;  // seconds since the campaign began; 0: none yet
    uint64_t first_inputs; // that its worker had run then
    char first_signature[HD_SIGNATURE_MAX];
};

/// Whose its findings are, as an allocator is given.
static inline const char *hd_fuzz_target_spec(const struct hd_fuzz_target *target)
{
    return target->spec != NULL ? target->spec : HD_FINDING_DIFFERENTIAL;
}

/// How a finding shows when its trace is replayed in a new process.
enum hd_replay {
    HD_REPLAY_NOT_YET,
    HD_REPLAY_ALWAYS,
    HD_REPLAY_SOMETIMES, // flaky: in `seen` of `runs`
    HD_REPLAY_NEVER,
};

struct hd_campaign_finding {
    char path[PATH_MAX];      // of its trace
    char allocator[PATH_MAX]; // as given, or `differential`
    char signature[HD_SIGNATURE_MAX];
    char evidence[512];
    char program[PATH_MAX];    // in C; "": none
    uint64_t operations_found; // of the trace as it was found, or of the whole history
    uint64_t operations;       // of the trace now
    enum hd_replay replay;
    unsigned seen;
    unsigned runs;
    bool from_history;       // the inputs before it are needed
    bool small;              // the trace was made smaller and shows the finding
    bool minimal;            // no operation can be left out
    bool known;              // from an earlier campaign in this folder
    bool found;              // in this one
    bool tried;              // it was replayed, or that was not possible
    unsigned attempts;       // so many traces of it were replayed
    bool set_aside;          // its trace shows nothing by itself: another one is waited for
    struct timespec seen_at; // of the file, when it was added
};

/// Somebody who looks on.
struct hd_campaign_events {
    bool (*enough)(void *context); // asked often: end now
    void (*progress)(void *context);
    void (*found)(void *context, const struct hd_campaign_finding *finding); // and replayed
    void *context;
};

struct hd_campaign {
    struct hd_campaign_options options;
    struct hd_campaign_events events;
    struct hd_programs programs;
    struct hd_fuzz_target targets[HD_FUZZ_TARGETS_MAX];
    size_t target_count;
    int lock; // on OUT/engine; -1: none
    struct hd_campaign_finding *findings;
    size_t finding_count;
    struct hd_arena finding_memory;
    double began;
    double last_scan;
    double last_finding; // when a new one came; 0: never
    double slice;        // how long a turn is
    bool over;           // no process is started any more
    bool triaging;
    bool merging;
    enum hd_status status; // other than HD_OK: why it is over, in `message`
    struct hd_message message;
};

/// Makes its folders, finds the engine's programs, writes seeds and policies. What is known from
/// before is added by hd_campaign_add after it. HD_BAD_INPUT: two allocators would have one name, a
/// seed is malformed. HD_UNAVAILABLE: no engine, or a folder cannot be written, or another campaign
/// has it. Whatever the answer, hd_campaign_close comes after it.
HD_MUST_USE enum hd_status hd_campaign_open(struct hd_campaign *campaign,
                                            const struct hd_campaign_options *options,
                                            struct hd_message *message);

/// A finding that is known from before, as it was then.
void hd_campaign_add(struct hd_campaign *campaign, const struct hd_campaign_finding *finding);

/// Fuzzes until the time is up, enough is found or `enough` says so; then replays what is left to
/// replay, unless `enough`. No process is left when it returns. HD_UNAVAILABLE: the engine cannot
/// run, or a finding cannot be kept; what was found until then is there. Also where nothing was
/// found, and that cannot be all: a process died in a run and nobody knows of what, or counted
/// findings that are not there.
HD_MUST_USE enum hd_status hd_campaign_run(struct hd_campaign *campaign,
                                           struct hd_message *message);

/// Puts what the engine keeps elsewhere into each corpus, and makes that small: keeps the inputs
/// that are needed to cover what all of them cover. A corpus with which that does not work is left
/// as it is; so are all where the campaign failed, or `enough`.
void hd_campaign_merge(struct hd_campaign *campaign);

void hd_campaign_close(struct hd_campaign *campaign);

/// Findings of this campaign; those of them that were not known before.
size_t hd_campaign_found(const struct hd_campaign *campaign);
size_t hd_campaign_new(const struct hd_campaign *campaign);

/// Seconds since it began to run.
double hd_campaign_elapsed(const struct hd_campaign *campaign);

#endif
