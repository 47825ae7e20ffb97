// SPDX-License-Identifier: MIT
/// test_notation_strace.c: our line and strace's of the same call are the same, byte for byte.
///
/// The program runs itself under strace: with the argument `make-calls` it makes calls, between two
/// markers, and writes our lines. Exit status 77: strace is not there, is older than 6.1 (which has
/// fewer names), or may not trace here.
#include "harness/notation/notation.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define SKIPPED   77
#define CALLS_MAX 1000

#define PAGE UINT64_C(65536) // whole pages on every machine

static const char *self;

// ---------------------------------------------------------------------------- the traced side

static struct hd_syscall made[CALLS_MAX];
static size_t made_count;

/// Makes a call and keeps it. Nothing else here may make one.
static int64_t make(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                    uint64_t f)
{
    HD_ASSERT(made_count < CALLS_MAX);
    const long result = syscall(number, a, b, c, d, e, f);
    made[made_count++] = (struct hd_syscall){
        .number = number,
        .args = {a, b, c, d, e, f},
        .result = result == -1 ? -errno : result,
    };
    return made[made_count - 1].result;
}

static uint64_t map(uint64_t hint, uint64_t size, int flags)
{
    const int64_t result = make(SYS_mmap, hint, size, PROT_READ | PROT_WRITE,
                                (uint64_t)flags | MAP_ANONYMOUS, UINT64_MAX, 0);
    HD_ASSERT(result > 0);
    return (uint64_t)result;
}

static void make_good_calls(void)
{
    static const int flags[] = {MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_NORESERVE | MAP_STACK,
                                MAP_PRIVATE | MAP_POPULATE | MAP_NONBLOCK};
    static const uint64_t advice[] = {MADV_NORMAL,   MADV_RANDOM,   MADV_WILLNEED, MADV_DONTNEED,
                                      MADV_FREE,     MADV_DONTFORK, MADV_DOFORK,   MADV_HUGEPAGE,
                                      MADV_DONTDUMP, MADV_DODUMP,   MADV_COLD,     MADV_PAGEOUT};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        const uint64_t start = map(0, 4 * PAGE, flags[i]);
        (void)map(start, PAGE, flags[i] | MAP_FIXED);
        for (size_t k = 0; k < sizeof advice / sizeof advice[0]; k++)
            (void)make(SYS_madvise, start, PAGE, advice[k], 0, 0, 0);
        for (uint64_t protection = 0; protection < 16; protection++)
            (void)make(SYS_mprotect, start, PAGE, protection, 0, 0, 0);
        static unsigned char resident[4096];
        (void)make(SYS_mincore, start, PAGE, (uintptr_t)resident, 0, 0, 0);
        (void)make(SYS_msync, start, PAGE, MS_ASYNC | MS_INVALIDATE, 0, 0, 0);
        (void)make(SYS_munmap, start, 4 * PAGE, 0, 0, 0, 0);
    }
    const uint64_t old = map(0, 4 * PAGE, MAP_PRIVATE);
    (void)make(SYS_mremap, old, 4 * PAGE, 2 * PAGE, 0, 0x1234, 0);
    const int64_t moved = make(SYS_mremap, old, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE, 0x1234, 0);
    HD_ASSERT(moved > 0);
    const uint64_t to = (uint64_t)moved;
    (void)make(SYS_mremap, to, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 4 * PAGE, 0);
    (void)make(SYS_munmap, to, 8 * PAGE, 0, 0, 0, 0);

    const int64_t at = make(SYS_brk, 0, 0, 0, 0, 0, 0);
    (void)make(SYS_brk, (uint64_t)at + PAGE, 0, 0, 0, 0, 0);
    (void)make(SYS_brk, (uint64_t)at, 0, 0, 0, 0, 0);
    (void)make(SYS_brk, 1, 0, 0, 0, 0, 0);
    (void)make(SYS_gettid, 0, 0, 0, 0, 0, 0);
    (void)make(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    (void)make(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 8, 0, 0);
}

