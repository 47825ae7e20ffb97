// SPDX-License-Identifier: MIT
/// worker.c: start, start again, count.
#include "harness/campaign/worker.h"

#include "harness/base/clock.h"
#include "harness/campaign/death.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define AT_ONCE_S   2    // a process that ends before has not run
#define VAIN_MAX    3    // so many of them one after the other are the engine's end
#define PATIENCE_MS 5000 // for a process that was told to end

// ---------------------------------------------------------------------------- starting

/// The file that its processes keep their statistics in; from nothing.
static enum hd_status map_stats(const struct hd_campaign *campaign, struct hd_worker *worker,
                                struct hd_message *message)
{
    char path[PATH_MAX];
    hd_path(path, "%s/engine/%s.stats", campaign->options.out, worker->name);
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    void *memory = MAP_FAILED;
    int error = fd < 0 ? errno : posix_fallocate(fd, 0, sizeof *worker->stats);
    if (error == 0) {
        memory = mmap(NULL, sizeof *worker->stats, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        error = memory == MAP_FAILED ? errno : 0;
    }
    if (fd >= 0) (void)close(fd);
    if (error != 0) return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(error));
    worker->stats = memory;
    return HD_OK;
}

/// What the engine holds at the moment. What is there is of a process before.
static void remove_folder(const struct hd_campaign *campaign, const struct hd_worker *worker,
                          char path[static PATH_MAX])
{
    hd_path(path, "%s/engine/%s.tmp", campaign->options.out, worker->name);
    hd_folder_remove(path);
}

static enum hd_status make_folder(const struct hd_campaign *campaign,
                                  const struct hd_worker *worker, struct hd_message *message)
{
    char path[PATH_MAX];
    if (!campaign->options.fuzzer->wants_folder) return HD_OK;
    remove_folder(campaign, worker, path);
    return hd_folder_make(path, message);
}

static enum hd_status begin(struct hd_campaign *campaign, struct hd_fuzz_target *target,
                            struct hd_worker *worker, struct hd_message *message)
{
    static struct hd_fuzz_command command;
    enum hd_status status = HD_OK;
    if (worker->stats == NULL) status = map_stats(campaign, worker, message);
    if (status == HD_OK) status = make_folder(campaign, worker, message);
    if (status != HD_OK) return status;
    command = (struct hd_fuzz_command){0};
    campaign->options.fuzzer->start(campaign, target, worker, &command);
    worker->starts++;
    worker->started = hd_now_s();
    worker->findings_before = worker->stats->findings;
    worker->stats->in_run = 0; // one before it was told to end in the middle
    return hd_process_start(&worker->process, &command, worker->log, message);
}

enum hd_status hd_workers_begin(struct hd_campaign *campaign, struct hd_fuzz_target *target,
                                struct hd_message *message)
{
    enum hd_status status = HD_OK;
    target->running = true;
    target->turn_began = hd_now_s();
    for (unsigned i = 0; status == HD_OK && i < target->worker_count; i++)
        status = begin(campaign, target, &target->workers[i], message);
    return status;
}

// ---------------------------------------------------------------------------- counting

/// The first finding of all workers.
static void take_first(const struct hd_campaign *campaign, struct hd_fuzz_target *target,
                       const struct hd_stats *stats)
{
    if (stats->findings == 0) return;
    const double after = (double)stats->first_ns / 1e9 - campaign->began;
    if (target->first_finding != 0 && target->first_finding <= after) return;
    target->first_finding = after;
    target->first_inputs = stats->first_inputs;
    memcpy(target->first_signature, stats->first_signature, sizeof target->first_signature - 1);
}

/// The whole target's figures from its workers' files.
static void add_up(const struct hd_campaign *campaign, struct hd_fuzz_target *target)
{
    target->inputs = target->operations = target->behaviours = 0;
    memset(target->seen, 0, sizeof target->seen);
    for (unsigned i = 0; i < target->worker_count; i++) {
        const struct hd_stats *stats = target->workers[i].stats;
        if (stats == NULL) continue;
        target->inputs += stats->inputs;
        target->operations += stats->operations;
        take_first(campaign, target, stats);
        memcpy(target->fresh, stats->fresh, sizeof target->fresh - 1);
        for (size_t counter = 0; counter < HD_COUNTERS; counter++)
            target->seen[counter] |= stats->behaviours[counter];
    }
    for (size_t counter = 0; counter < HD_COUNTERS; counter++)
        target->behaviours += target->seen[counter] != 0;
}

