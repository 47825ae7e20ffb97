// SPDX-License-Identifier: MIT
/// test_packed.c: traces in gzip and zstd, and the one format that comes only in gzip.
#include "tests/unit/convert_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#define FIRST "heapduel-trace 1\n"

static void put_gzip(const char *path, const void *bytes, size_t size)
{
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
    assert_int_equal(gzclose(file), Z_OK);
}

static size_t get(const char *path, char *bytes, size_t size)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    const size_t got = fread(bytes, 1, size, file);
    assert_int_equal(fclose(file), 0);
    return got;
}

/// 40,000 operations: more than every buffer on the way.
static size_t long_text(char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, FIRST);
    for (unsigned i = 0; i < 20000; i++)
        used += (size_t)snprintf(text + used, size - used, "%u = malloc %u\nfree %u\n", i % 100,
                                 i * 2654435761U % 10000, i % 100);
    return used;
}

static char text[1 << 20];

static void any_form_is_read_packed(void **state)
{
    (void)state;
    const size_t size = long_text(text, sizeof text);
    convert_rig_put("plain", text, size);
    put_gzip("text.gz", text, size);
    assert_int_equal(convert_rig_convert("text.gz", "text.zst", HD_FORM_TEXT, false), HD_OK);
    assert_int_equal(convert_rig_convert("text.zst", "bin.zst", HD_FORM_BINARY, false), HD_OK);
    assert_int_equal(convert_rig_convert("bin.zst", "rep.zst", HD_FORM_REP, false), HD_OK);
    assert_int_equal(convert_rig_convert("rep.zst", "back", HD_FORM_TEXT, false), HD_OK);
    assert_string_equal(convert_rig_get("back"), text);

    static char packed[1 << 20];
    const size_t packed_size = get("bin.zst", packed, sizeof packed);
    assert_memory_equal(packed, "\x28\xb5\x2f\xfd", 4);
    assert_true(packed_size < size);
}

static void pieces_behind_each_other_are_one(void **state)
{
    (void)state;
    char packed[256];
    put_gzip("a", FIRST "1 = malloc 1\n", strlen(FIRST "1 = malloc 1\n"));
    put_gzip("b", "free 1\n", 7);
    size_t size = get("a", packed, sizeof packed);
    size += get("b", packed + size, sizeof packed - size);
    convert_rig_put("t", packed, size);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);
    assert_string_equal(convert_rig_get("out"), FIRST "1 = malloc 1\nfree 1\n");
}

static void what_is_cut_or_damaged_says_so(void **state)
{
    (void)state;
    static char packed[1 << 20];
    convert_rig_put("plain", text, long_text(text, sizeof text));
    // Records are never malformed: what is wrong is the packing.
    assert_int_equal(convert_rig_convert("plain", "zstd.zst", HD_FORM_BINARY, false), HD_OK);
    assert_int_equal(convert_rig_convert("plain", "bin", HD_FORM_BINARY, false), HD_OK);
    put_gzip("gzip", packed, get("bin", packed, sizeof packed));
    static const char *const files[] = {"gzip", "zstd.zst"};
    static const char *const cut[] = {"t: its gzip data is cut short, behind ",
                                      "t: its zstd data is cut short, behind "};
    static const char *const damaged[] = {"t: its gzip data is damaged, behind ",
                                          "t: its zstd data is damaged, behind "};
    for (size_t i = 0; i < 2; i++) {
        const size_t packed_size = get(files[i], packed, sizeof packed);
        convert_rig_put("t", packed, packed_size - 3);
        assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_BAD_INPUT);
        assert_memory_equal(convert_rig_message.text, cut[i], strlen(cut[i]));
        convert_rig_put("t", packed, 4);
        assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_BAD_INPUT);
        assert_memory_equal(convert_rig_message.text, cut[i], strlen(cut[i]));
        memset(packed + packed_size / 2, 0x55, 64);
        convert_rig_put("t", packed, packed_size);
        assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_BAD_INPUT);
        assert_memory_equal(convert_rig_message.text, damaged[i], strlen(damaged[i]));
    }
}

static void rubbish_behind_gzip_is_damage(void **state)
{
    (void)state;
    char packed[256];
    put_gzip("a", FIRST, strlen(FIRST));
    const size_t size = get("a", packed, sizeof packed - 8);
    memcpy(packed + size, "rubbish", 8);
    convert_rig_put("t", packed, size + 8);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_BAD_INPUT);
    assert_string_equal(convert_rig_message.text,
                        "t: its gzip data is damaged, behind 17 bytes unpacked");
}

