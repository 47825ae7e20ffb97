// SPDX-License-Identifier: MIT
/// loading.c: the tap around dlopen.
#include "harness/engine/loading.h"

#include "allocators/elf_symbols.h"
#include "allocators/known.h"
#include "allocators/shared_object.h"
#include "harness/tap/got.h"

#include <string.h>

static const struct link_map *being_bound; // hd_got_lookup has no context

static hd_got_function own_function(const char *name)
{
    void *address = hd_elf_symbol(being_bound, name);
    hd_got_function function;
    memcpy(&function, &address, sizeof function);
    return function;
}

/// dlopen has bound the library's calls of its own malloc, free, ... to whoever defines these names
/// in front of it, this program or libc. In a program that preloads it they are its own, and so
/// here, its constructors' too, as if it had been linked by -Bsymbolic. Not libc's: it is in front.
static void bind_to_itself(const struct link_map *library)
{
    if (hd_elf_is_libc(library)) return;
    being_bound = library;
    (void)hd_got_patch(library, own_function);
}

static void before_loading(void)
{
    hd_tap_arm();
}

static void after_loading(void *handle)
{
    hd_tap_disarm();
    hd_tap_library_loaded(handle);
}

enum hd_status hd_loading_open(const char *spec, enum hd_tap_way way, struct hd_subject *subject,
                               struct hd_message *message)
{
    static const struct hd_load_watch watch = {
        .before = before_loading, .bound = bind_to_itself, .after = after_loading};
    if (hd_tap_way() == HD_TAP_OFF) {
        const enum hd_status status = hd_tap_open(way, message);
        if (status != HD_OK) return status;
    }
    hd_shared_object_watch(&watch);
    hd_tap_library_loaded(NULL); // until the watch is told of one
    const enum hd_status status = hd_allocator_open(spec, subject, message);
    if (status != HD_OK) return status;
    const bool lends = subject->lend_kernel != NULL && hd_tap_way() != HD_TAP_OFF;
    if (lends) subject->lend_kernel(hd_tap_syscall);
    subject->unseen = !lends && !hd_tap_sees_library();
    return HD_OK;
}
