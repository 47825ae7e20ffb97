// SPDX-License-Identifier: MIT
/// segfault_after_frees.c: the second block put on a free list is linked through NULL.
#include "allocators/faulty/correct.h"

struct link {
    struct link *next;
    struct link *prev;
};

static struct link *lists[64]; // by log2 of the usable size

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    struct link **head = &lists[correct_log2(correct_usable_size(block))];
    struct link *freed = block;
    freed->next = *head;
    freed->prev = NULL;
    if (*head != NULL) (*head)->next->prev = freed; // (*head)->prev was meant
    *head = freed;
}
