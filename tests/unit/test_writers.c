// SPDX-License-Identifier: MIT
/// test_writers.c: a trace goes through every form and back, and what a form cannot say is told.
#include "tests/unit/convert_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "heapduel-trace 1\n"

static void put_text(const char *text)
{
    char whole[4096];
    (void)snprintf(whole, sizeof whole, FIRST "%s", text);
    convert_rig_put("t", whole, strlen(whole));
}

static void assert_text(const char *path, const char *text)
{
    char whole[4096];
    (void)snprintf(whole, sizeof whole, FIRST "%s", text);
    assert_string_equal(convert_rig_get(path), whole);
}

static void through_every_form_and_back(void **state)
{
    (void)state;
    static const char text[] = "7 = malloc 24\n0 = malloc 0\n7 = realloc 7 4096\nfree 0\n"
                               "0 = malloc SIZE_MAX\n268435455 = malloc 4294967297\n"
                               "7 = realloc 7 0\nfree 7\n";
    put_text(text);
    for (unsigned form = 0; form < HD_FORMS; form++) {
        assert_int_equal(convert_rig_convert("t", "there", (enum hd_form)form, false), HD_OK);
        assert_int_equal(convert_rig_convert("there", "back", HD_FORM_TEXT, false), HD_OK);
        assert_text("back", text);
    }
}

static void what_the_files_look_like(void **state)
{
    (void)state;
    put_text("2 = malloc 24\n2 = realloc 2 48\nfree 2\n");
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_REP, false), HD_OK);
    assert_string_equal(convert_rig_get("out"), "0\n3\n3\n1\na 2 24\nr 2 48\nf 2\n");
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_MTRACE, false), HD_OK);
    assert_string_equal(convert_rig_get("out"),
                        "= Start\n@ heapduel + 0x30 0x18\n@ heapduel < 0x30\n"
                        "@ heapduel > 0x30 0x30\n@ heapduel - 0x30\n= End\n");
    put_text("");
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_REP, false), HD_OK);
    assert_string_equal(convert_rig_get("out"), "0\n0\n0\n1\n");
}

/// Random operations on a few slots, as they would be carried out.
static void random_traces_come_back(void **state)
{
    (void)state;
    enum { OPS = 20000, SLOTS = 300 };
    static char text[1 << 20];
    static bool lives[SLOTS];
    uint64_t seed = 1;
    size_t used = (size_t)snprintf(text, sizeof text, FIRST);
    for (unsigned i = 0; i < OPS; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        const unsigned slot = (unsigned)(seed >> 33) % SLOTS;
        const unsigned size = (unsigned)(seed >> 40) % 5000;
        const bool resizes = lives[slot] && size % 3 == 0;
        char *end = text + used;
        const size_t room = sizeof text - used;
        used += (size_t)(resizes ? snprintf(end, room, "%u = realloc %u %u\n", slot, slot, size)
                         : lives[slot] ? snprintf(end, room, "free %u\n", slot)
                                       : snprintf(end, room, "%u = malloc %u\n", slot, size));
        lives[slot] = resizes || !lives[slot];
    }
    convert_rig_put("t", text, used);
    for (unsigned form = 0; form < HD_FORMS; form++) {
        assert_int_equal(convert_rig_convert("t", "there", (enum hd_form)form, false), HD_OK);
        assert_int_equal(convert_rig_convert("there", "back", HD_FORM_TEXT, false), HD_OK);
        assert_string_equal(convert_rig_get("back"), text);
    }
}

struct row {
    const char *text;
    enum hd_form form;
    const char *message; // NULL: all can be said
    const char *left;    // what comes back of a lenient conversion
    unsigned plainer;
    unsigned left_out;
};

