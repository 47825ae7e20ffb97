// SPDX-License-Identifier: MIT
/// test_tap_got.c: a patched library's calls do as libc's, are seen, and can be refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <gnu/lib-names.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/tap/tap.h"

#define PAGE ((size_t)4096)

/// The functions of tests/fixtures/asks.c.
static struct {
    void *(*mmap)(size_t);
    int (*munmap)(void *, size_t);
    void *(*mremap)(void *, size_t, size_t);
    void *(*mremap_to)(void *, size_t, void *);
    int (*mprotect)(void *, size_t, int);
    int (*madvise)(void *, size_t, int);
    int (*posix_madvise)(void *, size_t, int);
    int (*mincore)(void *, size_t, unsigned char *);
    int (*brk)(void *);
    void *(*sbrk)(intptr_t);
    ssize_t (*getrandom)(void *, size_t);
    long (*syscall)(long, long, long);
    int (*const *by_pointer)(void *, size_t);
} asks;

static void *asks_library;

#define FIND(name)                                                                                 \
    do {                                                                                           \
        void *address_ = dlsym(asks_library, "asks_" #name);                                       \
        assert_non_null(address_);                                                                 \
        memcpy(&asks.name, &address_, sizeof address_);                                            \
    } while (0)

static int load_asks(void **state)
{
    (void)state;
    asks_library = dlopen(FIXTURES "asks.so", RTLD_NOW | RTLD_LOCAL);
    if (asks_library == NULL) return -1;
    FIND(mmap);
    FIND(munmap);
    FIND(mremap);
    FIND(mremap_to);
    FIND(mprotect);
    FIND(madvise);
    FIND(posix_madvise);
    FIND(mincore);
    FIND(brk);
    FIND(sbrk);
    FIND(getrandom);
    FIND(syscall);
    FIND(by_pointer);
    hd_tap_library_loaded(asks_library);
    return hd_tap_sees_library() ? 0 : -1;
}

static int begin(void **state)
{
    (void)state;
    hd_tap_clear();
    hd_tap_refuse_nothing();
    errno = 0;
    return 0;
}

/// Evaluates a call with the tap armed.
#define ARMED(call)                                                                                \
    __extension__({                                                                                \
        hd_tap_arm();                                                                              \
        __typeof__(call) result_ = (call);                                                         \
        hd_tap_disarm();                                                                           \
        result_;                                                                                   \
    })

/// The only call in the log, which it then forgets.
static struct hd_syscall the_call(long number)
{
    assert_int_equal(hd_tap_log()->count, 1);
    const struct hd_syscall call = hd_tap_log()->calls[0];
    assert_int_equal(call.number, number);
    hd_tap_clear();
    return call;
}

static void refuse_next(enum hd_syscall_id id) { hd_tap_refusals()->pending[id] = 1; }

// ---------------------------------------------------------------------------- mappings

static void mappings_are_made_and_written_down(void **state)
{
    (void)state;
    char *block = ARMED(asks.mmap(3 * PAGE));
    assert_ptr_not_equal(block, MAP_FAILED);
    block[3 * PAGE - 1] = 1; // it is there
    struct hd_syscall call = the_call(SYS_mmap);
    assert_int_equal(call.args[1], 3 * PAGE);
    assert_int_equal(call.args[2], PROT_READ | PROT_WRITE);
    assert_int_equal(call.args[3], MAP_PRIVATE | MAP_ANONYMOUS);
    assert_int_equal(call.args[4], -1);
    assert_int_equal(call.result, (int64_t)block);
    assert_false(call.refused);

    char *moved = ARMED(asks.mremap(block, 3 * PAGE, 64 * PAGE));
    call = the_call(SYS_mremap);
    assert_int_equal(call.args[2], 64 * PAGE);
    assert_int_equal(call.result, (int64_t)moved);
    assert_int_equal(moved[3 * PAGE - 1], 1);

    char *to = ARMED(asks.mmap(PAGE));
    hd_tap_clear();
    assert_ptr_equal(ARMED(asks.mremap_to(moved + 2 * PAGE, PAGE, to)), to);
    assert_int_equal(the_call(SYS_mremap).args[4], (uintptr_t)to);
    assert_int_equal(to[PAGE - 1], 1);

    assert_int_equal(ARMED(asks.mprotect(moved, PAGE, PROT_READ)), 0);
    assert_int_equal(the_call(SYS_mprotect).args[2], PROT_READ);
    assert_int_equal(ARMED(asks.madvise(to, PAGE, MADV_DONTNEED)), 0);
    assert_int_equal(the_call(SYS_madvise).args[2], MADV_DONTNEED);
    assert_int_equal(to[PAGE - 1], 0);
    unsigned char pages[1];
    assert_int_equal(ARMED(asks.mincore(to, PAGE, pages)), 0);
    assert_int_equal(pages[0] & 1, 1);
    the_call(SYS_mincore);

    assert_int_equal(ARMED(asks.munmap(to, PAGE)), 0);
    assert_int_equal(the_call(SYS_munmap).args[0], (uintptr_t)to);
    assert_int_equal(ARMED((*asks.by_pointer)(moved, 64 * PAGE)), 0);
    the_call(SYS_munmap);
    assert_int_equal(errno, 0);
}

static void posix_madvise_answers_errors_and_passes_over_dontneed(void **state)
{
    (void)state;
    char *block = asks.mmap(PAGE);
    assert_int_equal(ARMED(asks.posix_madvise(block, PAGE, POSIX_MADV_DONTNEED)), 0);
    assert_int_equal(hd_tap_log()->count, 0);
    assert_int_equal(ARMED(asks.posix_madvise(block, PAGE, POSIX_MADV_WILLNEED)), 0);
    the_call(SYS_madvise);
    assert_int_equal(ARMED(asks.posix_madvise(block + 1, PAGE, POSIX_MADV_WILLNEED)), EINVAL);
    assert_int_equal(errno, 0);
    (void)asks.munmap(block, PAGE);
}

static void the_kernels_failures_are_libcs(void **state)
{
    (void)state;
    assert_ptr_equal(ARMED(asks.mmap(0)), MAP_FAILED);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(the_call(SYS_mmap).result, -EINVAL);
    assert_int_equal(ARMED(asks.munmap((void *)1, PAGE)), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(ARMED(asks.getrandom((void *)1, 16)), -1);
    assert_int_equal(errno, EFAULT);
}

static void refused_calls_are_not_made(void **state)
{
    (void)state;
    char *block = asks.mmap(PAGE);
    block[0] = 1;
    refuse_next(HD_SYSCALL_mmap);
    assert_ptr_equal(ARMED(asks.mmap(PAGE)), MAP_FAILED);
    assert_int_equal(errno, ENOMEM);
    assert_true(the_call(SYS_mmap).refused);
    refuse_next(HD_SYSCALL_mremap);
    assert_ptr_equal(ARMED(asks.mremap(block, PAGE, 2 * PAGE)), MAP_FAILED);
    refuse_next(HD_SYSCALL_munmap);
    assert_int_equal(ARMED(asks.munmap(block, PAGE)), -1);
    refuse_next(HD_SYSCALL_mprotect);
    assert_int_equal(ARMED(asks.mprotect(block, PAGE, PROT_NONE)), -1);
    errno = 0;
    refuse_next(HD_SYSCALL_madvise);
    assert_int_equal(ARMED(asks.madvise(block, PAGE, MADV_DONTNEED)), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(block[0], 1); // none of it happened
    assert_int_equal(hd_tap_log()->count, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_true(hd_tap_log()->calls[i].refused);
    (void)asks.munmap(block, PAGE);
}

// ---------------------------------------------------------------------------- the break

static void the_break_moves_and_libc_knows_it(void **state)
{
    (void)state;
    char *old = sbrk(0);
    assert_ptr_equal(ARMED(asks.sbrk(0)), old);
    assert_int_equal(hd_tap_log()->count, 0); // libc knows without asking

    assert_ptr_equal(ARMED(asks.sbrk((intptr_t)(4 * PAGE))), old);
    struct hd_syscall call = the_call(SYS_brk);
    assert_int_equal(call.break_before, (uintptr_t)old);
    assert_int_equal(call.result, (uintptr_t)old + 4 * PAGE);
    old[4 * PAGE - 1] = 1;
    assert_ptr_equal(sbrk(0), old + 4 * PAGE);

    assert_int_equal(ARMED(asks.brk(old + PAGE)), 0);
    assert_int_equal(the_call(SYS_brk).args[0], (uintptr_t)old + PAGE);
    assert_ptr_equal(sbrk(0), old + PAGE);
    assert_ptr_equal(ARMED(asks.sbrk(-(intptr_t)PAGE)), old + PAGE);
    the_call(SYS_brk);
    assert_ptr_equal(sbrk(0), old);
    assert_int_equal(errno, 0);
}

static void a_refused_break_stays(void **state)
{
    (void)state;
    char *old = sbrk(0);
    refuse_next(HD_SYSCALL_brk);
    assert_ptr_equal(ARMED(asks.sbrk((intptr_t)PAGE)), (void *)-1);
    assert_int_equal(errno, ENOMEM);
    const struct hd_syscall call = the_call(SYS_brk);
    assert_true(call.refused);
    assert_int_equal(call.result, (uintptr_t)old);
    errno = 0;
    refuse_next(HD_SYSCALL_brk);
    assert_int_equal(ARMED(asks.brk(old + PAGE)), -1);
    assert_int_equal(errno, ENOMEM);
    assert_ptr_equal(sbrk(0), old);

    hd_tap_clear();
    errno = 0;
    assert_ptr_equal(ARMED(asks.sbrk(INTPTR_MIN)), (void *)-1); // below address 0
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(hd_tap_log()->count, 0); // libc asks no kernel for that
}

// ---------------------------------------------------------------------------- others

static void any_call_by_number_is_seen(void **state)
{
    (void)state;
    assert_int_equal(ARMED(asks.syscall(SYS_getppid, 0, 0)), getppid());
    the_call(SYS_getppid);
    refuse_next(HD_SYSCALL_munmap);
    assert_int_equal(ARMED(asks.syscall(SYS_munmap, 0, PAGE)), -1);
    assert_int_equal(errno, ENOMEM);
    assert_true(the_call(SYS_munmap).refused);
    uint8_t bytes[16] = {0};
    assert_int_equal(ARMED(asks.getrandom(bytes, sizeof bytes)), sizeof bytes);
    assert_int_equal(the_call(SYS_getrandom).args[1], sizeof bytes);
}

static void what_is_not_armed_is_made_unseen(void **state)
{
    (void)state;
    refuse_next(HD_SYSCALL_mmap);
    void *block = asks.mmap(PAGE);
    assert_ptr_not_equal(block, MAP_FAILED);
    assert_int_equal(asks.munmap(block, PAGE), 0);
    assert_int_equal(hd_tap_log()->count, 0);
    assert_int_equal(hd_tap_refusals()->pending[HD_SYSCALL_mmap], 1); // still to come
}

/// The address of the call is told when it is in the library.
static void from_is_the_library_or_not_known(void **state)
{
    (void)state;
    void *block = ARMED(asks.mmap(PAGE));
    const uintptr_t from = the_call(SYS_mmap).from;
    Dl_info info;
    assert_int_not_equal(dladdr((void *)from, &info), 0);
    assert_non_null(strstr(info.dli_fname, "asks.so"));
    (void)ARMED(asks.munmap(block, PAGE)); // a jump, unless it was compiled without optimisation
    const uintptr_t jumped_from = the_call(SYS_munmap).from;
    assert_true(jumped_from == 0 || jumped_from - from < 64 * PAGE ||
                from - jumped_from < 64 * PAGE);
}

// ---------------------------------------------------------------------------- patching

static void it_is_told_which_libraries_are_seen(void **state)
{
    (void)state;
    void *libc = dlopen(LIBC_SO, RTLD_NOW | RTLD_NOLOAD);
    hd_tap_library_loaded(libc);
    assert_false(hd_tap_sees_library());
    hd_tap_library_loaded(asks_library); // a second time
    assert_true(hd_tap_sees_library());
    void *bump = dlopen(FIXTURES "bump.so", RTLD_NOW | RTLD_LOCAL);
    assert_non_null(bump);
    hd_tap_library_loaded(bump);
    assert_false(hd_tap_sees_library()); // it asks nothing of the kernel
    hd_tap_library_loaded(asks_library);
    hd_tap_library_loaded(NULL);
    assert_false(hd_tap_sees_library());
    (void)dlclose(bump);
    (void)dlclose(libc);
}

static void libc_and_this_program_are_left_alone(void **state)
{
    (void)state;
    hd_tap_arm();
    void *block = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const int result = munmap(block, PAGE);
    free(realloc(malloc(100), (size_t)1 << 20)); // its own mmap and mremap, or brk
    hd_tap_disarm();
    assert_int_equal(result, 0);
    assert_int_equal(hd_tap_log()->count, 0);
}

static int relro_of_asks(struct dl_phdr_info *info, size_t size, void *start)
{
    (void)size;
    if (strstr(info->dlpi_name, "asks.so") == NULL) return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_GNU_RELRO)
            *(uintptr_t *)start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    return 1;
}

static void what_was_read_only_is_so_again(void **state)
{
    (void)state;
    uintptr_t relro = 0;
    (void)dl_iterate_phdr(relro_of_asks, &relro);
    assert_int_not_equal(relro, 0);
    const pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL); // not cmocka's
        volatile char *byte = (volatile char *)relro;
        *byte = *byte;
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int main(void)
{
    struct hd_message message;
    if (hd_tap_try(HD_TAP_GOT, &message) != HD_OK || hd_tap_open(HD_TAP_GOT, &message) != HD_OK) {
        print_error("%s\n", message.text);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(mappings_are_made_and_written_down, begin),
        cmocka_unit_test_setup(posix_madvise_answers_errors_and_passes_over_dontneed, begin),
        cmocka_unit_test_setup(the_kernels_failures_are_libcs, begin),
        cmocka_unit_test_setup(refused_calls_are_not_made, begin),
        cmocka_unit_test_setup(the_break_moves_and_libc_knows_it, begin),
        cmocka_unit_test_setup(a_refused_break_stays, begin),
        cmocka_unit_test_setup(any_call_by_number_is_seen, begin),
        cmocka_unit_test_setup(what_is_not_armed_is_made_unseen, begin),
        cmocka_unit_test_setup(from_is_the_library_or_not_known, begin),
        cmocka_unit_test_setup(it_is_told_which_libraries_are_seen, begin),
        cmocka_unit_test_setup(libc_and_this_program_are_left_alone, begin),
        cmocka_unit_test_setup(what_was_read_only_is_so_again, begin),
    };
    return cmocka_run_group_tests(tests, load_asks, NULL);
}
