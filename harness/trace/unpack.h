// SPDX-License-Identifier: MIT
/// unpack.h: what gzip or zstd packed, unpacked as it is read.
#ifndef HD_UNPACK_H
#define HD_UNPACK_H

#include "harness/trace/source.h"

enum hd_packing { HD_PACKING_NONE, HD_PACKING_GZIP, HD_PACKING_ZSTD };

/// How many bytes hd_packing_detect wants to see.
#define HD_PACKING_LOOKED_AT 4

/// Told by the first bytes. No text and no canonical record begins with these.
enum hd_packing hd_packing_detect(const uint8_t *bytes, size_t size);

/// Unpacks `packed`, which must stay and be used by nobody else until the unpacker is closed.
/// HD_UNAVAILABLE: there is no memory for it; then there is nothing to close.
HD_MUST_USE enum hd_status hd_unpacker_open(struct hd_unpacker **unpacker, struct hd_source *packed,
                                            enum hd_packing packing, struct hd_message *message);

/// HD_SOURCE_WINDOW bytes that the unpacker has no use for itself, for who reads from it.
uint8_t *hd_unpacker_window(struct hd_unpacker *unpacker);

/// Up to `size` bytes more into `into`; `got` 0: there are none. Pieces packed one by one and put
/// behind each other are one. HD_BAD_INPUT: damaged or cut short; HD_UNAVAILABLE: cannot be read.
HD_MUST_USE enum hd_status hd_unpacker_read(struct hd_unpacker *unpacker, uint8_t *into,
                                            size_t size, size_t *got, struct hd_message *message);

/// NULL is allowed.
void hd_unpacker_close(struct hd_unpacker *unpacker);

#endif
