// SPDX-License-Identifier: MIT
/// registered.c: the library's imports of the functions that register, patched.
#include "harness/fresh/registered.h"

#include "harness/tap/got.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define HANDLERS_MAX 64

typedef void handler(void *);

struct registration {
    void (*functions[3])(void);
    void *argument;
};

static struct {
    struct registration what;
    unsigned registered; // times
    unsigned in_run;     // times that the library asked for it in this run
} registrations[HANDLERS_MAX];
static size_t registration_count;

/// True where no run has asked for it so often yet.
static bool is_new(struct registration what)
{
    size_t i = 0;
    while (i < registration_count && memcmp(&registrations[i].what, &what, sizeof what) != 0)
        i++;
    if (i == HANDLERS_MAX) return true;
    if (i == registration_count) {
        registrations[i].what = what;
        registration_count++;
    }
    if (++registrations[i].in_run <= registrations[i].registered) return false;
    registrations[i].registered++;
    return true;
}

void hd_registered_start_anew(void)
{
    for (size_t i = 0; i < registration_count; i++)
        registrations[i].in_run = 0;
}

// ---------------------------------------------------------------------------- in libc's place

// libc's own names; atexit and pthread_atfork stand in the library and call them.
extern int __cxa_atexit(handler *function, void *argument, void *object);
extern int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                             void *object);

static int hook_atexit(handler *function, void *argument, void *object)
{
    const struct registration registration = {{(void (*)(void))function}, argument};
    return is_new(registration) ? __cxa_atexit(function, argument, object) : 0;
}

static int hook_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                       void *object)
{
    const struct registration registration = {{prepare, parent, child}, object};
    return is_new(registration) ? __register_atfork(prepare, parent, child, object) : 0;
}

static int hook_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    const struct registration registration = {{prepare, parent, child}, NULL};
    return is_new(registration) ? pthread_atfork(prepare, parent, child) : 0;
}

static hd_got_function lookup(const char *name)
{
    if (strcmp(name, "__cxa_atexit") == 0) return (hd_got_function)hook_atexit;
    if (strcmp(name, "__register_atfork") == 0) return (hd_got_function)hook_atfork;
    if (strcmp(name, "pthread_atfork") == 0) return (hd_got_function)hook_pthread_atfork;
    return NULL;
}

void hd_registered_watch(const struct link_map *library)
{
    (void)hd_got_patch(library, lookup);
}

// ---------------------------------------------------------------------------- keys

pthread_key_t hd_registered_next_key(void)
{
    pthread_key_t key;
    if (pthread_key_create(&key, NULL) != 0) return PTHREAD_KEYS_MAX;
    (void)pthread_key_delete(key);
    return key;
}

void hd_registered_delete_keys(pthread_key_t first)
{
    const pthread_key_t end = hd_registered_next_key();
    for (pthread_key_t key = first; key < end; key++)
        (void)pthread_key_delete(key);
}
