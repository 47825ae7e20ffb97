// SPDX-License-Identifier: MIT
/// test_engine_threads.c: which thread makes a trace's calls, and what is seen of each.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/engine/engine.h"
#include "tests/unit/tapped.h"

#define PAGE      ((size_t)4096)
#define CALLS_MAX 128

// ---------------------------------------------------------------------------- the allocator

/// A page a block, but for a large one. Each thread keeps a page besides, from its first call to
/// its end.
static struct {
    pid_t callers[CALLS_MAX]; // of allocate and release, in order
    unsigned count;
    pthread_key_t kept; // the calling thread's page
} notes;

static _Alignas(max_align_t) uint8_t large[HD_SMALL_BYTES];

static void *map_page(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED ? page : NULL;
}

static void give_back(void *page)
{
    (void)munmap(page, PAGE);
}

static void note_caller(void)
{
    notes.callers[notes.count++ % CALLS_MAX] = gettid();
    if (pthread_getspecific(notes.kept) == NULL) (void)pthread_setspecific(notes.kept, map_page());
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    (void)heap;
    note_caller();
    if (size > PAGE && size <= sizeof large) return large;
    void *page = size <= PAGE ? map_page() : NULL;
    if (page == NULL) errno = ENOMEM;
    return page;
}

/// In place, or not at all.
static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    if (block == NULL) return allocate(heap, size);
    note_caller();
    if (size <= PAGE) return block;
    errno = ENOMEM;
    return NULL;
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    (void)heap;
    return block == large ? sizeof large : PAGE;
}

static void release(struct hd_heap *heap, void *block)
{
    (void)heap;
    const int error = errno;
    note_caller();
    if (block != NULL && block != large) give_back(block);
    errno = error;
}

static bool thread_dies; // its policy says

/// No call was made yet, by the calling thread either.
static struct hd_subject noting_subject(void)
{
    notes.count = 0;
    void *kept = pthread_getspecific(notes.kept);
    if (kept != NULL) give_back(kept);
    CHECK(pthread_setspecific(notes.kept, NULL) == 0);
    return (struct hd_subject){.allocator = {.name = "noting",
                                             .policy = {.thread_dies_when_refused = thread_dies},
                                             .allocate = allocate,
                                             .release = release,
                                             .resize = resize,
                                             .usable_size = usable_size}};
}

// ---------------------------------------------------------------------------- the rig

static struct hd_arena arena;
static struct hd_engine engine;
static struct hd_run run;

/// What an observer saw of a step.
struct seen {
    struct hd_op op;
    uint32_t threads;
    uintptr_t result;
    uint32_t call_count;
    long numbers[4]; // of its first calls
    bool refused;    // the first
};
static struct seen steps[CALLS_MAX];
static unsigned step_count;

static void see(void *context, const struct hd_step *step)
{
    (void)context;
    struct seen *seen = &steps[step_count++ % CALLS_MAX];
    *seen = (struct seen){.op = *step->op,
                          .threads = step->threads,
                          .result = step->result,
                          .call_count = step->call_count,
                          .refused = step->call_count > 0 && step->calls[0].refused};
    for (uint32_t i = 0; i < step->call_count && i < 4; i++)
        seen->numbers[i] = step->calls[i].number;
}

static void trace_end(void *context, const struct hd_engine *at)
{
    (void)context;
    (void)at;
}

static const struct hd_observer observer = {.step = see, .trace_end = trace_end};

static void run_text(const char *operations)
{
    char text[2048];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_message message;
    CHECK(hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                              &message) == HD_OK);
    step_count = 0;
    hd_engine_run(&engine, &trace, &run, NULL);
}

static void open_engine(struct hd_memory_limit limit, bool uses_threads)
{
    const struct hd_subject subject = noting_subject();
    hd_engine_open(&engine, &subject);
    engine.memory_limit = limit;
    engine.uses_threads = uses_threads;
    engine.observer = &observer;
}

static void carry_out_with(struct hd_memory_limit limit, bool uses_threads, const char *operations)
{
    open_engine(limit, uses_threads);
    run_text(operations);
    hd_engine_close(&engine);
}

