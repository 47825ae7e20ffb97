// SPDX-License-Identifier: MIT
/// test_fresh_parts.c: each part of an allocator's state by itself: whatever was done to it, it is
/// as before, and the same deed can be done again with the same answer.
#include "tests/unit/tapped.h"
#include "tests/unit/under_tsan.h"

#include "harness/engine/loading.h"
#include "harness/fresh/break.h"
#include "harness/fresh/check.h"
#include "harness/fresh/registered.h"
#include "harness/fresh/trial.h"
#include "tests/fixtures/deeds.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ROUNDS    4
#define DEEDS_MAX 40

static struct hd_engine engine;
static struct hd_fresh fresh;
static const struct deed *deeds;
static void (*look)(struct deeds_look *);

static void open_library(const char *file, enum hd_fresh_way way)
{
    struct hd_subject subject;
    struct hd_message message = {""};
    CHECK(hd_loading_open(file, HD_TAP_AUTO, &subject, &message) == HD_OK);
    hd_engine_open(&engine, &subject);
    const enum hd_status status = hd_fresh_open(&fresh, &engine, way, &message);
    if (status != HD_OK) (void)fprintf(stderr, "%s\n", message.text);
    CHECK(status == HD_OK);
}

static void *symbol(const char *name)
{
    void *library = dlopen(FIXTURES "deeds.so", RTLD_NOW | RTLD_NOLOAD);
    CHECK(library != NULL);
    void *address = dlsym(library, name);
    CHECK(address != NULL);
    return address;
}

static void open_deeds(enum hd_fresh_way way)
{
    open_library(FIXTURES "deeds.so", way);
    void *address = symbol("deeds_look");
    deeds = symbol("deeds");
    memcpy(&look, &address, sizeof look);
}

/// As a run that is abandoned inside the allocator: what follows is a call of it.
static void enter(void)
{
    hd_tap_clear();
    engine.running = engine.in_call = true;
    hd_tap_arm();
}

static void *do_deed(const struct deed *deed)
{
    enter();
    void *answer = deed->make();
    hd_tap_disarm();
    return answer;
}

/// The library's malloc, called as in a run that is abandoned inside it.
static void *call_malloc(const char *file, size_t size)
{
    void *(*function)(size_t);
    void *library = dlopen(file, RTLD_NOW | RTLD_NOLOAD);
    CHECK(library != NULL);
    void *address = dlsym(library, "malloc");
    memcpy(&function, &address, sizeof function);
    enter();
    void *block = function(size);
    hd_tap_disarm();
    return block;
}

static void put_back(void)
{
    struct hd_message message = {""};
    const enum hd_status status = hd_fresh_put_back(&fresh, &message);
    if (status != HD_OK) (void)fprintf(stderr, "%s\n", message.text);
    CHECK(status == HD_OK);
}

static const struct deed *find_deed(const char *name)
{
    const struct deed *deed = deeds;
    while (deed->name != NULL && strcmp(deed->name, name) != 0)
        deed++;
    CHECK(deed->name != NULL);
    return deed;
}

static void check_state(const struct deeds_look *before, const char *name)
{
    struct deeds_look after;
    look(&after);
    if (memcmp(before, &after, sizeof after) != 0) (void)fprintf(stderr, "after: %s\n", name);
    CHECK(memcmp(before, &after, sizeof after) == 0);
}

// ---------------------------------------------------------------------------- every deed

static enum hd_fresh_way way_now;
static bool keeps_now;
static size_t break_beside_now; // bytes from a page's start to where the break is

/// Each by itself, then followed by each other, each several times: the first of them is done
/// without what is parked, the later ones with it.
static void deeds_are_undone(void)
{
    struct deeds_look before;
    if (break_beside_now != 0)
        (void)sbrk(
            (intptr_t)(hd_page_from((uintptr_t)sbrk(0)) - (uintptr_t)sbrk(0) + break_beside_now));
    open_deeds(way_now);
    fresh.parked.keeps = keeps_now;
    hd_fresh_begin(&fresh);
    look(&before);
    put_back();
    for (const struct deed *first = deeds; first->name != NULL; first++) {
        void *answer = NULL;
        for (int round = 0; round < ROUNDS; round++) {
            hd_fresh_begin(&fresh);
            check_state(&before, first->name);
            void *again = do_deed(first);
            if (round == 0) answer = again;
            if (again != answer) (void)fprintf(stderr, "again: %s\n", first->name);
            CHECK(again == answer);
            put_back();
        }
        hd_fresh_begin(&fresh); // with what the next deeds do not ask for parked
        check_state(&before, first->name);
        put_back();
    }
}

