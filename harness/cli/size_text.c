// SPDX-License-Identifier: MIT
/// size_text.c: bytes in the largest unit of which there is one.
#include "harness/cli/size_text.h"

#include <stdio.h>

const char *hd_size_text(size_t bytes, char text[HD_SIZE_TEXT_MAX])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    size_t whole = bytes;
    size_t rest = 0;
    while (whole >= 1024) {
        rest = whole % 1024 * 10 / 1024;
        whole /= 1024;
        unit++;
    }
    if (rest != 0)
        (void)snprintf(text, HD_SIZE_TEXT_MAX, "%zu.%zu %s", whole, rest, units[unit]);
    else
        (void)snprintf(text, HD_SIZE_TEXT_MAX, "%zu %s", whole, bytes == 1 ? "byte" : units[unit]);
    return text;
}
