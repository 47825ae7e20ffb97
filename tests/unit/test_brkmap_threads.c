// SPDX-License-Identifier: MIT
/// test_brkmap_threads.c: the default heap, its threads' caches, and forks meanwhile.
#include "allocators/brkmap/cache.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct brkmap_heap *heap(void)
{
    return brkmap_default_heap();
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/// How many chunks of a class the calling thread's cache holds.
static size_t list_count(size_t class)
{
    size_t count = 0;
    const struct brkmap_cached *cached =
        brkmap_slot.cache != NULL ? brkmap_slot.cache->lists[class] : NULL;
    for (; cached != NULL; cached = cached->next)
        count++;
    return count;
}

/// Of all classes.
static size_t cached_count(void)
{
    size_t count = 0;
    for (size_t class = 0; class < BRKMAP_CLASSES; class ++)
        count += list_count(class);
    return count;
}

static void a_freed_block_is_handed_out_again_without_the_lock(void **state)
{
    (void)state;
    void *block = brkmap_malloc(heap(), 100);
    brkmap_free(heap(), block);
    assert_int_equal(pthread_mutex_lock(&heap()->lock), 0); // would hang whoever takes it
    assert_ptr_equal(brkmap_malloc(heap(), 100), block);
    brkmap_free(heap(), block);
    assert_int_equal(pthread_mutex_unlock(&heap()->lock), 0);
}

static void a_list_is_as_deep_as_its_class(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static const size_t sizes[] = {1, 24, 25, 100, 500, 1032};
    void *blocks[COUNT];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        (void)brkmap_trim(heap(), 0);
        assert_int_equal(cached_count(), 0);
        for (size_t k = 0; k < COUNT; k++)
            blocks[k] = brkmap_malloc(heap(), sizes[i]);
        const size_t class = brkmap_class_of(brkmap_chunk_size(sizes[i]));
        for (size_t k = 0; k < COUNT; k++) {
            brkmap_free(heap(), blocks[k]);
            assert_true(list_count(class) <= brkmap_class_depth(class));
        }
        assert_true(list_count(class) > 0);
        assert_true(brkmap_consistent(heap()));
    }
    brkmap_free(heap(), brkmap_malloc(heap(), 1033)); // the next chunk size
    (void)brkmap_trim(heap(), 0);
    brkmap_free(heap(), brkmap_malloc(heap(), 1033));
    assert_int_equal(cached_count(), 0);
}

static void the_last_large_block_is_handed_out_again(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t freed, asked;
        bool again;
    } cases[] = {
        {"the smallest", 1033, 1033, true},
        {"the largest", 65544, 65544, true},
        {"too large to be kept", 65545, 65545, false},
        {"one chunk size too small", 4000, 4009, false},
        {"larger by an eighth", 4600, 4088, true},
        {"larger by more", 4616, 4088, false},
        {"a small request", 1033, 1000, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)brkmap_trim(heap(), 0);
        brkmap_free(heap(), brkmap_malloc(heap(), 1)); // opens the cache
        void *block = brkmap_malloc(heap(), cases[i].freed);
        brkmap_free(heap(), block);
        const struct brkmap_cached *kept = brkmap_slot.cache->large;
        void *other = brkmap_malloc(heap(), cases[i].asked);
        const bool again = kept != NULL && kept == other && brkmap_slot.cache->large == NULL;
        if (again != cases[i].again) fail_msg("%s", cases[i].what);
        brkmap_free(heap(), other);
        assert_true(brkmap_consistent(heap()));
    }
}

static void a_large_block_makes_way_for_the_next(void **state)
{
    (void)state;
    (void)brkmap_trim(heap(), 0);
    void *first = brkmap_malloc(heap(), 5000);
    void *second = brkmap_malloc(heap(), 9000);
    const size_t used = heap()->used;
    brkmap_free(heap(), first);
    assert_int_equal(heap()->used, used);
    brkmap_free(heap(), second);
    assert_int_equal(heap()->used, used - brkmap_chunk_size(5000));
    assert_ptr_equal(brkmap_malloc(heap(), 9000), second);
    brkmap_free(heap(), second);
    assert_true(brkmap_consistent(heap()));
}

static size_t free_chunks(void)
{
    size_t count = 0;
    for (size_t bin = 0; bin < BRKMAP_BIN_COUNT; bin++) {
        for (const struct chunk *chunk = heap()->bins[bin]; chunk != NULL; chunk = chunk->next)
            count++;
    }
    return count;
}

