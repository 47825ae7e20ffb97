// SPDX-License-Identifier: MIT
/// test_brkmap_shared.c: libbrkmap.so beside the C library's malloc, and in its place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

static int load(void **state)
{
    (void)state;
    library = dlopen(LIBBRKMAP, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) print_error("%s\n", dlerror());
    return library == NULL;
}

static void every_name_of_the_c_api_is_exported(void **state)
{
    (void)state;
    static const char *const names[] = {"malloc",
                                        "free",
                                        "calloc",
                                        "realloc",
                                        "reallocarray",
                                        "aligned_alloc",
                                        "posix_memalign",
                                        "memalign",
                                        "valloc",
                                        "pvalloc",
                                        "malloc_usable_size",
                                        "free_sized",
                                        "free_aligned_sized",
                                        "malloc_trim"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *ours = dlsym(library, names[i]);
        if (ours == NULL || ours == dlsym(RTLD_DEFAULT, names[i])) fail_msg("no %s", names[i]);
    }
    assert_null(dlsym(library, "brkmap_malloc"));
}

static void memalign_and_pvalloc_refuse_what_they_must(void **state)
{
    (void)state;
    void *(*memalign_)(size_t, size_t) = (void *(*)(size_t, size_t))dlsym(library, "memalign");
    void *(*pvalloc_)(size_t) = (void *(*)(size_t))dlsym(library, "pvalloc");
    size_t (*usable)(void *) = (size_t(*)(void *))dlsym(library, "malloc_usable_size");
    errno = 0;
    assert_null(memalign_(48, 10));
    assert_int_equal(errno, EINVAL);
    errno = 0;
    assert_null(pvalloc_(SIZE_MAX));
    assert_int_equal(errno, ENOMEM);
    void *page = pvalloc_(1);
    assert_int_equal((uintptr_t)page % 4096, 0);
    assert_true(usable(page) >= 4096);
}

static void what_knows_its_size_is_freed(void **state)
{
    (void)state;
    void *(*malloc_)(size_t) = (void *(*)(size_t))dlsym(library, "malloc");
    void *(*aligned_alloc_)(size_t, size_t) =
        (void *(*)(size_t, size_t))dlsym(library, "aligned_alloc");
    void (*free_sized)(void *, size_t) = (void (*)(void *, size_t))dlsym(library, "free_sized");
    void (*free_aligned_sized)(void *, size_t, size_t) =
        (void (*)(void *, size_t, size_t))dlsym(library, "free_aligned_sized");
    void *block = malloc_(100);
    free_sized(block, 100);
    assert_ptr_equal(malloc_(100), block);
    free_sized(block, 100);
    void *page = aligned_alloc_(4096, 100);
    free_aligned_sized(page, 4096, 100);
    assert_ptr_equal(malloc_(100), page);
    free_sized(page, 100);
}

/// Sorts in a program that has our malloc for its own; threads, stdio and all.
static void a_program_runs_on_it(void **state)
{
    (void)state;
    // A sanitizer's runtime is in this program, and not in that one.
    if (dlsym(RTLD_DEFAULT, "__asan_init") != NULL || dlsym(RTLD_DEFAULT, "__tsan_init") != NULL)
        skip();
    const char *command =
        "seq 200000 | LD_PRELOAD=" LIBBRKMAP " sort --parallel=2 -S 1M -rn 2>&1 | head -n 1";
    FILE *output = popen(command, "r");
    assert_non_null(output);
    char line[64] = "";
    assert_non_null(fgets(line, sizeof line, output));
    assert_int_equal(pclose(output), 0);
    assert_string_equal(line, "200000\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_the_c_api_is_exported),
        cmocka_unit_test(memalign_and_pvalloc_refuse_what_they_must),
        cmocka_unit_test(what_knows_its_size_is_freed),
        cmocka_unit_test(a_program_runs_on_it),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
