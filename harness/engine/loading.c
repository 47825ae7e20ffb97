// SPDX-License-Identifier: MIT
/// loading.c: the tap around dlopen.
#include "harness/engine/loading.h"

#include "allocators/known.h"
#include "allocators/shared_object.h"

static void before_loading(void) { hd_tap_arm(); }

static void after_loading(void *handle)
{
    hd_tap_disarm();
    hd_tap_library_loaded(handle);
}

enum hd_status hd_loading_open(const char *spec, enum hd_tap_way way, struct hd_subject *subject,
                               struct hd_message *message)
{
    static const struct hd_load_watch watch = {.before = before_loading, .after = after_loading};
    if (hd_tap_way() == HD_TAP_OFF) {
        const enum hd_status status = hd_tap_open(way, message);
        if (status != HD_OK) return status;
    }
    hd_shared_object_watch(&watch);
    hd_tap_library_loaded(NULL); // until the watch is told of one
    const enum hd_status status = hd_allocator_open(spec, subject, message);
    subject->unseen = !hd_tap_sees_library();
    return status;
}
