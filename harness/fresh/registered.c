// SPDX-License-Identifier: MIT
/// registered.c: the library's imports of the functions that register, patched.
#include "harness/fresh/registered.h"

#include "harness/engine/crew.h"
#include "harness/tap/got.h"

#include <limits.h>
#include <pthread.h>
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

// ---------------------------------------------------------------------------- keys

static bool is_made[PTHREAD_KEYS_MAX]; // by the library, since it is watched
static pthread_key_t made_end;         // none from here on is made

static struct {
    pthread_key_t key;
    const void *value;      // before it was set
} values[PTHREAD_KEYS_MAX]; // of keys that the library set in this run
static size_t value_count;

static int hook_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    const int status = pthread_key_create(key, destroy);
    if (status != 0) return status;
    if (*key >= made_end) made_end = *key + 1;
    is_made[*key] = true;
    return 0;
}

/// A key from before the first run could not be had again: it stays.
static int hook_key_delete(pthread_key_t key)
{
    if (key < PTHREAD_KEYS_MAX && !is_made[key]) return 0;
    const int status = pthread_key_delete(key);
    if (status == 0) is_made[key] = false;
    return status;
}

static void note_value(pthread_key_t key)
{
    if (key >= PTHREAD_KEYS_MAX || is_made[key]) return; // it goes as a whole
    for (size_t i = 0; i < value_count; i++)
        if (values[i].key == key) return;
    values[value_count].key = key;
    values[value_count].value = pthread_getspecific(key);
    value_count++;
}

/// Of other threads, which the trace has, values go with them.
static int hook_setspecific(pthread_key_t key, const void *value)
{
    if (hd_crew_at_work() == 0) note_value(key);
    return pthread_setspecific(key, value);
}

void hd_registered_put_keys_back(void)
{
    for (size_t i = 0; i < value_count; i++)
        (void)pthread_setspecific(values[i].key, values[i].value);
    value_count = 0;
    for (pthread_key_t key = 0; key < made_end; key++) {
        if (is_made[key]) (void)pthread_key_delete(key);
        is_made[key] = false;
    }
    made_end = 0;
}

// ---------------------------------------------------------------------------- patching

static const struct {
    const char *name;
    hd_got_function hook;
} hooks[] = {
    {"__cxa_atexit", (hd_got_function)hook_atexit},
    {"__register_atfork", (hd_got_function)hook_atfork},
    {"pthread_atfork", (hd_got_function)hook_pthread_atfork},
    {"pthread_key_create", (hd_got_function)hook_key_create},
    {"__pthread_key_create", (hd_got_function)hook_key_create},
    {"pthread_key_delete", (hd_got_function)hook_key_delete},
    {"pthread_setspecific", (hd_got_function)hook_setspecific},
};

static hd_got_function lookup(const char *name)
{
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++)
        if (strcmp(name, hooks[i].name) == 0) return hooks[i].hook;
    return NULL;
}

void hd_registered_watch(const struct link_map *library)
{
    (void)hd_got_patch(library, lookup);
}
