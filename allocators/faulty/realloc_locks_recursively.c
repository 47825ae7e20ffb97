// SPDX-License-Identifier: MIT
/// realloc_locks_recursively.c: realloc holds a recursive lock while it calls malloc. Allowed.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#include "allocators/faulty/locked_realloc.h"
