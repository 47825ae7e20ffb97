// SPDX-License-Identifier: MIT
/// time_to_find.c: medians, and the most frequent finding.
#include "harness/campaign/time_to_find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct hd_hunt_setting hd_hunt_settings[HD_HUNT_SETTINGS] = {
    {.name = "default"},
    {.name = "bytes", .option = "--mutator=bytes"},
    {.name = "no-behaviour", .option = "--behaviour=off"},
};

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/// Sorts them.
static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static unsigned count_same(const struct hd_hunt_result *results, unsigned count,
                           const char *signature)
{
    unsigned same = 0;
    for (unsigned i = 0; i < count; i++)
        same += results[i].found && strcmp(results[i].signature, signature) == 0;
    return same;
}

/// Whether the signature, `oracle/operation/place`, is of that oracle.
static bool is_by(const char *signature, const char *oracle)
{
    const size_t length = strlen(oracle);
    return strncmp(signature, oracle, length) == 0 && signature[length] == '/';
}

void hd_time_to_find_of(const struct hd_hunt_result *results, unsigned count, const char *oracle,
                        struct hd_time_to_find *time_to_find)
{
    double seconds[HD_TIME_TO_FIND_ROUNDS_MAX];
    double inputs[HD_TIME_TO_FIND_ROUNDS_MAX];
    HD_ASSERT(count > 0 && count <= HD_TIME_TO_FIND_ROUNDS_MAX);
    *time_to_find = (struct hd_time_to_find){.rounds = count};
    for (unsigned i = 0; i < count; i++) {
        const struct hd_hunt_result *result = &results[i];
        seconds[i] = result->found ? result->seconds : INFINITY;
        inputs[i] = result->found ? (double)result->inputs : INFINITY;
        if (!result->found) continue;
        const unsigned same = count_same(results, count, result->signature);
        time_to_find->found++;
        time_to_find->by_oracle += oracle != NULL && is_by(result->signature, oracle);
        if (same <= time_to_find->same) continue;
        time_to_find->same = same;
        memcpy(time_to_find->signature, result->signature, sizeof result->signature);
    }
    time_to_find->seconds = median(seconds, count);
    time_to_find->inputs = median(inputs, count);
}

bool hd_time_to_find_reliable(const struct hd_time_to_find *time_to_find)
{
    return time_to_find->found * 10 >= time_to_find->rounds * 9;
}
