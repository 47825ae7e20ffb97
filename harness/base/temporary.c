// SPDX-License-Identifier: MIT
/// temporary.c: O_TMPFILE, else a memfd.
#include "harness/base/temporary.h"

#include "harness/base/page.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

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
    const uintptr_t start = hd_page_from((uintptr_t)from);
    const uintptr_t end = hd_page_of((uintptr_t)from + bytes);
    if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
}