static void carry_out(bool uses_threads, const char *operations)
{
    carry_out_with(hd_memory_limit_open(0), uses_threads, operations);
}

static int open_rig(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)16 << 20);
    return pthread_key_create(&notes.kept, give_back);
}

// pthread_create, as the linker was told to have it called.
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static bool no_threads; // that the machine would give

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument)
{
    return no_threads ? EAGAIN : __real_pthread_create(thread, attributes, start, argument);
}

// ---------------------------------------------------------------------------- who calls

/// Letters for threads in the order in which they first call; the calling thread is `m`.
static const char *callers(void)
{
    static char text[CALLS_MAX + 1];
    pid_t known[26] = {gettid()};
    unsigned known_count = 1;
    for (unsigned i = 0; i < notes.count; i++) {
        unsigned at = 0;
        while (at < known_count && known[at] != notes.callers[i])
            at++;
        if (at == known_count) known[known_count++] = notes.callers[i];
        text[i] = at == 0 ? 'm' : (char)('a' + at - 1);
    }
    text[notes.count] = '\0';
    return text;
}

static void each_call_is_made_on_the_thread_that_the_trace_names(void **state)
{
    (void)state;
    static const struct {
        const char *operations;
        const char *callers; // then each started thread's last call, then the frees
        uint32_t threads;
    } rows[] = {
        {"1 = malloc 8", "mm", 1},
        {"1 = malloc 8\n@1 2 = malloc 8\nfree 1\n@1 free 2",
         "mama"
         "a",
         2},
        {"1 = malloc 8\n@1 free 1",
         "ma"
         "a",
         2}, // freed by another
        {"1 = malloc 8\n@1 2 = malloc 8",
         "ma"
         "a"
         "mm",
         2},
        {"1 = malloc 8\n@1 free 1\n@63 1 = malloc 8\n@1 free 1\n@63 1 = malloc 8\nfree 1",
         "mababm"
         "ab",
         3},
        // The thread of the first operation is the one that is there already.
        {"@5 1 = malloc 8\n@5 free 1", "mm", 1},
        {"@5 1 = malloc 8\nfree 1\n@5 1 = malloc 8\n@1 free 1",
         "mamb"
         "ab",
         3},
        {"@5 refuse mmap 1\n1 = malloc 8",
         "a"
         "am",
         2},
        // One that ended is gone, and what comes of its number is another.
        {"1 = malloc 8\n@1 2 = malloc 8\n@1 thread_end\nfree 2",
         "maam"
         "m",
         2},
        {"1 = malloc 8\n@1 free 1\n@1 thread_end\n@1 1 = malloc 8\nfree 1",
         "maabm"
         "b",
         3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        carry_out(true, rows[i].operations);
        if (strcmp(callers(), rows[i].callers) != 0)
            fail_msg("row %zu: called by %s", i, callers());
        assert_int_equal(run.threads, rows[i].threads);
        assert_int_equal(run.finding_count, 0);
        assert_int_equal(run.misplaced, 0);
    }
}

static void a_thread_that_was_not_started_does_not_end(void **state)
{
    (void)state;
    static const struct {
        const char *operations;
        const char *callers;
        uint64_t skipped;
    } rows[] = {
        {"1 = malloc 8\n@2 thread_end\nfree 1", "mm", 1},
        {"1 = malloc 8\nthread_end\nfree 1", "mm", 1}, // the process's own
        {"@1 thread_end\n@1 1 = malloc 8\n@1 free 1", "mm", 1},
        {"1 = malloc 8\n@1 free 1\n@1 thread_end\n@1 thread_end", "maa", 1}, // nor once more
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        carry_out(true, rows[i].operations);
        assert_string_equal(callers(), rows[i].callers);
        assert_int_equal(run.skipped, rows[i].skipped);
    }
    carry_out(false, "1 = malloc 8\n@1 free 1\n@1 thread_end");
    assert_string_equal(callers(), "mm");
    assert_int_equal(run.skipped, 1);
}

static void threads_are_ignored_unless_they_are_asked_for(void **state)
{
    (void)state;
    carry_out(false, "1 = malloc 8\n@1 2 = malloc 8\n@7 free 1\n@2 free 2");
    assert_string_equal(callers(), "mmmm");
    assert_int_equal(run.threads, 1);
    assert_int_equal(run.misplaced, 0);
    carry_out(false, "@3 1 = malloc 8");
    assert_int_equal(steps[1].op.thread, 0); // what is left is freed
}

static void a_step_knows_how_many_threads_called_so_far(void **state)
{
    (void)state;
    static const uint32_t wanted[] = {1, 2, 2, 3, 3, 3};
    carry_out(true, "1 = malloc 8\n@4 2 = malloc 8\nfree 1\n@2 free 2");
    assert_int_equal(step_count, 6); // two threads end
    for (unsigned i = 0; i < step_count; i++)
        assert_int_equal(steps[i].threads, wanted[i]);
}

static unsigned thread_count(void)
{
    struct stat tasks;
    assert_int_equal(stat("/proc/self/task", &tasks), 0);
    return (unsigned)tasks.st_nlink;
}

static void threads_end_with_the_trace_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    static const uint8_t ends[] = {0, 1, 63};
    const unsigned before = thread_count();
    carry_out(true, "@2 1 = malloc 8\n@63 2 = malloc 8\n3 = malloc 8\n@1 4 = malloc 8\nfree 3");
    assert_int_equal(thread_count(), before);
    for (unsigned i = 0; i < 3; i++) {
        const struct seen *end = &steps[5 + i];
        assert_int_equal(end->op.kind, HD_OP_THREAD_END);
        assert_int_equal(end->op.thread, ends[i]);
    }
    assert_int_equal(step_count, 5 + 3 + 3);
    assert_int_equal(steps[8].op.kind, HD_OP_FREE); // blocks outlive the threads
    assert_int_equal(steps[8].op.thread, 2);        // by the first one
}

