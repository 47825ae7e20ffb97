// SPDX-License-Identifier: MIT
/// larson.c: arrays of blocks that go from thread to thread.
#include "harness/bench/larson.h"

#include "allocators/status.h"
#include "harness/bench/random.h"

#include <pthread.h>

/// The blocks of the threads that follow each other.
struct station {
    void *blocks[HD_LARSON_BLOCKS];
    struct hd_random random;
    const struct hd_subject *subject;
    size_t replacements;
    bool served;
};

static bool refill(struct station *station, size_t at)
{
    const struct hd_subject *subject = station->subject;
    const size_t size = hd_random_between(&station->random, HD_LARSON_SIZE_MIN, HD_LARSON_SIZE_MAX);
    station->blocks[at] = subject->allocator.allocate(subject->heap, size);
    if (station->blocks[at] == NULL) return false;
    hd_load_touch(station->blocks[at], size);
    return true;
}

static void *work(void *argument)
{
    struct station *station = argument;
    const struct hd_subject *subject = station->subject;
    for (size_t i = 0; i < station->replacements && station->served; i++) {
        const size_t at = hd_random_between(&station->random, 0, HD_LARSON_BLOCKS - 1);
        subject->allocator.release(subject->heap, station->blocks[at]);
        station->served = refill(station, at);
    }
    return NULL;
}

static bool open_station(struct station *station, size_t number, const struct hd_load *load,
                         const struct hd_subject *subject)
{
    station->random.state = number;
    station->subject = subject;
    station->replacements = load->count;
    station->served = true;
    for (size_t at = 0; at < HD_LARSON_BLOCKS; at++)
        if (!refill(station, at)) return false;
    return true;
}

static bool run_generation(struct station *stations, unsigned threads)
{
    pthread_t workers[HD_LARSON_THREADS_MAX];
    unsigned started = 0;
    while (started < threads &&
           pthread_create(&workers[started], NULL, work, &stations[started]) == 0)
        started++;
    bool served = started == threads;
    for (unsigned i = 0; i < started; i++) {
        HD_ASSERT(pthread_join(workers[i], NULL) == 0);
        served = served && stations[i].served;
    }
    return served;
}

uint64_t hd_larson_operations(const struct hd_load *load)
{
    const uint64_t replacements = (uint64_t)HD_LARSON_GENERATIONS * load->count;
    return 2 * load->threads * (HD_LARSON_BLOCKS + replacements);
}

size_t hd_larson_room(const struct hd_load *load)
{
    return load->threads * sizeof(struct station);
}

uint64_t hd_larson_run(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    HD_ASSERT(load->threads > 0 && load->threads <= HD_LARSON_THREADS_MAX);
    struct station *stations = room;
    for (unsigned i = 0; i < load->threads; i++)
        if (!open_station(&stations[i], i, load, subject)) return 1;
    for (unsigned i = 0; i < HD_LARSON_GENERATIONS; i++)
        if (!run_generation(stations, load->threads)) return 1;
    for (unsigned i = 0; i < load->threads; i++)
        for (size_t at = 0; at < HD_LARSON_BLOCKS; at++)
            subject->allocator.release(subject->heap, stations[i].blocks[at]);
    return 0;
}
