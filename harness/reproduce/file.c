// SPDX-License-Identifier: MIT
/// file.c: a run for the program, and the file that it goes to.
#include "harness/reproduce/file.h"

#include "allocators/known.h"
#include "harness/trace/output.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// The one asked for; NULL: it is none of the run's.
static const struct hd_finding *find(const struct hd_run *run, const char *wanted)
{
    for (uint32_t i = 0; i < run->finding_count; i++) {
        char signature[HD_SIGNATURE_MAX];
        hd_finding_signature(&run->findings[i], signature);
        if (wanted == NULL || strcmp(wanted, signature) == 0) return &run->findings[i];
    }
    return NULL;
}

/// What a run records shifts the address space, so calls are recorded only where that is needed:
/// for the steps past the trace's end.
enum hd_status hd_reproduction_run(const char *name, const struct hd_trace *trace,
                                   const struct hd_conditions *conditions, const char *signature,
                                   struct hd_result *result, const struct hd_finding **finding,
                                   struct hd_message *message)
{
    struct hd_conditions recording = *conditions;
    recording.records_calls = true;
    enum hd_status status = hd_runner_run(name, trace, conditions, result, message);
    if (status != HD_OK) return status;
    *finding = find(result->run, signature);
    if (*finding == NULL || !(*finding)->at_end) return HD_OK;
    char known[HD_SIGNATURE_MAX];
    hd_finding_signature(*finding, known);
    hd_result_release(result);
    status = hd_runner_run(name, trace, &recording, result, message);
    if (status == HD_OK) *finding = find(result->run, known);
    return status;
}

/// A program that shows nothing is written too: what went wrong comes after it.
enum hd_status hd_reproduction_write(const struct hd_reproduction *reproduction, const char *path,
                                     struct hd_message *message)
{
    if (strcmp(path, "-") == 0) return hd_reproduce(reproduction, stdout, message);

    struct hd_output output;
    struct hd_message not_shown;
    enum hd_status status = hd_output_open(&output, path, message);
    if (status != HD_OK) return status;
    const int fd = dup(output.fd);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    const enum hd_status shown =
        file != NULL ? hd_reproduce(reproduction, file, &not_shown) : HD_OK;
    const bool failed = file == NULL || ferror(file) != 0;
    if (file != NULL ? fclose(file) != 0 || failed : failed)
        status = hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s", path);
    status = hd_output_finish(&output, status, message);
    if (status == HD_OK && shown != HD_OK) *message = not_shown;
    return status == HD_OK ? shown : status;
}

enum hd_status hd_reproduction_make(const char *name, const struct hd_trace *trace,
                                    const struct hd_conditions *conditions, const char *signature,
                                    const char *path, struct hd_message *message)
{
    struct hd_result result;
    char library[4096];
    char prefix[64];
    struct hd_reproduction reproduction = {.trace = trace,
                                           .result = &result,
                                           .allocator = name,
                                           .library = library,
                                           .prefix = prefix,
                                           .source = path,
                                           .memory_bytes = conditions->memory_bytes};
    enum hd_status status = hd_reproduction_run(name, trace, conditions, signature, &result,
                                                &reproduction.finding, message);
    if (status != HD_OK) return status;
    hd_allocator_library(name, library, sizeof library, prefix, sizeof prefix);
    status = reproduction.finding != NULL
                 ? hd_reproduction_write(&reproduction, path, message)
                 : hd_fail(message, HD_BAD_INPUT, "there is no finding %.100s", signature);
    hd_result_release(&result);
    return status;
}
