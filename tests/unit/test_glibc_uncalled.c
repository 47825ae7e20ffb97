// SPDX-License-Identifier: MIT
/// test_glibc_uncalled.c: opening glibc for a test leaves its malloc as it was when the process
/// began.
///
/// No cmocka here: it would call malloc itself.
#include "allocators/known.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

static int failed(const char *why)
{
    (void)!write(STDERR_FILENO, why, strlen(why));
    (void)!write(STDERR_FILENO, "\n", 1);
    return 1;
}

int main(void)
{
    const uintptr_t start = (uintptr_t)sbrk(0);
    struct hd_subject subject;
    struct hd_message message;
    if (hd_allocator_open("glibc", &subject, &message) != HD_OK) return failed(message.text);
    if ((uintptr_t)sbrk(0) != start) return failed("opening glibc moved the break");

    // The first call of all moves it, and no other of this size does.
    const uintptr_t block = (uintptr_t)subject.allocator.allocate(subject.heap, 1);
    const uintptr_t end = (uintptr_t)sbrk(0);
    if (end <= start) return failed("malloc had been called before");
    if (block - start >= end - start) return failed("the first block lies elsewhere");
    if (block - start >= 4096) return failed("the first block is not the first");
    (void)subject.allocator.allocate(subject.heap, 1);
    if ((uintptr_t)sbrk(0) != end) return failed("the second call moved the break too");
    return 0;
}
