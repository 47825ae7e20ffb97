// SPDX-License-Identifier: MIT
/// importer.c: the table of importers.
#include "harness/trace/importers/importer.h"

static const struct hd_importer *const importers[] = {
#define HD_IMPORTER(id) &hd_importer_##id,
#include "harness/trace/importers/importers.def"
#undef HD_IMPORTER
};

const struct hd_importer *hd_importer_find(const uint8_t *bytes, size_t size, bool packed)
{
    for (size_t i = 0; i < sizeof importers / sizeof importers[0]; i++)
        if ((packed || !importers[i]->packed_only) && importers[i]->recognizes(bytes, size))
            return importers[i];
    return NULL;
}