static void where_no_thread_can_be_started_the_first_does_the_work(void **state)
{
    (void)state;
    no_threads = true;
    carry_out(true, "1 = malloc 8\n@1 2 = malloc 8\n@1 free 1\n3 = malloc 8\n@2 free 2\n"
                    "@2 thread_end");
    no_threads = false;
    assert_string_equal(callers(), "mmmmm"
                                   "m");
    assert_int_equal(run.misplaced, 3);
    assert_int_equal(run.skipped, 1);
    assert_int_equal(run.threads, 1);
    assert_int_equal(run.operations, 6);
}

// ---------------------------------------------------------------------------- what is seen

/// The page that a thread keeps is asked for by its first call, and given back at its end.
static void body_calls_of_all(void)
{
    carry_out(true, "1 = malloc 8\n@1 2 = malloc 8\n@1 free 1\nfree 2");
    CHECK(run.finding_count == 0);
    CHECK(run.footprint.tapped);
    CHECK(step_count == 4 + 1 + 1); // the end of a thread, and the empty heap
    CHECK(steps[1].call_count == 3 && steps[1].numbers[0] == SYS_gettid);
    CHECK(steps[1].numbers[1] == SYS_mmap && steps[1].numbers[2] == SYS_mmap);
    CHECK(steps[2].call_count == 2 && steps[2].numbers[1] == SYS_munmap);
    CHECK(steps[3].call_count == 2 && steps[3].numbers[1] == SYS_munmap);
    CHECK(steps[4].op.kind == HD_OP_THREAD_END);
    CHECK(steps[4].call_count == 2 && steps[4].numbers[1] == SYS_munmap); // of libc's none
    CHECK(run.footprint.mapped_peak == 4 * PAGE);
    CHECK(run.footprint.mapped_after == PAGE); // the first thread's
}

static void calls_of_all_threads_are_seen(void **state)
{
    (void)state;
    tapped(body_calls_of_all);
}

