// SPDX-License-Identifier: MIT
/// call_name.c: the name of a system call by its number, from libseccomp's table.
#include "harness/notation/notation.h"

#include <limits.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

void hd_notation_call_name(long number, char name[HD_NOTATION_NAME_MAX])
{
    // Negative numbers are libseccomp's own, for calls that this machine does not have.
    char *known = NULL;
    if (number >= 0 && number <= INT_MAX)
        known = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);

    if (known != NULL)
        (void)snprintf(name, HD_NOTATION_NAME_MAX, "%s", known);
    else
        (void)snprintf(name, HD_NOTATION_NAME_MAX, "syscall_%#lx", (unsigned long)number);
    free(known);
}
