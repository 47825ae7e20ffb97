// SPDX-License-Identifier: MIT
/// test_space_growth.c: what a call would add to what is mapped, a character a page.
#include "harness/tap/space.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/unit/space_picture.h"

#define ANYWHERE   (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED      (ANYWHERE | MAP_FIXED)
#define BREAK      P(8)

static void only_what_could_not_be_accessed_before_is_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *picture;
        enum hd_syscall_id id;
        uint64_t args[6];
        size_t pages; // more
    } rows[] = {
        {"mmap anywhere", ".aa.", HD_SYSCALL_mmap, {0, 2 * PAGE, READ_WRITE, ANYWHERE}, 2},
        {"a part of a page", ".aa.", HD_SYSCALL_mmap, {0, PAGE + 1, READ_WRITE, ANYWHERE}, 2},
        {"only reserved", ".aa.", HD_SYSCALL_mmap, {0, 2 * PAGE, PROT_NONE, ANYWHERE}, 0},
        {"over nothing", ".aa.", HD_SYSCALL_mmap, {P(3), PAGE, READ_WRITE, FIXED}, 1},
        {"over its own", ".aa.", HD_SYSCALL_mmap, {P(1), 2 * PAGE, READ_WRITE, FIXED}, 0},
        {"over a part", ".aa.", HD_SYSCALL_mmap, {P(2), 2 * PAGE, READ_WRITE, FIXED}, 1},
        {"over a reserve", ".nn.", HD_SYSCALL_mmap, {P(1), 2 * PAGE, READ_WRITE, FIXED}, 2},
        {"a reserve made accessible", "nn.", HD_SYSCALL_mprotect, {P(0), 2 * PAGE, READ_WRITE}, 2},
        {"a part of it", "nn.", HD_SYSCALL_mprotect, {P(0), PAGE, PROT_READ}, 1},
        {"what was accessible", "aa.", HD_SYSCALL_mprotect, {P(0), 2 * PAGE, READ_WRITE}, 0},
        {"both", "ana", HD_SYSCALL_mprotect, {P(0), 3 * PAGE, READ_WRITE}, 1},
        {"what was there before", "hh.", HD_SYSCALL_mprotect, {P(0), 2 * PAGE, READ_WRITE}, 0},
        {"made inaccessible", "aa.", HD_SYSCALL_mprotect, {P(0), 2 * PAGE, PROT_NONE}, 0},
        {"a larger mapping", "a..", HD_SYSCALL_mremap, {P(0), PAGE, 3 * PAGE, MREMAP_MAYMOVE}, 2},
        {"a larger reserve", "n..", HD_SYSCALL_mremap, {P(0), PAGE, 3 * PAGE, MREMAP_MAYMOVE}, 0},
        {"a smaller mapping", "aaa", HD_SYSCALL_mremap, {P(0), 3 * PAGE, PAGE, MREMAP_MAYMOVE}, 0},
        {"the break up", "a..", HD_SYSCALL_brk, {BREAK + PAGE}, 1},
        {"the break down", "a..", HD_SYSCALL_brk, {BREAK - PAGE}, 0},
        {"given back", "aa.", HD_SYSCALL_munmap, {P(0), 2 * PAGE}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_space space;
        hd_space_open(&space);
        draw(&space, rows[i].picture);
        const size_t after = hd_space_mapped_after(&space, rows[i].id, rows[i].args, BREAK);
        if (after != space.mapped + rows[i].pages * PAGE)
            fail_msg("%s: %zu bytes, not %zu pages more than %zu", rows[i].name, after,
                     rows[i].pages, space.mapped);
        hd_space_close(&space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_could_not_be_accessed_before_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
