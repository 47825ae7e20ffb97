// SPDX-License-Identifier: MIT
/// test_brkmap_sbrk.c: steps of the break: what is asked of the kernel, and what not.
///
/// This file defines all of kernel.h, so the linker leaves the real one out of the archive.
#include "allocators/brkmap/kernel.h"
#include "allocators/brkmap/sbrk.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>

static uintptr_t real_break; // of a kernel that grants all up to LIMIT
static int asked;

#define LIMIT ((uintptr_t)1 << 47)

uintptr_t brkmap_kernel_brk(uintptr_t wanted)
{
    asked++;
    if (wanted != 0 && wanted < LIMIT) real_break = wanted;
    return real_break;
}

uintptr_t brkmap_kernel_map(size_t length)
{
    (void)length;
    return 0;
}

bool brkmap_kernel_unmap(uintptr_t start, size_t length)
{
    (void)start;
    (void)length;
    return false;
}

uintptr_t brkmap_kernel_remap(uintptr_t start, size_t length_old, size_t length_new)
{
    (void)start;
    (void)length_old;
    (void)length_new;
    return 0;
}

static void a_step_moves_the_break_or_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uintptr_t from;
        intptr_t increment;
        uintptr_t to; // 0: ENOMEM
        int asked;
    } cases[] = {
        {"up", 0x10000, 0x1000, 0x11000, 1},
        {"down", 0x10000, -0x1000, 0xf000, 1},
        {"nowhere", 0x10000, 0, 0x10000, 1},
        {"up to the kernel's limit", 0x10000, LIMIT - 0x10001, LIMIT - 1, 1},
        {"past the kernel's limit", 0x10000, LIMIT - 0x10000, 0, 1},
        {"the most, which does not wrap", 0x10000, INTPTR_MAX, 0, 1},
        {"up, and wraps", UINTPTR_MAX - 0xfff, 0x1000, 0, 0},
        {"up, and stays below", UINTPTR_MAX - 0x1000, 0x1000, 0, 1},
        {"down to the first byte", 0x10000, -0xffff, 1, 1},
        {"down to 0, which asks where it is", 0x10000, -0x10000, 0, 1},
        {"down, and wraps", 0x10000, -0x10001, 0, 0},
        {"the least, and wraps", 0x10000, INTPTR_MIN, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct brkmap_sbrk sbrk = {0};
        real_break = cases[i].from;
        assert_int_equal(brkmap_sbrk_look(&sbrk), cases[i].from);
        asked = 0;
        const int error = brkmap_sbrk_move(&sbrk, cases[i].increment);
        const uintptr_t want = cases[i].to != 0 ? cases[i].to : cases[i].from;
        if (error != (cases[i].to != 0 ? 0 : ENOMEM) || sbrk.now != want || real_break != want ||
            asked != cases[i].asked)
            fail_msg("%s: %d, now %#zx, asked %d", cases[i].name, error, sbrk.now, asked);
    }
}

static void looking_again_sees_what_others_did(void **state)
{
    (void)state;
    struct brkmap_sbrk sbrk = {0};
    real_break = 0x10000;
    assert_int_equal(brkmap_sbrk_look(&sbrk), 0x10000);
    assert_int_equal(brkmap_sbrk_move(&sbrk, 0x1000), 0);
    real_break += 0x333;
    assert_int_equal(sbrk.now, 0x11000);
    assert_int_equal(brkmap_sbrk_look(&sbrk), 0x11333);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_moves_the_break_or_is_refused),
        cmocka_unit_test(looking_again_sees_what_others_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
