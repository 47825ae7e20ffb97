// SPDX-License-Identifier: MIT
/// recording.c: files of events, made into traces.
#include "harness/record/recording.h"

#include "harness/trace/convert.h"
#include "harness/trace/importers/name_map.h"
#include "harness/trace/maker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// The longest line of parents that is followed.
#define GENERATIONS_MAX 64

// ---------------------------------------------------------------------------- files

static int by_start(const void *a, const void *b)
{
    const uint64_t start_a = ((const struct hd_recording *)a)->header->started_ns;
    const uint64_t start_b = ((const struct hd_recording *)b)->header->started_ns;
    return start_a < start_b ? -1 : start_a > start_b;
}

/// Maps one file; false: its process ended before it was one.
static bool map_events(int folder, struct hd_recording *recording)
{
    struct stat info;
    const int fd = openat(folder, recording->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    void *map = MAP_FAILED;
    if (fstat(fd, &info) == 0 && info.st_size > HD_EVENTS_OFFSET)
        map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0);
    (void)close(fd);
    if (map == MAP_FAILED) return false;
    recording->size = (size_t)info.st_size;
    recording->header = map;
    recording->events = (const struct hd_event *)((const char *)map + HD_EVENTS_OFFSET);
    const uint64_t room = atomic_load(&recording->header->room);
    const uint64_t next = atomic_load(&recording->header->next);
    recording->count = next < room ? next : room;
    if (memcmp(recording->header->magic, HD_EVENTS_MAGIC, sizeof recording->header->magic) == 0)
        return true;
    (void)munmap(map, recording->size);
    return false;
}

enum hd_status hd_recordings_open(struct hd_recordings *recordings, const char *folder,
                                  struct hd_message *message)
{
    *recordings = (struct hd_recordings){0};
    DIR *files = opendir(folder);
    if (files == NULL) return hd_fail(message, HD_UNAVAILABLE, "cannot read %.400s: %m", folder);
    for (const struct dirent *file; (file = readdir(files)) != NULL;) {
        struct hd_recording recording = {0};
        (void)snprintf(recording.name, sizeof recording.name, "%s", file->d_name);
        if (!map_events(dirfd(files), &recording)) continue;
        void *grown = realloc(recordings->items, (recordings->count + 1) * sizeof recording);
        HD_ASSERT(grown != NULL);
        recordings->items = grown;
        recordings->items[recordings->count++] = recording;
    }
    (void)closedir(files);
    if (recordings->count > 0)
        qsort(recordings->items, recordings->count, sizeof *recordings->items, by_start);
    return HD_OK;
}

void hd_recordings_close(struct hd_recordings *recordings)
{
    for (size_t i = 0; i < recordings->count; i++)
        (void)munmap((void *)(uintptr_t)recordings->items[i].header, recordings->items[i].size);
    free(recordings->items);
    *recordings = (struct hd_recordings){0};
}

// ---------------------------------------------------------------------------- events

struct history {
    const struct hd_recordings *recordings;
    struct hd_import import;
    struct hd_name_map ends; // of the threads that end in a file: the place of their last event
    struct hd_arena arena;
    struct hd_maker *makers;  // by slot, of what lives before the process's own events
    uint32_t slot_count;      // with a maker
    struct hd_writer *writer; // NULL: what comes is the past
    struct hd_recorded *recorded;
};

/// Carries the operations that an event made to where they belong.
static enum hd_status pass_on(struct history *history, struct hd_message *message)
{
    struct hd_op op;
    enum hd_status status = HD_OK;
    while (hd_import_take(&history->import, &op)) {
        history->recorded->operations++;
        if (history->writer != NULL) {
            if (status == HD_OK) status = hd_writer_put(history->writer, &op, message);
            continue;
        }
        hd_maker_follow(&history->makers[op.slot], &op, history->recorded->operations);
        if (op.slot >= history->slot_count) history->slot_count = op.slot + 1;
    }
    return status;
}

static uint64_t name_of(uint64_t address)
{
    return address != 0 ? address : HD_NO_BLOCK;
}