static void what_is_given_back_side_by_side_is_one_chunk(void **state)
{
    (void)state;
    enum { SIZE = 208, DEPTH = 19, COUNT = DEPTH + 3 }; // the first and the last stay
    assert_int_equal(brkmap_class_depth(brkmap_class_of(SIZE)), DEPTH);
    for (int upwards = 0; upwards < 2; upwards++) {
        (void)brkmap_trim(heap(), 0);
        brkmap_free(heap(), brkmap_malloc(heap(), 1)); // opens the cache
        struct chunk *chunks[COUNT];
        chunks[0] = brkmap_chunk_take(heap(), (size_t)SIZE * COUNT);
        for (size_t k = 1; k < COUNT; k++)
            chunks[k] = brkmap_chunk_cut(chunks[k - 1], SIZE);
        const size_t before = free_chunks();
        for (size_t k = 1; k <= DEPTH; k++)
            brkmap_free(heap(), brkmap_block(chunks[upwards ? k : DEPTH + 2 - k]));
        assert_int_equal(free_chunks(), before);
        brkmap_free(heap(), brkmap_block(chunks[upwards ? DEPTH + 1 : 1]));
        assert_int_equal(list_count(brkmap_class_of(SIZE)), DEPTH / 2 + 1);
        assert_int_equal(free_chunks(), before + 1);
        assert_true(brkmap_consistent(heap()));
        brkmap_free(heap(), brkmap_block(chunks[0]));
        brkmap_free(heap(), brkmap_block(chunks[COUNT - 1]));
    }
}

static void a_broken_cache_is_not_consistent(void **state)
{
    (void)state;
    (void)brkmap_trim(heap(), 0);
    brkmap_free(heap(), brkmap_malloc(heap(), 1));
    brkmap_free(heap(), brkmap_malloc(heap(), 5000));
    struct brkmap_cache *cache = brkmap_slot.cache;
    assert_non_null(cache->large);
    assert_true(brkmap_consistent(heap()));
    uintptr_t *const words[] = {
        (uintptr_t *)&cache->large,          (uintptr_t *)&cache->large->owner,
        (uintptr_t *)&cache->lists[0],       (uintptr_t *)&cache->lists[0]->owner,
        (uintptr_t *)&cache->lists[0]->next, (uintptr_t *)&cache->room[0],
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *words[i] ^= 16;
        if (brkmap_consistent(heap())) fail_msg("word %zu may be anything", i);
        *words[i] ^= 16;
        assert_true(brkmap_consistent(heap()));
    }
}

static void a_block_that_looks_cached_is_freed(void **state)
{
    (void)state;
    void *other = brkmap_malloc(heap(), 48);
    void **block = brkmap_malloc(heap(), 48);
    const size_t before = cached_count();
    block[1] = brkmap_slot.cache; // where a cached chunk says whose it is
    brkmap_free(heap(), block);
    assert_true(cached_count() <= before);
    assert_true(brkmap_consistent(heap()));
    brkmap_free(heap(), other);
}

static void a_large_heap_is_given_back_by_its_last_free(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    static void *blocks[COUNT];
    for (size_t k = 0; k < COUNT; k++)
        blocks[k] = brkmap_malloc(heap(), 100);
    assert_true(heap()->held > 10 << 20);
    for (size_t k = 0; k < COUNT; k++) // the last to be freed are those at the top
        brkmap_free(heap(), blocks[k]);
    assert_true(heap()->held < 2 << 20);
    assert_true(brkmap_consistent(heap()));
}

static void a_trim_leaves_nothing_of_an_empty_heap(void **state)
{
    (void)state;
    enum { SIZE = 120000 };
    (void)brkmap_trim(heap(), 0);
    void *large = brkmap_malloc(heap(), SIZE);
    brkmap_free(heap(), brkmap_malloc(heap(), 80)); // opens the cache, above it
    brkmap_free(heap(), large);
    (void)brkmap_trim(heap(), 0);
    assert_null(heap()->threads);
    assert_true(heap()->held < SIZE);
    assert_true(brkmap_consistent(heap()));
}

// ---------------------------------------------------------------------------- other threads

static void *frees(void *block)
{
    brkmap_free(heap(), block);
    return NULL;
}

static void run_thread(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, work, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void a_block_freed_by_another_thread_comes_home(void **state)
{
    (void)state;
    void *block = brkmap_malloc(heap(), 900);
    void *above = brkmap_malloc(heap(), 900);
    (void)brkmap_trim(heap(), 0);
    const size_t used = heap()->used;
    run_thread(frees, block);
    assert_int_equal(heap()->used, used - brkmap_chunk_size(900));
    brkmap_free(heap(), above);
    assert_true(brkmap_consistent(heap()));
}

static void *fills_its_cache(void *unused)
{
    (void)unused;
    void *blocks[100];
    for (size_t k = 0; k < 100; k++)
        blocks[k] = brkmap_malloc(heap(), k * 10);
    for (size_t k = 0; k < 100; k++)
        brkmap_free(heap(), blocks[k]);
    return (void *)cached_count();
}

static void a_thread_gives_its_cache_back_when_it_ends(void **state)
{
    (void)state;
    (void)brkmap_trim(heap(), 0);
    const size_t used = heap()->used;
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        void *cached;
        assert_int_equal(pthread_create(&thread, NULL, fills_its_cache, NULL), 0);
        assert_int_equal(pthread_join(thread, &cached), 0);
        assert_true((size_t)cached > 10);
    }
    assert_int_equal(heap()->used, used);
    assert_null(heap()->threads);
    assert_true(brkmap_consistent(heap()));
}

// ---------------------------------------------------------------------------- all at once

