// SPDX-License-Identifier: MIT
/// job.c: where the parts of a job lie.
#include "harness/runner/job.h"

#include "harness/base/page.h"

static size_t moments_at(void) { return hd_whole_pages(sizeof(struct hd_job)); }

static size_t calls_at(const struct hd_job_shape *shape)
{
    return moments_at() + hd_whole_pages(shape->moment_count * sizeof(struct hd_moment));
}

static size_t end_steps_at(const struct hd_job_shape *shape)
{
    return calls_at(shape) + hd_whole_pages(shape->calls_max * sizeof(struct hd_call_record));
}

static size_t log_at(const struct hd_job_shape *shape)
{
    return end_steps_at(shape) + hd_whole_pages(shape->end_max * sizeof(struct hd_end_record));
}

static size_t snapshot_at(const struct hd_job_shape *shape)
{
    return log_at(shape) + (shape->calls_max != 0 ? hd_whole_pages(sizeof(struct hd_tap_log)) : 0);
}

size_t hd_job_bytes(const struct hd_job_shape *shape)
{
    return snapshot_at(shape) +
           (shape->has_snapshot ? hd_whole_pages(sizeof(struct hd_snapshot)) : 0);
}

static void *at(struct hd_job *job, size_t offset) { return (uint8_t *)job + offset; }

struct hd_moment *hd_job_moments(struct hd_job *job, const struct hd_job_shape *shape)
{
    (void)shape;
    return at(job, moments_at());
}

struct hd_call_record *hd_job_calls(struct hd_job *job, const struct hd_job_shape *shape)
{
    return at(job, calls_at(shape));
}

struct hd_end_record *hd_job_end_steps(struct hd_job *job, const struct hd_job_shape *shape)
{
    return at(job, end_steps_at(shape));
}

struct hd_tap_log *hd_job_log(struct hd_job *job, const struct hd_job_shape *shape)
{
    return at(job, log_at(shape));
}

struct hd_snapshot *hd_job_snapshot(struct hd_job *job, const struct hd_job_shape *shape)
{
    return shape->has_snapshot ? at(job, snapshot_at(shape)) : NULL;
}
