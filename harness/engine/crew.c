// SPDX-License-Identifier: MIT
/// crew.c: a semaphore for each direction.
#include "harness/engine/crew.h"

#include "allocators/status.h"
#include "harness/base/arena.h"
#include "harness/base/uninstrumented.h"
#include "harness/tap/tap.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#define HANDLER_BYTES ((size_t)64 << 10) // for who uses up its stack

// What a thread takes of the address space; a few pages of it become resident.
#define WORKER_BYTES ((size_t)1 << 20)

/// Lies at the beginning of its own arena; the stack is what follows.
struct hd_worker {
    struct hd_arena arena;
    pthread_t thread;
    pid_t number;
    void *handler_stack;
    struct hd_tap_thread tap; // of the thread that started it
    sem_t begin;
    sem_t done;
    void (*work)(void *context);
    void *context;
    bool ends; // after this work
};

static volatile pid_t at_work;

HD_UNINSTRUMENTED pid_t hd_crew_at_work(void)
{
    return at_work;
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        HD_ASSERT(errno == EINTR);
}

/// A sanitizer's runtime has given the thread one of its own, and takes that back.
static void use_handler_stack(const struct hd_worker *self)
{
    stack_t stack;
    HD_ASSERT(sigaltstack(NULL, &stack) == 0);
    if ((stack.ss_flags & SS_DISABLE) == 0) return;
    stack = (stack_t){.ss_sp = self->handler_stack, .ss_size = HANDLER_BYTES};
    HD_ASSERT(sigaltstack(&stack, NULL) == 0);
}

static void *serve(void *argument)
{
    struct hd_worker *self = argument;
    self->number = gettid();
    use_handler_stack(self);
    hd_tap_join(&self->tap);
    HD_ASSERT(sem_post(&self->done) == 0);
    for (;;) {
        wait_for(&self->begin);
        self->work(self->context);
        if (self->ends) break;
        HD_ASSERT(sem_post(&self->done) == 0);
    }
    hd_tap_leave();
    return NULL;
}

#define STACK_ALIGNMENT 64

static bool start_thread(struct hd_worker *worker)
{
    pthread_attr_t attributes;
    const size_t size = worker->arena.reserved - worker->arena.used - STACK_ALIGNMENT;
    void *stack = hd_arena_take(&worker->arena, size, STACK_ALIGNMENT);
    HD_ASSERT(pthread_attr_init(&attributes) == 0);
    const bool started = pthread_attr_setstack(&attributes, stack, size) == 0 &&
                         pthread_create(&worker->thread, &attributes, serve, worker) == 0;
    (void)pthread_attr_destroy(&attributes);
    return started;
}

bool hd_crew_start(struct hd_crew *crew, uint8_t thread)
{
    HD_ASSERT(!hd_crew_has(crew, thread));
    struct hd_arena arena;
    hd_arena_open(&arena, WORKER_BYTES);
    if (arena.reserved < WORKER_BYTES) { // too little for a stack
        hd_arena_close(&arena);
        return false;
    }
    struct hd_worker *worker = hd_arena_take(&arena, sizeof *worker, _Alignof(struct hd_worker));
    *worker = (struct hd_worker){.arena = arena, .tap = hd_tap_thread};
    worker->handler_stack = hd_arena_take(&worker->arena, HANDLER_BYTES, STACK_ALIGNMENT);
    HD_ASSERT(sem_init(&worker->begin, 0, 0) == 0 && sem_init(&worker->done, 0, 0) == 0);
    if (!start_thread(worker)) {
        hd_arena_close(&arena);
        return false;
    }
    wait_for(&worker->done);
    crew->workers[thread] = worker;
    crew->started++;
    return true;
}

static void hand_over(struct hd_worker *worker, void (*work)(void *context), void *context)
{
    worker->work = work;
    worker->context = context;
    at_work = worker->number;
    HD_ASSERT(sem_post(&worker->begin) == 0);
}

void hd_crew_do(const struct hd_crew *crew, uint8_t thread, void (*work)(void *context),
                void *context)
{
    HD_ASSERT(hd_crew_has(crew, thread));
    if (thread == 0) {
        work(context);
        return;
    }
    hand_over(crew->workers[thread], work, context);
    wait_for(&crew->workers[thread]->done);
    at_work = 0;
}

void hd_crew_end(struct hd_crew *crew, uint8_t thread, void (*work)(void *context), void *context)
{
    struct hd_worker *worker = crew->workers[thread];
    HD_ASSERT(worker != NULL);
    worker->ends = true;
    hand_over(worker, work, context);
    HD_ASSERT(pthread_join(worker->thread, NULL) == 0);
    at_work = 0;
    hd_tap_left(worker->number);
    crew->workers[thread] = NULL;
    crew->started--;
    struct hd_arena arena = worker->arena;
    hd_arena_close(&arena);
}
