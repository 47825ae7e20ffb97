// SPDX-License-Identifier: MIT
/// fuzz_options.c: what `heapduel fuzz` is asked for.
#include "harness/cli/fuzz_options.h"

#include "harness/campaign/fuzzer.h"
#include "harness/cli/option_values.h"

#include <argp.h>
#include <limits.h>
#include <string.h>

enum {
    KEY_ENGINE = 'e',
    KEY_JOBS = 'j',
    KEY_OUT = 'o',
    KEY_TIMEOUT = 't',
    KEY_MEMORY_LIMIT = 'm',
    KEY_TIME = 512,
    KEY_CORPUS,
    KEY_SEEDS,
    KEY_SEED,
    KEY_STOP_AFTER,
    KEY_TAP,
    KEY_POLICY,
    KEY_MUTATOR,
    KEY_FRESH,
    KEY_DIFFERENTIAL,
    KEY_NO_MINIMIZE,
};

#define FOLDER_BYTES_MAX 1024 // paths of files in it must fit into PATH_MAX

static const struct argp_option options[] = {
    {"engine", KEY_ENGINE, "ENGINE", 0, "libfuzzer (default) or afl", 0},
    {"time", KEY_TIME, "TIME", 0, "For how long: 90, 90s, 15m, 8h. Default: until Ctrl-C", 0},
    {"jobs", KEY_JOBS, "N", 0, "So many processes at a time, default 1", 0},
    {"corpus", KEY_CORPUS, "DIR", 0,
     "Where inputs are kept, a folder for each allocator. Default: corpus in the --out folder", 0},
    {"out", KEY_OUT, "DIR", 0, "Where findings are kept. Default: findings", 0},
    {"seeds", KEY_SEEDS, "DIR", 0, "Begin with the traces in DIR too, of any form", 0},
    {"seed", KEY_SEED, "N", 0, "The first number for the engine's random choices, from 1", 0},
    {"stop-after", KEY_STOP_AFTER, "N", 0, "End after so many new findings", 0},
    {"timeout", KEY_TIMEOUT, "SECONDS", 0, "How long an input may take, default 10", 0},
    {"memory-limit", KEY_MEMORY_LIMIT, "MIB", 0,
     "How much memory an allocator may map for an input, default 256", 0},
    {"tap", KEY_TAP, "WAY", 0,
     "How system calls are seen: auto (default), off, dispatch, seccomp or got", 0},
    {"policy", KEY_POLICY, "FILE", 0,
     "Hold the allocators to what FILE says they may ask of the kernel, as `heapduel run' does", 0},
    {"mutator", KEY_MUTATOR, "WHICH", 0,
     "Change inputs as traces (trace, default), or as bytes by the engine alone (bytes)", 0},
    {"fresh", KEY_FRESH, "WAY", 0,
     "How the heap is put back before each input: auto (default), reset, writeprotect, copy or "
     "none",
     0},
    {"differential", KEY_DIFFERENTIAL, NULL, 0, "Also all allocators against each other", 0},
    {"no-minimize", KEY_NO_MINIMIZE, NULL, 0, "Leave traces as they were found", 0},
    {0},
};

// ---------------------------------------------------------------------------- options

static bool is_bytes(const char *text, const struct argp_state *state)
{
    const bool bytes = strcmp(text, "bytes") == 0;
    if (!bytes && strcmp(text, "trace") != 0)
        argp_error(state, "the mutator is trace or bytes, not '%s'", text);
    return bytes;
}

static const struct hd_fuzzer *engine(const char *text, const struct argp_state *state)
{
    const struct hd_fuzzer *fuzzer = hd_fuzzer_find(text);
    if (fuzzer == NULL) argp_error(state, "the engine is libfuzzer or afl, not '%s'", text);
    return fuzzer;
}

