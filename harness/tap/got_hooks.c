// SPDX-License-Identifier: MIT
/// got_hooks.c: libc's functions that are little more than a system call, made by the tap instead.
///
/// Each does as libc's does: errno, and what is answered on failure. Called by the allocator, in
/// any of its threads.
#include "harness/tap/got.h"

#include "harness/tap/answer.h"
#include "harness/tap/owner.h"
#include "harness/tap/tap.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/// Where the hook was called. Behind a function of the library that ends by jumping to the hook
/// that is in who called the library, the harness: not known, as only the library is patched.
#define CALLER caller((uintptr_t)__builtin_return_address(0))

static uintptr_t caller(uintptr_t from) { return hd_owner_is_allocator(from) ? from : 0; }

#define ANSWER(number, ...) hd_answer((number), (const uint64_t[6]){__VA_ARGS__}, CALLER)

/// The kernel's answer as libc gives it.
static int64_t to_errno(int64_t answer)
{
    if (!hd_syscall_is_error(answer)) return answer;
    errno = (int)-answer;
    return -1;
}

// ---------------------------------------------------------------------------- mappings

static void *hook_mmap(void *address, size_t size, int prot, int flags, int file, off_t offset)
{
    return (void *)to_errno(ANSWER(SYS_mmap, (uint64_t)address, size, (uint64_t)prot,
                                   (uint64_t)flags, (uint64_t)file, (uint64_t)offset));
}

static int hook_munmap(void *address, size_t size)
{
    return (int)to_errno(ANSWER(SYS_munmap, (uint64_t)address, size));
}

static void *hook_mremap(void *address, size_t old_size, size_t new_size, int flags, ...)
{
    uint64_t new_address = 0;
    if ((flags & MREMAP_FIXED) != 0) {
        va_list more;
        va_start(more, flags);
        new_address = (uint64_t)va_arg(more, void *);
        va_end(more);
    }
    return (void *)to_errno(ANSWER(SYS_mremap, (uint64_t)address, old_size, new_size,
                                   (uint64_t)flags, new_address));
}

static int hook_mprotect(void *address, size_t size, int prot)
{
    return (int)to_errno(ANSWER(SYS_mprotect, (uint64_t)address, size, (uint64_t)prot));
}

static int hook_madvise(void *address, size_t size, int advice)
{
    return (int)to_errno(ANSWER(SYS_madvise, (uint64_t)address, size, (uint64_t)advice));
}

/// Answers the error itself; glibc takes POSIX_MADV_DONTNEED for what the kernel does not have.
static int hook_posix_madvise(void *address, size_t size, int advice)
{
    if (advice == POSIX_MADV_DONTNEED) return 0;
    return (int)-ANSWER(SYS_madvise, (uint64_t)address, size, (uint64_t)advice);
}

static int hook_mincore(void *address, size_t size, unsigned char *pages)
{
    return (int)to_errno(ANSWER(SYS_mincore, (uint64_t)address, size, (uint64_t)pages));
}

// ---------------------------------------------------------------------------- the break

/// Where the break is then. libc keeps where it is for its own malloc: its brk to the same place
/// moves nothing, and tells it.
static uintptr_t move_break(uintptr_t wanted, uintptr_t from)
{
    const uintptr_t now = (uintptr_t)hd_answer(SYS_brk, (const uint64_t[6]){wanted}, from);
    (void)brk((void *)now);
    return now;
}

static int hook_brk(void *wanted)
{
    if (move_break((uintptr_t)wanted, CALLER) >= (uintptr_t)wanted) return 0;
    errno = ENOMEM;
    return -1;
}

static void *hook_sbrk(intptr_t increment)
{
    const uintptr_t old = (uintptr_t)sbrk(0); // asks libc, not the kernel
    if (increment == 0) return (void *)old;
    const uintptr_t wanted = old + (uintptr_t)increment;
    const bool wraps = (increment > 0) != (wanted > old);
    if (!wraps && move_break(wanted, CALLER) >= wanted) return (void *)old;
    errno = ENOMEM;
    return (void *)-1;
}

// ---------------------------------------------------------------------------- others

static ssize_t hook_getrandom(void *into, size_t size, unsigned flags)
{
    return to_errno(ANSWER(SYS_getrandom, (uint64_t)into, size, flags));
}

/// As libc's, takes six arguments whatever was given.
static long hook_syscall(long number, ...)
{
    uint64_t args[6];
    va_list more;
    va_start(more, number);
    for (size_t i = 0; i < 6; i++)
        args[i] = (uint64_t)va_arg(more, long);
    va_end(more);
    return to_errno(hd_answer(number, args, CALLER));
}

// ---------------------------------------------------------------------------- by name

static const struct {
    const char *name;
    hd_got_function function;
} hooks[] = {
    {"mmap", (hd_got_function)hook_mmap},
    {"mmap64", (hd_got_function)hook_mmap}, // off_t has 64 bits
    {"munmap", (hd_got_function)hook_munmap},
    {"mremap", (hd_got_function)hook_mremap},
    {"mprotect", (hd_got_function)hook_mprotect},
    {"madvise", (hd_got_function)hook_madvise},
    {"posix_madvise", (hd_got_function)hook_posix_madvise},
    {"mincore", (hd_got_function)hook_mincore},
    {"brk", (hd_got_function)hook_brk},
    {"sbrk", (hd_got_function)hook_sbrk},
    {"__sbrk", (hd_got_function)hook_sbrk}, // as tcmalloc calls it
    {"getrandom", (hd_got_function)hook_getrandom},
    {"syscall", (hd_got_function)hook_syscall},
};

hd_got_function hd_got_hook(const char *name)
{
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++)
        if (strcmp(hooks[i].name, name) == 0) return hooks[i].function;
    return NULL;
}
