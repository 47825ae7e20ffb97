// SPDX-License-Identifier: MIT
/// gather.c: walks of folders.
#include "harness/campaign/gather.h"

#include "harness/campaign/folder.h"
#include "harness/trace/binary.h"
#include "harness/trace/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 36) // of address space

/// What is done with a file; `context` is the caller's.
typedef enum hd_status visit(const FTSENT *entry, void *context, struct hd_message *message);

/// Every file below `folder`, until one fails.
static enum hd_status walk(const char *folder, visit *function, void *context,
                           struct hd_message *message)
{
    char *const roots[] = {(char *)folder, NULL};
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    if (tree == NULL)
        return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", folder, strerror(errno));
    enum hd_status status = HD_OK;
    for (const FTSENT *entry; status == HD_OK && (entry = fts_read(tree)) != NULL;)
        if (entry->fts_info == FTS_F) status = function(entry, context, message);
    (void)fts_close(tree);
    return status;
}

// ---------------------------------------------------------------------------- seeds

struct seeds {
    const char *corpus;
    struct hd_arena arena;
    size_t count;
};

static bool is_seed(const char *name)
{
    const char *ending = strrchr(name, '.');
    return ending != NULL && (strcmp(ending, ".trace") == 0 || strcmp(ending, ".bin") == 0);
}

static enum hd_status put_seed(const FTSENT *entry, void *context, struct hd_message *message)
{
    struct seeds *seeds = context;
    struct hd_trace trace;
    if (!is_seed(entry->fts_name)) return HD_OK;
    hd_arena_reset(&seeds->arena, 0);
    const enum hd_status status = hd_trace_read(entry->fts_path, &seeds->arena, &trace, message);
    if (status != HD_OK) return status;
    const size_t size = trace.count * HD_RECORD_SIZE;
    uint8_t *bytes = hd_arena_take(&seeds->arena, size, 1);
    for (size_t i = 0; i < trace.count; i++)
        hd_binary_encode(&trace.ops[i], bytes + i * HD_RECORD_SIZE);
    seeds->count++;
    return hd_folder_put(seeds->corpus, "seed-", bytes, size, message);
}

enum hd_status hd_gather_seeds(const char *folder, const char *corpus, struct hd_message *message)
{
    struct seeds seeds = {.corpus = corpus};
    struct stat info;
    if (stat(folder, &info) != 0)
        return hd_fail(message, HD_BAD_INPUT, "%.400s: %s", folder, strerror(errno));
    hd_arena_open(&seeds.arena, ARENA_BYTES);
    enum hd_status status = walk(folder, put_seed, &seeds, message);
    hd_arena_close(&seeds.arena);
    if (status == HD_OK && seeds.count == 0)
        status =
            hd_fail(message, HD_BAD_INPUT, "%.400s: no .trace or .bin file in this folder", folder);
    return status;
}

enum hd_status hd_gather_first(const char *corpus, struct hd_message *message)
{
    static const uint8_t record[HD_RECORD_SIZE]; // the smallest operation
    if (hd_folder_count(corpus) != 0) return HD_OK;
    return hd_folder_put(corpus, "seed-", record, sizeof record, message);
}

// ---------------------------------------------------------------------------- queues

static enum hd_status put_queued(const FTSENT *entry, void *context, struct hd_message *message)
{
    static uint8_t bytes[1 << 20]; // more than AFL++ makes an input long
    const char *corpus = context;
    if (strncmp(entry->fts_name, "id:", 3) != 0) return HD_OK;
    if (strcmp(entry->fts_parent->fts_name, "queue") != 0) return HD_OK; // crashes, hangs
    const int fd = open(entry->fts_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return HD_OK; // it has just been removed
    const ssize_t size = read(fd, bytes, sizeof bytes);
    (void)close(fd);
    return size > 0 ? hd_folder_put(corpus, "", bytes, (size_t)size, message) : HD_OK;
}

enum hd_status hd_gather_queues(const char *folder, const char *corpus, struct hd_message *message)
{
    struct stat info;
    if (stat(folder, &info) != 0) return HD_OK; // it never came to one
    const enum hd_status status = walk(folder, put_queued, (void *)corpus, message);
    if (status == HD_OK) hd_folder_remove(folder);
    return status;
}
