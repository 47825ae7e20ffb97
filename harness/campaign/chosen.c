// SPDX-License-Identifier: MIT
/// chosen.c: files that are compared by what is in them, found by a hash of it.
#include "harness/campaign/chosen.h"

#include "harness/base/arena.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 32) // of address space

/// As much of an input as an engine reads.
struct content {
    uint8_t bytes[HD_FUZZ_INPUT_BYTES_MAX];
    size_t size;
    bool longer; // there is more
};

static bool read_content(const char *path, struct content *content)
{
    struct stat info;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const ssize_t size = fstat(fd, &info) == 0 && S_ISREG(info.st_mode)
                             ? read(fd, content->bytes, sizeof content->bytes)
                             : -1;
    (void)close(fd);
    if (size < 0) return false;
    content->size = (size_t)size;
    content->longer = info.st_size > size;
    return true;
}

static bool is_same(const struct content *a, const struct content *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/// Something done with an entry, `name` in the folder `folder`.
typedef void visit(const char *folder, const char *name, void *context);

static void each_entry(const char *folder, visit *function, void *context)
{
    DIR *stream = opendir(folder);
    if (stream == NULL) return;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;)
        function(folder, entry->d_name, context);
    (void)closedir(stream);
}

// ---------------------------------------------------------------------------- without a byte

static void remove_if_empty(const char *folder, const char *name, void *context)
{
    (void)context;
    struct stat info;
    char path[PATH_MAX];
    hd_path(path, "%s/%s", folder, name);
    if (lstat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0) (void)unlink(path);
}

void hd_corpus_remove_empty(const char *corpus)
{
    each_entry(corpus, remove_if_empty, NULL);
}

// ---------------------------------------------------------------------------- the choice

/// Where a chosen file is looked for.
static void name_chosen(const char *chosen, const struct content *content,
                        char path[static PATH_MAX])
{
    char name[HD_CONTENT_NAME_MAX];
    hd_folder_name(content->bytes, content->size, name);
    hd_path(path, "%s/%s", chosen, name);
}

/// Calls a chosen file after what is in it. One met again is called so already.
static void call_after_content(const char *folder, const char *name, void *context)
{
    static struct content content;
    char path[PATH_MAX];
    char called[PATH_MAX];
    (void)context;
    hd_path(path, "%s/%s", folder, name);
    if (!read_content(path, &content)) return;
    name_chosen(folder, &content, called);
    (void)rename(path, called);
}

/// Names of inputs that were not chosen.
struct name {
    const struct name *next;
    char text[];
};

struct sorting {
    const char *chosen;
    struct hd_arena arena;
    const struct name *left;
    bool any_chosen;
};

/// Ticks a chosen file off, by removing it, where an input is the first with its content.
static bool is_chosen(struct sorting *sorting, const struct content *content)
{
    static struct content other;
    char path[PATH_MAX];
    name_chosen(sorting->chosen, content, path);
    return read_content(path, &other) && is_same(content, &other) && unlink(path) == 0;
}

static void sort_input(const char *folder, const char *name, void *context)
{
    static struct content content;
    struct sorting *sorting = context;
    char path[PATH_MAX];
    hd_path(path, "%s/%s", folder, name);
    if (!read_content(path, &content)) return;
    const bool chosen = is_chosen(sorting, &content);
    sorting->any_chosen = sorting->any_chosen || chosen;
    if (chosen || content.longer) return;
    const size_t length = strlen(name) + 1;
    struct name *left =
        hd_arena_take(&sorting->arena, sizeof *left + length, _Alignof(struct name));
    left->next = sorting->left;
    memcpy(left->text, name, length);
    sorting->left = left;
}

bool hd_corpus_keep_chosen(const char *corpus, const char *chosen)
{
    struct sorting sorting = {.chosen = chosen};
    hd_arena_open(&sorting.arena, ARENA_BYTES);
    each_entry(chosen, call_after_content, NULL);
    each_entry(corpus, sort_input, &sorting);
    const bool whole = sorting.any_chosen && hd_folder_count(chosen) == 0;
    for (const struct name *left = sorting.left; whole && left != NULL; left = left->next) {
        char path[PATH_MAX];
        hd_path(path, "%s/%s", corpus, left->text);
        (void)unlink(path);
    }
    hd_arena_close(&sorting.arena);
    return whole;
}
