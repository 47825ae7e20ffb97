// SPDX-License-Identifier: MIT
/// notation.c: a system call written as strace(1) writes it, in one line.
#include "harness/notation/notation.h"

#include "harness/notation/answer.h"
#include "harness/notation/text.h"
#include "harness/notation/words.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ARGUMENTS (sizeof((struct hd_syscall *)NULL)->args / sizeof(uint64_t))

/// What an argument or a result is, and so how it is written.
enum hd_notation_kind {
    HD_KIND_NONE, // not written
    HD_KIND_ADDRESS,
    HD_KIND_BREAK,   // an address, of brk's region even where that has not grown to yet
    HD_KIND_SIZE,    // 64 bits, decimal
    HD_KIND_SIGNED,  // the same with a sign
    HD_KIND_COUNT,   // 32 bits, decimal
    HD_KIND_FD,      // the same with a sign
    HD_KIND_INTEGER, // a result that is no address
    HD_KIND_HEX,     // 64 bits
    HD_KIND_HEX32,
    HD_KIND_DIRECTORY, // a file descriptor or AT_FDCWD
    HD_KIND_MAPPING,
    HD_KIND_PROTECTION, // from here on by the tables of words.c
    HD_KIND_REMAP,
    HD_KIND_ADVICE,
    HD_KIND_SYNC,
    HD_KIND_LOCK,
    HD_KIND_LOCKALL,
    HD_KIND_GETRANDOM,
    HD_KIND_FUTEX,
    HD_KIND_BITSET,
    HD_KIND_CLOCK,
    HD_KIND_TIMER,
    HD_KIND_WHENCE,
    HD_KIND_HOW,
    HD_KIND_PRCTL,
    HD_KIND_PRCTL_VMA,
    HD_KINDS
};

static const struct vocabulary {
    const struct hd_notation_words *words; // NULL: no table
    bool bits;
    bool wide; // the kernel looks at all 64 bits
} vocabularies[HD_KINDS] = {
    [HD_KIND_PROTECTION] = {.words = &hd_words_protection, .bits = true, .wide = true},
    [HD_KIND_REMAP] = {.words = &hd_words_remap, .bits = true, .wide = true},
    [HD_KIND_SYNC] = {.words = &hd_words_sync, .bits = true},
    [HD_KIND_LOCK] = {.words = &hd_words_lock, .bits = true},
    [HD_KIND_LOCKALL] = {.words = &hd_words_lockall, .bits = true},
    [HD_KIND_GETRANDOM] = {.words = &hd_words_getrandom, .bits = true},
    [HD_KIND_TIMER] = {.words = &hd_words_timer, .bits = true},
    [HD_KIND_ADVICE] = {.words = &hd_words_advice},
    [HD_KIND_FUTEX] = {.words = &hd_words_futex},
    [HD_KIND_BITSET] = {.words = &hd_words_bitset},
    [HD_KIND_CLOCK] = {.words = &hd_words_clock},
    [HD_KIND_WHENCE] = {.words = &hd_words_whence},
    [HD_KIND_HOW] = {.words = &hd_words_how},
    [HD_KIND_PRCTL] = {.words = &hd_words_prctl},
    [HD_KIND_PRCTL_VMA] = {.words = &hd_words_prctl_vma},
};

struct shape {
    long number;
    const char *name;
    unsigned argument; // fits when this one, under the mask, is the value
    uint64_t mask;
    uint64_t value;
    enum hd_notation_kind result;
    enum hd_notation_kind arguments[ARGUMENTS];
};

static const struct shape shapes[] = {
#define HD_CALL_WHEN(name, argument, mask, value, result, a, b, c, d, e, f)                        \
    {SYS_##name,                                                                                   \
     #name,                                                                                        \
     argument,                                                                                     \
     mask,                                                                                         \
     value,                                                                                        \
     HD_KIND_##result,                                                                             \
     {HD_KIND_##a, HD_KIND_##b, HD_KIND_##c, HD_KIND_##d, HD_KIND_##e, HD_KIND_##f}},
#define HD_CALL(name, result, a, b, c, d, e, f)                                                    \
    HD_CALL_WHEN(name, 0, 0, 0, result, a, b, c, d, e, f)
#include "harness/notation/calls.def"
#undef HD_CALL_WHEN
#undef HD_CALL
};

/// Of a call without a line in calls.def.
static const struct shape shapeless = {
    .result = HD_KIND_INTEGER,
    .arguments = {HD_KIND_HEX, HD_KIND_HEX, HD_KIND_HEX, HD_KIND_HEX, HD_KIND_HEX, HD_KIND_HEX},
};

static const struct shape *find_shape(const struct hd_syscall *call)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct shape *shape = &shapes[i];
        if (shape->number != call->number) continue;
        if ((call->args[shape->argument] & shape->mask) == shape->value) return shape;
    }
    return &shapeless;
}

