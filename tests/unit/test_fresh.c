// SPDX-License-Identifier: MIT
/// test_fresh.c: on a fresh heap the same input gives the same pointers and the same system calls,
/// for each allocator found here, by each way.
#include "allocators/known.h"
#include "allocators/startup.h"
#include "harness/bench/fresh_cost.h"
#include "tests/unit/tapped.h"
#include "tests/unit/under_tsan.h"

#define INPUTS 2000 // `heapduel bench --only repeat` takes more

/// What is not to be had here is said, and no failure: the allocator itself, or this way for it.
static bool is_had(const char *name, enum hd_fresh_way way)
{
    struct hd_repeat repeat;
    struct hd_message message;
    if (hd_repeat_measure(name, HD_FRESH_NONE, 1, &repeat, &message) != HD_OK) {
        print_message("%s: %s\n", name, message.text);
        return false;
    }
    if (hd_repeat_measure(name, HD_FRESH_AUTO, 1, &repeat, &message) != HD_OK)
        fail_msg("%s: %s", name, message.text);
    const bool copies = repeat.way == HD_FRESH_WRITEPROTECT || repeat.way == HD_FRESH_COPY;
    return copies || (way == HD_FRESH_AUTO && repeat.way == HD_FRESH_RESET);
}

static void repeats(const char *name, enum hd_fresh_way way)
{
    struct hd_repeat repeat;
    struct hd_message message;
    if (hd_repeat_measure(name, way, INPUTS, &repeat, &message) != HD_OK)
        fail_msg("%s by %s: %s", name, way == HD_FRESH_AUTO ? "auto" : hd_fresh_names[way],
                 message.text);
    if (repeat.differing != 0)
        fail_msg("%s by %s: %ju inputs differ, the first is %ju", name, hd_fresh_names[repeat.way],
                 (uintmax_t)repeat.differing, (uintmax_t)repeat.first);
    if (!repeat.same_elsewhere)
        fail_msg("%s by %s: another process differs", name, hd_fresh_names[repeat.way]);
}

static size_t repeated(enum hd_fresh_way way)
{
    size_t count = 0;
    for (size_t i = 0; i < hd_known_count(); i++) {
        if (!is_had(hd_known_name(i), way)) continue;
        repeats(hd_known_name(i), way);
        count++;
    }
    return count;
}

static void taps_by_sigsys(void)
{
    struct hd_message message;
    if (UNDER_TSAN) skip();
    if (hd_tap_try(HD_TAP_DISPATCH, &message) != HD_OK &&
        hd_tap_try(HD_TAP_SECCOMP, &message) != HD_OK)
        skip();
}

static void inputs_repeat_by_the_way_that_auto_takes(void **state)
{
    (void)state;
    taps_by_sigsys();
    assert_true(repeated(HD_FRESH_AUTO) >= 1); // brkmap is always to be had
}

static void inputs_repeat_by_copies(void **state)
{
    (void)state;
    taps_by_sigsys();
    (void)repeated(HD_FRESH_COPY);
}

/// A library of which nothing but the kernel can be in the way.
static void inputs_repeat_on_a_correct_library_by_each_way(void **state)
{
    (void)state;
    struct hd_pages pages;
    taps_by_sigsys();
    hd_pages_open(&pages);
    const bool watches = hd_pages_can_watch(&pages);
    hd_pages_close(&pages);
    if (watches) repeats(FIXTURES "correct.so", HD_FRESH_WRITEPROTECT);
    repeats(FIXTURES "correct.so", HD_FRESH_COPY);
    repeats(FIXTURES "maps.so", HD_FRESH_COPY);
    repeats(FIXTURES "by_sbrk.so", HD_FRESH_COPY);
    hd_pages_hidden = true;
    repeats(FIXTURES "correct.so", HD_FRESH_COPY);
    repeats(FIXTURES "maps.so", HD_FRESH_AUTO);
    hd_pages_hidden = false;
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_repeat_by_the_way_that_auto_takes),
        cmocka_unit_test(inputs_repeat_by_copies),
        cmocka_unit_test(inputs_repeat_on_a_correct_library_by_each_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
