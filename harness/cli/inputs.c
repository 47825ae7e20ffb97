// SPDX-License-Identifier: MIT
/// inputs.c: finding traces, and reading all of them before any is run.
#include "harness/cli/inputs.h"

#include "harness/cli/grow.h"
#include "harness/cli/progress.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const endings[] = {".trace", ".bin", ".trace.zst", ".bin.zst"};

static bool has_ending(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0) return true;
    }
    return false;
}

// ---------------------------------------------------------------------------- finding

static void add(struct hd_inputs *inputs, const char *path, bool from_folder)
{
    inputs->items = hd_grow(inputs->items, inputs->count, &inputs->capacity, sizeof *inputs->items);
    inputs->items[inputs->count++] =
        (struct hd_input){.path = hd_copy_string(path), .from_folder = from_folder};
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum hd_status cannot_read(const char *path, int error, struct hd_message *message)
{
    const bool mistyped = error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
    return hd_fail(message, mistyped ? HD_BAD_INPUT : HD_UNAVAILABLE, "%.400s: %s", path,
                   strerror(error));
}

static enum hd_status add_entry(struct hd_inputs *inputs, const FTSENT *entry,
                                struct hd_message *message)
{
    switch (entry->fts_info) {
    case FTS_F:
        if (has_ending(entry->fts_name)) add(inputs, entry->fts_path, true);
        return HD_OK;
    case FTS_SLNONE: // a link to nothing
        return has_ending(entry->fts_name) ? cannot_read(entry->fts_path, ENOENT, message) : HD_OK;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS: return cannot_read(entry->fts_path, entry->fts_errno, message);
    default: return HD_OK;
    }
}

static enum hd_status add_folder(struct hd_inputs *inputs, const char *path,
                                 struct hd_message *message)
{
    char *copy = hd_copy_string(path);
    char *roots[] = {copy, NULL};
    const size_t count_before = inputs->count;
    enum hd_status status = HD_OK;
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    if (tree == NULL) {
        status = cannot_read(path, errno, message);
        free(copy);
        return status;
    }
    while (status == HD_OK) {
        errno = 0;
        const FTSENT *entry = fts_read(tree);
        if (entry == NULL && errno != 0) status = cannot_read(path, errno, message);
        if (entry == NULL) break;
        status = add_entry(inputs, entry, message);
    }
    (void)fts_close(tree);
    free(copy);
    if (status == HD_OK && inputs->count == count_before)
        return hd_fail(message, HD_BAD_INPUT, "%.400s: no .trace or .bin file in this folder",
                       path);
    return status;
}

/// A program or a library, which as a binary trace would be thousands of operations of no meaning:
/// an allocator whose -a was forgotten. What has a trace's ending is one.
static bool is_library(const char *path)
{
    if (has_ending(path)) return false;
    char first[SELFMAG];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false; // who reads it says why
    const bool is_elf = read(fd, first, sizeof first) == (ssize_t)sizeof first &&
                        memcmp(first, ELFMAG, sizeof first) == 0;
    (void)close(fd);
    return is_elf;
}

static enum hd_status no_trace(const char *path, struct hd_message *message)
{
    return hd_fail(message, HD_BAD_INPUT,
                   "%.400s is a program or a library, and no trace; an allocator is given by -a",
                   path);
}

static bool has_standard_input(const struct hd_inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (strcmp(inputs->items[i].path, "-") == 0) return true;
    return false;
}

static enum hd_status add_path(struct hd_inputs *inputs, const char *path,
                               struct hd_message *message)
{
    struct stat info;
    const bool standard = strcmp(path, "-") == 0;
    if (standard && has_standard_input(inputs))
        return hd_fail(message, HD_BAD_INPUT, "standard input can be read only once");
    if (!standard && stat(path, &info) != 0) return cannot_read(path, errno, message);
    if (!standard && S_ISDIR(info.st_mode)) return add_folder(inputs, path, message);
    if (!standard && S_ISREG(info.st_mode) && is_library(path)) return no_trace(path, message);
    add(inputs, path, false);
    return HD_OK;
}

// ---------------------------------------------------------------------------- reading

static void tell_reading(const char *path)
{
    char text[96];
    const size_t length = strlen(path);
    (void)snprintf(text, sizeof text, "reading %s", length < 80 ? path : path + length - 80);
    hd_progress_note(text);
}

enum hd_status hd_inputs_read(struct hd_inputs *inputs, char *const *paths, size_t path_count,
                              bool *located, struct hd_message *message)
{
    memset(inputs, 0, sizeof *inputs);
    *located = false;
    enum hd_status status = hd_spool_open(&inputs->spool, message);
    for (size_t i = 0; status == HD_OK && i < path_count; i++)
        status = add_path(inputs, paths[i], message);
    for (size_t i = 0; status == HD_OK && i < inputs->count; i++) {
        struct hd_input *input = &inputs->items[i];
        tell_reading(input->path);
        status = hd_spool_read(&inputs->spool, input->path, &input->trace, message);
        *located = status == HD_BAD_INPUT;
    }
    hd_progress_clear();
    return status;
}

void hd_inputs_close(struct hd_inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        free(inputs->items[i].path);
    free(inputs->items);
    hd_spool_close(&inputs->spool);
    inputs->items = NULL;
    inputs->count = inputs->capacity = 0;
}

enum hd_status hd_input_check(const char *path, struct hd_message *message)
{
    struct stat info;
    if (strcmp(path, "-") == 0) return HD_OK;
    if (stat(path, &info) != 0) return cannot_read(path, errno, message);
    if (S_ISDIR(info.st_mode))
        return hd_fail(message, HD_BAD_INPUT, "%.400s is a folder; this takes one trace", path);
    if (S_ISREG(info.st_mode) && is_library(path)) return no_trace(path, message);
    return HD_OK;
}