static void ways_by(void (*body)(void))
{
    static const enum hd_fresh_way ways[] = {HD_FRESH_WRITEPROTECT, HD_FRESH_COPY};
    struct hd_pages pages;
    hd_pages_open(&pages);
    const bool watches = hd_pages_can_watch(&pages);
    hd_pages_close(&pages);
    for (size_t i = watches ? 0 : 1; i < 2; i++) {
        way_now = ways[i];
        keeps_now = false;
        tapped(body);
        keeps_now = true;
        tapped(body);
    }
}

static void each_deed_is_undone_by_each_way(void **state)
{
    (void)state;
    ways_by(deeds_are_undone);
}

/// Also after a test that failed.
static int as_usual(void **state)
{
    (void)state;
    break_beside_now = 0;
    hd_pages_hidden = false;
    return 0;
}

static void deeds_are_undone_where_the_break_is_in_a_page(void **state)
{
    (void)state;
    break_beside_now = 100;
    ways_by(deeds_are_undone);
}

static void deeds_are_undone_where_pages_cannot_be_listed(void **state)
{
    (void)state;
    hd_pages_hidden = true;
    ways_by(deeds_are_undone);
}

static size_t only_index;

/// Nothing was written before: no page is copied back for another reason.
static void a_deed_is_undone(void)
{
    struct deeds_look before;
    open_deeds(way_now);
    const struct deed *only = deeds;
    for (size_t i = 0; i < only_index && only->name != NULL; i++)
        only++;
    if (only->name == NULL) return;
    hd_fresh_begin(&fresh);
    look(&before);
    put_back();
    hd_fresh_begin(&fresh);
    (void)do_deed(only);
    put_back();
    hd_fresh_begin(&fresh);
    check_state(&before, only->name);
    put_back();
}

static void each_deed_is_undone_where_it_is_the_first(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    for (only_index = 0; only_index < DEEDS_MAX; only_index++)
        ways_by(a_deed_is_undone);
}

/// One deed, then another in the same run, in every order; and the state is looked at each time.
static void pairs_are_undone(void)
{
    struct deeds_look before;
    open_deeds(way_now);
    fresh.parked.keeps = keeps_now;
    hd_fresh_begin(&fresh);
    look(&before);
    put_back();
    static const char *const gentle[] = {"data and thread-local data change",
                                         "a reserve is opened",
                                         "memory is mapped",
                                         "memory is mapped and trimmed",
                                         "memory is reserved and opened",
                                         "memory is mapped and protected",
                                         "the break is raised",
                                         "the break is raised and lowered",
                                         "a key is made"};
    const size_t count = sizeof gentle / sizeof gentle[0];
    void *answers[9][9][2];
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < count * count; i++) {
            void **known = answers[i / count][i % count];
            hd_fresh_begin(&fresh);
            check_state(&before, gentle[i % count]);
            void *first = do_deed(find_deed(gentle[i / count]));
            hd_engine_abandon(&engine);
            void *second = do_deed(find_deed(gentle[i % count]));
            put_back();
            if (round == 0) known[0] = first;
            if (round == 0) known[1] = second;
            CHECK(first == known[0] && second == known[1]);
        }
    }
}

static void two_deeds_in_a_run_are_undone_by_each_way(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    ways_by(pairs_are_undone);
}

// ---------------------------------------------------------------------------- what stays

static void counters_stay(void)
{
    open_deeds(HD_FRESH_AUTO);
    const unsigned char *counters = symbol("deeds_counters");
    const int *beside = symbol("deeds_data_beside");
    for (int i = 1; i <= ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        (void)do_deed(find_deed("coverage is counted"));
        hd_engine_abandon(&engine);
        (void)do_deed(find_deed("data and thread-local data change"));
        CHECK(beside[0] == 2 && beside[1] == 2);
        put_back();
        CHECK(counters[0] == 1 && counters[7] == i);
        CHECK(beside[0] == 1 && beside[1] == 1);
    }
}

static void coverage_counters_stay_and_data_beside_them_does_not(void **state)
{
    (void)state;
    tapped(counters_stay);
}