/// An address as `place` says it lies, if it lies anywhere.
static void put_address(struct hd_notation_text *text, uint64_t address, bool known,
                        const struct hd_notation_place *place)
{
    if (!known) {
        hd_notation_put(text, "%#" PRIx64, address);
        return;
    }
    hd_notation_put(text, "%s", place->name);
    if (place->number != 0) hd_notation_put(text, "%" PRIu64, place->number);
    if (place->offset != 0) hd_notation_put(text, "+%#" PRIxPTR, place->offset);
}

static void put_value(struct hd_notation_text *text, enum hd_notation_kind kind, uint64_t value,
                      const struct hd_notation_names *names)
{
    const struct vocabulary *vocabulary = &vocabularies[kind];
    const uint64_t seen = vocabulary->wide ? value : (uint32_t)value;
    struct hd_notation_place place = {0};

    switch (kind) {
    case HD_KIND_ADDRESS:
        put_address(text, value, hd_notation_names_find(names, value, &place), &place);
        return;
    case HD_KIND_BREAK:
        put_address(text, value, hd_notation_names_find_break(names, value, &place), &place);
        return;
    case HD_KIND_SIZE: hd_notation_put(text, "%" PRIu64, value); return;
    case HD_KIND_INTEGER:
    case HD_KIND_SIGNED: hd_notation_put(text, "%" PRId64, (int64_t)value); return;
    case HD_KIND_COUNT: hd_notation_put(text, "%" PRIu32, (uint32_t)value); return;
    case HD_KIND_FD: hd_notation_put(text, "%" PRId32, (int32_t)value); return;
    case HD_KIND_HEX: hd_notation_put(text, "%#" PRIx64, value); return;
    case HD_KIND_HEX32: hd_notation_put(text, "%#" PRIx32, (uint32_t)value); return;
    case HD_KIND_DIRECTORY:
        if ((int32_t)value == AT_FDCWD)
            hd_notation_put(text, "AT_FDCWD");
        else
            hd_notation_put(text, "%" PRId32, (int32_t)value);
        return;
    case HD_KIND_MAPPING: hd_notation_put_mapping(text, (uint32_t)value); return;
    default:
        HD_ASSERT(vocabulary->words != NULL);
        if (vocabulary->bits)
            hd_notation_put_bits(text, vocabulary->words, seen);
        else
            hd_notation_put_word(text, vocabulary->words, seen);
    }
}

/// A pointer that is passed; as a result, 0 is an address.
static void put_argument(struct hd_notation_text *text, enum hd_notation_kind kind, uint64_t value,
                         const struct hd_notation_names *names)
{
    const bool pointer = kind == HD_KIND_ADDRESS || kind == HD_KIND_BREAK;
    if (pointer && value == 0)
        hd_notation_put(text, "NULL");
    else
        put_value(text, kind, value, names);
}

static void put_error(struct hd_notation_text *text, int error)
{
    const char *name = strerrorname_np(error);
    if (name != NULL)
        hd_notation_put(text, "-1 %s (%s)", name, strerrordesc_np(error));
    else
        hd_notation_put(text, "-1 (errno %d)", error);
}

bool hd_notation_argument(const struct hd_syscall *call, const struct hd_notation_style *style,
                          size_t index, char *text, size_t size)
{
    const struct shape *shape = find_shape(call);
    struct hd_notation_text argument;
    hd_notation_text_open(&argument, text, size);
    for (size_t i = 0; i < ARGUMENTS; i++) {
        if (shape->arguments[i] == HD_KIND_NONE || index-- != 0) continue;
        put_argument(&argument, shape->arguments[i], call->args[i],
                     style != NULL ? style->names : NULL);
        return true;
    }
    return false;
}

void hd_notation_result(const struct hd_syscall *call, const struct hd_notation_style *style,
                        char *text, size_t size)
{
    struct hd_notation_text result;
    hd_notation_text_open(&result, text, size);
    if (hd_answer_error(call) != 0)
        hd_notation_put(&result, "-1");
    else
        put_value(&result, find_shape(call)->result, (uint64_t)call->result,
                  style != NULL ? style->names : NULL);
}

size_t hd_notation_format(const struct hd_syscall *call, const struct hd_notation_style *style,
                          char *text, size_t size)
{
    const struct shape *shape = find_shape(call);
    const struct hd_notation_names *names = style != NULL ? style->names : NULL;
    struct hd_notation_text line;
    hd_notation_text_open(&line, text, size);

    char resolved[HD_NOTATION_NAME_MAX];
    if (shape->name == NULL) hd_notation_call_name(call->number, resolved);
    hd_notation_put(&line, "%s(", shape->name != NULL ? shape->name : resolved);

    const char *separator = "";
    for (size_t i = 0; i < ARGUMENTS; i++) {
        if (shape->arguments[i] == HD_KIND_NONE) continue;
        hd_notation_put(&line, "%s", separator);
        put_argument(&line, shape->arguments[i], call->args[i], names);
        separator = ", ";
    }
    hd_notation_put(&line, ") = ");
    const int error = hd_answer_error(call);
    if (error != 0)
        put_error(&line, error);
    else
        put_value(&line, shape->result, (uint64_t)call->result, names);
    if (call->refused) hd_notation_put(&line, " (refused)");
    return line.length;
}
