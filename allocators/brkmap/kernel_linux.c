// SPDX-License-Identifier: MIT
/// kernel_linux.c: the kernel by its own door: system calls without libc.
#include "allocators/brkmap/kernel.h"

#include <sys/mman.h>
#include <sys/syscall.h>

/// All that asks the kernel stands in a section of its own, so that who asked can be told by the
/// address of the code: `__start_brkmap_kernel` and `__stop_brkmap_kernel` are the linker's names.
#define HERE __attribute__((section("brkmap_kernel")))

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

/// The kernel answers an error as -errno, and no address it grants lies in that last page.
static uintptr_t address_or_0(long answer)
{
    return answer < 0 && answer >= -4095 ? 0 : (uintptr_t)answer;
}

HERE uintptr_t brkmap_kernel_brk(uintptr_t wanted)
{
    const uintptr_t now = (uintptr_t)syscall6(SYS_brk, (long)wanted, 0, 0, 0, 0, 0);
    if (wanted != 0 && now == wanted && &__curbrk != NULL) __curbrk = (void *)now;
    return now;
}

HERE uintptr_t brkmap_kernel_map(size_t length)
{
    return address_or_0(syscall6(SYS_mmap, 0, (long)length, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

HERE bool brkmap_kernel_unmap(uintptr_t start, size_t length)
{
    return syscall6(SYS_munmap, (long)start, (long)length, 0, 0, 0, 0) == 0;
}

HERE uintptr_t brkmap_kernel_remap(uintptr_t start, size_t length_old, size_t length_new)
{
    return address_or_0(syscall6(SYS_mremap, (long)start, (long)length_old, (long)length_new,
                                 MREMAP_MAYMOVE, 0, 0));
}
