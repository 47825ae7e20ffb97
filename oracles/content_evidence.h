// SPDX-License-Identifier: MIT
/// content_evidence.h: the sentence for a byte that is not what was written.
#ifndef HD_CONTENT_EVIDENCE_H
#define HD_CONTENT_EVIDENCE_H

#include "harness/model/model.h"
#include "oracles/finding.h"

/// Always HD_BROKEN. The block of `slot`, filled as `filled` describes it, now lies at `address`
/// where `readable` bytes can be read, and differs first at `offset`.
enum hd_verdict hd_content_broken(const struct hd_model *model, uint32_t slot,
                                  const struct hd_block *filled, uintptr_t address,
                                  size_t readable, size_t offset, const char *place,
                                  struct hd_finding *finding);

#endif
