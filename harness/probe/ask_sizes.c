// SPDX-License-Identifier: MIT
/// ask_sizes.c: size classes, the largest request, and requests that get a mapping of their own.
#include "harness/probe/prober.h"

#include <string.h>

// ---------------------------------------------------------------------------- classes

#define CLASS_LIMIT ((size_t)256 << 10)
#define CLASSES_MAX (CLASS_LIMIT + 1) // where each byte is a class

/// Every usable size up to the limit, from the smallest on: one byte more than a class holds asks
/// for the next.
static size_t find_classes(struct hd_prober *prober, uint32_t classes[CLASSES_MAX])
{
    size_t count = 0;
    size_t size = 1;
    while (size <= CLASS_LIMIT && count < CLASSES_MAX) {
        const uintptr_t block = hd_prober_malloc(prober, size);
        if (block == 0) break;
        const size_t usable = hd_prober_usable(prober, block, size);
        hd_prober_free(prober, block);
        if (usable < size || usable > UINT32_MAX) break; // a lie: the oracle usable tells it
        classes[count++] = (uint32_t)usable;
        size = usable + 1;
    }
    return count;
}

/// How many of the classes from `i` on follow each other by the same step.
static size_t regular(const uint32_t *classes, size_t count, size_t i)
{
    size_t end = i + 1;
    while (end + 1 < count && classes[end + 1] - classes[end] == classes[i + 1] - classes[i])
        end++;
    return end < count ? end - i + 1 : 1;
}

void hd_ask_classes(struct hd_prober *prober)
{
    static uint32_t classes[CLASSES_MAX];
    if (!hd_prober_offers(prober, HD_OP_USABLE_SIZE)) return;
    const size_t count = find_classes(prober, classes);
    bool room = true;
    for (size_t i = 0, used; i < count && room; i += used) {
        used = regular(classes, count, i);
        if (used < 3) used = 1;
        const uint32_t step = used > 1 ? classes[i + 1] - classes[i] : 0;
        room = hd_tell_row(prober, classes[i], classes[i + used - 1], step);
    }
    if (count == 0) hd_tell_nothing(prober->told, "no request was served");
}

// ---------------------------------------------------------------------------- the largest

enum { REFUSED, SERVED };

static int try_size(struct hd_prober *prober, uint64_t size)
{
    const uintptr_t block = hd_prober_malloc(prober, size);
    if (block == 0) return REFUSED;
    return SERVED;
}

/// Not touched: that the kernel gives it is enough. Without a limit, as a limit would be the
/// answer.
void hd_ask_largest(struct hd_prober *prober)
{
    hd_memory_limit_end(&prober->limit);
    uint64_t served = 0;
    uint64_t refused = SIZE_MAX;
    bool died = false;
    while (refused - served > 1) {
        const uint64_t size = served + (refused - served) / 2;
        const int came = hd_prober_in_fork(prober, try_size, size);
        died = came < 0 || (died && came == SERVED);
        *(came == SERVED ? &served : &refused) = size;
    }
    hd_tell_bytes(prober->told, served);
    if (died) (void)strcpy(prober->told->text, "a larger one ends the process");
}

// ---------------------------------------------------------------------------- mappings

#define OWN_BITS_MIN 12
#define OWN_BITS_MAX 27
#define FREED_FIRST  ((size_t)8 << 20)

/// The mapping that the last call made for a block, and for it alone; false: it made none.
static bool find_mapping(uintptr_t block, size_t size, uintptr_t *start, size_t *length)
{
    const struct hd_tap_log *log = hd_tap_log();
    for (uint32_t i = 0; i < log->count; i++) {
        const struct hd_syscall *call = &log->calls[i];
        if (hd_syscall_of(call->number) != HD_SYSCALL_mmap || call->result < 0) continue;
        *start = (uintptr_t)call->result;
        *length = call->args[1];
        if (block - *start < *length && *length <= 2 * size + ((size_t)64 << 10)) return true;
    }
    return false;
}

static bool is_unmapped(uintptr_t block)
{
    const struct hd_tap_log *log = hd_tap_log();
    for (uint32_t i = 0; i < log->count; i++)
        if (hd_syscall_of(log->calls[i].number) == HD_SYSCALL_munmap &&
            block - log->calls[i].args[0] < log->calls[i].args[1])
            return true;
    return false;
}

/// SERVED: it has a mapping of its own, that free gives back.
static int try_own_mapping(struct hd_prober *prober, uint64_t size)
{
    uintptr_t start;
    size_t length;
    const uintptr_t block = hd_prober_malloc(prober, size);
    if (block == 0 || !find_mapping(block, size, &start, &length)) return REFUSED;
    hd_prober_free(prober, block);
    return is_unmapped(block) ? SERVED : REFUSED;
}

static int try_own_mapping_later(struct hd_prober *prober, uint64_t size)
{
    hd_prober_free(prober, hd_prober_malloc(prober, FREED_FIRST));
    return try_own_mapping(prober, size);
}

/// The least size, found on the way from a power of two without to one with a mapping.
static void ask_own(struct hd_prober *prober, int (*attempt)(struct hd_prober *, uint64_t))
{
    if (!prober->tapped) {
        hd_tell_nothing(prober->told, "its system calls are not seen");
        return;
    }
    for (unsigned i = 0; i < 32; i++) // so that what it sets up is no block's mapping
        (void)hd_prober_malloc(prober, 1 + i * i * 8);
    unsigned bits = OWN_BITS_MIN;
    while (bits <= OWN_BITS_MAX &&
           hd_prober_in_fork(prober, attempt, UINT64_C(1) << bits) != SERVED)
        bits++;
    if (bits > OWN_BITS_MAX) {
        hd_tell_words(prober->told, "no request up to 128 MiB");
        return;
    }
    uint64_t without = bits == OWN_BITS_MIN ? 0 : UINT64_C(1) << (bits - 1);
    uint64_t with = UINT64_C(1) << bits;
    while (with - without > 1) {
        const uint64_t size = without + (with - without) / 2;
        *(hd_prober_in_fork(prober, attempt, size) == SERVED ? &with : &without) = size;
    }
    hd_tell_bytes(prober->told, with);
}

void hd_ask_own_mapping(struct hd_prober *prober)
{
    ask_own(prober, try_own_mapping);
}

void hd_ask_own_mapping_later(struct hd_prober *prober)
{
    ask_own(prober, try_own_mapping_later);
}
