// SPDX-License-Identifier: MIT
/// test_tap_space.c: the map made of what the tap saw against what the kernel says, at each step.
#include "tests/unit/tapped.h"

#include "harness/tap/space.h"
#include "tests/unit/random_ops.h"

#include <sys/mman.h>

#define PAGE   ((size_t)4096)
#define WINDOW ((size_t)64) // pages
#define HOLE   ((size_t)1 << 30)

static uint64_t random_state = 11;
static uint8_t *window;

static size_t below(size_t count) { return (size_t)random_below(&random_state, count); }

static int random_prot(void)
{
    static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
                                PROT_READ | PROT_WRITE};
    return prots[below(4)];
}

/// One call somewhere in the window, which the kernel may well refuse. An mremap that fails may
/// have unmapped part of both ranges, before Linux 6.17: so what is left of them is unmapped too.
static void call_armed(void)
{
    const size_t from = below(WINDOW);
    const size_t pages = 1 + below(WINDOW - from < 12 ? WINDOW - from : 12);
    const size_t new_pages = 1 + below(12);
    const size_t new_from = below(WINDOW - new_pages + 1);
    const int prot = random_prot();
    const size_t kind = below(10);
    uint8_t *start = window + from * PAGE;
    uint8_t *new_start = window + new_from * PAGE;
    hd_tap_arm();
    if (kind < 3) {
        (void)mmap(start, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    } else if (kind < 4) {
        (void)munmap(start, pages * PAGE);
    } else if (kind < 7) {
        (void)mprotect(start, pages * PAGE, prot);
    } else if (kind < 8) {
        if (mremap(start, pages * PAGE, new_pages * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
                   new_start) == MAP_FAILED) {
            (void)munmap(start, pages * PAGE);
            (void)munmap(new_start, new_pages * PAGE);
        }
    } else if (kind < 9) {
        (void)mremap(start, pages * PAGE, (1 + below(pages)) * PAGE, 0);
    } else {
        (void)madvise(start, pages * PAGE, MADV_DONTNEED);
    }
    hd_tap_disarm();
}

/// -1: not mapped.
static int prot_at(const struct hd_space *space, uintptr_t address)
{
    const struct hd_region *region = hd_space_find(space, address);
    return region != NULL && region->start <= address ? region->prot : -1;
}

static void compare(const struct hd_space *space)
{
    struct hd_space kernels;
    hd_space_open(&kernels);
    hd_space_learn_all(&kernels);
    for (size_t page = 0; page < WINDOW; page++) {
        const uintptr_t address = (uintptr_t)window + page * PAGE;
        CHECK(prot_at(space, address) == prot_at(&kernels, address));
    }
    hd_space_close(&kernels);
}

static void random_calls(void)
{
    struct hd_space space;
    hd_space_open(&space);
    // The low end of a hole: the kernel takes what a sanitizer maps meanwhile from the high one.
    window = mmap(NULL, HOLE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(window != MAP_FAILED && munmap(window, HOLE) == 0);
    unsigned failed = 0;
    for (unsigned step = 0; step < 5000; step++) {
        hd_tap_clear();
        call_armed();
        const struct hd_tap_log *log = hd_tap_log();
        CHECK(log->count >= 1 && log->count <= 3 && log->lost == 0);
        struct hd_effect effect;
        for (uint32_t i = 0; i < log->count; i++)
            hd_space_apply(&space, &log->calls[i], &effect);
        failed += log->calls[0].result < 0 && log->calls[0].result >= -4095;
        compare(&space);
    }
    CHECK(failed > 100 && failed < 4000);
}

static void the_map_is_the_kernels_after_each_call(void **state)
{
    (void)state;
    tapped(random_calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_map_is_the_kernels_after_each_call)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