/// What a block is called that the thread's realloc has taken: no address is so high.
static uint64_t name_taken(const struct hd_event *event)
{
    return UINT64_C(1) << 63 | event->thread;
}

/// The block that comes next lives already: its free was not seen (a signal handler's, say).
static enum hd_status make_way(struct history *history, uint64_t name, struct hd_message *message)
{
    if (name == HD_NO_BLOCK || !hd_blocks_find(&history->import.blocks, name, NULL)) return HD_OK;
    history->import.skipped++;
    const enum hd_status status = hd_import_freed(&history->import, name);
    return status == HD_OK ? pass_on(history, message) : status;
}

/// realloc has the block from here on: its address may be given to another.
static enum hd_status take(struct history *history, const struct hd_event *event,
                           struct hd_message *message)
{
    struct hd_blocks *blocks = &history->import.blocks;
    if (!hd_blocks_find(blocks, event->address, NULL)) return HD_OK;
    return hd_blocks_rename(blocks, event->address, name_taken(event), message);
}

static enum hd_status give_back(struct history *history, const struct hd_event *event,
                                struct hd_message *message)
{
    struct hd_import *import = &history->import;
    const uint64_t taken = name_taken(event);
    const bool known = hd_blocks_find(&import->blocks, taken, NULL);
    const bool failed = event->address == 0 && event->size != 0;
    if (!known) {
        import->skipped++;
        return hd_import_resized(import, HD_NO_BLOCK, name_of(event->address), event->size);
    }
    if (!failed) return hd_import_resized(import, taken, name_of(event->address), event->size);
    const enum hd_status status = hd_blocks_rename(&import->blocks, taken, event->extra, message);
    return status == HD_OK ? hd_import_resized(import, event->extra, HD_NO_BLOCK, event->size)
                           : status;
}

static enum hd_status tell(struct history *history, const struct hd_event *event, unsigned kind,
                           struct hd_message *message)
{
    struct hd_import *import = &history->import;
    const uint64_t name = name_of(event->address);
    if (kind == HD_EVENT_RESIZE) return take(history, event, message);
    if (kind == HD_EVENT_OF(HD_OP_FREE_NULL)) return hd_import_freed(import, HD_NO_BLOCK);
    if (kind == HD_EVENT_OF(HD_OP_FREE)) {
        if (hd_blocks_find(&import->blocks, name, NULL)) return hd_import_freed(import, name);
        import->skipped++;
        return HD_OK;
    }
    const enum hd_status status = make_way(history, name, message);
    if (status != HD_OK) return status;
    if (kind == HD_EVENT_RESIZED) return give_back(history, event, message);
    return hd_import_made(import, (enum hd_op_kind)(kind - 1), name, event->size, event->extra);
}

static unsigned kind_of(const struct hd_event *event)
{
    return atomic_load_explicit(&event->kind, memory_order_acquire);
}

/// Finds the last event of each thread that tells of its end: when it told, its destructors were
/// under way, and libc may still free what it kept for it.
static enum hd_status find_ends(struct history *history, const struct hd_event *events,
                                uint64_t count, struct hd_message *message)
{
    struct hd_name_map *ends = &history->ends;
    enum hd_status status = HD_OK;
    hd_name_map_close(ends);
    for (uint64_t i = 0; i < count && status == HD_OK; i++) {
        const unsigned kind = kind_of(&events[i]);
        if (kind == HD_EVENT_NONE) continue;
        const bool ended = hd_name_map_find(ends, events[i].thread, NULL);
        if (ended) hd_name_map_remove(ends, events[i].thread);
        if (ended || kind == HD_EVENT_THREAD_END)
            status = hd_name_map_add(ends, events[i].thread, (uint32_t)i, message);
    }
    return status;
}

/// The event in a place, and the end of its thread behind the last one.
static enum hd_status tell_one(struct history *history, const struct hd_event *event,
                               uint64_t place, struct hd_message *message)
{
    const unsigned kind = kind_of(event);
    uint32_t last = 0;
    enum hd_status status = HD_OK;
    if (kind == HD_EVENT_NONE) return HD_OK;
    if (kind != HD_EVENT_THREAD_END) {
        status = hd_import_thread(&history->import, event->thread);
        if (status == HD_OK) status = tell(history, event, kind, message);
        if (status == HD_OK) status = pass_on(history, message);
    }
    if (status != HD_OK) return status;
    if (!hd_name_map_find(&history->ends, event->thread, &last) || last != place) return HD_OK;
    hd_import_thread_ended(&history->import, event->thread);
    return pass_on(history, message);
}

