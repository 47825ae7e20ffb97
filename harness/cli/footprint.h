// SPDX-License-Identifier: MIT
/// footprint.h: what each run needed of the kernel, kept in a file and compared with one kept
/// before.
///
/// The file is JSON: `runs` is an array, an object a run: `trace` (its path as given), `allocator`,
/// and the members of hd_footprint_json. Addresses are not randomised and a child begins with an
/// untouched heap, so the same program, trace and allocator give the same figures.
#ifndef HD_CLI_FOOTPRINT_H
#define HD_CLI_FOOTPRINT_H

#include "allocators/status.h"
#include "harness/engine/run.h"
#include "harness/trace/output.h"

#include <jansson.h>
#include <stddef.h>

struct hd_footprint_options {
    const char *save;     // write the file here; NULL: nowhere
    const char *baseline; // compare with this file; NULL: with none
    double tolerance;     // per cent by which a figure may be larger than in the baseline
};

/// Figures that grew past the tolerance, each a line for a person.
struct hd_footprint_book {
    struct hd_footprint_options options;
    json_t *runs;     // of this time
    json_t *baseline; // `runs` of the file; NULL: none
    char **growths;
    size_t growth_count;
    size_t growth_capacity;
    size_t compared; // runs that the baseline has too
    size_t unknown;  // runs that it does not have
    size_t unseen;   // runs that were not tapped, or did not come to their end: a growth, where the
                     // baseline has them
    size_t missing;  // runs of the baseline that were not made this time; set at the end
    struct hd_output output; // of `save`; meanwhile a temporary file
};

/// Reads the baseline and begins the file. HD_BAD_INPUT: the baseline is no such file, or the file
/// is standard output; HD_UNAVAILABLE: one cannot be read or written.
HD_MUST_USE enum hd_status hd_footprint_open(struct hd_footprint_book *book,
                                             const struct hd_footprint_options *options,
                                             struct hd_message *message);

/// Adds a run. One that has a footprint in the baseline and none now is a growth.
void hd_footprint_add(struct hd_footprint_book *book, const char *trace, const char *allocator,
                      const struct hd_run *run);

/// No more runs come. HD_UNAVAILABLE: footprints were asked for, and not a single run was seen.
HD_MUST_USE enum hd_status hd_footprint_finish(struct hd_footprint_book *book,
                                               struct hd_message *message);

/// Puts the file, if one is asked for, in its place where `status`, how all went, is HD_OK; gives
/// all back. HD_UNAVAILABLE: it cannot be written; else `status`.
HD_MUST_USE enum hd_status hd_footprint_close(struct hd_footprint_book *book,
                                              enum hd_status status,
                                              struct hd_message *message);

/// Lines for a person: what was compared, and what grew. Nothing without a baseline.
void hd_footprint_print(const struct hd_footprint_book *book);

/// The same for a program; NULL without a baseline.
json_t *hd_footprint_growths_json(const struct hd_footprint_book *book);

/// One footprint as an object: calls{} by name, those that were made at all; by_operation{}, how
/// many each kind of operation made; refused; calls_max; demand, mapped_peak, mapped_end,
/// mapped_after, resident_end, resident_after in bytes.
json_t *hd_footprint_json(const struct hd_footprint *footprint);

#endif
