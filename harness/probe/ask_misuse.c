// SPDX-License-Identifier: MIT
/// ask_misuse.c: what a program does wrong, and whether the allocator says so.
///
/// Each in a process of its own, with live blocks around the one that is misused, and ordinary
/// calls afterwards. What ends the process there and then was noticed; what ends it later did harm.
#include "harness/probe/prober.h"

#include <string.h>

#define SIZE   100
#define AROUND 8 // live blocks before and behind
#define AFTER  64

struct scene {
    uintptr_t before[AROUND];
    uintptr_t block;
    uintptr_t behind[AROUND];
};

static bool set(struct hd_prober *prober, struct scene *scene)
{
    bool whole = true;
    for (unsigned i = 0; i < AROUND; i++)
        whole &= (scene->before[i] = hd_prober_malloc(prober, SIZE)) != 0;
    whole &= (scene->block = hd_prober_malloc(prober, SIZE)) != 0;
    for (unsigned i = 0; i < AROUND; i++)
        whole &= (scene->behind[i] = hd_prober_malloc(prober, SIZE)) != 0;
    if (!whole) hd_tell_nothing(prober->told, "so many blocks were not served");
    return whole;
}

/// True when two of the blocks are at one place.
static bool is_given_twice(const uintptr_t blocks[AFTER])
{
    for (unsigned i = 0; i < AFTER; i++)
        for (unsigned k = 0; k < i; k++)
            if (blocks[i] != 0 && blocks[i] == blocks[k]) return true;
    return false;
}

/// Ordinary calls after the misuse: many blocks, then all neighbours and these freed.
static void go_on(struct hd_prober *prober, const struct scene *scene)
{
    uintptr_t blocks[AFTER];
    prober->page->afterwards = true;
    for (unsigned i = 0; i < AFTER; i++)
        blocks[i] = hd_prober_malloc(prober, SIZE);
    const bool twice = is_given_twice(blocks);
    hd_tell_words(prober->told,
                  twice ? "not noticed, and one block is given out twice" : "not noticed");
    if (twice) return; // to free them would be another double free
    for (unsigned i = 0; i < AROUND; i++) {
        hd_prober_free(prober, scene->before[i]);
        hd_prober_free(prober, scene->behind[i]);
    }
    for (unsigned i = 0; i < AFTER; i++)
        hd_prober_free(prober, blocks[i]);
    hd_prober_free(prober, hd_prober_malloc(prober, SIZE * 100));
}

/// Changes a byte, whatever it holds.
static void damage(uintptr_t address)
{
    *(volatile uint8_t *)address ^= 0xff;
}

void hd_ask_double_free(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    hd_prober_free(prober, scene.block);
    hd_prober_free(prober, scene.block);
    go_on(prober, &scene);
}

void hd_ask_double_free_later(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    hd_prober_free(prober, scene.block);
    hd_prober_free(prober, scene.behind[AROUND - 1]);
    hd_prober_free(prober, scene.block);
    scene.behind[AROUND - 1] = 0;
    go_on(prober, &scene);
}

void hd_ask_free_inside(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    hd_prober_free(prober, scene.block + 16);
    go_on(prober, &scene);
}

void hd_ask_free_stack(struct hd_prober *prober)
{
    _Alignas(16) unsigned char variable[256];
    struct scene scene;
    if (!set(prober, &scene)) return;
    memset(variable, 0, sizeof variable);
    hd_prober_free(prober, (uintptr_t)&variable[128]);
    go_on(prober, &scene);
}

void hd_ask_overflow(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    damage(scene.block + hd_prober_usable(prober, scene.block, SIZE));
    hd_prober_free(prober, scene.block);
    go_on(prober, &scene);
}

void hd_ask_underflow(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    damage(scene.block - 1);
    hd_prober_free(prober, scene.block);
    go_on(prober, &scene);
}

void hd_ask_write_after_free(struct hd_prober *prober)
{
    struct scene scene;
    if (!set(prober, &scene)) return;
    hd_prober_free(prober, scene.block);
    for (unsigned i = 0; i < 16; i++)
        damage(scene.block + i);
    go_on(prober, &scene);
}
