// SPDX-License-Identifier: MIT
/// test_bench_loads.c: the loads make the calls that they say, and free all; what is said of
/// samples.
#include "harness/bench/larson.h"
#include "harness/bench/load_cost.h"
#include "harness/bench/resident.h"
#include "harness/bench/samples.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

// ---------------------------------------------------------------------------- an allocator to call

/// In front of each block: who made it.
struct head {
    _Alignas(16) unsigned thread;
};

static struct {
    atomic_uint_fast64_t calls;
    atomic_uint_fast64_t live;
    atomic_uint_fast64_t
        handed_over; // freed by a thread that is neither the maker nor the main one
    uint64_t serves; // calls; more are answered NULL
} seen;

#define MAIN_THREAD 1

/// A number of its own for each thread, also for one that has another's pthread_t.
static unsigned own_number(void)
{
    static atomic_uint threads = MAIN_THREAD;
    static _Thread_local unsigned number;
    if (number == 0) number = threads++;
    return number;
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    (void)heap;
    struct head *old = block == NULL ? NULL : (struct head *)block - 1;
    if (++seen.calls > seen.serves) return NULL;
    struct head *head = realloc(old, sizeof *head + size);
    assert_non_null(head);
    head->thread = own_number();
    seen.live += old == NULL;
    return head + 1;
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    return resize(heap, NULL, size);
}

static void release(struct hd_heap *heap, void *block)
{
    (void)heap;
    struct head *head = (struct head *)block - 1;
    seen.calls++;
    seen.live--;
    seen.handed_over += own_number() != MAIN_THREAD && own_number() != head->thread;
    free(head);
}

static const struct hd_subject subject = {
    .allocator = {.allocate = allocate, .release = release, .resize = resize}};

/// Returns how many calls were not served.
static uint64_t run(const struct hd_load *load, uint64_t serves)
{
    seen.calls = seen.live = seen.handed_over = 0;
    assert_int_equal(own_number(), MAIN_THREAD);
    seen.serves = serves;
    void *room = calloc(1, hd_load_room(load) + 1);
    assert_non_null(room);
    const uint64_t unserved = hd_load_run(load, &subject, room);
    free(room);
    return unserved;
}

/// As it is, with fewer of it.
static struct hd_load shortened(const struct hd_load *load)
{
    struct hd_load shorter = *load;
    shorter.count = load->count / 100 + 1;
    return shorter;
}

// ---------------------------------------------------------------------------- loads

static void each_makes_the_calls_that_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < HD_LOADS_FIXED; i++) {
        const struct hd_load load = shortened(&hd_loads[i]);
        if (run(&load, UINT64_MAX) != 0) fail_msg("%s was not served", load.name);
        if (seen.calls != hd_load_operations(&load) || seen.live != 0)
            fail_msg("%s: %llu calls, %llu blocks are left", load.name,
                     (unsigned long long)seen.calls, (unsigned long long)seen.live);
    }
}

static void each_ends_where_it_is_not_served(void **state)
{
    (void)state;
    for (size_t i = 0; i < HD_LOADS_FIXED; i++) {
        const struct hd_load load = shortened(&hd_loads[i]);
        if (load.family == HD_LOAD_LARSON) continue; // leaves blocks: see below
        if (run(&load, 0) != 1) fail_msg("%s was served by nobody", load.name);
        assert_int_equal(seen.calls, 1);
    }
}

static void a_larson_thread_frees_what_another_allocated(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        const struct hd_load load = {
            .name = "larson", .family = HD_LOAD_LARSON, .threads = threads, .count = 1000};
        assert_int_equal(run(&load, UINT64_MAX), 0);
        // Of its 1000 blocks out of 5000 a thread meets some again: not one in five.
        const uint64_t frees = HD_LARSON_GENERATIONS * 1000 * threads;
        assert_in_range(seen.handed_over, frees * 4 / 5, frees - 1);
    }
}

static void what_does_not_suit_is_told(void **state)
{
    (void)state;
    const struct hd_load two = {.family = HD_LOAD_LARSON, .threads = 2};
    const struct hd_load one = {.family = HD_LOAD_LARSON, .threads = 1};
    const struct hd_load growth = {.family = HD_LOAD_GROWTH, .threads = 1};
    struct hd_subject other = subject;
    assert_false(hd_load_suits(&two, &other));
    assert_true(hd_load_suits(&one, &other));
    assert_true(hd_load_suits(&growth, &other));
    other.library = &other;
    other.allocator.resize = NULL;
    assert_true(hd_load_suits(&two, &other));
    assert_false(hd_load_suits(&growth, &other));
}

