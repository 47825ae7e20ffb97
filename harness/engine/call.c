// SPDX-License-Identifier: MIT
/// call.c: from an operation's kind to the function it calls.
#include "harness/engine/call.h"

#include "allocators/status.h"
#include "harness/tap/tap.h"

#include <errno.h>

bool hd_call_offered(const struct hd_allocator *allocator, enum hd_op_kind kind)
{
    switch (kind) {
    case HD_OP_MALLOC: return allocator->allocate != NULL;
    case HD_OP_FREE:
    case HD_OP_FREE_NULL:
    case HD_OP_THREAD_END: return allocator->release != NULL;
    case HD_OP_REALLOC: return allocator->resize != NULL;
    case HD_OP_CALLOC: return allocator->allocate_zeroed != NULL;
    case HD_OP_REALLOCARRAY: return allocator->resize_array != NULL;
    case HD_OP_ALIGNED_ALLOC: return allocator->allocate_aligned != NULL;
    case HD_OP_POSIX_MEMALIGN: return allocator->allocate_posix != NULL;
    case HD_OP_MEMALIGN: return allocator->allocate_memalign != NULL;
    case HD_OP_VALLOC: return allocator->allocate_page_aligned != NULL;
    case HD_OP_USABLE_SIZE: return allocator->usable_size != NULL;
    case HD_OP_WRITE:
    case HD_OP_REFUSE:
    case HD_OP_REFUSE_ALL:
    case HD_OP_LIMIT:
    case HD_OP_FOREIGN_SBRK:
    case HD_OP_FOREIGN_MMAP: return true;
    case HD_OP_KINDS: break;
    }
    return false;
}

bool hd_call_refuses(enum hd_op_kind kind)
{
    return kind == HD_OP_REFUSE || kind == HD_OP_REFUSE_ALL || kind == HD_OP_LIMIT;
}

bool hd_call_is_event(enum hd_op_kind kind)
{
    return hd_call_refuses(kind) || kind == HD_OP_FOREIGN_SBRK || kind == HD_OP_FOREIGN_MMAP;
}

struct hd_answer hd_call(const struct hd_subject *subject, const struct hd_op *op, uintptr_t block)
{
    const struct hd_allocator *allocator = &subject->allocator;
    struct hd_heap *heap = subject->heap;
    struct hd_answer answer = {0};
    void *old = (void *)block;
    void *result = NULL;

    errno = HD_ERRNO_BEFORE;
    hd_tap_arm();
    switch ((enum hd_op_kind)op->kind) {
    case HD_OP_MALLOC: result = allocator->allocate(heap, op->size); break;
    case HD_OP_FREE: allocator->release(heap, old); break;
    case HD_OP_FREE_NULL:
    case HD_OP_THREAD_END: allocator->release(heap, NULL); break;
    case HD_OP_REALLOC: result = allocator->resize(heap, old, op->size); break;
    case HD_OP_CALLOC: result = allocator->allocate_zeroed(heap, op->extra, op->size); break;
    case HD_OP_REALLOCARRAY:
        result = allocator->resize_array(heap, old, op->extra, op->size);
        break;
    case HD_OP_ALIGNED_ALLOC:
        result = allocator->allocate_aligned(heap, op->extra, op->size);
        break;
    case HD_OP_POSIX_MEMALIGN: {
        void *pointer = (void *)HD_POINTER_BEFORE;
        answer.status = allocator->allocate_posix(heap, &pointer, op->extra, op->size);
        answer.pointer_after = (uintptr_t)pointer;
        if (answer.status == 0 && answer.pointer_after != HD_POINTER_BEFORE) result = pointer;
        break;
    }
    case HD_OP_MEMALIGN: result = allocator->allocate_memalign(heap, op->extra, op->size); break;
    case HD_OP_VALLOC: result = allocator->allocate_page_aligned(heap, op->size); break;
    case HD_OP_USABLE_SIZE: answer.usable = allocator->usable_size(heap, old); break;
    case HD_OP_WRITE:
    case HD_OP_REFUSE:
    case HD_OP_REFUSE_ALL:
    case HD_OP_LIMIT:
    case HD_OP_FOREIGN_SBRK:
    case HD_OP_FOREIGN_MMAP: break;
    case HD_OP_KINDS: HD_ASSERT(false);
    }
    hd_tap_disarm();
    answer.errno_after = errno;
    answer.result = (uintptr_t)result;
    return answer;
}
