// SPDX-License-Identifier: MIT
/// test_elf_symbols.c: what a library defines by its own tables, with each kind of hash table.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <string.h>

#include "allocators/elf_symbols.h"

static const char *const files[] = {FIXTURES "elf_gnu.so", FIXTURES "elf_sysv.so"};
#define FILE_COUNT (sizeof files / sizeof files[0])

static const struct link_map *open_file(size_t i)
{
    void *handle = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) fail_msg("%s", dlerror());
    struct link_map *library;
    assert_int_equal(dlinfo(handle, RTLD_DI_LINKMAP, &library), 0);
    return library;
}

static int call(void *address)
{
    int (*function)(void);
    memcpy(&function, &address, sizeof function);
    return function();
}

static void each_has_the_hash_table_it_is_named_for(void **state)
{
    (void)state;
    assert_non_null(hd_elf_table(open_file(0), DT_GNU_HASH));
    assert_null(hd_elf_table(open_file(0), DT_HASH));
    assert_null(hd_elf_table(open_file(1), DT_GNU_HASH));
    assert_non_null(hd_elf_table(open_file(1), DT_HASH));
}

static const struct {
    const char *name;
    int result; // of the function; 0: there is no such symbol
} functions[] = {
    {"elf_plain", 1},
    {"elf_weak", 2},
    {"elf_twice", 7},  // the default version
    {"elf_chosen", 9}, // by its resolver
    {"elf_once", 0},   // has no default version
    {"elf_hidden", 0},
    {"elf_of_thread", 0}, // no address, but an offset
    {"getppid", 0},       // imported
    {"reallocarray", 0},  // of libc, on which it depends
    {"elf_plai", 0},
    {"elf_plain2", 0},
    {"", 0},
};

static void functions_are_those_that_it_defines_and_offers(void **state)
{
    (void)state;
    for (size_t file = 0; file < FILE_COUNT; file++) {
        const struct link_map *library = open_file(file);
        for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
            void *address = hd_elf_symbol(library, functions[i].name);
            const int result = address != NULL ? call(address) : 0;
            if (result != functions[i].result)
                fail_msg("%s: '%s' answers %d", files[file], functions[i].name, result);
        }
    }
}

static void data_is_found_too(void **state)
{
    (void)state;
    for (size_t file = 0; file < FILE_COUNT; file++) {
        const int *data = hd_elf_symbol(open_file(file), "elf_data");
        assert_non_null(data);
        assert_int_equal(*data, 3);
    }
}

static void what_every_library_of_the_process_offers_is_what_dlsym_finds(void **state)
{
    (void)state;
    size_t found = 0;
    for (struct link_map *map = _r_debug.r_map; map != NULL; map = map->l_next) {
        void *handle = dlopen(map->l_name, RTLD_NOW | RTLD_NOLOAD);
        if (handle == NULL) continue; // the vDSO
        static const char *const names[] = {"malloc", "posix_memalign", "getpid", "memcpy",
                                            "cm_print_msg", "_cmocka_run_group_tests"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            void *own = hd_elf_symbol(map, names[i]);
            if (own == NULL) continue;
            Dl_info info;
            assert_int_not_equal(dladdr(own, &info), 0);
            // A resolver answers a function that has another name, or none.
            if (info.dli_saddr == own) assert_ptr_equal(own, dlsym(handle, names[i]));
            found++;
        }
        (void)dlclose(handle);
    }
    assert_true(found >= 5); // libc's four, and one of cmocka's at least
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_the_hash_table_it_is_named_for),
        cmocka_unit_test(functions_are_those_that_it_defines_and_offers),
        cmocka_unit_test(data_is_found_too),
        cmocka_unit_test(what_every_library_of_the_process_offers_is_what_dlsym_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