static void a_replay_leaves_events_out_and_frees_what_is_left(void **state)
{
    (void)state;
    static const struct hd_op ops[] = {
        {.kind = HD_OP_MALLOC, .slot = 0, .size = 10},
        {.kind = HD_OP_REFUSE_ALL, .size = 1},
        {.kind = HD_OP_FOREIGN_SBRK, .size = 4096},
        {.kind = HD_OP_CALLOC, .slot = 2, .size = 10, .extra = 1}, // not offered
        {.kind = HD_OP_FREE, .slot = 1},                           // nothing lives there
        {.kind = HD_OP_MALLOC, .slot = 1, .size = 10000},
        {.kind = HD_OP_REALLOC, .slot = 1, .size = 20000},
        {.kind = HD_OP_FREE, .slot = 0},
    };
    const struct hd_trace trace = {
        .ops = ops, .count = sizeof ops / sizeof ops[0], .slot_count = 3};
    const struct hd_load load = {.family = HD_LOAD_REPLAY, .threads = 1, .trace = &trace};
    assert_int_equal(run(&load, UINT64_MAX), 1); // the calloc
    assert_int_equal(seen.calls, 5);             // the last frees slot 1
    assert_int_equal(seen.live, 0);
    assert_int_equal(run(&load, 2), 2); // its realloc is refused, so that the block stays
    assert_int_equal(seen.live, 0);
}

// ---------------------------------------------------------------------------- figures

static void samples_have_a_best_and_a_spread(void **state)
{
    (void)state;
    struct hd_samples samples = {0};
    assert_int_equal(hd_samples_best(&samples), 0);
    assert_true(hd_samples_spread(&samples) == 0);
    hd_samples_add(&samples, 120);
    assert_int_equal(hd_samples_best(&samples), 120);
    assert_true(hd_samples_spread(&samples) == 0);
    hd_samples_add(&samples, 100);
    hd_samples_add(&samples, 150);
    assert_int_equal(hd_samples_best(&samples), 100);
    assert_true(hd_samples_spread(&samples) == 0.5);
}

static void a_geometric_mean_takes_halves_and_doubles_for_even(void **state)
{
    (void)state;
    const double ratios[] = {0.5, 2, 4, 0.25, 8};
    assert_true(hd_geometric_mean(ratios, 0) == 0);
    assert_true(fabs(hd_geometric_mean(ratios, 1) - 0.5) < 1e-12);
    assert_true(fabs(hd_geometric_mean(ratios, 4) - 1) < 1e-12);
    assert_true(fabs(hd_geometric_mean(ratios, 5) - pow(8, 0.2)) < 1e-12);
}

static void files_are_not_counted_as_anonymous(void **state)
{
    (void)state;
    const struct hd_resident known = hd_resident_parse(
        "Name:\tVmHWM:\nVmHWM:\t    5000 kB\nVmRSS:\t    4000 kB\nRssAnon:\t     1000 kB\n"
        "RssFile:\t    2500 kB\nRssShmem:\t       4 kB\n");
    assert_int_equal(known.anonymous, 1000 * 1024);
    assert_int_equal(known.anonymous_peak, 2496 * 1024);
    const struct hd_resident unknown = hd_resident_parse("Name:\theapduel\n");
    assert_int_equal(unknown.anonymous, 0);
    assert_int_equal(unknown.anonymous_peak, 0);
}

static void what_was_resident_for_a_while_is_in_the_peak(void **state)
{
    (void)state;
    const size_t size = (size_t)64 << 20;
    const size_t slack = (size_t)16 << 20; // what the kernel has not added up yet
    const struct hd_resident before = hd_resident_now();
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    hd_load_touch(pages, size);
    assert_true(hd_resident_now().anonymous >= before.anonymous + size - slack);
    assert_int_equal(munmap(pages, size), 0);
    const struct hd_resident after = hd_resident_now();
    assert_true(after.anonymous < before.anonymous + slack);
    assert_true(after.anonymous_peak >= before.anonymous + size - slack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_makes_the_calls_that_it_says),
        cmocka_unit_test(each_ends_where_it_is_not_served),
        cmocka_unit_test(a_larson_thread_frees_what_another_allocated),
        cmocka_unit_test(what_does_not_suit_is_told),
        cmocka_unit_test(a_replay_leaves_events_out_and_frees_what_is_left),
        cmocka_unit_test(samples_have_a_best_and_a_spread),
        cmocka_unit_test(a_geometric_mean_takes_halves_and_doubles_for_even),
        cmocka_unit_test(files_are_not_counted_as_anonymous),
        cmocka_unit_test(what_was_resident_for_a_while_is_in_the_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
