// SPDX-License-Identifier: MIT
/// test_text_mutations.c: broken texts are refused with the place, the others print to a fixed
/// point.
#include "harness/trace/text_write.h"
#include "tests/unit/random_ops.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define MUTANTS  150000
#define TEXT_MAX 4096

static const char *const seeds[] = {
    "heapduel-trace 1\n",
    "heapduel-trace 1\n1 = malloc 24\n2 = calloc 3 40\n3 = aligned_alloc 64 256\n"
    "1 = realloc 1 4096\nfree 2\n@1 4 = malloc 100\n",
    "heapduel-trace 1\r\n# comment\r\n\r\n@63 268435455 = posix_memalign 8 SIZE_MAX-17 # why\r\n"
    "268435455 = reallocarray 268435455 PTRDIFF_MAX+1 2\r\nmalloc_usable_size 0\r\nwrite 7",
    "heapduel-trace 1\nfree_null\n\t0x10 = valloc 0xfff\n 5 = memalign 3 PTRDIFF_MAX-4096\n"
    "free 0x10#\nfree_null\nwrite 5\n",
    "heapduel-trace 1\n1 = malloc 24\nrefuse mmap 1\nrefuse madvise 64\n@2 refuse_all 3\n"
    "foreign_sbrk -4096\nlimit SIZE_MAX\nforeign_sbrk PTRDIFF_MAX-1\nforeign_mmap 1\n",
};

struct text {
    char bytes[TEXT_MAX];
    size_t size;
};

static void flip_byte(struct text *text, uint64_t *random)
{
    static const char likely[] = "0123456789 @=#-+x\n\r\t_SIZE_MAX";
    if (text->size == 0) return;
    char *byte = &text->bytes[random_below(random, text->size)];
    switch (random_below(random, 3)) {
    case 0: *byte = (char)random_next(random); break;
    case 1: *byte = (char)(*byte ^ (1 << random_below(random, 8))); break;
    default: *byte = likely[random_below(random, sizeof likely - 1)]; break;
    }
}

static void truncate_anywhere(struct text *text, uint64_t *random)
{
    text->size = random_below(random, text->size + 1);
}

/// The beginning of a line: `at` is moved on to behind the next newline, or to 0.
static size_t line_start(const struct text *text, size_t at)
{
    while (at < text->size && text->bytes[at] != '\n')
        at++;
    return at < text->size ? at + 1 : 0;
}

static size_t line_end(const struct text *text, size_t at)
{
    while (at < text->size && text->bytes[at] != '\n')
        at++;
    return at < text->size ? at + 1 : at;
}

static void swap_lines(struct text *text, uint64_t *random)
{
    if (text->size == 0) return;
    size_t first = line_start(text, random_below(random, text->size));
    size_t second = line_start(text, random_below(random, text->size));
    if (first == second) return;
    if (first > second) {
        const size_t other = first;
        first = second;
        second = other;
    }
    const size_t first_end = line_end(text, first);
    const size_t second_end = line_end(text, second);
    const struct text old = *text;
    char *out = text->bytes + first;
    out = mempcpy(out, old.bytes + second, second_end - second);
    out = mempcpy(out, old.bytes + first_end, second - first_end);
    memcpy(out, old.bytes + first, first_end - first);
}

/// Puts a piece of the text somewhere else into it as well.
static void copy_piece(struct text *text, uint64_t *random)
{
    if (text->size == 0) return;
    const struct text old = *text;
    const size_t from = random_below(random, old.size);
    const size_t to = random_below(random, old.size);
    const size_t size = random_below(random, old.size - from) + 1;
    if (old.size + size > TEXT_MAX) return;
    memcpy(text->bytes + to, old.bytes + from, size);
    memcpy(text->bytes + to + size, old.bytes + to, old.size - to);
    text->size += size;
}

static void mutate(struct text *text, uint64_t *random)
{
    static void (*const ways[])(struct text *, uint64_t *) = {
        flip_byte, flip_byte, flip_byte, truncate_anywhere, swap_lines, copy_piece,
    };
    for (uint64_t count = random_below(random, 4) + 1; count > 0; count--)
        ways[random_below(random, sizeof ways / sizeof ways[0])](text, random);
}

/// Whether the message is `mutant:LINE:COLUMN: ` and more, on one line of printable ASCII.
static bool has_place(const char *message, size_t text_size)
{
    unsigned line = 0;
    unsigned column = 0;
    int used = 0;
    if (sscanf(message, "mutant:%u:%u: %n", &line, &column, &used) != 2 || used == 0) return false;
    for (const char *c = message; *c != '\0'; c++)
        if (!isprint((unsigned char)*c)) return false;
    return message[used] != '\0' && line >= 1 && column >= 1 && line + column <= text_size + 2;
}

static void check(const struct text *mutant, struct hd_arena *arena, unsigned *accepted,
                  unsigned *refused)
{
    struct hd_trace trace;
    struct hd_trace again;
    struct hd_message message = {""};
    hd_arena_reset(arena, 0);
    const enum hd_status status = hd_trace_read_bytes("mutant", (const uint8_t *)mutant->bytes,
                                                      mutant->size, arena, &trace, &message);
    if (status != HD_OK) {
        assert_int_equal(status, HD_BAD_INPUT);
        if (!has_place(message.text, mutant->size)) fail_msg("message: %s", message.text);
        (*refused)++;
        return;
    }
    size_t size = 0;
    size_t size_again = 0;
    const char *text = hd_text_print(&trace, arena, &size);
    assert_int_equal(
        hd_trace_read_bytes("printed", (const uint8_t *)text, size, arena, &again, &message),
        HD_OK);
    assert_int_equal(trace.count, again.count);
    assert_memory_equal(trace.ops, again.ops, trace.count * sizeof trace.ops[0]);
    const char *text_again = hd_text_print(&again, arena, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(text, text_again, size);
    (*accepted)++;
}

static void mutants_are_refused_or_go_round(void **state)
{
    (void)state;
    struct hd_arena arena;
    uint64_t random = 1;
    unsigned accepted = 0;
    unsigned refused = 0;
    hd_arena_open(&arena, 1 << 24);
    (void)alarm(120); // a parser that hangs is a failed test, not a stuck one
    for (unsigned i = 0; i < MUTANTS; i++) {
        const char *seed = seeds[i % (sizeof seeds / sizeof seeds[0])];
        struct text mutant = {.size = strlen(seed)};
        memcpy(mutant.bytes, seed, mutant.size);
        mutate(&mutant, &random);
        check(&mutant, &arena, &accepted, &refused);
    }
    print_message("%u accepted, %u refused\n", accepted, refused);
    assert_true(accepted > MUTANTS / 20); // else the test would have nothing to say
    assert_true(refused > MUTANTS / 20);
    hd_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(mutants_are_refused_or_go_round)};
    return cmocka_run_group_tests_name("text_mutations", tests, NULL, NULL);
}
