// SPDX-License-Identifier: MIT
/// kernel_linux.c: the kernel by its own door: system calls without libc.
#include "allocators/brkmap/kernel.h"

#include <sys/mman.h>
#include <sys/syscall.h>

/// The break as glibc's sbrk remembers it. glibc never asks the kernel where the break is: had we
/// moved it behind its back, its next sbrk would hand out our memory a second time. NULL where the
/// C library has no such variable.
extern void *__curbrk __attribute__((weak));

#if defined(__x86_64__)
#include "allocators/brkmap/syscall_x86_64.h"
#elif defined(__aarch64__)
#include "allocators/brkmap/syscall_aarch64.h"
#else
#error "brkmap: no way into the kernel of this processor; see syscall_x86_64.h"
#endif

#ifdef BRKMAP_LENDS_KERNEL
static brkmap_kernel_caller *lent;

void brkmap_kernel_lend(brkmap_kernel_caller *caller)
{
    lent = caller;
}

static long ask(long number, long a, long b, long c, long d, long e, long f)
{
    const uint64_t args[6] = {(uint64_t)a, (uint64_t)b, (uint64_t)c,
                              (uint64_t)d, (uint64_t)e, (uint64_t)f};
    return lent != NULL ? lent(number, args) : syscall6(number, a, b, c, d, e, f);
}
#else
#define ask syscall6
#endif

/// The kernel answers an error as -errno, and no address it grants lies in that last page.
static uintptr_t address_or_0(long answer)
{
    return answer < 0 && answer >= -4095 ? 0 : (uintptr_t)answer;
}

uintptr_t brkmap_kernel_brk(uintptr_t wanted)
{
    const uintptr_t now = (uintptr_t)ask(SYS_brk, (long)wanted, 0, 0, 0, 0, 0);
    if (wanted != 0 && now == wanted && &__curbrk != NULL) __curbrk = (void *)now;
    return now;
}

uintptr_t brkmap_kernel_map(size_t length)
{
    return address_or_0(
        ask(SYS_mmap, 0, (long)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

bool brkmap_kernel_unmap(uintptr_t start, size_t length)
{
    return ask(SYS_munmap, (long)start, (long)length, 0, 0, 0, 0) == 0;
}

uintptr_t brkmap_kernel_remap(uintptr_t start, size_t length_old, size_t length_new)
{
    return address_or_0(
        ask(SYS_mremap, (long)start, (long)length_old, (long)length_new, MREMAP_MAYMOVE, 0, 0));
}