/// What the engine says; and whether anything is new.
static void take_readings(struct hd_campaign *campaign, struct hd_fuzz_target *target)
{
    target->stability = 0;
    for (unsigned i = 0; i < target->worker_count; i++) {
        struct hd_worker *worker = &target->workers[i];
        const struct hd_reading *reading = &worker->reading;
        campaign->options.fuzzer->read(campaign, target, worker, &worker->reading);
        if (!reading->known) continue;
        if (reading->coverage > target->coverage) target->coverage = reading->coverage;
        if (reading->corpus > target->corpus_count) target->corpus_count = reading->corpus;
        if (target->stability == 0 || reading->stability < target->stability)
            target->stability = reading->stability;
    }
    const uint64_t best = target->coverage + target->behaviours;
    if (best > target->best) target->last_new = hd_now_s();
    if (best > target->best) target->best = best;
}

// ---------------------------------------------------------------------------- tending

/// What a process wrote last, in one line.
static enum hd_status give_up(const struct hd_campaign *campaign,
                              const struct hd_fuzz_target *target, const struct hd_worker *worker,
                              struct hd_message *message)
{
    char text[HD_LOG_END_MAX];
    hd_log_end(worker->log, text);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    char *last = strrchr(text, '\n');
    last = last != NULL ? last + 1 : text;
    return hd_fail(
        message, HD_UNAVAILABLE,
        "%s on %.80s ends as soon as it is started; its last line is \"%.160s\", the rest "
        "in %.120s",
        campaign->options.fuzzer->title, target->name, last, worker->log);
}

/// Processes that died in a run, by themselves: what that was.
static enum hd_status look_into_deaths(struct hd_campaign *campaign, struct hd_fuzz_target *target,
                                       struct hd_worker *worker, struct hd_message *message)
{
    bool shown;
    if (worker->stats->deaths == worker->deaths) return HD_OK;
    worker->deaths = worker->stats->deaths;
    const enum hd_status status =
        hd_death_look_into(campaign, target, worker->stats, &shown, message);
    target->deaths += !shown;
    return status;
}

/// A worker whose process has ended gets another one.
static enum hd_status start_again(struct hd_campaign *campaign, struct hd_fuzz_target *target,
                                  struct hd_worker *worker, int wait_status,
                                  struct hd_message *message)
{
    const bool found = worker->stats->findings > worker->findings_before;
    const bool ran = hd_now_s() - worker->started >= AT_ONCE_S;
    target->vain_ends += !found;
    if (!found) target->vain_status = wait_status;
    worker->vain_starts = found || ran ? 0 : worker->vain_starts + 1;
    if (worker->vain_starts == VAIN_MAX && target->deaths > 0)
        return hd_death_complain(campaign, target, message);
    if (worker->vain_starts == VAIN_MAX) return give_up(campaign, target, worker, message);
    return begin(campaign, target, worker, message);
}

enum hd_status hd_workers_tend(struct hd_campaign *campaign, struct hd_fuzz_target *target,
                               struct hd_message *message)
{
    int wait_status;
    enum hd_status status = HD_OK;
    for (unsigned i = 0; status == HD_OK && i < target->worker_count; i++) {
        struct hd_worker *worker = &target->workers[i];
        const struct hd_stats *stats = worker->stats;
        if (stats->unkept != 0)
            return hd_fail(message, HD_UNAVAILABLE, "%.300s: a finding could not be kept: %s",
                           campaign->options.out, strerror((int)stats->error));
        const bool ended = hd_process_ended(&worker->process, &wait_status);
        if (ended && stats->in_run != 0) hd_stats_count_death(worker->stats);
        status = look_into_deaths(campaign, target, worker, message);
        if (status == HD_OK && ended)
            status = start_again(campaign, target, worker, wait_status, message);
    }
    add_up(campaign, target);
    take_readings(campaign, target);
    return status;
}

// ---------------------------------------------------------------------------- the end

void hd_workers_tell(const struct hd_campaign *campaign, const struct hd_fuzz_target *target)
{
    for (unsigned i = 0; i < target->worker_count; i++)
        hd_process_tell(&target->workers[i].process, campaign->options.fuzzer->stop_signal);
}

void hd_workers_end(struct hd_campaign *campaign, struct hd_fuzz_target *target)
{
    if (!target->running) return;
    for (unsigned i = 0; i < target->worker_count; i++) {
        char path[PATH_MAX];
        hd_process_await(&target->workers[i].process, PATIENCE_MS);
        remove_folder(campaign, &target->workers[i], path);
    }
    add_up(campaign, target);
    take_readings(campaign, target);
    target->running = false;
    target->ran += hd_now_s() - target->turn_began;
}
