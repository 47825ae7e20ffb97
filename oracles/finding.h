// SPDX-License-Identifier: MIT
/// finding.h: a broken property with its evidence. A result, not an error.
#ifndef HD_FINDING_H
#define HD_FINDING_H

#include "allocators/status.h"
#include "harness/trace/op.h"

#include <stdbool.h>
#include <stdint.h>

/// Whole in itself, so that it can cross a process boundary in shared memory.
struct hd_finding {
    char oracle[24];                // its name
    char place[40];                 // which of the oracle's checks, a word or two with dashes
    char operation[HD_OP_TEXT_MAX]; // in text form
    char evidence[512];             // addresses, sizes, bytes; a sentence
    uint64_t step;                  // 1 for a trace's first operation
    uint64_t repeats;               // how many more with the same signature followed
    uint8_t kind;                   // enum hd_op_kind
    bool at_end;                    // found while the blocks left at the end were checked and freed
};

enum hd_verdict { HD_HOLDS, HD_BROKEN, HD_NOT_JUDGED, HD_VERDICTS };

/// Sets place and evidence; always HD_BROKEN, so that a judge can end with it.
enum hd_verdict hd_finding_set(struct hd_finding *finding, const char *place, const char *format,
                               ...) HD_PRINTF(3, 4);

#define HD_SIGNATURE_MAX 96

/// The signature: `oracle/operation/place`, the same for the same bug in another run, in another
/// trace, at other addresses.
void hd_finding_signature(const struct hd_finding *finding, char signature[HD_SIGNATURE_MAX]);

#endif
