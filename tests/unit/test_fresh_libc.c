// SPDX-License-Identifier: MIT
/// test_fresh_libc.c: the fresh heap of a malloc whose library the process works with too: what a
/// run changed in it goes, and what the process changes between two runs stays.
///
/// The program has another malloc (host_malloc.c, or a sanitizer's). Of libc's data, of which
/// malloc's state is a part, the state of random() stands for the rest.
#include "tests/unit/tapped.h"
#include "tests/unit/under_tsan.h"

#include "harness/engine/loading.h"
#include "harness/fresh/fresh.h"

#include <stdint.h>
#include <stdlib.h>

#define ROUNDS 6

static struct hd_engine engine;
static struct hd_fresh fresh;
static enum hd_fresh_way way_now;

static void open_libc(void)
{
    struct hd_subject subject;
    struct hd_message message = {""};
    CHECK(hd_loading_open("glibc", HD_TAP_AUTO, &subject, &message) == HD_OK);
    hd_engine_open(&engine, &subject);
    CHECK(hd_fresh_open(&fresh, &engine, way_now, &message) == HD_OK);
    CHECK(fresh.way != HD_FRESH_NONE);
}

/// In a run, which is left inside the call.
static void *allocate(size_t size)
{
    engine.running = engine.in_call = true;
    hd_tap_arm();
    void *block = engine.subject.allocator.allocate(engine.subject.heap, size);
    hd_tap_disarm();
    CHECK(block != NULL);
    return block;
}

static void put_back(void)
{
    struct hd_message message;
    CHECK(hd_fresh_put_back(&fresh, &message) == HD_OK);
}

static void by_each_way(void (*body)(void))
{
    if (UNDER_TSAN) skip();
    for (way_now = HD_FRESH_COPY; way_now != HD_FRESH_NONE; way_now++)
        tapped(body);
    way_now = HD_FRESH_AUTO;
    tapped(body);
}

// ---------------------------------------------------------------------------- what a run changed

static void is_put_back(void)
{
    void *small = NULL;
    void *large = NULL;
    long number = 0;
    open_libc();
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        void *blocks[] = {allocate(100), allocate(1 << 20)};
        const long drawn = random();
        put_back();
        CHECK(i == 0 || (blocks[0] == small && blocks[1] == large && drawn == number));
        small = blocks[0];
        large = blocks[1];
        number = drawn;
    }
}

static void what_a_run_changed_goes(void **state)
{
    (void)state;
    by_each_way(is_put_back);
}

static void is_put_back_in_a_fork(void)
{
    open_libc();
    hd_fresh_begin(&fresh);
    const void *block = allocate(100);
    put_back();
    const pid_t child = fork();
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        CHECK(allocate(100) == block);
        put_back();
    }
    if (child == 0) _exit(0);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void so_it_does_in_a_fork(void **state)
{
    (void)state;
    by_each_way(is_put_back_in_a_fork);
}

// ---------------------------------------------------------------------------- what stays

static void is_left(void)
{
    long numbers[ROUNDS];
    char text[ROUNDS][8];
    open_libc();
    srandom(7);
    for (int i = 0; i < ROUNDS; i++)
        numbers[i] = random();
    srandom(7);
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        (void)allocate(100);
        put_back();
        CHECK(random() == numbers[i]);
        (void)snprintf(text[i], sizeof text[i], "%d", i);
        CHECK(setenv(text[i], text[i], 1) == 0);
    }
    for (int i = 0; i < ROUNDS; i++)
        CHECK(getenv(text[i]) != NULL && strcmp(getenv(text[i]), text[i]) == 0);
}

static void what_the_process_does_between_runs_stays(void **state)
{
    (void)state;
    by_each_way(is_left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_run_changed_goes),
        cmocka_unit_test(so_it_does_in_a_fork),
        cmocka_unit_test(what_the_process_does_between_runs_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