static const char *folder(const char *text, const struct argp_state *state)
{
    if (*text == '\0') argp_error(state, "a folder needs a name");
    if (strlen(text) > FOLDER_BYTES_MAX) argp_error(state, "the name of a folder is too long");
    return text;
}

/// Those by which an engine would do something else, or end by itself.
static void refuse_engine_word(const char *word, const struct argp_state *state)
{
    static const char *const refused[] = {"--",     "-runs=", "-merge=", "-jobs=",
                                          "-fork=", "-help",  "-print_full_coverage="};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (strncmp(word, refused[i], strlen(refused[i])) == 0)
            argp_error(state, "'%s' is not for the engine of a campaign", word);
}

/// What stands behind `--`, which argp gives last.
static void add_engine_word(struct hd_campaign_options *into, const struct argp_state *state)
{
    char **word = &state->argv[state->next - 1];
    if (state->quoted == 0 || state->next - 1 < state->quoted)
        argp_error(state, "'%s'? What is for the engine comes after --", *word);
    refuse_engine_word(*word, state);
    if (into->engine_word_count == 0) into->engine_words = word;
    if (++into->engine_word_count > HD_ENGINE_WORDS_MAX ||
        strlen(*word) > HD_ENGINE_WORD_BYTES / HD_ENGINE_WORDS_MAX)
        argp_error(state, "too much for the engine after --");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct hd_fuzz_arguments *arguments = state->input;
    struct hd_campaign_options *into = &arguments->campaign;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->allocators; return 0;
    case KEY_ENGINE: into->fuzzer = engine(argument, state); return 0;
    case KEY_TIME: into->time = hd_option_duration(argument, state); return 0;
    case KEY_JOBS:
        into->jobs = hd_option_number(argument, 1, HD_WORKERS_MAX, "the number of jobs", state);
        return 0;
    case KEY_CORPUS: into->corpus = folder(argument, state); return 0;
    case KEY_OUT: into->out = folder(argument, state); return 0;
    case KEY_SEEDS: into->seeds = folder(argument, state); return 0;
    case KEY_SEED: into->seed = hd_option_number(argument, 1, INT_MAX, "the seed", state); return 0;
    case KEY_STOP_AFTER:
        into->stop_after = hd_option_number(argument, 1, INT_MAX, "--stop-after", state);
        return 0;
    case KEY_TIMEOUT:
        into->deadline_s = hd_option_number(argument, 1, 3600, "the timeout, in seconds,", state);
        return 0;
    case KEY_MEMORY_LIMIT:
        into->memory_bytes =
            (size_t)hd_option_number(argument, 1, UINT32_MAX, "the memory limit", state) << 20;
        return 0;
    case KEY_TAP: into->tap = hd_option_tap_way(argument, state); return 0;
    case KEY_POLICY: arguments->policy = argument; return 0;
    case KEY_MUTATOR: into->mutates_bytes = is_bytes(argument, state); return 0;
    case KEY_FRESH:
        (void)hd_option_fresh_way(argument, state);
        into->fresh = argument;
        return 0;
    case KEY_DIFFERENTIAL: into->differential = true; return 0;
    case KEY_NO_MINIMIZE: into->minimizes = false; return 0;
    case ARGP_KEY_ARG: add_engine_word(into, state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp hd_fuzz_argp = {
    .options = options,
    .parser = parse,
    .children = hd_allocator_children,
    .args_doc = "[-- ENGINE-OPTION...]",
    .doc = "Lets an engine write traces that break an allocator. A finding is replayed in a new "
           "process, made small, written as a C program, and fuzzing goes on past it. With several "
           "allocators each has its turn. Ctrl-C ends it; the same command goes on where it ended. "
           "What comes after -- goes to the engine as it is.\v"
           "Exit status: 0 nothing found, 1 a finding (also one known from before that was found "
           "again), 2 wrong usage, 3 the machine cannot do it.\n\n"
           "Example:\n\n  heapduel fuzz -a ./libmine.so --time 60s\n",
};
