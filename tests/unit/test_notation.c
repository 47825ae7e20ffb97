// SPDX-License-Identifier: MIT
/// test_notation.c: system calls written in strace's words. What strace itself writes is compared
/// in test_notation_strace.c.
#include "harness/notation/notation.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include <cmocka.h>

#define PAGE   UINT64_C(0x7ffff7fb9000)
#define MINUS1 UINT64_MAX

static void check(const struct hd_syscall *call, const char *want)
{
    char text[512];
    const size_t length = hd_notation_format(call, NULL, text, sizeof text);
    assert_string_equal(text, want);
    assert_int_equal(length, strlen(want));
}

static void calls_are_written_by_their_kind(void **state)
{
    (void)state;
    static const struct {
        struct hd_syscall call;
        const char *want;
    } rows[] = {
        {{.number = SYS_mmap, .args = {0, 8192, 3, 0x22, MINUS1, 0}, .result = (int64_t)PAGE},
         "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
         " = 0x7ffff7fb9000"},
        {{.number = SYS_mmap, .args = {PAGE, 42471, 1, 2, 3, 0x26000}, .result = -EBADF},
         "mmap(0x7ffff7fb9000, 42471, PROT_READ, MAP_PRIVATE, 3, 0x26000)"
         " = -1 EBADF (Bad file descriptor)"},
        {{.number = SYS_mmap, .args = {0, 4096, 0, 0x22, MINUS1, 0}, .result = 0},
         "mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0"},
        {{.number = SYS_brk, .result = 0x555555579000}, "brk(NULL) = 0x555555579000"},
        {{.number = SYS_brk, .args = {0x55555559a000}, .result = 0x55555559a000},
         "brk(0x55555559a000) = 0x55555559a000"},
        {{.number = SYS_munmap, .args = {PAGE, 8192}}, "munmap(0x7ffff7fb9000, 8192) = 0"},
        {{.number = SYS_munmap, .args = {0, MINUS1}, .result = -EINVAL},
         "munmap(NULL, 18446744073709551615) = -1 EINVAL (Invalid argument)"},
        {{.number = SYS_madvise, .args = {PAGE, 4096, MADV_DONTNEED}},
         "madvise(0x7ffff7fb9000, 4096, MADV_DONTNEED) = 0"},
        {{.number = SYS_mprotect, .args = {PAGE, 4096, 0}},
         "mprotect(0x7ffff7fb9000, 4096, PROT_NONE) = 0"},
        {{.number = SYS_mremap, .args = {PAGE, 4096, 8192, MREMAP_MAYMOVE, 0x77}, .result = 0x1000},
         "mremap(0x7ffff7fb9000, 4096, 8192, MREMAP_MAYMOVE) = 0x1000"},
        {{.number = SYS_mremap, .args = {PAGE, 4096, 8192, 3, 0x70000}, .result = 0x70000},
         "mremap(0x7ffff7fb9000, 4096, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, 0x70000) = 0x70000"},
        {{.number = SYS_mremap, .args = {PAGE, 4096, 8192, 0}, .result = -ENOMEM},
         "mremap(0x7ffff7fb9000, 4096, 8192, 0) = -1 ENOMEM (Cannot allocate memory)"},
        {{.number = SYS_mincore, .args = {PAGE, 4096, 0x7ffe0000}},
         "mincore(0x7ffff7fb9000, 4096, 0x7ffe0000) = 0"},
        {{.number = SYS_mlock, .args = {PAGE, 4096}}, "mlock(0x7ffff7fb9000, 4096) = 0"},
        {{.number = SYS_munlock, .args = {PAGE, 4096}}, "munlock(0x7ffff7fb9000, 4096) = 0"},
        {{.number = SYS_prctl, .args = {0x53564d41, 0, PAGE, 4096, 0x4000}},
         "prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7ffff7fb9000, 4096, 0x4000) = 0"},
        {{.number = SYS_prctl, .args = {PR_SET_THP_DISABLE, 1}},
         "prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) = 0"},
        {{.number = SYS_getrandom, .args = {0x7ffe0000, 8, 1}, .result = 8},
         "getrandom(0x7ffe0000, 8, GRND_NONBLOCK) = 8"},
        {{.number = SYS_futex, .args = {0x6000, FUTEX_WAIT_PRIVATE, 2, 0}, .result = -EAGAIN},
         "futex(0x6000, FUTEX_WAIT_PRIVATE, 2, NULL)"
         " = -1 EAGAIN (Resource temporarily unavailable)"},
        {{.number = SYS_futex, .args = {0x6000, FUTEX_WAKE_PRIVATE, 1, 7, 7, 7}, .result = 1},
         "futex(0x6000, FUTEX_WAKE_PRIVATE, 1) = 1"},
        {{.number = SYS_sched_yield, .args = {1, 2}}, "sched_yield() = 0"},
        {{.number = SYS_clock_gettime, .args = {CLOCK_MONOTONIC, 0x7ffe0000}},
         "clock_gettime(CLOCK_MONOTONIC, 0x7ffe0000) = 0"},
        {{.number = SYS_openat, .args = {(uint64_t)AT_FDCWD, 0x4000, O_CLOEXEC}, .result = 3},
         "openat(AT_FDCWD, 0x4000, 0x80000) = 3"},
        {{.number = SYS_lseek, .args = {3, MINUS1, SEEK_END}, .result = 12345678901},
         "lseek(3, -1, SEEK_END) = 12345678901"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i].call, rows[i].want);
}

