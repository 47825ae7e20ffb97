// SPDX-License-Identifier: MIT
/// ask_back.c: whether freed memory goes back to the kernel, when, and by which call.
#include "harness/probe/prober.h"

#include <string.h>

#define BYTES       ((size_t)8 << 20)
#define SMALL_BYTES ((size_t)64)
#define SMALL_COUNT (BYTES / SMALL_BYTES)
#define KEEPS_MOST  (BYTES / 2) // less given back than this is none

/// The call that gave back most of what was, since `lost` was cleared; NULL: less than half was.
static const char *given_back_by(const struct hd_prober *prober)
{
    size_t sum = 0;
    unsigned most = 0;
    for (unsigned id = 0; id < HD_SYSCALLS; id++) {
        sum += prober->lost[id];
        if (prober->lost[id] > prober->lost[most]) most = id;
    }
    return sum >= KEEPS_MOST ? hd_syscall_names[most] : NULL;
}

/// `lost` has what the frees gave back.
static void tell(struct hd_prober *prober)
{
    const char *by = given_back_by(prober);
    if (by != NULL) {
        hd_tell_words(prober->told, "when freed, by %s", by);
        return;
    }
    if (!hd_prober_trim(prober)) {
        hd_tell_words(prober->told, "not when freed");
        return;
    }
    by = given_back_by(prober);
    if (by != NULL)
        hd_tell_words(prober->told, "when trimmed, by %s", by);
    else
        hd_tell_words(prober->told, "neither when freed nor when trimmed");
}

static bool is_seen(struct hd_prober *prober)
{
    if (!prober->tapped) hd_tell_nothing(prober->told, "its system calls are not seen");
    return prober->tapped;
}

void hd_ask_back_large(struct hd_prober *prober)
{
    if (!is_seen(prober)) return;
    const uintptr_t block = hd_prober_malloc(prober, BYTES);
    if (block == 0) {
        hd_tell_nothing(prober->told, "so much was not served");
        return;
    }
    memset((void *)block, 1, BYTES);
    memset(prober->lost, 0, sizeof prober->lost);
    hd_prober_free(prober, block);
    tell(prober);
}

void hd_ask_back_small(struct hd_prober *prober)
{
    static uintptr_t blocks[SMALL_COUNT];
    if (!is_seen(prober)) return;
    size_t count = 0;
    while (count < SMALL_COUNT && (blocks[count] = hd_prober_malloc(prober, SMALL_BYTES)) != 0)
        memset((void *)blocks[count++], 1, SMALL_BYTES);
    if (count < SMALL_COUNT) {
        hd_tell_nothing(prober->told, "so much was not served");
        return;
    }
    memset(prober->lost, 0, sizeof prober->lost);
    for (size_t i = 0; i < count; i++)
        hd_prober_free(prober, blocks[i]);
    tell(prober);
}
