// SPDX-License-Identifier: MIT
/// finding_file.c: names without what makes folders.
#include "harness/fuzz/finding_file.h"

#include <stdio.h>
#include <string.h>

static void dash(char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '/' || *text == ':') *text = '-';
}

void hd_finding_name(const char *spec, char name[static HD_FINDING_NAME_MAX])
{
    const char *slash = strrchr(spec, '/');
    (void)snprintf(name, HD_FINDING_NAME_MAX, "%s", slash != NULL ? slash + 1 : spec);
    dash(name);
}

void hd_finding_path(const char *folder, const char *spec, const char *signature,
                     const char *ending, char path[static PATH_MAX])
{
    char name[HD_FINDING_NAME_MAX];
    hd_finding_name(spec, name);
    const int length = snprintf(path, PATH_MAX, "%s/", folder);
    if (length < 0 || length >= PATH_MAX) return;
    (void)snprintf(path + length, PATH_MAX - (size_t)length, "%s-%s%s", name, signature, ending);
    dash(path + length);
}