static void what_a_form_cannot_say(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"1 = malloc 1\n2 = memalign 64 8\nfree 2\n", HD_FORM_REP,
         "operation 2, `2 = memalign 64 8': the form has no alignment",
         "1 = malloc 1\n2 = malloc 8\nfree 2\n", 1, 0},
        {"1 = valloc 8\n", HD_FORM_MTRACE, "operation 1, `1 = valloc 8': the form has no alignment",
         "1 = malloc 8\n", 1, 0},
        {"1 = calloc 3 8\n", HD_FORM_REP, "operation 1, `1 = calloc 3 8': the form has no count",
         "1 = malloc 24\n", 1, 0},
        {"1 = malloc 1\n1 = reallocarray 1 3 8\n", HD_FORM_MTRACE,
         "operation 2, `1 = reallocarray 1 3 8': the form has no count",
         "1 = malloc 1\n1 = realloc 1 24\n", 1, 0},
        {"1 = calloc SIZE_MAX 2\nfree 1\n", HD_FORM_REP,
         "operation 1, `1 = calloc SIZE_MAX 2': the form has no count times size past SIZE_MAX", "",
         0, 2},
        {"@1 1 = malloc 1\n", HD_FORM_REP,
         "operation 1, `@1 1 = malloc 1': the form has no threads", "1 = malloc 1\n", 1, 0},
        {"write 1\n", HD_FORM_REP, "operation 1, `write 1': the form has no such operation", "", 0,
         1},
        {"refuse mmap 1\n", HD_FORM_MTRACE,
         "operation 1, `refuse mmap 1': the form has no such operation", "", 0, 1},
        {"free 1\n", HD_FORM_REP, "operation 1, `free 1': the form has no free of nothing", "", 0,
         1},
        {"1 = malloc 1\n1 = malloc 2\n", HD_FORM_MTRACE,
         "operation 2, `1 = malloc 2': the form has no call that would be skipped",
         "1 = malloc 1\n", 0, 1},
        {"free_null\n", HD_FORM_REP, NULL, "free_null\n", 0, 0},
        {"free_null\n", HD_FORM_MTRACE, "operation 1, `free_null': the form has no free of NULL",
         "", 0, 1},
        {"1 = realloc 1 8\nfree 1\n", HD_FORM_REP, NULL, "1 = realloc 1 8\nfree 1\n", 0, 0},
        {"1 = realloc 1 8\nfree 1\n", HD_FORM_MTRACE,
         "operation 1, `1 = realloc 1 8': the form has no realloc of NULL",
         "1 = malloc 8\nfree 1\n", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        put_text(row->text);
        const enum hd_status status = convert_rig_convert("t", "there", row->form, false);
        assert_string_equal(convert_rig_message.text, row->message != NULL ? row->message : "");
        assert_int_equal(status, row->message != NULL ? HD_BAD_INPUT : HD_OK);

        assert_int_equal(convert_rig_convert("t", "there", row->form, true), HD_OK);
        assert_int_equal(convert_rig_conversion.plainer, row->plainer);
        assert_int_equal(convert_rig_conversion.left_out, row->left_out);
        if (row->message != NULL)
            assert_string_equal(convert_rig_conversion.lost_first.text, row->message);
        if (row->form == HD_FORM_REP && *row->left == '\0') continue; // a header alone is no .rep
        assert_int_equal(convert_rig_convert("there", "back", HD_FORM_TEXT, false), HD_OK);
        assert_text("back", row->left);
    }
}

static void no_folder_for_temporary_files(void **state)
{
    (void)state;
    put_text("1 = malloc 1\n");
    convert_rig_put("old", "old", 3);
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    assert_int_equal(convert_rig_convert("t", "old", HD_FORM_REP, false), HD_UNAVAILABLE);
    assert_string_equal(convert_rig_message.text,
                        "cannot create a file in the folder for temporary ones: "
                        "No such file or directory");
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_string_equal(convert_rig_get("old"), "old");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(through_every_form_and_back),   cmocka_unit_test(what_the_files_look_like),
        cmocka_unit_test(random_traces_come_back),       cmocka_unit_test(what_a_form_cannot_say),
        cmocka_unit_test(no_folder_for_temporary_files),
    };
    return cmocka_run_group_tests(tests, convert_rig_open, convert_rig_close);
}
