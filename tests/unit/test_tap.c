// SPDX-License-Identifier: MIT
/// test_tap.c: what the tap sees of one thread's system calls, writes down and refuses.
#include "tests/unit/tapped.h"

#include "harness/tap/owner.h"

#include <errno.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define PAGE       ((size_t)4096)
#define READ_WRITE (PROT_READ | PROT_WRITE)

static void *map_page(void)
{
    return mmap(NULL, PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

// ---------------------------------------------------------------------------- seeing

static void only_armed(void)
{
    const long parent = syscall(SYS_getppid);
    CHECK(hd_tap_log()->count == 0);
    hd_tap_arm();
    const long first = syscall(SYS_getppid);
    const long second = syscall(SYS_getpid);
    hd_tap_disarm();
    CHECK(first == parent && second == getpid());
    (void)syscall(SYS_getppid);
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->count == 2 && log->lost == 0);
    CHECK(log->calls[0].number == SYS_getppid && log->calls[0].result == parent);
    CHECK(log->calls[1].number == SYS_getpid && log->calls[1].result == second);
    CHECK(!log->calls[0].refused && log->calls[0].from != 0);
    hd_tap_clear();
    CHECK(log->count == 0);
    hd_tap_arm();
    hd_tap_disarm();
    CHECK(log->count == 0);
}

static void calls_are_seen_only_while_armed(void **state)
{
    (void)state;
    tapped(only_armed);
}

static void arguments_results_errno(void)
{
    errno = 4711;
    hd_tap_arm();
    uint8_t *memory = mmap(NULL, 3 * PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const int untouched = errno;
    const int wrong = madvise(memory + 1, PAGE, MADV_DONTNEED);
    const int error = errno;
    memory[5000] = 1;
    uint8_t *moved = mremap(memory, 3 * PAGE, PAGE, 0);
    const long unknown = syscall(100000);
    const int no_such = errno;
    hd_tap_disarm();

    CHECK(untouched == 4711);
    CHECK(wrong == -1 && error == EINVAL && moved == memory);
    CHECK(unknown == -1 && no_such == ENOSYS);
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->count == 4);
    const uint64_t want[4][6] = {
        {0, 3 * PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0},
        {(uint64_t)(uintptr_t)memory + 1, PAGE, MADV_DONTNEED},
        {(uint64_t)(uintptr_t)memory, 3 * PAGE, PAGE, 0},
    };
    CHECK((log->calls[0].args[4] & UINT32_MAX) == UINT32_MAX); // an int in 64 bits
    for (size_t i = 0; i < 6; i++) CHECK(i == 4 || log->calls[0].args[i] == want[0][i]);
    for (size_t i = 0; i < 3; i++) CHECK(log->calls[1].args[i] == want[1][i]);
    for (size_t i = 0; i < 4; i++) CHECK(log->calls[2].args[i] == want[2][i]);
    CHECK(log->calls[0].result == (int64_t)(uintptr_t)memory);
    CHECK(log->calls[1].result == -EINVAL && log->calls[2].result == (int64_t)(uintptr_t)memory);
    CHECK(log->calls[3].number == 100000 && log->calls[3].result == -ENOSYS);
}

static void arguments_results_and_errno_are_the_kernels(void **state)
{
    (void)state;
    tapped(arguments_results_errno);
}

static void overflowing(void)
{
    const long parent = syscall(SYS_getppid);
    hd_tap_arm();
    bool right = true;
    for (unsigned i = 0; i < HD_TAP_LOG_MAX; i++)
        right = right && syscall(SYS_getppid) == parent;
    const uint32_t lost_when_full = hd_tap_log()->lost;
    for (unsigned i = 0; i < 100; i++)
        right = right && syscall(SYS_getpid) > 0;
    hd_tap_disarm();
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(right && lost_when_full == 0);
    CHECK(log->count == HD_TAP_LOG_MAX && log->lost == 100);
    for (unsigned i = 0; i < HD_TAP_LOG_MAX; i++) CHECK(log->calls[i].number == SYS_getppid);
    hd_tap_clear();
    CHECK(log->count == 0 && log->lost == 0);
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    tapped(overflowing);
}

static void many_rounds(void)
{
    const struct hd_tap_log *log = hd_tap_log();
    for (unsigned i = 0; i < 100000; i++) {
        hd_tap_clear();
        hd_tap_arm();
        uint8_t *memory = map_page();
        memory[i % PAGE] = 1;
        const int result = munmap(memory, PAGE);
        hd_tap_disarm();
        CHECK(result == 0 && log->count == 2 && log->lost == 0);
        CHECK(log->calls[0].number == SYS_mmap && log->calls[1].number == SYS_munmap);
        CHECK(log->calls[0].result == (int64_t)(uintptr_t)memory);
    }
}

static void a_hundred_thousand_rounds_are_all_seen(void **state)
{
    (void)state;
    tapped(many_rounds);
}

// ---------------------------------------------------------------------------- refusing

static void refusing_the_second_mmap(void)
{
    hd_tap_refusals()->pending[HD_SYSCALL_mmap] = 2;
    hd_tap_arm();
    void *first = map_page();
    errno = 0;
    void *second = map_page();
    const int error = errno;
    void *third = map_page();
    hd_tap_disarm();
    CHECK(first != MAP_FAILED && second == MAP_FAILED && third != MAP_FAILED);
    CHECK(error == ENOMEM);
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->count == 3);
    CHECK(!log->calls[0].refused && log->calls[1].refused && !log->calls[2].refused);
    CHECK(log->calls[1].result == -ENOMEM);
}

