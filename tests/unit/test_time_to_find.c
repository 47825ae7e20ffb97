// SPDX-License-Identifier: MIT
/// test_time_to_find.c: several hunts as one line: k of n, medians, the most frequent finding.
#include "harness/campaign/time_to_find.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define LOST                                                                                       \
    {                                                                                              \
        .found = false, .seconds = 60, .inputs = 1000000                                           \
    }
#define FOUND(s, n)                                                                                \
    {                                                                                              \
        .found = true, .seconds = (s), .inputs = (n), .signature = "zero/calloc/x"                 \
    }
#define AS(s, n, sig)                                                                              \
    {                                                                                              \
        .found = true, .seconds = (s), .inputs = (n), .signature = (sig)                           \
    }
#define NONE INFINITY

static const struct row {
    const char *name;
    struct hd_hunt_result results[10];
    unsigned count;
    unsigned found;
    double seconds;
    double inputs;
    bool reliable;
} rows[] = {
    {"one round", {FOUND(2, 7)}, 1, 1, 2, 7, true},
    {"one that found nothing", {LOST}, 1, 0, NONE, NONE, false},
    {"the middle one, in any order", {FOUND(9, 90), FOUND(1, 10), FOUND(4, 40)}, 3, 3, 4, 40, true},
    {"between the middle two", {FOUND(4, 40), FOUND(1, 10)}, 2, 2, 2.5, 25, true},
    {"nothing found is longer than any", {LOST, FOUND(1, 10), FOUND(4, 40)}, 3, 2, 4, 40, false},
    {"most found nothing", {LOST, FOUND(1, 10), LOST}, 3, 1, NONE, NONE, false},
    {"half of them", {FOUND(1, 10), LOST, FOUND(1, 10), LOST}, 4, 2, NONE, NONE, false},
    {"inputs and seconds are sorted apart",
     {FOUND(1, 30), FOUND(2, 20), FOUND(3, 10)},
     3,
     3,
     2,
     20,
     true},
    {"nine of ten",
     {FOUND(1, 1), FOUND(2, 2), FOUND(3, 3), FOUND(4, 4), FOUND(5, 5), FOUND(6, 6), FOUND(7, 7),
      FOUND(8, 8), FOUND(9, 9), LOST},
     10,
     9,
     5.5,
     5.5,
     true},
    {"eight of ten",
     {FOUND(1, 1), FOUND(2, 2), FOUND(3, 3), FOUND(4, 4), FOUND(5, 5), FOUND(6, 6), FOUND(7, 7),
      FOUND(8, 8), LOST, LOST},
     10,
     8,
     5.5,
     5.5,
     false},
};

static void rounds_are_counted_and_have_medians(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct hd_time_to_find made;
        hd_time_to_find_of(row->results, row->count, NULL, &made);
        print_message("%s\n", row->name);
        assert_int_equal(made.rounds, row->count);
        assert_int_equal(made.found, row->found);
        assert_true(made.seconds == row->seconds);
        assert_true(made.inputs == row->inputs);
        assert_int_equal(hd_time_to_find_reliable(&made), row->reliable);
    }
}

static void the_most_frequent_finding_is_named(void **state)
{
    (void)state;
    static const struct hd_hunt_result results[] = {AS(1, 1, "zero/calloc/not-zero"),
                                                    AS(1, 1, "overlap/malloc/shares-bytes"), LOST,
                                                    AS(1, 1, "overlap/malloc/shares-bytes")};
    struct hd_time_to_find made;
    hd_time_to_find_of(results, 4, "zero", &made);
    assert_string_equal(made.signature, "overlap/malloc/shares-bytes");
    assert_int_equal(made.same, 2);
    hd_time_to_find_of(results, 2, "zero", &made); // each once: the first
    assert_string_equal(made.signature, "zero/calloc/not-zero");
    hd_time_to_find_of(results + 2, 1, "zero", &made);
    assert_string_equal(made.signature, "");
    assert_int_equal(made.same, 0);
}

static void findings_of_the_oracle_asked_for_are_counted(void **state)
{
    (void)state;
    static const struct hd_hunt_result results[] = {
        AS(1, 1, "realloc/realloc/prefix-lost"), AS(1, 1, "mapped/realloc/not-mapped"),
        AS(1, 1, "reallocator/malloc/x"), AS(1, 1, "realloc/reallocarray/prefix-lost"), LOST};
    struct hd_time_to_find made;
    hd_time_to_find_of(results, 5, "realloc", &made);
    assert_int_equal(made.by_oracle, 2);
    hd_time_to_find_of(results, 5, NULL, &made);
    assert_int_equal(made.by_oracle, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_counted_and_have_medians),
        cmocka_unit_test(the_most_frequent_finding_is_named),
        cmocka_unit_test(findings_of_the_oracle_asked_for_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
