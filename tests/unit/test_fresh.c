// SPDX-License-Identifier: MIT
/// test_fresh.c: on a fresh heap the same input gives the same pointers and the same system calls,
/// for each allocator found here, by each way.
#include "allocators/known.h"
#include "allocators/startup.h"
#include "harness/bench/fresh_cost.h"
#include "tests/unit/tapped.h"
#include "tests/unit/under_tsan.h"

#define INPUTS 2000 // `heapduel bench --only repeat` takes more

/// The rows of which nothing was to be had here are told apart from those that passed.
static size_t repeated(enum hd_fresh_way way)
{
    size_t count = 0;
    for (size_t i = 0; i < hd_known_count(); i++) {
        struct hd_repeat repeat;
        struct hd_message message;
        const char *name = hd_known_name(i);
        if (hd_repeat_measure(name, way, INPUTS, &repeat, &message) != HD_OK) {
            print_message("%s: %s\n", name, message.text);
            continue;
        }
        if (repeat.way == HD_FRESH_NONE) continue;
        if (repeat.differing != 0)
            fail_msg("%s by %s: %ju inputs differ, the first is %ju", name,
                     hd_fresh_names[repeat.way], (uintmax_t)repeat.differing,
                     (uintmax_t)repeat.first);
        if (!repeat.same_elsewhere)
            fail_msg("%s by %s: another process differs", name, hd_fresh_names[repeat.way]);
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

int main(int argc, char **argv)
{
    (void)argc;
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_repeat_by_the_way_that_auto_takes),
        cmocka_unit_test(inputs_repeat_by_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
