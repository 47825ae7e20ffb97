// SPDX-License-Identifier: MIT
/// temporary.c: O_TMPFILE, else a memfd.
#include "harness/base/temporary.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((uintptr_t)4096)

int hd_temporary_file(void)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || *folder == '\0') folder = "/tmp";
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

int hd_temporary_space(const char *name)
{
    const int file = hd_temporary_file();
    return file >= 0 ? file : memfd_create(name, MFD_CLOEXEC);
}

void hd_temporary_let_go(const void *from, size_t bytes)
{
    const uintptr_t start = ((uintptr_t)from + PAGE - 1) & ~(PAGE - 1);
    const uintptr_t end = ((uintptr_t)from + bytes) & ~(PAGE - 1);
    if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
}
