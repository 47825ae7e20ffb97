// SPDX-License-Identifier: MIT
/// startup.c: execute once more with room for thread-local storage and without randomisation.
#include "allocators/startup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#define TUNABLE "glibc.rtld.optional_static_tls="
#define BYTES   "65536" // scudo's 11.8 KB, jemalloc's 2.6 KB, and several more such libraries

// Tells the executed program that it is the second one, whatever became of the rest.
#define MARK "HEAPDUEL_STARTED"

/// What makes an allocator's calls depend on the clock is turned off, where the user has not set
/// it. Of a variable that holds several options theirs come last, and so count.
static const struct setting {
    const char *name;
    const char *value;
    const char *separator; // of options; NULL: it holds one
} settings[] = {
    // ms after which freed pages are given back
    {"MIMALLOC_RESET_DELAY", "0", NULL},
    // samples allocations, by a seed of the time
    {"SCUDO_OPTIONS", "GWP_ASAN_Enabled=false", ":"},
};

static bool set_variable(const struct setting *setting)
{
    const char *given = getenv(setting->name);
    if (given == NULL) return setenv(setting->name, setting->value, 1) == 0;
    const bool ours = strncmp(given, setting->value, strlen(setting->value)) == 0;
    if (setting->separator == NULL || ours) return true;
    char all[4096];
    const int length =
        snprintf(all, sizeof all, "%s%s%s", setting->value, setting->separator, given);
    return length > 0 && (size_t)length < sizeof all && setenv(setting->name, all, 1) == 0;
}

static bool set_environment(void)
{
    bool set = true;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        set = set_variable(&settings[i]) && set;
    return set;
}

void hd_startup(char **argv)
{
    const char *mark = getenv(MARK);
    (void)unsetenv(MARK); // what it starts in turn is a first one again
    if (mark != NULL) return;

    const char *tunables = getenv("GLIBC_TUNABLES");
    const char *given = tunables != NULL ? tunables : "";
    char wanted[4096];
    const int length =
        snprintf(wanted, sizeof wanted, "%s%s" TUNABLE BYTES, given, *given != '\0' ? ":" : "");
    if (length < 0 || (size_t)length >= sizeof wanted) return;
    if (strstr(given, TUNABLE) == NULL && setenv("GLIBC_TUNABLES", wanted, 1) != 0) return;
    if (!set_environment() || setenv(MARK, "1", 1) != 0) return;

    const int persona = personality(UINT32_MAX);
    if (persona != -1) (void)personality((unsigned long)persona | ADDR_NO_RANDOMIZE);
    (void)execv("/proc/self/exe", argv);
    (void)unsetenv(MARK);
}