static void a_refused_mmap_answers_map_failed(void **state)
{
    (void)state;
    tapped(refusing_the_second_mmap);
}

static void refusing_brk(void)
{
    uint8_t *before = sbrk(0);
    hd_tap_refusals()->pending[HD_SYSCALL_brk] = 1;
    hd_tap_arm();
    errno = 0;
    void *refused = sbrk(4096);
    const int error = errno;
    const long stands = syscall(SYS_brk, 0);
    void *granted = sbrk(4096);
    hd_tap_disarm();
    CHECK(refused == (void *)-1 && error == ENOMEM);
    CHECK(stands == (long)(uintptr_t)before);
    CHECK(granted == before && sbrk(0) == before + 4096);
    before[4095] = 1;
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->count == 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK(log->calls[i].number == SYS_brk && log->calls[i].refused == (i == 0));
        CHECK(log->calls[i].break_before == (uintptr_t)before);
    }
    CHECK(log->calls[2].result == (int64_t)(uintptr_t)before + 4096);
}

static void a_refused_brk_leaves_the_break_where_it_was(void **state)
{
    (void)state;
    tapped(refusing_brk);
}

static void refusing_the_others(void)
{
    uint8_t *memory = map_page();
    memory[0] = 42;
    struct hd_tap_refusals *refusals = hd_tap_refusals();
    refusals->pending[HD_SYSCALL_munmap] = 1;
    refusals->pending[HD_SYSCALL_madvise] = 1;
    refusals->pending[HD_SYSCALL_mprotect] = 1;
    refusals->pending[HD_SYSCALL_mremap] = 1;
    hd_tap_arm();
    const bool unmapped = munmap(memory, PAGE) == 0 || errno != ENOMEM;
    const bool advised = madvise(memory, PAGE, MADV_DONTNEED) == 0 || errno != EINVAL;
    const bool changed = mprotect(memory, PAGE, PROT_NONE) == 0 || errno != ENOMEM;
    const bool moved = mremap(memory, PAGE, 2 * PAGE, MREMAP_MAYMOVE) != MAP_FAILED;
    hd_tap_disarm();
    CHECK(!unmapped && !advised && !changed && !moved);
    CHECK(memory[0] == 42);
    hd_tap_arm();
    const int result = munmap(memory, PAGE);
    hd_tap_disarm();
    CHECK(result == 0);
}

static void every_other_refused_call_leaves_memory_alone(void **state)
{
    (void)state;
    tapped(refusing_the_others);
}

static void refusing_all_and_past_a_limit(void)
{
    hd_tap_refusals()->all = true;
    CHECK(map_page() != MAP_FAILED); // not armed
    hd_tap_arm();
    void *refused = map_page();
    hd_tap_refuse_nothing();
    void *granted = map_page();
    hd_tap_disarm();
    CHECK(refused == MAP_FAILED && granted != MAP_FAILED);

    hd_tap_clear();
    hd_tap_refusals()->growth_max = (int64_t)(3 * PAGE);
    hd_tap_refusals()->memory_max = (int64_t)(2 * PAGE);
    hd_tap_refusals()->growth = 0;
    hd_tap_arm();
    const void *pages[3] = {map_page(), map_page(), map_page()};
    const int error = errno;
    hd_tap_refusals()->memory_max = INT64_MAX;
    const void *more[2] = {map_page(), map_page()};
    hd_tap_disarm();
    CHECK(pages[0] != MAP_FAILED && pages[1] != MAP_FAILED && pages[2] == MAP_FAILED);
    CHECK(error == ENOMEM && !hd_tap_log()->calls[2].refused); // there is no memory
    CHECK(more[0] != MAP_FAILED && more[1] == MAP_FAILED && hd_tap_log()->calls[4].refused);
}

static void all_are_refused_or_those_past_a_limit(void **state)
{
    (void)state;
    tapped(refusing_all_and_past_a_limit);
}

