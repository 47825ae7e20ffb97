// SPDX-License-Identifier: MIT
/// usage.c: messages to a person at a terminal.
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdio.h>

void hd_usage_setup(void)
{
    argp_err_exit_status = HD_BAD_INPUT;
    argp_program_version = "heapduel " HEAPDUEL_VERSION;
}

int hd_complain(enum hd_status status, const struct hd_message *message)
{
    (void)fprintf(stderr, "heapduel: %s\n", message->text);
    return (int)status;
}

int hd_complain_located(enum hd_status status, const struct hd_message *message)
{
    (void)fprintf(stderr, "%s\n", message->text);
    return (int)status;
}