/// A call with one argument of interest, after whose value `want` stands in the line.
static void flags_are_written_by_name_and_the_rest_as_a_number(void **state)
{
    (void)state;
    static const struct {
        long number;
        unsigned argument;
        uint64_t value;
        const char *want;
    } rows[] = {
        {SYS_mprotect, 2, PROT_READ | PROT_WRITE | PROT_EXEC, "PROT_READ|PROT_WRITE|PROT_EXEC)"},
        {SYS_mprotect, 2, 0x80, " 0x80 /* PROT_??? */)"},
        {SYS_mprotect, 2, 0xf0000003, " PROT_READ|PROT_WRITE|0xf0000000)"},
        {SYS_mprotect, 2, 0x700000001, " PROT_READ|0x700000000)"},
        {SYS_mprotect, 2, PROT_GROWSDOWN, " PROT_GROWSDOWN)"},
        {SYS_mmap, 3, 0, " MAP_FILE, "},
        {SYS_mmap, 3, MAP_SHARED, " MAP_SHARED, "},
        {SYS_mmap, 3, MAP_SHARED_VALIDATE | MAP_SYNC, " MAP_SHARED_VALIDATE|MAP_SYNC, "},
        {SYS_mmap, 3, 0x26, " 0x6 /* MAP_??? */|MAP_ANONYMOUS, "},
        {SYS_mmap, 3, 0x80000002, " MAP_PRIVATE|32<<MAP_HUGE_SHIFT, "},
        {SYS_mmap, 3, 0x400282, " MAP_PRIVATE|0x400280, "},
        {SYS_mmap, 3, MAP_HUGETLB | (21 << 26), " MAP_FILE|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, "},
        {SYS_mmap, 3, 0x100000002, " MAP_PRIVATE, "},
        {SYS_mmap, 3, 0x114032,
         " MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE|MAP_NONBLOCK|MAP_FIXED_NOREPLACE, "},
        {SYS_mmap, 3, 0x2a902,
         " MAP_PRIVATE|MAP_POPULATE|MAP_GROWSDOWN|MAP_DENYWRITE|MAP_LOCKED|MAP_STACK, "},
        {SYS_mremap, 3, MREMAP_DONTUNMAP | 1, " MREMAP_MAYMOVE|MREMAP_DONTUNMAP)"},
        {SYS_mremap, 3, 0x100000000, " 0x100000000 /* MREMAP_??? */)"},
        {SYS_madvise, 2, MADV_NORMAL, " MADV_NORMAL)"},
        {SYS_madvise, 2, MADV_FREE, " MADV_FREE)"},
        {SYS_madvise, 2, 25, " MADV_COLLAPSE)"},
        {SYS_madvise, 2, 5, " 0x5 /* MADV_??? */)"},
        {SYS_madvise, 2, 0x100000004, " MADV_DONTNEED)"},
        {SYS_getrandom, 2, 0, " 0)"},
        {SYS_getrandom, 2, 0x80000005, " GRND_NONBLOCK|GRND_INSECURE|0x80000000)"},
        {SYS_futex, 1, 0x101, " 0x101 /* FUTEX_??? */, 0)"},
        {SYS_futex, 1, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME,
         " FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 0, NULL, 0)"},
        {SYS_clock_gettime, 0, 77, "(0x4d /* CLOCK_??? */, NULL)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_syscall call = {.number = rows[i].number};
        call.args[rows[i].argument] = rows[i].value;
        char text[512];
        (void)hd_notation_format(&call, NULL, text, sizeof text);
        if (strstr(text, rows[i].want) == NULL)
            fail_msg("row %zu: no \"%s\" in \"%s\"", i, rows[i].want, text);
    }
}

static void a_refused_call_says_so(void **state)
{
    (void)state;
    check(
        &(struct hd_syscall){
            .number = SYS_munmap, .args = {PAGE, 4096}, .result = -ENOMEM, .refused = true},
        "munmap(0x7ffff7fb9000, 4096) = -1 ENOMEM (Cannot allocate memory) (refused)");
    check(
        &(struct hd_syscall){
            .number = SYS_brk, .args = {0x9000}, .result = 0x5000, .refused = true},
        "brk(0x9000) = 0x5000 (refused)");
}

static void answers_are_errors_from_minus_4095_on(void **state)
{
    (void)state;
    const struct hd_syscall kinds[] = {
        {.number = SYS_gettid, .result = -4095},
        {.number = SYS_gettid, .result = -4096},
        {.number = SYS_mmap, .args = {0, 1, 0, 2, 0, 0}, .result = -4096},
        {.number = SYS_gettid, .result = -1},
    };
    check(&kinds[0], "gettid() = -1 (errno 4095)");
    check(&kinds[1], "gettid() = -4096");
    check(&kinds[2], "mmap(NULL, 1, PROT_NONE, MAP_PRIVATE, 0, 0) = 0xfffffffffffff000");
    check(&kinds[3], "gettid() = -1 EPERM (Operation not permitted)");
}

static void other_calls_are_written_with_six_numbers(void **state)
{
    (void)state;
    check(&(struct hd_syscall){.number = SYS_epoll_ctl, .args = {1, 2, 3, 0, 0, 0xffffffffffff}},
          "epoll_ctl(0x1, 0x2, 0x3, 0, 0, 0xffffffffffff) = 0");
    check(&(struct hd_syscall){.number = 0x3e7, .args = {1, 0, 0, 0, 0, 6}, .result = -ENOSYS},
          "syscall_0x3e7(0x1, 0, 0, 0, 0, 0x6) = -1 ENOSYS (Function not implemented)");
    check(&(struct hd_syscall){.number = -5, .result = -ENOSYS},
          "syscall_0xfffffffffffffffb(0, 0, 0, 0, 0, 0) = -1 ENOSYS (Function not implemented)");
    // libseccomp gives negative numbers to calls that other machines have.
    check(&(struct hd_syscall){.number = -10001},
          "syscall_0xffffffffffffd8ef(0, 0, 0, 0, 0, 0) = 0");
    check(&(struct hd_syscall){.number = INT64_C(0x100000009)},
          "syscall_0x100000009(0, 0, 0, 0, 0, 0) = 0");
}

static void a_line_is_cut_to_any_buffer(void **state)
{
    (void)state;
    const struct hd_syscall call = {.number = SYS_munmap, .args = {PAGE, 8192}};
    static const char whole[] = "munmap(0x7ffff7fb9000, 8192) = 0";
    for (size_t size = 0; size < sizeof whole + 4; size++) {
        char text[sizeof whole + 8];
        memset(text, '#', sizeof text);
        assert_int_equal(hd_notation_format(&call, NULL, text, size), sizeof whole - 1);

        const size_t kept = size == 0 ? 0 : size < sizeof whole ? size - 1 : sizeof whole - 1;
        assert_memory_equal(text, whole, kept);
        if (size != 0) assert_int_equal(text[kept], '\0');
        for (size_t i = size == 0 ? 0 : kept + 1; i < sizeof text; i++)
            assert_int_equal(text[i], '#');
    }
    assert_int_equal(hd_notation_format(&call, NULL, NULL, 0), sizeof whole - 1);
}

static void arguments_and_results_stand_alone_too(void **state)
{
    (void)state;
    static const struct hd_syscall mapped = {
        .number = SYS_mmap,
        .args = {0, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0},
        .result = 0x7ffff7fb9000};
    static const struct hd_syscall failed = {.number = SYS_munmap, .args = {1}, .result = -EINVAL};
    static const char *const arguments[] = {"NULL", "8192", "PROT_READ",
                                            "MAP_PRIVATE|MAP_ANONYMOUS", "-1", "0"};
    char text[64];
    for (size_t i = 0; i < 6; i++) {
        assert_true(hd_notation_argument(&mapped, NULL, i, text, sizeof text));
        assert_string_equal(text, arguments[i]);
    }
    assert_false(hd_notation_argument(&mapped, NULL, 6, text, sizeof text));
    assert_true(hd_notation_argument(&failed, NULL, 1, text, sizeof text));
    assert_false(hd_notation_argument(&failed, NULL, 2, text, sizeof text));
    hd_notation_result(&mapped, NULL, text, sizeof text);
    assert_string_equal(text, "0x7ffff7fb9000");
    hd_notation_result(&failed, NULL, text, sizeof text);
    assert_string_equal(text, "-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_written_by_their_kind),
        cmocka_unit_test(flags_are_written_by_name_and_the_rest_as_a_number),
        cmocka_unit_test(a_refused_call_says_so),
        cmocka_unit_test(answers_are_errors_from_minus_4095_on),
        cmocka_unit_test(other_calls_are_written_with_six_numbers),
        cmocka_unit_test(a_line_is_cut_to_any_buffer),
        cmocka_unit_test(arguments_and_results_stand_alone_too),
    };
    return cmocka_run_group_tests_name("notation", tests, NULL, NULL);
}
