// SPDX-License-Identifier: MIT
/// finding.c: filling in a finding, and its signature.
#include "oracles/finding.h"

#include <stdarg.h>
#include <stdio.h>

enum hd_verdict hd_finding_set(struct hd_finding *finding, const char *place, const char *format,
                               ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(finding->evidence, sizeof finding->evidence, format, args);
    va_end(args);
    (void)snprintf(finding->place, sizeof finding->place, "%s", place);
    return HD_BROKEN;
}

void hd_finding_signature(const struct hd_finding *finding, char signature[HD_SIGNATURE_MAX])
{
    (void)snprintf(signature, HD_SIGNATURE_MAX, "%s/%s/%s", finding->oracle,
                   hd_op_infos[finding->kind].text, finding->place);
}
