// SPDX-License-Identifier: MIT
/// importer.h: a format of somebody else's, and all that are known.
#ifndef HD_IMPORTER_H
#define HD_IMPORTER_H

#include "harness/trace/importers/import.h"

struct hd_importer {
    const char *name;
    bool packed_only; // comes only packed: unpacked bytes like these mean something else

    /// Whether a file that begins with these bytes is of this format.
    bool (*recognizes)(const uint8_t *bytes, size_t size);

    /// Reads on, by a line or a message, and tells `import` what it says, which may be nothing.
    enum hd_status (*read)(struct hd_import *import, bool *end);
};

/// The format of a file that begins with these bytes; NULL: none of these. `packed`: they came out
/// of a packed file.
const struct hd_importer *hd_importer_find(const uint8_t *bytes, size_t size, bool packed);

#define HD_IMPORTER(id) extern const struct hd_importer hd_importer_##id;
#include "harness/trace/importers/importers.def"
#undef HD_IMPORTER

#endif