static void handlers_stay(void)
{
    open_deeds(HD_FRESH_AUTO);
    const int *forks = symbol("deeds_forks");
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        (void)do_deed(find_deed("handlers are registered"));
        put_back();
    }
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) _exit(0);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(*forks == 102); // one of them twice, as the library asked in each run; the other once
}

static void handlers_are_registered_as_often_as_in_one_run(void **state)
{
    (void)state;
    tapped(handlers_stay);
}

static void keys_are_free_again(void)
{
    open_deeds(HD_FRESH_AUTO);
    for (int i = 0; i < 2 * PTHREAD_KEYS_MAX; i++) {
        hd_fresh_begin(&fresh);
        CHECK((uintptr_t)do_deed(find_deed("a key is made")) < PTHREAD_KEYS_MAX);
        put_back();
    }
}

static void keys_made_are_free_again(void **state)
{
    (void)state;
    tapped(keys_are_free_again);
}

// ---------------------------------------------------------------------------- what is parked

static bool is_readable(uintptr_t address)
{
    int channel[2];
    CHECK(pipe(channel) == 0);
    const bool readable = write(channel[1], (const void *)address, 1) == 1;
    (void)close(channel[0]);
    (void)close(channel[1]);
    return readable;
}

static bool is_mapped(uintptr_t address)
{
    unsigned char resident;
    return mincore((void *)address, 4096, &resident) == 0;
}

static void park(const struct deed *deed)
{
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        (void)do_deed(deed);
        put_back();
    }
    CHECK(fresh.parked.script_count > 0 && fresh.parked.script[0].parked);
}

static void out_of_reach(void)
{
    open_deeds(HD_FRESH_AUTO);
    const struct deed *maps = find_deed("memory is mapped");
    park(maps);
    const uintptr_t address = (uintptr_t)fresh.parked.script[0].result;
    CHECK(is_mapped(address) && !is_readable(address));
    hd_fresh_begin(&fresh);
    CHECK(!is_readable(address));
    (void)do_deed(maps);
    CHECK(is_readable(address));
    put_back();
    CHECK(is_mapped(address) && !is_readable(address));
}

static void parked_memory_is_out_of_reach_until_it_is_asked_for(void **state)
{
    (void)state;
    tapped(out_of_reach);
}

/// The kernel is not asked for it: its break stays where it was parked.
static void lowered(void)
{
    open_deeds(HD_FRESH_AUTO);
    const struct deed *lowers = find_deed("the break is raised and lowered");
    park(lowers);
    hd_fresh_begin(&fresh);
    const uintptr_t now = hd_page_from((uintptr_t)do_deed(lowers));
    CHECK(fresh.parked.following && fresh.parked.at == fresh.parked.script_count);
    CHECK(is_mapped(now) && !is_readable(now) && is_readable(now - HD_PAGE));
    CHECK((uintptr_t)syscall(SYS_brk, 0) > now);
    (void)do_deed(find_deed("the break is raised")); // over what was given back: it is the kernel's
    CHECK(is_readable(now) && *(const char *)now == 0);
    CHECK(!fresh.parked.following);
    put_back();
}

static void what_the_break_was_lowered_over_is_out_of_reach(void **state)
{
    (void)state;
    tapped(lowered);
}

static void gone(void)
{
    open_deeds(HD_FRESH_AUTO);
    park(find_deed("memory is mapped"));
    uintptr_t address = (uintptr_t)fresh.parked.script[0].result;
    hd_fresh_begin(&fresh);
    (void)do_deed(find_deed("data and thread-local data change"));
    CHECK(is_mapped(address)); // no call was made
    (void)do_deed(find_deed("the break is raised"));
    CHECK(!is_mapped(address));
    put_back();

    park(find_deed("memory is mapped"));
    address = (uintptr_t)fresh.parked.script[0].result;
    hd_fresh_begin(&fresh);
    hd_tap_stand_aside();
    CHECK(!is_mapped(address));
    put_back();
}

static void parked_memory_is_gone_after_another_call_or_before_the_harness_maps(void **state)
{
    (void)state;
    tapped(gone);
}

// ---------------------------------------------------------------------------- the break

