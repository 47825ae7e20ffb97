// SPDX-License-Identifier: MIT
/// free_list_cycle.c: two freed blocks point at each other, and malloc looks for the last.
#include "allocators/faulty/correct.h"

struct link {
    struct link *next;
    struct link *prev;
};

static struct link *lists[64]; // by log2 of the usable size, the newest first

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    struct link **head = &lists[correct_log2(correct_usable_size(block))];
    struct link *freed = block;
    freed->next = *head;
    freed->prev = NULL;
    if (*head != NULL) (*head)->next = freed; // (*head)->prev was meant
    *head = freed;
}

/// The oldest block of the list whose every block is large enough, or a new one.
FAULTY_EXPORT void *malloc(size_t size)
{
    if (size < 2 || size > PTRDIFF_MAX) return correct_malloc(size);

    struct link **head = &lists[correct_log2(size - 1) + 1];
    if (*head == NULL) return correct_malloc(size);
    struct link *oldest = *head;
    while (oldest->next != NULL) {
        oldest = oldest->next;
    }
    if (oldest->prev == NULL)
        *head = NULL;
    else
        oldest->prev->next = NULL;
    return oldest;
}
