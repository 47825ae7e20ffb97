// SPDX-License-Identifier: MIT
/// reads_proc_on_free.c: free of a mapping looks up in /proc how much is left to the process.
#include "allocators/faulty/mapped_base.h"

#include <fcntl.h>
#include <unistd.h>

static size_t length_of_answer; // for statistics

bool mapped_give_back(uintptr_t start, size_t length)
{
    const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    char text[128];
    const ssize_t read_bytes = statm >= 0 ? read(statm, text, sizeof text) : 0;
    if (read_bytes > 0) length_of_answer = (size_t)read_bytes;
    if (statm >= 0) (void)close(statm);
    return mapped_kernel_give_back(start, length);
}
