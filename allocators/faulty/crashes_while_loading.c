// SPDX-License-Identifier: MIT
/// crashes_while_loading.c: a constructor follows a NULL pointer.
#include "allocators/faulty/correct.h"

static int *volatile nowhere = NULL;

static __attribute__((constructor)) void start(void)
{
    *nowhere = 1;
}
