// SPDX-License-Identifier: MIT
/// content_evidence.c: which byte, what it should be, and whose it is.
#include "oracles/content_evidence.h"

#include "harness/model/pattern.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void describe_byte(const struct hd_model *model, uintptr_t address, size_t readable,
                          size_t offset, char *text, size_t size)
{
    const uint8_t found = ((const uint8_t *)address)[offset];
    uint32_t owner;
    size_t owner_offset;
    if (hd_model_whose_bytes(model, address, readable, offset, &owner, &owner_offset))
        (void)snprintf(text, size, "slot %" PRIu32 "'s byte %zu", owner, owner_offset);
    else
        (void)snprintf(text, size, "0x%02x", found);
}

enum hd_verdict hd_content_broken(const struct hd_model *model, uint32_t slot,
                                  const struct hd_block *filled, uintptr_t address,
                                  size_t readable, size_t offset, const char *place,
                                  struct hd_finding *finding)
{
    char found[64];
    describe_byte(model, address, readable, offset, found, sizeof found);
    char usable[40] = ""; // worth a word where the byte is none of those asked for
    if (offset >= filled->size)
        (void)snprintf(usable, sizeof usable, ", %zu usable,", filled->usable);
    return hd_finding_set(finding, place,
                          "slot %" PRIu32 " byte %zu holds %s, not 0x%02x; its %zu bytes%s are at"
                          " %#" PRIxPTR,
                          slot, offset, found, hd_pattern_byte(offset, filled->key), filled->size,
                          usable, address);
}
