// SPDX-License-Identifier: MIT
/// no_sigsys.c: the ways by SIGSYS, where they are not written for the machine (all but x86-64).
#include "harness/tap/way.h"

static enum hd_status open_nothing(struct hd_message *message)
{
    return hd_fail(message, HD_UNAVAILABLE,
                   "system calls are handed over by SIGSYS on x86-64 only");
}

const struct hd_way hd_way_dispatch = {.open = open_nothing};
const struct hd_way hd_way_seccomp = {.open = open_nothing};