static void packed_nothing_is_an_empty_trace(void **state)
{
    (void)state;
    put_gzip("t", "", 0);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);
    assert_string_equal(convert_rig_get("out"), FIRST);
}

// ---------------------------------------------------------------------------- malloc-bench

struct row {
    const char *what;
    const char *bytes;
    size_t size;
    const char *want; // NULL: refused with
    const char *message;
};

#define BYTES(text) text, sizeof(text) - 1

static void malloc_bench(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"malloc with and without an alignment, free",
         BYTES("\x0a\x06\x0a\x04\x08\x00\x10\x18"
               "\x0a\x08\x0a\x06\x08\x01\x10\x18\x18\x40"
               "\x0a\x04\x12\x02\x08\x00"
               "\x10\x02"),
         "0 = malloc 24\n1 = aligned_alloc 64 24\nfree 0\n", NULL},
        {"realloc and calloc",
         BYTES("\x0a\x08\x22\x06\x08\x00\x10\x03\x18\x08"
               "\x0a\x08\x1a\x06\x08\x00\x10\x00\x18\x50"
               "\x0a\x06\x1a\x04\x08\x05\x18\x07"
               "\x0a\x06\x12\x04\x08\x00\x10\x50"),
         "0 = calloc 3 8\n0 = realloc 0 80\n5 = realloc 5 7\nfree 0\n", NULL},
        {"an id that is not there is NULL",
         BYTES("\x0a\x02\x12\x00"
               "\x0a\x04\x0a\x02\x10\x09"),
         "free_null\n0 = malloc 9\nfree 0\n", NULL},
        {"the largest number",
         BYTES("\x0a\x0f\x0a\x0d\x08\x00\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
         "0 = malloc SIZE_MAX\n", NULL},
        {"a number past 64 bits",
         BYTES("\x0a\x06\x0a\x04\x08\x00\x10\x18"
               "\x0a\x0f\x0a\x0d\x08\x01\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
         NULL, "t: behind byte 8: not one malloc, free, realloc or calloc in a TraceLine"},
        {"cut short", BYTES("\x0a\x06\x0a\x04\x08\x00\x10\x18\x0a\x06\x0a\x04\x08"), NULL,
         "t: behind byte 8: a TraceLine that is cut short, or none"},
        {"another call", BYTES("\x0a\x06\x0a\x04\x08\x00\x10\x18\x0a\x04\x2a\x02\x08\x00"), NULL,
         "t: behind byte 8: not one malloc, free, realloc or calloc in a TraceLine"},
        {"freed twice",
         BYTES("\x0a\x06\x0a\x04\x08\x00\x10\x18"
               "\x0a\x04\x12\x02\x08\x00"
               "\x0a\x04\x12\x02\x08\x00"),
         NULL, "t: behind byte 20: no live block is 0"},
        {"an id too large", BYTES("\x0a\x0a\x0a\x08\x08\x80\x80\x80\x80\x01\x10\x18"), NULL,
         "t: behind byte 12: expected an id up to 268435455, found 268435456"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char want[512];
        put_gzip("t", rows[i].bytes, rows[i].size);
        const enum hd_status status = convert_rig_convert("t", "out", HD_FORM_TEXT, false);
        if (strcmp(convert_rig_message.text, rows[i].message != NULL ? rows[i].message : "") != 0)
            fail_msg("%s: %s", rows[i].what, convert_rig_message.text);
        assert_int_equal(status, rows[i].want != NULL ? HD_OK : HD_BAD_INPUT);
        if (rows[i].want == NULL) continue;
        (void)snprintf(want, sizeof want, FIRST "%s", rows[i].want);
        assert_string_equal(convert_rig_get("out"), want);
    }
}

/// The same bytes unpacked are records.
static void malloc_bench_is_read_only_packed(void **state)
{
    (void)state;
    static const char bytes[] = "\x0a\x06\x0a\x04\x08\x00\x10\x18";
    convert_rig_put("t", bytes, sizeof bytes - 1);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);
    assert_string_equal(convert_rig_get("out"), FIRST "malloc_usable_size 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_form_is_read_packed),
        cmocka_unit_test(pieces_behind_each_other_are_one),
        cmocka_unit_test(what_is_cut_or_damaged_says_so),
        cmocka_unit_test(rubbish_behind_gzip_is_damage),
        cmocka_unit_test(packed_nothing_is_an_empty_trace),
        cmocka_unit_test(malloc_bench),
        cmocka_unit_test(malloc_bench_is_read_only_packed),
    };
    return cmocka_run_group_tests(tests, convert_rig_open, convert_rig_close);
}