/// Calls that fail whatever their flags are, so that every flag can be tried. Left out is what has
/// got a name since strace 6.1.
static void make_bad_calls(void)
{
    const uint64_t all = UINT64_MAX;
    for (unsigned bit = 0; bit < 64; bit++) {
        const uint64_t flag = UINT64_C(1) << bit;
        if (flag != MAP_ANONYMOUS && flag != 8)
            (void)make(SYS_mmap, 1, PAGE, flag, flag | MAP_PRIVATE, all - 1, bit * PAGE);
        (void)make(SYS_mprotect, 1, PAGE, flag, 0, 0, 0);
        (void)make(SYS_mremap, 1, PAGE, PAGE, flag, 2, 0);
        (void)make(SYS_getrandom, 0, 8, flag, 0, 0, 0);
        (void)make(SYS_msync, 1, PAGE, flag, 0, 0, 0);
        (void)make(SYS_mlock2, 1, all, flag | 8, 0, 0, 0);
        (void)make(SYS_clock_nanosleep, CLOCK_MONOTONIC, flag, 0, 0, 0, 0);
    }
    (void)make(SYS_mmap, 1, PAGE, all, all ^ MAP_ANONYMOUS, 9, 0);
    for (uint64_t type = 0; type < 8; type++)
        (void)make(SYS_mmap, 1, all, 0, type | MAP_HUGETLB | (21 << 26), 9, PAGE);
    (void)make(SYS_mremap, 1, PAGE, all, all, 9, 0);
    (void)make(SYS_mprotect, all, all, 0xf0000003, 0, 0, 0);
    (void)make(SYS_getrandom, 1, all, all, 0, 0, 0);
    (void)make(SYS_munmap, 0, 0, 0, 0, 0, 0);
    (void)make(SYS_munmap, all, all, 0, 0, 0, 0);
    (void)make(SYS_mincore, all, all, all, 0, 0, 0);
    for (uint64_t advice = 0; advice < 26; advice++)
        (void)make(SYS_madvise, 1, PAGE, advice, 0, 0, 0);
    (void)make(SYS_madvise, 1, PAGE, 0x100000004, 0, 0, 0);
    (void)make(SYS_madvise, 1, PAGE, all, 0, 0, 0);
    // The addresses are no futexes: none can wait.
    for (uint64_t op = 0; op < 16; op++)
        for (uint64_t bits = 0; bits < 4; bits++)
            if (op != FUTEX_WAKE_OP && op != FUTEX_LOCK_PI2) // words, and newer than they are
                (void)make(SYS_futex, 1, op | bits << 7, 2, 3, 5, 7);
    (void)make(SYS_futex, 0, FUTEX_WAIT_BITSET_PRIVATE, 1, 0, 0, UINT32_MAX);
    for (uint64_t clock = 0; clock < 14; clock++)
        (void)make(SYS_clock_gettime, clock, all, 0, 0, 0, 0);
    (void)make(SYS_read, all, 1, 3, 0, 0, 0);
    (void)make(SYS_pread64, all, 1, 3, all, 0, 0);
    for (uint64_t whence = 0; whence < 7; whence++)
        (void)make(SYS_lseek, all, all, whence, 0, 0, 0);
    (void)make(SYS_close, all, 0, 0, 0, 0, 0);
    (void)make(999, 1, 0, 3, 4, 5, all);
    (void)make(-5, 0, 0, 0, 0, 0, 0);
}

static int make_calls(void)
{
    (void)syscall(SYS_getppid);
    make_good_calls();
    make_bad_calls();
    (void)syscall(SYS_getppid);

    for (size_t i = 0; i < made_count; i++) {
        char text[512];
        (void)hd_notation_format(&made[i], NULL, text, sizeof text);
        if (puts(text) < 0) return EXIT_FAILURE;
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

// ---------------------------------------------------------------------------- the side that looks

/// Runs the program under strace with its lines to one file and strace's to another. Returns the
/// exit status, 127 when there is no strace, -1 when it did not exit.
static int run_strace(const char *ours, const char *theirs, const char *program,
                      const char *argument)
{
    const pid_t child = fork();
    if (child == 0) {
        // LeakSanitizer cannot do its work in a process that is traced.
        (void)setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
        if (freopen(ours, "w", stdout) == NULL) _exit(126);
        execlp("strace", "strace", "-a", "1", "-e", "verbose=none", "-e", "signal=none", "-o",
               theirs, "--", program, argument, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

static bool strace_is_recent(void)
{
    FILE *answer = popen("strace --version 2>/dev/null", "r");
    if (answer == NULL) return false;
    int major = 0;
    int minor = 0;
    const bool found = fscanf(answer, "strace -- version %d.%d", &major, &minor) == 2;
    (void)pclose(answer);
    return found && (major > 6 || (major == 6 && minor >= 1));
}

static bool is_marker(const char *line)
{
    return strncmp(line, "getppid() = ", 12) == 0;
}

static void compare(FILE *ours, FILE *theirs)
{
    char our_line[512];
    char their_line[1024];
    size_t count = 0;
    do
        assert_non_null(fgets(their_line, sizeof their_line, theirs));
    while (!is_marker(their_line));

    while (fgets(their_line, sizeof their_line, theirs) != NULL && !is_marker(their_line)) {
        assert_non_null(fgets(our_line, sizeof our_line, ours));
        if (strcmp(our_line, their_line) != 0)
            print_error("ours:   %sstrace: %s", our_line, their_line);
        assert_string_equal(our_line, their_line);
        count++;
    }
    assert_true(is_marker(their_line));
    assert_null(fgets(our_line, sizeof our_line, ours));
    assert_true(count > 500); // all that make_calls makes, and not the end of a broken file
}

static char folder[] = "/tmp/heapduel-notation-XXXXXX";
static char ours_path[64];
static char theirs_path[64];

static void our_lines_are_straces(void **state)
{
    (void)state;
    assert_int_equal(run_strace(ours_path, theirs_path, self, "make-calls"), 0);
    FILE *ours = fopen(ours_path, "r");
    FILE *theirs = fopen(theirs_path, "r");
    assert_non_null(ours);
    assert_non_null(theirs);
    compare(ours, theirs);
    (void)fclose(ours);
    (void)fclose(theirs);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "make-calls") == 0) return make_calls();

    self = argv[0];
    if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
    (void)snprintf(ours_path, sizeof ours_path, "%s/ours", folder);
    (void)snprintf(theirs_path, sizeof theirs_path, "%s/strace", folder);

    const struct CMUnitTest tests[] = {cmocka_unit_test(our_lines_are_straces)};
    int status = SKIPPED;
    if (strace_is_recent() && run_strace("/dev/null", "/dev/null", "true", NULL) == 0)
        status = cmocka_run_group_tests_name("notation_strace", tests, NULL, NULL);
    else
        puts("skipped: no strace 6.1 or later, or it may not trace here");

    (void)unlink(ours_path);
    (void)unlink(theirs_path);
    (void)rmdir(folder);
    return status;
}