/// The first `count` events of a file.
static enum hd_status tell_all(struct history *history, const struct hd_recording *recording,
                               uint64_t count, struct hd_message *message)
{
    if (count > recording->count) count = recording->count;
    enum hd_status status = find_ends(history, recording->events, count, message);
    for (uint64_t i = 0; i < count && status == HD_OK; i++)
        status = tell_one(history, &recording->events[i], i, message);
    return status;
}

// ---------------------------------------------------------------------------- one process

static const struct hd_recording *find_parent(const struct hd_recordings *recordings,
                                              const struct hd_recording *recording)
{
    for (size_t i = 0; i < recordings->count; i++)
        if (*recording->header->parent != '\0' &&
            strcmp(recordings->items[i].name, recording->header->parent) == 0)
            return &recordings->items[i];
    return NULL;
}

/// The events from which the process's heap came, the farthest ancestor's first.
static enum hd_status tell_past(struct history *history, const struct hd_recording *recording,
                                struct hd_message *message)
{
    const struct hd_recording *line[GENERATIONS_MAX];
    size_t count = 0;
    for (; recording != NULL && count < GENERATIONS_MAX;
         recording = find_parent(history->recordings, recording))
        line[count++] = recording;
    enum hd_status status = HD_OK;
    for (size_t i = count - 1; i > 0 && status == HD_OK; i--)
        status = tell_all(history, line[i], line[i - 1]->header->parent_count, message);
    return status;
}

static enum hd_status write_inherited(struct history *history, struct hd_message *message)
{
    size_t count = 0;
    for (uint32_t slot = 0; slot < history->slot_count; slot++)
        if (history->makers[slot].born != 0) history->makers[count++] = history->makers[slot];
    hd_makers_sort(history->makers, count);
    enum hd_status status = HD_OK;
    for (size_t i = 0; i < count && status == HD_OK; i++)
        status = hd_writer_put(history->writer, &history->makers[i].op, message);
    *history->recorded = (struct hd_recorded){.operations = count, .inherited = count};
    return status;
}

static enum hd_status write_trace(struct history *history, const struct hd_recording *recording,
                                  struct hd_writer *writer, struct hd_message *message)
{
    enum hd_status status = tell_past(history, recording, message);
    if (status != HD_OK) return status;
    history->import.skipped = 0;
    history->writer = writer;
    status = write_inherited(history, message);
    if (status == HD_OK) status = tell_all(history, recording, recording->count, message);
    history->recorded->skipped = history->import.skipped;
    history->recorded->threads = history->import.threads_seen;
    return status;
}

enum hd_status hd_recording_write(const struct hd_recordings *recordings, size_t which,
                                  const char *path, const struct hd_conversion *conversion,
                                  struct hd_recorded *recorded, struct hd_message *message)
{
    struct hd_output output;
    struct hd_sink sink;
    struct hd_writer writer;
    struct hd_conversion counts = *conversion;
    *recorded = (struct hd_recorded){0};
    enum hd_status status = hd_output_open(&output, path, message);
    if (status != HD_OK) return status;

    struct history history = {
        .recordings = recordings, .recorded = recorded, .import = {.message = message}};
    const size_t size = ((size_t)HD_SLOT_MAX + 1) * sizeof *history.makers;
    hd_arena_open(&history.arena, size);
    history.makers = hd_arena_take(&history.arena, size, _Alignof(struct hd_maker));
    status = hd_convert_begin(&writer, &sink, &output, conversion, message);
    if (status == HD_OK)
        status = write_trace(&history, &recordings->items[which], &writer, message);
    status = hd_convert_end(&writer, &counts, status, message);
    hd_import_close(&history.import);
    hd_name_map_close(&history.ends);
    hd_arena_close(&history.arena);
    return hd_output_finish(&output, status, message);
}
