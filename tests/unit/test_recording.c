// SPDX-License-Identifier: MIT
/// test_recording.c: files of events, written by hand, made into traces.
#include "harness/record/recording.h"
#include "tests/unit/convert_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FIRST "heapduel-trace 1\n"

#define MALLOC HD_EVENT_OF(HD_OP_MALLOC)
#define CALLOC HD_EVENT_OF(HD_OP_CALLOC)
#define FREE   HD_EVENT_OF(HD_OP_FREE)

struct file {
    struct hd_event_header header;
    uint8_t rest[HD_EVENTS_OFFSET - sizeof(struct hd_event_header)];
    struct hd_event events[16];
};

static void put(const char *name, const char *parent, uint64_t parent_count, uint64_t started,
                const struct hd_event *events, size_t count)
{
    static struct file file;
    memset(&file, 0, sizeof file);
    memcpy(file.header.magic, HD_EVENTS_MAGIC, sizeof file.header.magic);
    (void)snprintf(file.header.parent, sizeof file.header.parent, "%s", parent);
    file.header.parent_count = parent_count;
    file.header.started_ns = started;
    file.header.next = count + 3; // places taken when there was no room any more
    file.header.room = count;
    memcpy(file.events, events, count * sizeof *events);
    convert_rig_put(name, &file, sizeof file);
}

static void assert_trace(const struct hd_recordings *recordings, size_t which, const char *text,
                         unsigned skipped)
{
    char whole[4096];
    struct hd_recorded recorded;
    struct hd_conversion conversion = {.form = HD_FORM_TEXT};
    if (hd_recording_write(recordings, which, "../out", &conversion, &recorded,
                           &convert_rig_message) != HD_OK)
        fail_msg("%s", convert_rig_message.text);
    (void)snprintf(whole, sizeof whole, FIRST "%s", text);
    assert_string_equal(convert_rig_get("../out"), whole);
    assert_int_equal(recorded.skipped, skipped);
}

#define PUT(name, parent, parent_count, started, events)                                           \
    put(name, parent, parent_count, started, events, sizeof(events) / sizeof(events)[0])

/// Each test has a folder of its own.
static int enter(void **state)
{
    (void)state;
    return mkdir("files", 0700) == 0 && chdir("files") == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "rubbish"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(names[i]);
    return chdir("..") == 0 && rmdir("files") == 0 ? 0 : -1;
}

static struct hd_recordings open_all(void)
{
    struct hd_recordings recordings;
    assert_int_equal(hd_recordings_open(&recordings, ".", &convert_rig_message), HD_OK);
    return recordings;
}

/// Each ends behind the last that it does: libc frees after destructors. The first one's is no end.
static void a_thread_ends_behind_its_last_call(void **state)
{
    (void)state;
    static const struct hd_event events[] = {
        {.address = 0x10, .size = 8, .thread = 1, .kind = MALLOC},
        {.address = 0x20, .size = 9, .thread = 2, .kind = MALLOC},
        {.thread = 2, .kind = HD_EVENT_THREAD_END},
        {.address = 0x10, .thread = 1, .kind = FREE},
        {.address = 0x20, .thread = 2, .kind = FREE},
        {.address = 0x30, .size = 7, .thread = 3, .kind = MALLOC},
        {.thread = 3, .kind = HD_EVENT_THREAD_END},
        {.thread = 4, .kind = HD_EVENT_THREAD_END}, // its calls were not written down
        {.thread = 1, .kind = HD_EVENT_THREAD_END},
        {.address = 0x30, .thread = 1, .kind = FREE},
    };
    PUT("a", "", 0, 1, events);
    struct hd_recordings recordings = open_all();
    assert_trace(&recordings, 0,
                 "0 = malloc 8\n@1 1 = malloc 9\nfree 0\n@1 free 1\n@1 thread_end\n"
                 "@1 1 = malloc 7\n@1 thread_end\nfree 1\n",
                 0);
    hd_recordings_close(&recordings);
}

/// Thread 2 is given the address that thread 1's realloc has left before that has come back.
static void an_address_is_given_again_within_a_realloc(void **state)
{
    (void)state;
    static const struct hd_event events[] = {
        {.address = 0x10, .size = 8, .thread = 1, .kind = MALLOC},
        {.address = 0x10, .size = 80, .thread = 1, .kind = HD_EVENT_RESIZE},
        {.address = 0x10, .size = 9, .thread = 2, .kind = MALLOC},
        {.address = 0x90, .size = 80, .extra = 0x10, .thread = 1, .kind = HD_EVENT_RESIZED},
        {.address = 0x10, .thread = 1, .kind = FREE},
        {.address = 0x90, .thread = 2, .kind = FREE},
    };
    PUT("a", "", 0, 1, events);
    struct hd_recordings recordings = open_all();
    assert_trace(&recordings, 0,
                 "0 = malloc 8\n@1 1 = malloc 9\n0 = realloc 0 80\nfree 1\n@1 free 0\n", 0);
    hd_recordings_close(&recordings);
}

