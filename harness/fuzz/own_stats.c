// SPDX-License-Identifier: MIT
/// own_stats.c: a file, mapped.
#include "harness/fuzz/own_stats.h"

#include "harness/base/arena.h"
#include "harness/fuzz/target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct hd_stats private_stats;
static struct hd_stats *stats = &private_stats; // or the file's
static uint64_t self;                           // this process, since its first input

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

void hd_own_stats_open(const char *path)
{
    if (path != NULL) stats = map_stats(path);
    if (stats->magic != HD_STATS_MAGIC) *stats = (struct hd_stats){.magic = HD_STATS_MAGIC};
}

struct hd_stats *hd_own_stats(void)
{
    return stats;
}

static void keep_input(const uint8_t *data, size_t size)
{
    const size_t fits = size < HD_STATS_INPUT_BYTES_MAX ? size : HD_STATS_INPUT_BYTES_MAX;
    stats->input.size = fits;
    if (fits > 0) memcpy(stats->input.bytes, data, fits);
}

/// AFL++ starts a process that died again by itself, and tells nobody. Where an engine has several
/// processes at a time on one file, another one may be in a run.
static void look_for_death(void)
{
    if (kill((pid_t)stats->in_run, 0) != 0 && errno == ESRCH) hd_stats_count_death(stats);
}

void hd_own_stats_count_input(const uint8_t *data, size_t size)
{
    if (stats->in_run != 0) look_for_death();
    if (self == 0) self = (uint64_t)getpid(); // not before: AFL++'s server forks
    stats->inputs++;
    keep_input(data, size);
}

void hd_own_stats_run_begins(void)
{
    stats->in_run = self;
}

void hd_own_stats_run_is_over(void)
{
    stats->in_run = 0;
}

void hd_own_stats_count_run(const struct hd_run *run)
{
    stats->operations += run->operations;
}

void hd_own_stats_fresh(const char *way)
{
    (void)snprintf(stats->fresh, sizeof stats->fresh, "%s", way);
}
