// SPDX-License-Identifier: MIT
/// reads_proc_while_loading.c: what /proc tells is read once, before anybody asks for memory.
/// Allowed.
#include "allocators/faulty/mapped_base.h"

#include <fcntl.h>
#include <unistd.h>

static size_t length_of_answer; // for statistics

__attribute__((constructor)) static void look(void)
{
    const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    char text[128];
    const ssize_t read_bytes = statm >= 0 ? read(statm, text, sizeof text) : 0;
    if (read_bytes > 0) length_of_answer = (size_t)read_bytes;
    if (statm >= 0) (void)close(statm);
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    return length_of_answer > 0 && mapped_kernel_give_back(start, length);
}