/// libc's malloc, or anybody else, has it between two runs: the allocator's begins behind.
static void break_of_others(void)
{
    open_deeds(HD_FRESH_AUTO);
    const struct deed *raise = find_deed("the break is raised");
    uintptr_t answers[2];
    char *theirs = NULL;
    for (int i = 0; i < 8; i++) {
        hd_fresh_begin(&fresh);
        answers[i / 4] = (uintptr_t)do_deed(raise);
        put_back();
        if (i != 3) continue;
        theirs = sbrk(8192);
        CHECK(theirs != (void *)-1);
        memset(theirs, 1, 8192);
    }
    CHECK(answers[1] > answers[0] && answers[1] >= (uintptr_t)theirs + 8192);
    for (size_t i = 0; i < 8192; i++)
        CHECK(theirs[i] == 1);
}

static void memory_that_others_got_by_the_break_is_left_alone(void **state)
{
    (void)state;
    tapped(break_of_others);
}

/// That it asks where the break is, is a call more than the moves of it.
static void libc_asks_as_in_the_first_run(bool knows, uint32_t calls)
{
    hd_break_tell_libc(knows ? (uintptr_t)syscall(SYS_brk, 0) : 0);
    open_deeds(way_now);
    fresh.parked.keeps = keeps_now;
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        (void)do_deed(find_deed("the break is raised"));
        CHECK(hd_tap_log()->count == calls);
        put_back();
        // Whoever moves it now, moves it from where it is.
        CHECK((uintptr_t)sbrk(0) == (uintptr_t)syscall(SYS_brk, 0));
    }
}

static void libc_asks(void)
{
    libc_asks_as_in_the_first_run(false, 3);
}

static void libc_does_not_ask(void)
{
    libc_asks_as_in_the_first_run(true, 2);
}

static void libc_asks_for_the_break_in_each_run_or_in_none(void **state)
{
    (void)state;
    ways_by(libc_asks);
    ways_by(libc_does_not_ask);
}

// ---------------------------------------------------------------------------- what cannot be done

static void threads_at_load(void)
{
    struct hd_subject subject;
    struct hd_message message;
    CHECK(hd_loading_open(FIXTURES "starts_thread_at_load.so", HD_TAP_AUTO, &subject, &message) ==
          HD_OK);
    hd_engine_open(&engine, &subject);
    CHECK(hd_fresh_open(&fresh, &engine, HD_FRESH_COPY, &message) == HD_UNAVAILABLE);
    CHECK(strstr(message.text, "thread") != NULL);
    CHECK(hd_fresh_open(&fresh, &engine, HD_FRESH_AUTO, &message) == HD_OK);
    CHECK(fresh.way == HD_FRESH_NONE);
}

static void a_library_that_starts_a_thread_has_no_fresh_heap(void **state)
{
    (void)state;
    tapped(threads_at_load);
}

static void threads_in_run(void)
{
    open_library(FIXTURES "starts_thread.so", HD_FRESH_AUTO);
    CHECK(fresh.way != HD_FRESH_NONE);
    static struct hd_run run;
    struct hd_message message;
    const struct hd_op op = {.kind = HD_OP_MALLOC, .size = 8};
    const struct hd_trace trace = {.ops = (struct hd_op *)&op, .count = 1, .slot_count = 1};
    hd_fresh_begin(&fresh);
    hd_engine_run(&engine, &trace, &run, NULL);
    CHECK(hd_fresh_put_back(&fresh, &message) == HD_UNAVAILABLE);
    CHECK(strstr(message.text, "thread") != NULL);
    CHECK(!fresh.torn);
    (void)hd_fresh_step_down(&fresh);
    CHECK(fresh.way == HD_FRESH_NONE);
    hd_fresh_begin(&fresh);
    hd_engine_run(&engine, &trace, &run, NULL);
    CHECK(hd_fresh_put_back(&fresh, &message) == HD_OK);
    CHECK(run.operations > 0 && run.finding_count == 0);
}

static void a_thread_started_in_a_run_is_told(void **state)
{
    (void)state;
    tapped(threads_in_run);
}

/// Left inside the call that started it.
static void thread_in_abandoned_run(void)
{
    open_library(FIXTURES "starts_thread.so", HD_FRESH_AUTO);
    struct hd_message message;
    hd_fresh_begin(&fresh);
    (void)call_malloc(FIXTURES "starts_thread.so", 10);
    CHECK(hd_fresh_put_back(&fresh, &message) == HD_UNAVAILABLE);
    CHECK(strstr(message.text, "thread") != NULL && !fresh.torn);
}

static void a_thread_started_in_an_abandoned_run_is_told(void **state)
{
    (void)state;
    tapped(thread_in_abandoned_run);
}

