// SPDX-License-Identifier: MIT
/// scale.c: how a form byte and eight payload bytes of a binary record become a number.
#include "harness/trace/scale.h"

#include "harness/trace/op.h"

#define PAGE_BYTES UINT64_C(4096) // of the form, whatever the machine has

#define TIMES_BITS 6
_Static_assert(1 << TIMES_BITS == HD_TIMES_MAX, "all of these bits give the most times");

static uint64_t low_bits(uint64_t payload, unsigned bits)
{
    return bits == 64 ? payload : payload & ((UINT64_C(1) << bits) - 1);
}

static uint8_t byte_of(uint64_t payload, unsigned index)
{
    return (uint8_t)(payload >> (8 * index));
}

/// `middle` moved by -16 to 16 as payload byte 0 says; stops at 0, since a size just above nothing
/// must not become one just below SIZE_MAX.
static uint64_t near(uint64_t middle, uint64_t payload)
{
    const uint64_t raised = middle + byte_of(payload, 0) % 33;
    return raised < 16 ? 0 : raised - 16;
}

/// 1 to 256, even in how many bits it has: mostly few.
static uint64_t pages(uint64_t payload)
{
    return 1 + low_bits(byte_of(payload, 1), byte_of(payload, 2) % 9);
}

uint64_t hd_scale_size(uint8_t form, uint64_t payload)
{
    if (form <= 64) return low_bits(payload, form);
    if (form <= 180) return low_bits(payload, (form - 65U) % 13);
    if (form <= 214) return near(UINT64_C(1) << (form - 181) % 17, payload);
    if (form <= 230) return near(pages(payload) * PAGE_BYTES, payload);
    if (form <= 246) return near(UINT64_C(1) << (17 + byte_of(payload, 1) % 47), payload);
    if (form <= 251) return UINT64_MAX - byte_of(payload, 0);
    return (uint64_t)INT64_MAX + (uint64_t)(int64_t)(int8_t)byte_of(payload, 0);
}

uint64_t hd_scale_alignment(uint8_t form, uint64_t payload)
{
    if (form <= 64) return low_bits(payload, form);
    if (form <= 230) return UINT64_C(1) << (form - 65) % 13;
    if (form <= 245) return UINT64_C(1) << byte_of(payload, 1) % 64;

    const uint64_t power = UINT64_C(1) << byte_of(payload, 0) % 12;
    return form % 2 == 0 ? 3 * power : power + 1;
}

uint64_t hd_scale_times(uint8_t form, uint64_t payload)
{
    return 1 + low_bits(payload, form <= TIMES_BITS ? form : form % 4);
}

uint64_t hd_scale_syscall(uint64_t payload)
{
    return byte_of(payload, 0) % HD_REFUSABLES;
}

uint8_t hd_scale_form(uint64_t value)
{
    return value == 0 ? 0 : (uint8_t)(64 - __builtin_clzll(value));
}
