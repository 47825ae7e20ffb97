// SPDX-License-Identifier: MIT
/// test_loader.c: allocators by name and by file, and what is taken from a library.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocators/known.h"
#include "allocators/shared_object.h"
#include "allocators/startup.h"

#define BUMP FIXTURES "bump.so"

static struct hd_subject open_well(const char *spec)
{
    struct hd_subject subject;
    struct hd_message message;
    if (hd_allocator_open(spec, &subject, &message) != HD_OK) fail_msg("%s", message.text);
    return subject;
}

static void serves_a_block(const struct hd_subject *subject)
{
    uint8_t *block = subject->allocator.allocate(subject->heap, 100);
    assert_non_null(block);
    memset(block, 1, 100);
    if (subject->allocator.usable_size != NULL)
        assert_true(subject->allocator.usable_size(subject->heap, block) >= 100);
    subject->allocator.release(subject->heap, block);
}

static void every_known_allocator_serves_or_says_it_is_not_there(void **state)
{
    (void)state;
    unsigned served = 0;
    for (size_t i = 0; i < hd_known_count(); i++) {
        const char *name = hd_known_name(i);
        struct hd_subject subject;
        struct hd_message message;
        const enum hd_status status = hd_allocator_open(name, &subject, &message);
        if (status != HD_OK) {
            assert_int_equal(status, HD_UNAVAILABLE);
            assert_ptr_equal(strstr(message.text, name), message.text);
            assert_non_null(strstr(message.text, " is not to be had here: "));
            continue;
        }
        assert_string_equal(subject.allocator.name, name);
        assert_string_equal(subject.allocator.summary, hd_known_summary(i));
        serves_a_block(&subject);
        served++;
    }
    assert_true(served >= 2); // brkmap is built in, and glibc is what we run on
}

static void glibc_is_libc_so_6_itself(void **state)
{
    (void)state;
    void *libc = dlopen(LIBC_SO, RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(libc);
    const struct hd_subject subject = open_well("glibc");
    // The functions stand in the heap in this order (allocators/family.def); whatever stands
    // in front of libc's malloc in this process, these are libc's.
    static const char *const names[] = {"malloc", "free", "calloc", "realloc", "reallocarray",
                                        "aligned_alloc", "posix_memalign", "memalign", "valloc",
                                        "pvalloc", "malloc_usable_size"};
    const bool another_in_front = dlsym(RTLD_DEFAULT, "realloc") != dlsym(libc, "realloc");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *function;
        memcpy(&function, (const char *)(const void *)subject.heap + i * sizeof function,
               sizeof function);
        if (another_in_front && strcmp(names[i], "reallocarray") == 0) {
            assert_null(function); // it would call the one in front
            assert_null(subject.allocator.resize_array);
            continue;
        }
        Dl_info info;
        assert_int_not_equal(dladdr(function, &info), 0);
        assert_non_null(strstr(info.dli_fname, "libc.so.6"));
        assert_ptr_equal(function, dlsym(libc, names[i]));
    }
    (void)dlclose(libc);
}

static void policies_are_those_of_the_list(void **state)
{
    (void)state;
    assert_int_equal(open_well("glibc").allocator.policy.alignment_min, 16);
    assert_true(open_well("glibc").allocator.policy.bad_alignment_served);
    const struct hd_policy plain = open_well(BUMP).allocator.policy;
    assert_int_equal(plain.alignment_min, 0);
    assert_false(plain.free_changes_errno || plain.overflow_no_errno ||
                 plain.bad_alignment_served);
}

static void a_library_gives_what_it_defines_and_no_more(void **state)
{
    (void)state;
    const struct hd_subject subject = open_well(BUMP);
    const struct hd_allocator *allocator = &subject.allocator;
    assert_string_equal(allocator->name, BUMP);
    assert_non_null(allocator->allocate_zeroed);
    assert_non_null(allocator->resize);
    assert_non_null(allocator->consistent);
    assert_true(allocator->consistent(subject.heap));
    // libc, which it depends on, has all of these.
    assert_null(allocator->resize_array);
    assert_null(allocator->allocate_aligned);
    assert_null(allocator->allocate_posix);
    assert_null(allocator->allocate_memalign);
    assert_null(allocator->allocate_page_aligned);
    assert_null(allocator->usable_size);
    serves_a_block(&subject);
}