static void wraps_libc(void)
{
    struct hd_subject subject;
    struct hd_message message;
    CHECK(hd_loading_open(FIXTURES "wraps_libc.so", HD_TAP_AUTO, &subject, &message) == HD_OK);
    hd_engine_open(&engine, &subject);
    CHECK(hd_fresh_open(&fresh, &engine, HD_FRESH_COPY, &message) == HD_UNAVAILABLE);
    CHECK(strstr(message.text, "libc's malloc") != NULL);
}

static void a_library_that_works_with_libcs_malloc_has_no_fresh_heap(void **state)
{
    (void)state;
    tapped(wraps_libc);
}

// Of a sanitizer that has a malloc of its own; NULL where there is none.
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static void process_malloc(void)
{
    struct hd_subject subject;
    struct hd_message message;
    CHECK(hd_loading_open("glibc", HD_TAP_AUTO, &subject, &message) == HD_OK);
    hd_engine_open(&engine, &subject);
    CHECK(hd_fresh_open(&fresh, &engine, HD_FRESH_COPY, &message) == HD_UNAVAILABLE);
    CHECK(strstr(message.text, "the process works with the same malloc") != NULL);
    CHECK(hd_fresh_open(&fresh, &engine, HD_FRESH_AUTO, &message) == HD_OK);
    CHECK(fresh.way == HD_FRESH_NONE);
}

static void the_malloc_that_the_process_works_with_has_no_fresh_heap(void **state)
{
    (void)state;
    if (__sanitizer_get_current_allocated_bytes != NULL) skip();
    tapped(process_malloc);
}

static size_t resident_pages(const char *memory, size_t size)
{
    static unsigned char resident[1 << 17];
    size_t count = 0;
    CHECK(size / HD_PAGE <= sizeof resident);
    CHECK(mincore((void *)(uintptr_t)memory, size, resident) == 0);
    for (size_t i = 0; i < size / HD_PAGE; i++)
        count += resident[i] & 1;
    return count;
}

/// More calls than are written down: what was lost is not known, and must not all be touched.
static void large_reserve(void)
{
    open_library(FIXTURES "reserves.so", way_now);
    void *library = dlopen(FIXTURES "reserves.so", RTLD_NOW | RTLD_NOLOAD);
    char **memory = dlsym(library, "reserves_memory");
    CHECK(memory != NULL);
    for (int i = 0; i < ROUNDS; i++) {
        hd_fresh_begin(&fresh);
        CHECK(call_malloc(FIXTURES "reserves.so", 10) == *memory + HD_PAGE + 16);
        CHECK((*memory)[0] == 2);
        put_back();
        CHECK((*memory)[0] == 1 && (*memory)[(size_t)1 << 28] == 1);
    }
    CHECK(resident_pages(*memory, (size_t)1 << 29) < 1024);

    void *(*map_anew)(int);
    void *address = dlsym(library, "reserves_map_anew");
    memcpy(&map_anew, &address, sizeof map_anew);
    for (int often = 0; often < 2; often++) {
        hd_fresh_begin(&fresh);
        enter();
        CHECK(map_anew(often) == *memory);
        hd_tap_disarm();
        put_back();
        CHECK((*memory)[0] == 1 && (*memory)[(size_t)1 << 28] == 1);
    }
    CHECK(resident_pages(*memory, (size_t)1 << 29) < 1024);
}

static void a_large_reserve_stays_unused(void **state)
{
    (void)state;
    ways_by(large_reserve);
}

