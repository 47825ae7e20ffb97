// SPDX-License-Identifier: MIT
/// check.c: on aarch64, jemalloc loaded, patched, seen and refused.
///
/// The arm64 libjemalloc.so.2 is given by its path. Exit status: 0; 1 something is wrong.
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocators/shared_object.h"
#include "harness/tap/space.h"
#include "harness/tap/tap.h"

#define BLOCKS 64
#define LARGE  ((size_t)8 << 20) // beyond any cache of jemalloc's, so always asked of the kernel

#define CHECK(condition)                                                                           \
    ((condition) ? (void)0 : failed(#condition, __LINE__))

static _Noreturn void failed(const char *condition, int line)
{
    (void)fprintf(stderr, "check.c:%d: not so: %s\n", line, condition);
    exit(1);
}

static struct hd_space space;
static unsigned calls[HD_SYSCALLS];

static void after(void *handle) { hd_tap_library_loaded(handle); }
static void before(void) {}

/// Counts what the operation asked of the kernel, and brings the map up to date.
static void take_log(void)
{
    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->lost == 0);
    for (uint32_t i = 0; i < log->count; i++) {
        struct hd_effect effect;
        hd_space_apply(&space, &log->calls[i], &effect);
        CHECK(effect.stray == 0 || effect.stray_owner == HD_OWNER_BEFORE);
        calls[hd_syscall_of(log->calls[i].number)]++;
    }
    hd_tap_clear();
}

static void *allocate(const struct hd_subject *subject, size_t size)
{
    hd_tap_arm();
    void *block = subject->allocator.allocate(subject->heap, size);
    hd_tap_disarm();
    take_log();
    return block;
}

static void release(const struct hd_subject *subject, void *block)
{
    hd_tap_arm();
    subject->allocator.release(subject->heap, block);
    hd_tap_disarm();
    take_log();
}

static void blocks_are_served_and_the_calls_seen(const struct hd_subject *subject)
{
    uint8_t *blocks[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        const size_t size = i % 4 == 0 ? LARGE + i * 4096 : 16 + i * 100;
        blocks[i] = allocate(subject, size);
        CHECK(blocks[i] != NULL);
        memset(blocks[i], (int)i, size);
        const uintptr_t end = (uintptr_t)blocks[i] + size;
        CHECK(hd_space_first_unwritable(&space, (uintptr_t)blocks[i], end) == end);
    }
    CHECK(calls[HD_SYSCALL_mmap] > 0);
    CHECK(space.mapped >= BLOCKS / 4 * LARGE);
    for (size_t i = 0; i < BLOCKS; i++) {
        CHECK(blocks[i][16 + i * 100 - 1] == (uint8_t)i);
        release(subject, blocks[i]);
    }
    CHECK(calls[HD_SYSCALL_munmap] + calls[HD_SYSCALL_madvise] > 0);
}

static void a_refused_mapping_is_no_memory(const struct hd_subject *subject)
{
    const unsigned mmaps_before = calls[HD_SYSCALL_mmap];
    hd_tap_refusals()->all = true;
    errno = 0;
    void *block = allocate(subject, 64 * LARGE);
    CHECK(block == NULL);
    CHECK(errno == ENOMEM);
    CHECK(calls[HD_SYSCALL_mmap] > mmaps_before);
    hd_tap_refuse_nothing();
    block = allocate(subject, 64 * LARGE); // and goes on
    CHECK(block != NULL);
    release(subject, block);
}

static void only_patching_works(void)
{
    struct hd_message message;
    CHECK(hd_tap_try(HD_TAP_DISPATCH, &message) == HD_UNAVAILABLE);
    CHECK(hd_tap_try(HD_TAP_SECCOMP, &message) == HD_UNAVAILABLE);
    if (hd_tap_try(HD_TAP_GOT, &message) != HD_OK) failed(message.text, __LINE__);
    CHECK(hd_tap_open(HD_TAP_AUTO, &message) == HD_OK);
    CHECK(hd_tap_way() == HD_TAP_GOT);
}

static void glibcs_own_malloc_is_not_seen(void)
{
    struct hd_subject subject;
    struct hd_message message;
    CHECK(hd_shared_object_open("libc.so.6", "", &subject, &message) == HD_OK);
    CHECK(!hd_tap_sees_library());
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    only_patching_works();
    static const struct hd_load_watch watch = {.before = before, .after = after};
    hd_shared_object_watch(&watch);
    glibcs_own_malloc_is_not_seen();
    struct hd_subject subject;
    struct hd_message message;
    if (hd_shared_object_open(argv[1], "", &subject, &message) != HD_OK)
        failed(message.text, __LINE__);
    CHECK(hd_tap_sees_library());
    hd_space_open(&space);
    hd_space_learn_all(&space);
    blocks_are_served_and_the_calls_seen(&subject);
    a_refused_mapping_is_no_memory(&subject);
    for (size_t id = 0; id < HD_SYSCALLS; id++)
        if (calls[id] != 0) (void)printf("%s %u\n", hd_syscall_names[id], calls[id]);
    return 0;
}
