// SPDX-License-Identifier: MIT
/// loading.h: an allocator loaded with the tap open, so that its constructors are seen too.
#ifndef HD_LOADING_H
#define HD_LOADING_H

#include "allocators/allocator.h"
#include "allocators/status.h"
#include "harness/tap/tap.h"

/// hd_tap_open (once in a process), then hd_allocator_open with the tap armed while the library is
/// being loaded; what it saw then stands in its log, for hd_engine_open to take. Fails as these do.
/// What the library calls of its own functions is its own, however it was linked.
/// The subject is `unseen` where the tap does not see this allocator (hd_tap_sees_library).
HD_MUST_USE enum hd_status hd_loading_open(const char *spec, enum hd_tap_way way,
                                           struct hd_subject *subject, struct hd_message *message);

#endif