static size_t open_files(void)
{
    size_t count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void files_are_closed(void)
{
    const size_t before = open_files();
    open_deeds(HD_FRESH_AUTO);
    while (fresh.way != HD_FRESH_NONE) {
        hd_fresh_begin(&fresh);
        put_back();
        CHECK(open_files() <= before + 2); // of hd_pages
        (void)hd_fresh_step_down(&fresh);
    }
    CHECK(open_files() == before);
}

static void the_files_of_a_way_given_up_are_closed(void **state)
{
    (void)state;
    tapped(files_are_closed);
}

// ---------------------------------------------------------------------------- the trial

static const char *library_now;
static unsigned deadline_now; // 0: a minute
static const char *says_now;  // NULL: nothing, the heap can be made fresh

static void trial(void)
{
    struct hd_message message = {""};
    open_library(library_now, way_now);
    fresh.parked.keeps = keeps_now;
    const enum hd_status status =
        hd_fresh_try(&fresh, &hd_fresh_trial_trace, deadline_now, &message);
    if (says_now == NULL) {
        CHECK(status == HD_OK);
        return;
    }
    CHECK(status == HD_UNAVAILABLE);
    CHECK(strstr(message.text, says_now) != NULL);
}

static void try_library(const char *file, const char *says)
{
    library_now = file;
    says_now = says;
    ways_by(trial);
}

static void what_is_not_put_back_is_found_in_a_child(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    try_library(FIXTURES "keeps_in_kernel.so", "crashed");
    try_library(FIXTURES "keeps_in_kernel_and_differs.so", "other answers");
}

static void a_trial_passes_where_all_is_put_back_or_the_allocator_is_wrong_at_once(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    try_library(FIXTURES "correct.so", NULL);
    try_library(FIXTURES "deeds.so", NULL);
    try_library(FIXTURES "segfault.so", NULL);
}

/// CTest's own limit is shorter than a minute for each way.
static void a_trial_that_hangs_at_once_is_given_up_after_the_deadline(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    deadline_now = 1;
    try_library(FIXTURES "hang.so", NULL);
    deadline_now = 0;
}

// ---------------------------------------------------------------------------- stepping down

static void steps_down(void)
{
    open_deeds(HD_FRESH_AUTO);
    const bool watches = fresh.way == HD_FRESH_WRITEPROTECT;
    CHECK(fresh.parked.keeps);
    (void)hd_fresh_step_down(&fresh);
    CHECK(!fresh.parked.keeps && fresh.way == (watches ? HD_FRESH_WRITEPROTECT : HD_FRESH_COPY));
    if (watches) (void)hd_fresh_step_down(&fresh);
    CHECK(fresh.way == HD_FRESH_COPY);
    struct deeds_look before;
    hd_fresh_begin(&fresh);
    look(&before);
    (void)do_deed(find_deed("kept memory is written"));
    put_back();
    check_state(&before, "kept memory is written");
    (void)hd_fresh_step_down(&fresh);
    CHECK(fresh.way == HD_FRESH_NONE);
}

static void a_way_that_fails_is_given_up_for_the_next(void **state)
{
    (void)state;
    tapped(steps_down);
}

int main(void)
{
    (void)sbrk(0); // libc knows the break: where it does not, it says another one than a run sees
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_deed_is_undone_by_each_way),
        cmocka_unit_test(two_deeds_in_a_run_are_undone_by_each_way),
        cmocka_unit_test_teardown(deeds_are_undone_where_the_break_is_in_a_page, as_usual),
        cmocka_unit_test_teardown(deeds_are_undone_where_pages_cannot_be_listed, as_usual),
        cmocka_unit_test(each_deed_is_undone_where_it_is_the_first),
        cmocka_unit_test(a_large_reserve_stays_unused),
        cmocka_unit_test(coverage_counters_stay_and_data_beside_them_does_not),
        cmocka_unit_test(handlers_are_registered_as_often_as_in_one_run),
        cmocka_unit_test(keys_made_are_free_again),
        cmocka_unit_test(parked_memory_is_out_of_reach_until_it_is_asked_for),
        cmocka_unit_test(what_the_break_was_lowered_over_is_out_of_reach),
        cmocka_unit_test(parked_memory_is_gone_after_another_call_or_before_the_harness_maps),
        cmocka_unit_test(memory_that_others_got_by_the_break_is_left_alone),
        cmocka_unit_test(libc_asks_for_the_break_in_each_run_or_in_none),
        cmocka_unit_test(a_library_that_starts_a_thread_has_no_fresh_heap),
        cmocka_unit_test(a_thread_started_in_a_run_is_told),
        cmocka_unit_test(a_thread_started_in_an_abandoned_run_is_told),
        cmocka_unit_test(a_library_that_works_with_libcs_malloc_has_no_fresh_heap),
        cmocka_unit_test(the_malloc_that_the_process_works_with_has_no_fresh_heap),
        cmocka_unit_test(what_is_not_put_back_is_found_in_a_child),
        cmocka_unit_test(a_trial_passes_where_all_is_put_back_or_the_allocator_is_wrong_at_once),
        cmocka_unit_test(a_trial_that_hangs_at_once_is_given_up_after_the_deadline),
        cmocka_unit_test(the_files_of_a_way_given_up_are_closed),
        cmocka_unit_test(a_way_that_fails_is_given_up_for_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
