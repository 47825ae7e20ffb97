// SPDX-License-Identifier: MIT
/// realloc_locks_twice.c: realloc holds the lock while it calls malloc, which takes it.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // a recursive one was meant

#include "allocators/faulty/locked_realloc.h"