// ---------------------------------------------------------------------------- whose call

/// The executable segment of the object that holds an address.
struct segment {
    uintptr_t address;
    uintptr_t start;
    uintptr_t end;
};

static int find_segment(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct segment *segment = data;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        const uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type != PT_LOAD || segment->address - start >= header->p_memsz) continue;
        segment->start = start;
        segment->end = start + header->p_memsz;
        return 1;
    }
    return 0;
}

static void excluding_libc(void)
{
    hd_tap_arm();
    (void)syscall(SYS_getppid);
    hd_tap_disarm();
    CHECK(hd_tap_log()->count == 1);
    struct segment libc = {.address = hd_tap_log()->calls[0].from};
    CHECK(dl_iterate_phdr(find_segment, &libc) == 1);
    hd_tap_clear();

    hd_tap_exclude(libc.start, libc.end);
    hd_tap_refusals()->pending[HD_SYSCALL_mmap] = 1;
    hd_tap_arm();
    void *memory = map_page();
    const long parent = syscall(SYS_getppid);
    hd_tap_disarm();
    CHECK(memory != MAP_FAILED && parent == getppid());
    CHECK(hd_tap_log()->count == 0 && hd_tap_log()->lost == 0);
    CHECK(hd_tap_refusals()->pending[HD_SYSCALL_mmap] == 1);
}

static void calls_from_excluded_code_are_made_and_not_written_down(void **state)
{
    (void)state;
    tapped(excluding_libc);
}

static void ranges(void)
{
    hd_tap_exclude(0x1000, 0x3000);
    static const struct {
        uintptr_t from;
        bool allocators;
    } rows[] = {{0, true},       {0xfff, true},   {0x1000, false}, {0x2fff, false}, {0x3000, true},
                {UINTPTR_MAX, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK(hd_owner_is_allocator(rows[i].from) == rows[i].allocators);
    CHECK(!hd_owner_is_allocator((uintptr_t)ranges)); // the main program
    CHECK(!hd_owner_is_allocator((uintptr_t)hd_tap_open));
}

static void code_is_the_allocators_but_for_what_is_excluded(void **state)
{
    (void)state;
    tapped(ranges);
}

// ---------------------------------------------------------------------------- opening

static void without_a_tap_nothing_is_seen(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_tap_try(HD_TAP_OFF, &message), HD_OK);
    assert_int_equal(hd_tap_way(), HD_TAP_OFF);
    hd_tap_refusals()->all = true;
    hd_tap_arm();
    void *memory = map_page();
    hd_tap_disarm();
    hd_tap_refuse_nothing();
    assert_ptr_not_equal(memory, MAP_FAILED);
    assert_int_equal(hd_tap_log()->count, 0);
    assert_int_equal(munmap(memory, PAGE), 0);
}

static void auto_takes_the_first_that_works(void **state)
{
    (void)state;
    struct hd_message message;
    enum hd_tap_way first = HD_TAP_OFF + 1;
    while (first < HD_TAP_WAYS && hd_tap_try(first, &message) != HD_OK)
        first++;
    if (first == HD_TAP_WAYS) first = HD_TAP_OFF;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(hd_tap_open(HD_TAP_AUTO, &message) == HD_OK ? (int)hd_tap_way() : 99);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), first);
}

static void a_way_that_does_not_work_says_why(void **state)
{
    (void)state;
    size_t unavailable = 0;
    for (enum hd_tap_way way = HD_TAP_OFF; way < HD_TAP_WAYS; way++) {
        struct hd_message message = {""};
        const enum hd_status status = hd_tap_try(way, &message);
        assert_true(status == HD_OK || status == HD_UNAVAILABLE);
        assert_int_equal(message.text[0] == '\0', status == HD_OK);
        unavailable += status != HD_OK;
    }
    assert_in_range(unavailable, 0, HD_TAP_WAYS - 1); // off always works
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_tap_nothing_is_seen),
        cmocka_unit_test(auto_takes_the_first_that_works),
        cmocka_unit_test(a_way_that_does_not_work_says_why),
        cmocka_unit_test(calls_are_seen_only_while_armed),
        cmocka_unit_test(arguments_results_and_errno_are_the_kernels),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(a_hundred_thousand_rounds_are_all_seen),
        cmocka_unit_test(a_refused_mmap_answers_map_failed),
        cmocka_unit_test(a_refused_brk_leaves_the_break_where_it_was),
        cmocka_unit_test(every_other_refused_call_leaves_memory_alone),
        cmocka_unit_test(all_are_refused_or_those_past_a_limit),
        cmocka_unit_test(calls_from_excluded_code_are_made_and_not_written_down),
        cmocka_unit_test(code_is_the_allocators_but_for_what_is_excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
