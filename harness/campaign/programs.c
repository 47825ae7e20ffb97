// SPDX-License-Identifier: MIT
/// programs.c: a few folders, in order.
#include "harness/campaign/programs.h"

#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void hd_programs_own_folder(char folder[static PATH_MAX])
{
    const ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL) *slash = '\0';
}

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

/// Whether the engine's programs are in this folder; then `programs` has them.
static bool look_in(const char *folder, const struct hd_fuzzer *fuzzer,
                    struct hd_programs *programs)
{
    hd_path(programs->allocator, "%s/%s_allocator", folder, fuzzer->prefix);
    hd_path(programs->differential, "%s/%s_differential", folder, fuzzer->prefix);
    if (!is_program(programs->allocator)) return false;
    static const char *const places[] = {"", "/../lib", "/../lib/heapduel"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        hd_path(programs->mutator, "%s%s/libheapduel_mutator.so", folder, places[i]);
        if (access(programs->mutator, R_OK) == 0) return true;
    }
    *programs->mutator = '\0';
    return true;
}

enum hd_status hd_programs_find(const struct hd_fuzzer *fuzzer, struct hd_programs *programs,
                                struct hd_message *message)
{
    char own[PATH_MAX];
    char folder[PATH_MAX];
    const char *given = getenv("HEAPDUEL_ENGINES");
    if (given != NULL) {
        if (strlen(given) < PATH_MAX / 2 && look_in(given, fuzzer, programs)) return HD_OK;
        return hd_fail(message, HD_UNAVAILABLE, "HEAPDUEL_ENGINES: %.200s has no %s_allocator",
                       given, fuzzer->prefix);
    }
    hd_programs_own_folder(own);
    if (look_in(own, fuzzer, programs)) return HD_OK;
    hd_path(folder, "%s/../libexec/heapduel", own);
    if (look_in(folder, fuzzer, programs)) return HD_OK;
    hd_path(folder, "%s/../../%s/bin", own, fuzzer->preset);
    if (look_in(folder, fuzzer, programs)) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE,
                   "no %s_allocator beside heapduel: in a source tree `ci/build %s' builds it; "
                   "HEAPDUEL_ENGINES may name the folder that has it",
                   fuzzer->prefix, fuzzer->preset);
}
