// SPDX-License-Identifier: MIT
/// test_tap_got_same.c: of real allocators, patching sees the calls that the kernel hands over.
///
/// Of those that do the same twice: scudo gives pages back by the clock and by chance.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocators/known.h"
#include "allocators/shared_object.h"
#include "allocators/startup.h"
#include "harness/tap/tap.h"
#include "tests/unit/under_tsan.h"

#define SEEN_MAX    4096
#define OPERATIONS  400
#define UNAVAILABLE 3 // an exit status

/// A call, without the addresses in it.
struct seen {
    uint32_t operation;
    enum hd_syscall_id id;
    int64_t size; // of brk: how far it moves
    uint64_t how; // protection, advice, new size
    bool refused;
};

/// What a child saw, in memory shared with it.
struct sight {
    struct seen calls[SEEN_MAX];
    uint32_t count;
    uint32_t lost;
    uint32_t failures; // operations that were answered NULL
    char reason[512];
};

/// What libc's functions that are hooked do; libc's others are seen by the kernel's ways alone.
static bool is_hooked(enum hd_syscall_id id)
{
    return id < HD_REFUSABLES || id == HD_SYSCALL_mincore;
}

static void take_log(struct sight *sight, uint32_t operation)
{
    const struct hd_tap_log *log = hd_tap_log();
    sight->lost += log->lost;
    for (uint32_t i = 0; i < log->count; i++) {
        const struct hd_syscall *call = &log->calls[i];
        const enum hd_syscall_id id = hd_syscall_of(call->number);
        if (!is_hooked(id)) continue;
        if (sight->count == SEEN_MAX) {
            sight->lost++;
            return;
        }
        struct seen *seen = &sight->calls[sight->count++];
        *seen = (struct seen){.operation = operation, .id = id, .size = (int64_t)call->args[1],
                              .how = call->args[2], .refused = call->refused};
        if (id == HD_SYSCALL_munmap) seen->how = 0; // has two arguments
        if (id == HD_SYSCALL_brk) {
            seen->size = (int64_t)(call->args[0] - call->break_before);
            seen->how = 0;
        }
    }
    hd_tap_clear();
}

/// Blocks small and large, some given back, some grown; of the large ones every fifth is refused
/// what it asks of the kernel first.
static void operate(const struct hd_subject *subject, struct sight *sight)
{
    static void *blocks[OPERATIONS];
    const struct hd_allocator *allocator = &subject->allocator;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        const size_t size = i % 7 == 6 ? (size_t)(i + 1) << 13 : (size_t)i * 37 % 3000 + 1;
        hd_tap_refuse_nothing();
        if (i % 35 == 34)
            for (size_t id = 0; id < HD_REFUSABLES; id++)
                hd_tap_refusals()->pending[id] = 1;
        hd_tap_arm();
        if (i % 11 == 10) {
            blocks[i] = allocator->resize(subject->heap, blocks[i - 5], size * 4);
            if (blocks[i] != NULL) blocks[i - 5] = NULL;
        } else {
            blocks[i] = allocator->allocate(subject->heap, size);
        }
        if (i >= 30 && i % 3 == 0) {
            allocator->release(subject->heap, blocks[i - 30]);
            blocks[i - 30] = NULL;
        }
        hd_tap_disarm();
        sight->failures += blocks[i] == NULL;
        take_log(sight, i);
    }
}

static _Noreturn void look(enum hd_tap_way way, const char *name, struct sight *sight)
{
    struct hd_message message = {""};
    struct hd_subject subject;
    enum hd_status status = hd_tap_open(way, &message);
    if (status == HD_OK) status = hd_allocator_open(name, &subject, &message);
    if (status != HD_OK) {
        memcpy(sight->reason, message.text, sizeof message.text);
        _exit(UNAVAILABLE);
    }
    operate(&subject, sight);
    _exit(0);
}

static void after_loading(void *handle) { hd_tap_library_loaded(handle); }
static void before_loading(void) {}

static struct sight *look_in_child(enum hd_tap_way way, const char *name)
{
    struct sight *sight = mmap(NULL, sizeof *sight, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(sight, MAP_FAILED);
    const pid_t child = fork();
    if (child == 0) look(way, name, sight);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status)) fail_msg("%s: killed by signal %d", name, WTERMSIG(status));
    if (WEXITSTATUS(status) == 0) return sight;
    assert_int_equal(WEXITSTATUS(status), UNAVAILABLE);
    print_message("%s: %s\n", name, sight->reason);
    (void)munmap(sight, sizeof *sight);
    return NULL;
}

static void is_seen_alike(const char *name)
{
    struct sight *by_kernel = look_in_child(HD_TAP_DISPATCH, name);
    if (by_kernel == NULL) skip(); // no such library here, or no such kernel
    struct sight *by_patching = look_in_child(HD_TAP_GOT, name);
    assert_non_null(by_patching);
    assert_int_equal(by_kernel->lost + by_patching->lost, 0);
    assert_true(by_kernel->count > 0);
    uint32_t refused = 0;
    for (uint32_t i = 0; i < by_kernel->count && i < by_patching->count; i++) {
        const struct seen *one = &by_kernel->calls[i];
        const struct seen *other = &by_patching->calls[i];
        if (one->operation != other->operation || one->id != other->id ||
            one->size != other->size || one->how != other->how || one->refused != other->refused)
            fail_msg("%s: call %u: %s of %ld in operation %u, patched %s of %ld in %u", name, i,
                     hd_syscall_names[one->id], (long)one->size, one->operation,
                     hd_syscall_names[other->id], (long)other->size, other->operation);
        refused += other->refused;
    }
    assert_int_equal(by_kernel->count, by_patching->count);
    assert_int_equal(by_kernel->failures, by_patching->failures);
    assert_true(refused > 0);
    print_message("%s: %u calls, %u refused, %u operations failed\n", name, by_kernel->count,
                  refused, by_kernel->failures);
    (void)munmap(by_kernel, sizeof *by_kernel);
    (void)munmap(by_patching, sizeof *by_patching);
}

static void jemalloc_is_seen_alike(void **state)
{
    (void)state;
    is_seen_alike("jemalloc");
}

static void tcmalloc_is_seen_alike(void **state)
{
    (void)state;
    is_seen_alike("tcmalloc");
}

/// ThreadSanitizer's mmap takes away the hint that mimalloc gives, for an address in its shadow.
/// The kernel sees the call after that, the patched library's stand-in before, so they are not
/// alike.
static void mimalloc_is_seen_alike(void **state)
{
    (void)state;
    if (UNDER_TSAN) skip();
    is_seen_alike("mimalloc");
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_startup(argv); // room for thread-local storage, and the same addresses in each child
    static const struct hd_load_watch watch = {.before = before_loading, .after = after_loading};
    hd_shared_object_watch(&watch);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jemalloc_is_seen_alike),
        cmocka_unit_test(tcmalloc_is_seen_alike),
        cmocka_unit_test(mimalloc_is_seen_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