enum { THREADS = 4, SHARED = 64 };

static int operations = 60000; // of each thread

struct note {
    size_t size;
    unsigned char bytes[];
};

/// A block that is here is anybody's to free. With a lock each, so that who watches the threads
/// knows of no more order among them than there is, and of no less.
static struct {
    pthread_mutex_t lock;
    struct note *note;
} shared[SHARED];

static struct note *swap_shared(size_t i, struct note *note)
{
    if (pthread_mutex_lock(&shared[i].lock) != 0) abort();
    struct note *const other = shared[i].note;
    shared[i].note = note;
    if (pthread_mutex_unlock(&shared[i].lock) != 0) abort();
    return other;
}

static struct note *make(uint64_t *random)
{
    const size_t most = next_random(random) % 100 < 98 ? 600 : 200000;
    const size_t size = next_random(random) % most;
    struct note *note = next_random(random) % 8 == 0
                            ? brkmap_aligned_alloc(heap(), 64, sizeof *note + size)
                            : brkmap_malloc(heap(), sizeof *note + size);
    if (note == NULL) abort();
    note->size = size;
    memset(note->bytes, (int)(size & 255), size);
    return note;
}

static struct note *resize(struct note *note, uint64_t *random)
{
    const size_t size = next_random(random) % 1500;
    const size_t kept = note->size < size ? note->size : size;
    const unsigned char byte = (unsigned char)note->size;
    note = brkmap_realloc(heap(), note, sizeof *note + size);
    if (note == NULL) abort();
    for (size_t i = 0; i < kept; i++)
        if (note->bytes[i] != byte) abort();
    note->size = size;
    memset(note->bytes, (int)(size & 255), size);
    return note;
}

static void check_and_free(struct note *note)
{
    for (size_t i = 0; note != NULL && i < note->size; i++)
        if (note->bytes[i] != (unsigned char)note->size) abort();
    brkmap_free(heap(), note);
}

static void *works(void *seed)
{
    uint64_t random = (uintptr_t)seed;
    for (int i = 0; i < operations; i++) {
        struct note *mine = make(&random);
        if (next_random(&random) % 4 == 0) mine = resize(mine, &random);
        struct note *theirs = swap_shared(next_random(&random) % SHARED, mine);
        check_and_free(theirs);
    }
    return NULL;
}

static void start(pthread_t threads[THREADS])
{
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, works, (void *)(i * 7919 + 1)), 0);
}

static void join_and_check(pthread_t threads[THREADS])
{
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < SHARED; i++)
        check_and_free(swap_shared(i, NULL));
    (void)brkmap_trim(heap(), 0);
    assert_true(brkmap_consistent(heap()));
    assert_int_equal(heap()->mapped_count, 0);
}

static void threads_that_free_each_others_blocks_keep_every_byte(void **state)
{
    (void)state;
    (void)brkmap_trim(heap(), 0);
    const size_t used = heap()->used;
    pthread_t threads[THREADS];
    start(threads);
    join_and_check(threads);
    assert_int_equal(heap()->used, used);
}

/// In a child of a process whose other threads were allocating.
static int allocates_in_child(void)
{
    uint64_t random = 4711;
    for (int i = 0; i < 2000; i++)
        check_and_free(make(&random));
    for (size_t i = 0; i < SHARED; i++)
        check_and_free(shared[i].note); // without its lock, which another thread may have had
    return brkmap_consistent(heap()) ? 0 : 1;
}

static void a_child_forked_meanwhile_has_a_working_heap(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    start(threads);
    for (int i = 0; i < 30; i++) {
        const pid_t child = fork();
        if (child == 0) {
            (void)signal(SIGABRT, SIG_DFL);
            (void)alarm(60);
            _exit(allocates_in_child());
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    join_and_check(threads);
}

/// [OPERATIONS]: of each thread, for who runs it slowly.
int main(int argc, char **argv)
{
    if (argc > 1) operations = atoi(argv[1]);
    for (size_t i = 0; i < SHARED; i++)
        (void)pthread_mutex_init(&shared[i].lock, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_freed_block_is_handed_out_again_without_the_lock),
        cmocka_unit_test(a_list_is_as_deep_as_its_class),
        cmocka_unit_test(the_last_large_block_is_handed_out_again),
        cmocka_unit_test(a_large_block_makes_way_for_the_next),
        cmocka_unit_test(what_is_given_back_side_by_side_is_one_chunk),
        cmocka_unit_test(a_broken_cache_is_not_consistent),
        cmocka_unit_test(a_block_that_looks_cached_is_freed),
        cmocka_unit_test(a_large_heap_is_given_back_by_its_last_free),
        cmocka_unit_test(a_trim_leaves_nothing_of_an_empty_heap),
        cmocka_unit_test(a_block_freed_by_another_thread_comes_home),
        cmocka_unit_test(a_thread_gives_its_cache_back_when_it_ends),
        cmocka_unit_test(threads_that_free_each_others_blocks_keep_every_byte),
        cmocka_unit_test(a_child_forked_meanwhile_has_a_working_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