/// The page that a thread kept comes home in the middle, and the next of its number keeps another.
static void body_end_midway(void)
{
    carry_out(true, "1 = malloc 8\n@1 free 1\n@1 thread_end\n@1 1 = malloc 8\nfree 1");
    CHECK(run.finding_count == 0);
    CHECK(steps[2].op.kind == HD_OP_THREAD_END && steps[2].op.thread == 1);
    CHECK(steps[2].call_count == 2 && steps[2].numbers[1] == SYS_munmap);
    CHECK(steps[3].call_count == 3 && steps[3].numbers[1] == SYS_mmap);
    CHECK(run.footprint.mapped_peak == 3 * PAGE); // never two kept beside the first's
}

static void what_a_thread_kept_comes_home_where_it_ends(void **state)
{
    (void)state;
    tapped(body_end_midway);
}

static void body_refused_to_another(void)
{
    carry_out(true, "1 = malloc 8\n@1 2 = malloc 8\nrefuse mmap 1\n@1 3 = malloc 8\n4 = malloc 8");
    CHECK(run.finding_count == 0);
    CHECK(steps[2].op.thread == 1 && steps[2].result == 0);
    CHECK(steps[3].op.thread == 0 && steps[3].result != 0);
    CHECK(run.footprint.refused == 1);
}

static void what_one_thread_has_refused_is_refused_to_the_next(void **state)
{
    (void)state;
    tapped(body_refused_to_another);
}