static void a_prefix_chooses_other_functions(void **state)
{
    (void)state;
    const struct hd_subject subject = open_well(BUMP ":mine_");
    assert_string_equal(subject.allocator.name, BUMP ":mine_");
    assert_null(subject.allocator.resize);
    assert_null(subject.allocator.allocate_zeroed);
    assert_non_null(subject.allocator.usable_size); // mine_usable_size
    serves_a_block(&subject);
}

static void two_of_one_library_do_not_mix(void **state)
{
    (void)state;
    const struct hd_subject plain = open_well(BUMP);
    const struct hd_subject prefixed = open_well(BUMP ":mine_");
    assert_ptr_not_equal(plain.heap, prefixed.heap);
    assert_non_null(plain.allocator.resize);
    assert_null(prefixed.allocator.resize);
}

static void a_colon_in_a_folders_name_is_no_prefix(void **state)
{
    (void)state;
    char folder[] = "/tmp/heapduel:test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/bump.so", folder);
    assert_int_equal(symlink(BUMP, path), 0);
    struct hd_subject subject;
    struct hd_message message;
    const enum hd_status status = hd_allocator_open(path, &subject, &message);
    (void)unlink(path);
    (void)rmdir(folder);
    if (status != HD_OK) fail_msg("%s", message.text);
}

static const struct {
    const char *name;
    const char *spec;
    enum hd_status status;
    const char *message; // a part of it
} refused[] = {
    {"no such name", "gelibc", HD_BAD_INPUT, "no allocator is named 'gelibc'"},
    {"a name is told how to be a path", "bump.so", HD_BAD_INPUT, "as in ./bump.so"},
    {"no name", "", HD_BAD_INPUT, "no allocator is named ''"},
    {"known names have no prefix", "glibc:x_", HD_BAD_INPUT, "no allocator is named 'glibc:x_'"},
    {"file missing", "./nowhere.so", HD_UNAVAILABLE, "No such file"},
    {"a folder", "/tmp/", HD_UNAVAILABLE, "cannot load it"},
    {"a text file", __FILE__, HD_UNAVAILABLE, "cannot load it"},
    {"no malloc of its own", FIXTURES "no_malloc.so", HD_UNAVAILABLE,
     "defines no malloc of its own"},
    {"no free of its own", FIXTURES "no_free.so", HD_UNAVAILABLE, "defines no free of its own"},
    {"no such prefix", BUMP ":your_", HD_UNAVAILABLE, "defines no your_malloc of its own"},
    {"half a prefix", BUMP ":half_", HD_UNAVAILABLE, "defines no half_free of its own"},
};

static void what_cannot_be_had_is_refused_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct hd_subject subject;
        struct hd_message message = {""};
        const enum hd_status status = hd_allocator_open(refused[i].spec, &subject, &message);
        if (status != refused[i].status || strstr(message.text, refused[i].message) == NULL)
            fail_msg("%s: %d, %s", refused[i].name, status, message.text);
        if (refused[i].status == HD_BAD_INPUT)
            assert_int_equal(hd_allocator_check(refused[i].spec, &message), HD_BAD_INPUT);
    }
}

static void checking_loads_nothing(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_allocator_check("glibc", &message), HD_OK);
    assert_int_equal(hd_allocator_check("./nowhere.so", &message), HD_OK);
    assert_int_equal(hd_allocator_check(FIXTURES "crashes_at_load.so", &message), HD_OK);
}

static void a_library_too_many_is_refused(void **state)
{
    (void)state;
    struct hd_subject subject;
    struct hd_message message;
    unsigned opened = 0;
    while (opened < 1000 && hd_allocator_open(BUMP, &subject, &message) == HD_OK) opened++;
    assert_in_range(opened, 1, 64);
    assert_non_null(strstr(message.text, "more than 64 libraries"));
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_startup(argv); // some allocators need its room for thread-local storage
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_allocator_serves_or_says_it_is_not_there),
        cmocka_unit_test(glibc_is_libc_so_6_itself),
        cmocka_unit_test(policies_are_those_of_the_list),
        cmocka_unit_test(a_library_gives_what_it_defines_and_no_more),
        cmocka_unit_test(a_prefix_chooses_other_functions),
        cmocka_unit_test(two_of_one_library_do_not_mix),
        cmocka_unit_test(a_colon_in_a_folders_name_is_no_prefix),
        cmocka_unit_test(what_cannot_be_had_is_refused_with_a_reason),
        cmocka_unit_test(checking_loads_nothing),
        cmocka_unit_test(a_library_too_many_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
