// SPDX-License-Identifier: MIT
/// known.c: from what a person writes to an allocator that can be called.
#include "allocators/known.h"

#include "allocators/brkmap/backend.h"
#include "allocators/shared_object.h"

#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// A known allocator: compiled in, or in one of `files`.
struct known {
    const char *name;
    const char *summary;
    const char *files;
    struct hd_subject (*built_in)(void); // NULL: in a library
    struct hd_policy policy;
};

static const struct known known[] = {
#define HD_BUILT_IN(id)                                                                            \
    {.name = #id, .built_in = hd_##id##_subject},
#define HD_KNOWN(id, text, where, ...)                                                             \
    {.name = #id, .summary = (text), .files = (where), .policy = {__VA_ARGS__}},
#include "allocators/known.def"
#undef HD_KNOWN
#undef HD_BUILT_IN
};

#define KNOWN_COUNT (sizeof known / sizeof known[0])
#define PATH_SIZE   4096

size_t hd_known_count(void) { return KNOWN_COUNT; }

const char *hd_known_name(size_t i) { return known[i].name; }

const char *hd_known_summary(size_t i)
{
    return known[i].built_in != NULL ? known[i].built_in().allocator.summary : known[i].summary;
}

static const struct known *find_known(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(known[i].name, name) == 0) return &known[i];
    return NULL;
}

static bool has_slash(const char *spec) { return strchr(spec, '/') != NULL; }

bool hd_allocator_is_file(const char *spec)
{
    return has_slash(spec) || find_known(spec) == NULL;
}

/// Where a path, or a name, ends and a prefix may follow.
static size_t path_length(const char *spec)
{
    const char *colon = strrchr(spec, ':');
    const bool separates = colon != NULL && !has_slash(colon); // is in no folder's name
    return separates ? (size_t)(colon - spec) : strlen(spec);
}

/// Where this build puts libraries of HEAPDUEL_ALLOCATORS: seen from bin/, from libexec/heapduel/.
static const char *const places[] = {"../lib/heapduel", "../../lib/heapduel"};

/// The path of NAME.so beside this program; false when there is none.
static bool find_beside(const char *name, size_t length, char path[PATH_SIZE])
{
    char folder[PATH_SIZE];
    const ssize_t size = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (size <= 0 || length == 0) return false;
    folder[size] = '\0';
    *strrchr(folder, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const int used = snprintf(path, PATH_SIZE, "%s/%s/%.*s.so", folder, places[i],
                                  (int)length, name);
        if (used > 0 && used < PATH_SIZE && access(path, R_OK) == 0) return true;
    }
    return false;
}

/// The file of a spec that is not a known allocator's name, without the prefix. False: it is a name
/// that nobody has, or too long.
static bool file_of(const char *spec, char path[PATH_SIZE])
{
    const size_t length = path_length(spec);
    if (!has_slash(spec)) return find_beside(spec, length, path);
    return snprintf(path, PATH_SIZE, "%.*s", (int)length, spec) < PATH_SIZE;
}

struct hd_policy hd_allocator_policy(const char *spec)
{
    const struct known *entry = find_known(spec);
    if (entry == NULL) return (struct hd_policy){0};
    return entry->built_in != NULL ? entry->built_in().allocator.policy : entry->policy;
}

enum hd_status hd_allocator_check(const char *spec, struct hd_message *message)
{
    char path[PATH_SIZE];
    if (has_slash(spec) || find_known(spec) != NULL || file_of(spec, path)) return HD_OK;
    return hd_fail(message, HD_BAD_INPUT,
                   "no allocator is named '%s'; `heapduel list` shows the names, and a library is "
                   "given by its path, as in ./%s",
                   spec, spec);
}

/// Copies the last match of a shell pattern; false when there is none.
static bool last_match(const char *pattern, char path[PATH_SIZE])
{
    glob_t matches;
    if (glob(pattern, 0, NULL, &matches) != 0) return false;
    const int length = snprintf(path, PATH_SIZE, "%s", matches.gl_pathv[matches.gl_pathc - 1]);
    globfree(&matches);
    return length > 0 && length < PATH_SIZE;
}

/// Loads the first of the `files` (see known.def) that loads; else `message` is about the last.
static enum hd_status open_first(const char *files, struct hd_subject *subject,
                                 struct hd_message *message)
{
    enum hd_status status = HD_UNAVAILABLE;
    while (*files != '\0' && status != HD_OK) {
        const size_t length = strcspn(files, ":");
        char name[PATH_SIZE];
        char path[PATH_SIZE];
        (void)snprintf(name, sizeof name, "%.*s", (int)length, files);
        files += files[length] == ':' ? length + 1 : length;
        if (!has_slash(name))
            status = hd_shared_object_open(name, "", subject, message);
        else if (last_match(name, path))
            status = hd_shared_object_open(path, "", subject, message);
        else
            status = hd_fail(message, HD_UNAVAILABLE, "there is no %.300s", name);
    }
    return status;
}

static enum hd_status open_known(const struct known *entry, struct hd_subject *subject,
                                 struct hd_message *message)
{
    if (entry->built_in != NULL) {
        *subject = entry->built_in();
        return HD_OK;
    }
    subject->allocator = (struct hd_allocator){
        .name = entry->name, .summary = entry->summary, .policy = entry->policy};
    struct hd_message why;
    const enum hd_status status = open_first(entry->files, subject, &why);
    if (status != HD_OK)
        return hd_fail(message, status, "%s is not to be had here: %.400s", entry->name, why.text);
    return HD_OK;
}

void hd_allocator_library(const char *spec, char *file, size_t file_size, char *prefix,
                          size_t prefix_size)
{
    const struct known *entry = find_known(spec);
    char path[PATH_SIZE];
    *prefix = '\0';
    if (entry == NULL) {
        const size_t length = path_length(spec);
        (void)snprintf(file, file_size, "%s", file_of(spec, path) ? path : spec);
        if (spec[length] == ':') (void)snprintf(prefix, prefix_size, "%s", spec + length + 1);
    } else if (entry->built_in != NULL) {
        (void)snprintf(file, file_size, "lib%s.so", spec);
    } else if (has_slash(entry->files) && last_match(entry->files, path)) {
        (void)snprintf(file, file_size, "%s", path);
    } else {
        (void)snprintf(file, file_size, "%.*s", (int)strcspn(entry->files, ":"), entry->files);
    }
}

static enum hd_status open_file(const char *spec, struct hd_subject *subject,
                                struct hd_message *message)
{
    char file[PATH_SIZE];
    const size_t length = path_length(spec);
    if (!file_of(spec, file))
        return hd_fail(message, HD_UNAVAILABLE, "%.60s...: the path is too long", spec);
    subject->allocator = (struct hd_allocator){.name = spec, .summary = "a library given by path"};
    struct hd_message why;
    const enum hd_status status =
        hd_shared_object_open(file, spec[length] == ':' ? spec + length + 1 : "", subject, &why);
    if (status != HD_OK) return hd_fail(message, status, "%.80s: %.400s", spec, why.text);
    return HD_OK;
}

enum hd_status hd_allocator_open(const char *spec, struct hd_subject *subject,
                                 struct hd_message *message)
{
    const enum hd_status status = hd_allocator_check(spec, message);
    if (status != HD_OK) return status;
    *subject = (struct hd_subject){0};
    const struct known *entry = find_known(spec);
    return entry != NULL ? open_known(entry, subject, message)
                         : open_file(spec, subject, message);
}
