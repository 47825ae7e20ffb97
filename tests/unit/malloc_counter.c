// SPDX-License-Identifier: MIT
/// malloc_counter.c: stands in front of glibc's malloc, or is told by a sanitizer's.
#include "tests/unit/malloc_counter.h"

#include <stddef.h>
#include <stdlib.h>

static unsigned long calls;

unsigned long malloc_counter_calls(void) { return calls; }

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_HOOKS
#endif
#endif

#ifdef HAS_HOOKS

int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
                                              void (*free_hook)(const volatile void *));

static void on_malloc(const volatile void *block, size_t size)
{
    (void)block;
    (void)size;
    calls++;
}

static void on_free(const volatile void *block)
{
    (void)block;
    calls++;
}

void malloc_counter_start(void)
{
    if (__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) == 0) abort();
}

#else

#define EXPORTED __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

void malloc_counter_start(void) { calls = 0; }

EXPORTED void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    calls++;
    return __libc_calloc(count, size);
}

EXPORTED void *realloc(void *block, size_t size)
{
    calls++;
    return __libc_realloc(block, size);
}

EXPORTED void free(void *block)
{
    calls++;
    __libc_free(block);
}

#endif