/// Where a thread must not be refused its first block, it asks for that when nothing is refused.
static void body_first_block_refused(void)
{
    static const struct {
        const char *operations;
        bool dies;
        uint64_t not_offered;
    } rows[] = {
        {"1 = malloc 8\nlimit 0\n@1 2 = malloc 8\n@1 3 = malloc 8", true, 2},
        {"1 = malloc 8\nlimit 0\n@1 2 = malloc 8\n@1 3 = malloc 8", false, 0},
        {"1 = malloc 8\nrefuse munmap 9\n@1 2 = malloc 8\n@1 refuse mmap 1\n@1 free 1", true, 1},
        {"1 = malloc 8\n@1 free 1\nlimit 0\n@1 2 = malloc 8", true, 1}, // it had none yet
        {"1 = malloc 8\n@1 2 = malloc 8\n@1 thread_end\nlimit 0\n@1 3 = malloc 8", true, 1},
        {"1 = malloc 8\nrefuse_all 2\n@1 2 = malloc 8", true, 1},
        {"1 = malloc 8\n@1 2 = malloc 8\nlimit 0\n@1 3 = malloc 8", true, 0},
        {"limit 0\n1 = malloc 8\n2 = malloc 8", true, 0}, // there is one thread
        {"free_null\n@1 1 = malloc 8\nlimit 0\n2 = malloc 8\n@1 3 = malloc 8", true, 1},
        {"1 = malloc 8\n@1 2 = malloc 32767\nlimit 0\n@1 3 = malloc 8", true, 0},
        {"1 = malloc 8\n@1 2 = malloc 32768\nlimit 0\n@1 3 = malloc 8", true, 1}, // a large one
        {"1 = malloc 8\n@1 1 = realloc 1 9\nlimit 0\n@1 2 = malloc 8", true, 1},  // the old one
        // What it got may be what it freed.
        {"1 = malloc 8\n@1 free 1\n@1 1 = malloc 8\nlimit 0\n@1 2 = malloc 8", true, 1},
        {"free_null\n@1 1 = malloc 8\nfree 1\nthread_end\n1 = malloc 8\nlimit 0\n2 = malloc 8",
         true, 1},
        {"1 = malloc 8\n@1 free 1\n@1 1 = malloc 8\n@1 2 = malloc 8\nlimit 0\n@1 3 = malloc 8",
         true, 0},
        {"1 = malloc 8\n@1 free 1\n@1 1 = malloc 8\n@1 thread_end\n@1 2 = malloc 8\nlimit 0\n"
         "@1 3 = malloc 8",
         true, 0},
        {"1 = malloc 8\nlimit 0\n@1 malloc_usable_size 1", true, 1},
        {"1 = malloc 8\n@1 free_null", true, 0},
        {"1 = malloc 8\nlimit 0\n@1 free_null\n@1 write 1\n@1 free 1", true, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        thread_dies = rows[i].dies;
        carry_out(true, rows[i].operations);
        if (run.not_offered != rows[i].not_offered)
            print_message("row %zu: %ju\n", i, (uintmax_t)run.not_offered);
        CHECK(run.not_offered == rows[i].not_offered);
    }
    thread_dies = false;
}

static void a_first_block_is_not_asked_for_where_it_must_not_be_refused(void **state)
{
    (void)state;
    tapped(body_first_block_refused);
}

/// What is left of a run is freed by its first thread, which may get it in the next one.
static void body_freed_in_the_run_before(void)
{
    thread_dies = true;
    open_engine(hd_memory_limit_open(0), true);
    run_text("free_null\n@1 1 = malloc 8");
    run_text("1 = malloc 8\n@1 2 = malloc 8\nlimit 0\n3 = malloc 8");
    CHECK(run.not_offered == 1);
    hd_engine_abandon(&engine);
    hd_engine_start_anew(&engine); // as if the heap were as new
    run_text("1 = malloc 8\n@1 2 = malloc 8\nlimit 0\n3 = malloc 8");
    CHECK(run.not_offered == 0);
    hd_engine_close(&engine);
    thread_dies = false;
}

static void what_a_thread_freed_in_the_run_before_it_may_get_again(void **state)
{
    (void)state;
    tapped(body_freed_in_the_run_before);
}

static void body_unmapped_by_another(void)
{
    carry_out(true, "1 = malloc 8\n@1 refuse munmap 1\n@1 free 1");
    CHECK(run.finding_count == 0);
    CHECK(steps[1].op.kind == HD_OP_FREE && steps[1].call_count == 3);
}

static void events_happen_on_their_thread(void **state)
{
    (void)state;
    tapped(body_unmapped_by_another);
}

/// Many threads, and what each takes of the harness's memory: none of it counts.
static void body_limit(void)
{
    char text[1024] = "1 = malloc 8\nfree 1\n";
    for (unsigned thread = 1; thread < 32; thread++) {
        char lines[64];
        (void)snprintf(lines, sizeof lines, "@%u 1 = malloc 8\n@%u free 1\n", thread, thread);
        (void)strcat(text, lines);
    }
    const size_t limit = HD_IS_SANITIZED ? 16 << 20 : 1 << 20; // a sanitizer's runtime takes some
    carry_out_with(hd_memory_limit_open(limit), true, text);
    CHECK(run.finding_count == 0);
    CHECK(run.threads == 32);
    for (unsigned i = 0; i < 32; i++)
        CHECK(steps[2 * i].result != 0);
}

static void what_a_thread_takes_for_itself_is_not_the_allocators(void **state)
{
    (void)state;
    tapped_by(HD_TAP_OFF, body_limit); // by the kernel
    tapped(body_limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_is_made_on_the_thread_that_the_trace_names),
        cmocka_unit_test(a_thread_that_was_not_started_does_not_end),
        cmocka_unit_test(threads_are_ignored_unless_they_are_asked_for),
        cmocka_unit_test(a_step_knows_how_many_threads_called_so_far),
        cmocka_unit_test(threads_end_with_the_trace_in_the_order_of_their_numbers),
        cmocka_unit_test(where_no_thread_can_be_started_the_first_does_the_work),
        cmocka_unit_test(calls_of_all_threads_are_seen),
        cmocka_unit_test(what_a_thread_kept_comes_home_where_it_ends),
        cmocka_unit_test(what_one_thread_has_refused_is_refused_to_the_next),
        cmocka_unit_test(a_first_block_is_not_asked_for_where_it_must_not_be_refused),
        cmocka_unit_test(what_a_thread_freed_in_the_run_before_it_may_get_again),
        cmocka_unit_test(events_happen_on_their_thread),
        cmocka_unit_test(what_a_thread_takes_for_itself_is_not_the_allocators),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
