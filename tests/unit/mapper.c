// SPDX-License-Identifier: MIT
/// mapper.c: a page a block, by libc's mmap and munmap.
#include "tests/unit/mapper.h"

#include "allocators/status.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_WRITE (PROT_READ | PROT_WRITE)

static struct mapper *mapper_of(struct hd_heap *heap) { return (struct mapper *)(void *)heap; }

static bool now(const struct mapper *mapper, enum deed deed)
{
    return mapper->deed == deed && (mapper->at == 0 || mapper->at == mapper->served);
}

/// NULL where the kernel refuses.
static uint8_t *map(size_t size)
{
    void *pages = mmap(NULL, size, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

// ---------------------------------------------------------------------------- deeds

static void note(struct mapper *mapper, enum hd_syscall_id id, bool failed)
{
    mapper->errors[id] = failed ? errno : 0;
}

static void call_each(struct mapper *mapper)
{
    uint8_t *page = mapper->blocks[0].page;
    uint8_t *pages = map(2 * MAPPER_PAGE);
    note(mapper, HD_SYSCALL_mmap, pages == NULL);
    if (pages != NULL) {
        note(mapper, HD_SYSCALL_mremap,
             mremap(pages, 2 * MAPPER_PAGE, MAPPER_PAGE, 0) == MAP_FAILED);
        note(mapper, HD_SYSCALL_munmap, munmap(pages, 2 * MAPPER_PAGE) != 0);
    }
    note(mapper, HD_SYSCALL_madvise, madvise(page, MAPPER_PAGE, MADV_WILLNEED) != 0);
    note(mapper, HD_SYSCALL_mprotect, mprotect(page, MAPPER_PAGE, READ_WRITE) != 0);
    const bool failed = sbrk(MAPPER_PAGE) == (void *)-1;
    note(mapper, HD_SYSCALL_brk, failed);
    if (!failed) HD_ASSERT(sbrk(-MAPPER_PAGE) != (void *)-1);
}

static void make_child(void)
{
    const pid_t child = fork();
    if (child == 0) _exit(0);
    HD_ASSERT(child > 0 && waitpid(child, NULL, 0) == child);
}

static void purge(struct mapper *mapper)
{
    while (mapper->kept_count > 0)
        (void)munmap(mapper->kept[--mapper->kept_count], MAPPER_PAGE);
}

static void *page_under(const char *end)
{
    return (void *)(((uintptr_t)end - 1) / MAPPER_PAGE * MAPPER_PAGE);
}

/// At each call. Those that are about a call's answer are done there.
static void misbehave(struct mapper *mapper)
{
    mapper->served++;
    uint8_t *page = mapper->blocks[0].page;
    if (now(mapper, DISCARDS_FIRST) || now(mapper, DISCARDS_AND_UNMAPS_FIRST))
        (void)madvise(page, MAPPER_PAGE, MADV_DONTNEED);
    if (now(mapper, UNMAPS_FIRST) || now(mapper, DISCARDS_AND_UNMAPS_FIRST))
        (void)munmap(page, MAPPER_PAGE);
    if (now(mapper, PROTECTS_FIRST)) (void)mprotect(page, MAPPER_PAGE, PROT_READ);
    if (now(mapper, UNMAPS_BEHIND_FIRST)) (void)munmap(page + MAPPER_PAGE, MAPPER_PAGE);
    if (now(mapper, WRITES_BEHIND_FIRST)) page[MAPPER_PAGE] ^= 0xff;
    if (now(mapper, DISCARDS_BREAK))
        (void)madvise(page_under(sbrk(0)), MAPPER_PAGE, MADV_DONTNEED);
    if (now(mapper, PURGES)) purge(mapper);
    if (now(mapper, LEAKS)) (void)map((size_t)1 << 20);
    if (now(mapper, CALLS_GETPPID)) (void)syscall(SYS_getppid);
    if (now(mapper, FORKS)) make_child();
    if (now(mapper, CALLS_EACH)) call_each(mapper);
}

// ---------------------------------------------------------------------------- giving

static uint8_t *give_page(struct mapper *mapper)
{
    if (now(mapper, GIVES_BREAK)) return sbrk(MAPPER_PAGE);
    uint8_t *page = map(2 * MAPPER_PAGE);
    mapper->was_refused |= page == NULL;
    if (page == NULL) return NULL;
    (void)munmap(page + MAPPER_PAGE, MAPPER_PAGE);
    if (now(mapper, GIVES_UNMAPPED)) (void)munmap(page, MAPPER_PAGE);
    if (now(mapper, GIVES_READ_ONLY)) (void)mprotect(page, MAPPER_PAGE, PROT_READ);
    return page;
}

static void *give(struct mapper *mapper, size_t size)
{
    HD_ASSERT(mapper->block_count < MAPPER_BLOCKS);
    mapper->allocations++;
    if (size <= MAPPER_PAGE && size > mapper->largest) mapper->largest = size;
    const bool refuses = mapper->deed == REFUSES_FOR_EVER && mapper->was_refused;
    const bool too_large = mapper->capacity != 0 && size > mapper->capacity;
    uint8_t *page = refuses || too_large || size > MAPPER_PAGE ? NULL : give_page(mapper);
    if (page == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    mapper->blocks[mapper->block_count].page = page;
    mapper->blocks[mapper->block_count++].size = size;
    return page;
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    misbehave(mapper_of(heap));
    return give(mapper_of(heap), size);
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    misbehave(mapper_of(heap));
    if (alignment <= MAPPER_PAGE && alignment != 0 && (alignment & (alignment - 1)) == 0)
        return give(mapper_of(heap), size);
    errno = EINVAL;
    return NULL;
}

static void release(struct hd_heap *heap, void *block)
{
    misbehave(mapper_of(heap));
    if (block == NULL) return;
    mapper_of(heap)->frees++;
    if (mapper_of(heap)->deed == PURGES) {
        mapper_of(heap)->kept[mapper_of(heap)->kept_count++] = block;
        return;
    }
    const int error = errno;
    (void)munmap(block, MAPPER_PAGE);
    errno = error;
}

static size_t size_of(const struct mapper *mapper, const void *block)
{
    for (unsigned i = mapper->block_count; i-- > 0;)
        if (mapper->blocks[i].page == block) return mapper->blocks[i].size;
    HD_ASSERT(false);
    return 0;
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    struct mapper *mapper = mapper_of(heap);
    misbehave(mapper);
    if (block != NULL && now(mapper, LOSES_OLD)) {
        (void)munmap(block, MAPPER_PAGE);
        errno = ENOMEM;
        return NULL;
    }
    if (block != NULL && size == 0) {
        if (!now(mapper, KEEPS_AT_ZERO)) (void)munmap(block, MAPPER_PAGE);
        return NULL;
    }
    uint8_t *page = give(mapper, size);
    if (page == NULL || block == NULL) return page;
    const size_t old_size = size_of(mapper, block);
    memcpy(page, block, old_size < size ? old_size : size);
    (void)munmap(block, MAPPER_PAGE);
    return page;
}

static void trim(struct hd_heap *heap) { mapper_of(heap)->trims++; }

void mapper_forget(struct hd_heap *heap, void *block)
{
    (void)heap;
    (void)block;
}

size_t mapper_capacity(struct hd_heap *heap) { return mapper_of(heap)->capacity; }

size_t mapper_usable_past_page(struct hd_heap *heap, void *block)
{
    (void)heap;
    (void)block;
    return MAPPER_PAGE + 1;
}

struct hd_subject mapper_subject(struct mapper *mapper, enum deed deed, unsigned at)
{
    memset(mapper, 0, sizeof *mapper);
    mapper->deed = deed;
    mapper->at = at;
    return (struct hd_subject){.allocator = {.name = "mapper",
                                             .summary = "a page a block",
                                             .allocate = allocate,
                                             .release = release,
                                             .resize = resize,
                                             .allocate_aligned = allocate_aligned,
                                             .trim = trim},
                               .heap = (struct hd_heap *)(void *)mapper};
}