static void a_realloc_that_failed_keeps_its_block(void **state)
{
    (void)state;
    static const struct hd_event events[] = {
        {.address = 0x10, .size = 8, .thread = 1, .kind = MALLOC},
        {.address = 0x10, .size = SIZE_MAX, .thread = 1, .kind = HD_EVENT_RESIZE},
        {.size = SIZE_MAX, .extra = 0x10, .thread = 1, .kind = HD_EVENT_RESIZED},
        {.address = 0x10, .size = 0, .thread = 1, .kind = HD_EVENT_RESIZE},
        {.size = 0, .extra = 0x10, .thread = 1, .kind = HD_EVENT_RESIZED},
        {.address = 0x10, .size = 7, .thread = 1, .kind = MALLOC},
    };
    PUT("a", "", 0, 1, events);
    struct hd_recordings recordings = open_all();
    assert_trace(&recordings, 0,
                 "0 = malloc 8\n0 = realloc 0 SIZE_MAX\n0 = realloc 0 0\nfree 0\n0 = malloc 7\n",
                 0);
    hd_recordings_close(&recordings);
}

/// Killed between taking a place and filling it, or within realloc.
static void what_was_not_finished_is_left_out(void **state)
{
    (void)state;
    static const struct hd_event events[] = {
        {.address = 0x10, .size = 8, .thread = 1, .kind = MALLOC},
        {.address = 0x20, .size = 8, .thread = 1, .kind = HD_EVENT_NONE},
        {.address = 0x30, .size = 8, .extra = 2, .thread = 1, .kind = CALLOC},
        {.address = 0x10, .size = 80, .thread = 1, .kind = HD_EVENT_RESIZE},
    };
    PUT("a", "", 0, 1, events);
    struct hd_recordings recordings = open_all();
    assert_trace(&recordings, 0, "0 = malloc 8\n1 = calloc 2 8\n", 0);
    hd_recordings_close(&recordings);
}

/// A block from before the recording; a free that nobody saw.
static void what_was_not_seen_is_skipped(void **state)
{
    (void)state;
    static const struct hd_event events[] = {
        {.address = 0x10, .thread = 1, .kind = FREE},
        {.address = 0x20, .size = 80, .thread = 1, .kind = HD_EVENT_RESIZE},
        {.address = 0x30, .size = 80, .extra = 0x20, .thread = 1, .kind = HD_EVENT_RESIZED},
        {.address = 0x30, .size = 4, .thread = 1, .kind = MALLOC},
    };
    PUT("a", "", 0, 1, events);
    struct hd_recordings recordings = open_all();
    assert_trace(&recordings, 0, "0 = realloc 0 80\nfree 0\n0 = malloc 4\n", 3);
    hd_recordings_close(&recordings);
}

/// b is a's child, c is b's; a goes on meanwhile. What is no file of events is passed over.
static void forked_processes_have_their_ancestors_blocks(void **state)
{
    (void)state;
    static const struct hd_event a[] = {
        {.address = 0x20, .size = 2, .thread = 1, .kind = MALLOC},
        {.address = 0x10, .size = 1, .thread = 1, .kind = MALLOC},
        {.address = 0x30, .size = 3, .thread = 1, .kind = MALLOC},
        {.address = 0x20, .thread = 1, .kind = FREE},
        {.address = 0x10, .thread = 1, .kind = FREE},
    };
    static const struct hd_event b[] = {
        {.address = 0x30, .thread = 1, .kind = FREE},
        {.address = 0x40, .size = 4, .thread = 1, .kind = MALLOC},
    };
    static const struct hd_event c[] = {{.address = 0x10, .thread = 1, .kind = FREE}};
    PUT("c", "b", 2, 3, c);
    PUT("b", "a", 4, 2, b);
    PUT("a", "", 0, 1, a);
    static uint8_t rubbish[3 * HD_EVENTS_OFFSET];
    convert_rig_put("rubbish", rubbish, sizeof rubbish);
    struct hd_recordings recordings = open_all();
    assert_int_equal(recordings.count, 3);
    assert_string_equal(recordings.items[0].name, "a");
    assert_trace(&recordings, 1, "1 = malloc 1\n2 = malloc 3\nfree 2\n2 = malloc 4\n", 0);
    assert_trace(&recordings, 2, "1 = malloc 1\n2 = malloc 4\nfree 1\n", 0);
    hd_recordings_close(&recordings);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(an_address_is_given_again_within_a_realloc),
        IN_FOLDER(a_thread_ends_behind_its_last_call),
        IN_FOLDER(a_realloc_that_failed_keeps_its_block),
        IN_FOLDER(what_was_not_finished_is_left_out),
        IN_FOLDER(what_was_not_seen_is_skipped),
        IN_FOLDER(forked_processes_have_their_ancestors_blocks),
    };
    return cmocka_run_group_tests(tests, convert_rig_open, convert_rig_close);
}
