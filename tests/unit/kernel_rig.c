// SPDX-License-Identifier: MIT
/// kernel_rig.c: opening the tap for tests.
#include "tests/unit/kernel_rig.h"

#include "harness/tap/handler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

struct mapper mapper;

bool open_tap(void)
{
    struct hd_message message;
    if (hd_tap_open(HD_TAP_AUTO, &message) != HD_OK) {
        (void)fprintf(stderr, "%s\n", message.text);
        return false;
    }
    const enum hd_tap_way way = hd_tap_way();
    if (way == HD_TAP_DISPATCH || way == HD_TAP_SECCOMP) return true;
    (void)fprintf(stderr, "skipped: the tap here is %s\n", hd_tap_names[way]);
    return false;
}

void take_signal(void) { assert_true(hd_handler_install()); }
