// SPDX-License-Identifier: MIT
/// threads.c: what happens to the default heap when a thread ends, and when the process forks.
#include "allocators/brkmap/cache.h"

#include <stddef.h>

/// Its destructor runs in each thread that has a value for it, when the thread ends.
static pthread_key_t key;
static bool key_made;

static void end_thread(void *value)
{
    (void)value;
    brkmap_thread_end();
}

bool brkmap_thread_watchable(void)
{
    return key_made;
}

bool brkmap_thread_watch(void)
{
    return pthread_setspecific(key, &brkmap_slot) == 0;
}

// fork copies the thread that calls it, and the lock as it is. So the lock is ours at that moment:
// the child's heap is whole.

static void before_fork(void)
{
    (void)pthread_mutex_lock(&brkmap_heap_default.lock);
}

static void after_fork(void)
{
    (void)pthread_mutex_unlock(&brkmap_heap_default.lock);
}

/// The other threads are no more, and each may have been in the middle of a change of its cache.
/// What these hold stays in use: at most some 100 KiB a thread.
static void in_child(void)
{
    struct brkmap_slot *own = brkmap_slot.cache != NULL ? &brkmap_slot : NULL;
    if (own != NULL) own->next = own->prev = NULL;
    brkmap_heap_default.threads = own;
    after_fork();
}

__attribute__((constructor)) static void get_ready(void)
{
    key_made = pthread_key_create(&key, end_thread) == 0;
    (void)pthread_atfork(before_fork, after_fork, in_child);
}
