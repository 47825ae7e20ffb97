// SPDX-License-Identifier: MIT
/// refusal_tried_again.c: what the kernel refuses is asked for a second time. Allowed.
#include "allocators/faulty/mapped_base.h"

uintptr_t mapped_get(size_t length)
{
    const uintptr_t start = mapped_kernel_get(length);
    return start != 0 ? start : mapped_kernel_get(length);
}
