// SPDX-License-Identifier: MIT
/// kernel.h: all that brkmap asks of the kernel. Another system is another file behind this one.
///
/// Addresses are uintptr_t, lengths bytes. A refusal is an ordinary answer, not an error: no
/// function touches errno. A test puts its own kernel here by defining all of these.
#ifndef BRKMAP_KERNEL_H
#define BRKMAP_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What lengths are multiples of: the largest page that a kernel for this processor may have.
#if defined(__aarch64__)
enum { BRKMAP_PAGE = 65536 };
#else
enum { BRKMAP_PAGE = 4096 };
#endif

/// brk(2): moves the process's break to `wanted` and returns where it now is: `wanted`, or on a
/// refusal where it was. 0 is never granted, so brkmap_kernel_brk(0) asks where the break is.
/// pre: every byte between `wanted` and a higher break is the caller's to give back.
uintptr_t brkmap_kernel_brk(uintptr_t wanted);

/// mmap(2): private, anonymous, zeroed, readable and writable. The start, or 0: refused.
/// pre: `length` is a multiple of the page, above 0, at most PTRDIFF_MAX.
uintptr_t brkmap_kernel_map(size_t length);

/// munmap(2): false: refused, and the range is mapped still.
/// pre: page multiples, above 0, wholly inside what one brkmap_kernel_map or _remap returned.
bool brkmap_kernel_unmap(uintptr_t start, size_t length);

/// mremap(2) with leave to move. The new start, or 0: refused, and the old mapping is whole.
/// pre: the range is all that is left of one mapping; both lengths are as for brkmap_kernel_map.
uintptr_t brkmap_kernel_remap(uintptr_t start, size_t length_old, size_t length_new);

/// Makes a system call in the kernel's place, and answers as the kernel does: -4095 to -1 is -errno.
typedef int64_t brkmap_kernel_caller(long number, const uint64_t args[6]);

/// From here on all of these calls are made by `caller`; NULL: by brkmap itself. Only in the build
/// that is linked into the harness, which defines BRKMAP_LENDS_KERNEL.
void brkmap_kernel_lend(brkmap_kernel_caller *caller);

#endif
