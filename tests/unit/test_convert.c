// SPDX-License-Identifier: MIT
/// test_convert.c: files between forms, whole or not at all.
#include "harness/trace/binary.h"
#include "harness/trace/trace.h"
#include "tests/unit/random_ops.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT "heapduel-trace 1\n1 = malloc 24\n@3 free 1\n"

static char folder[] = "/tmp/heapduel-convert-XXXXXX";
static char start[4096]; // where the test was started, to go back to
static struct hd_message message;

/// Each test works in an empty folder of its own.
static int enter_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    message.text[0] = '\0';
    return getcwd(start, sizeof start) != NULL && mkdtemp(folder) != NULL && chdir(folder) == 0
               ? 0
               : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    DIR *files = opendir(".");
    for (const struct dirent *file; (file = readdir(files)) != NULL;)
        (void)unlink(file->d_name);
    (void)closedir(files);
    return chdir(start) == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static size_t get_file(const char *path, char *bytes, size_t size_max)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, size_max, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void assert_content(const char *path, const char *want)
{
    char bytes[4096] = "";
    (void)get_file(path, bytes, sizeof bytes - 1);
    assert_string_equal(bytes, want);
}

static unsigned count_files(void)
{
    unsigned count = 0;
    DIR *files = opendir(".");
    while (readdir(files) != NULL)
        count++;
    (void)closedir(files);
    return count - 2; // without . and ..
}

static enum hd_status convert_to(enum hd_form form, const char *in, const char *out)
{
    struct hd_conversion conversion = {.form = form};
    return hd_trace_convert(in, out, &conversion, &message);
}

static void convert(const char *in, const char *out, enum hd_form form)
{
    if (convert_to(form, in, out) != HD_OK) fail_msg("%s", message.text);
}

static void refuse(const char *in, const char *out, enum hd_status want, const char *text)
{
    assert_int_equal(convert_to(HD_FORM_BINARY, in, out), want);
    assert_string_equal(message.text, text);
}

/// A trace larger than every buffer on the way.
static void put_large_binary(const char *path)
{
    enum { OPS = 20000 };
    static uint8_t records[OPS][HD_RECORD_SIZE];
    uint64_t seed = 1;
    for (unsigned i = 0; i < OPS; i++) {
        const struct hd_op op = random_op(&seed);
        hd_binary_encode(&op, records[i]);
    }
    put_file(path, records, sizeof records);
}

static void round_trip_keeps_every_byte(void **state)
{
    (void)state;
    static char before[1 << 20];
    static char after[1 << 20];
    put_large_binary("a.bin");
    convert("a.bin", "a.txt", HD_FORM_TEXT);
    convert("a.txt", "b.bin", HD_FORM_BINARY);
    convert("b.bin", "b.txt", HD_FORM_TEXT);

    size_t size = get_file("a.bin", before, sizeof before);
    assert_int_equal(get_file("b.bin", after, sizeof after), size);
    assert_memory_equal(before, after, size);
    size = get_file("a.txt", before, sizeof before);
    assert_int_equal(get_file("b.txt", after, sizeof after), size);
    assert_memory_equal(before, after, size);
    assert_int_equal(count_files(), 4);
}

static void files_are_read_as_memory_is(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    struct hd_arena arena;
    struct hd_trace from_file;
    struct hd_trace from_memory;
    hd_arena_open(&arena, 1 << 24);
    put_large_binary("a.bin");
    convert("a.bin", "a.txt", HD_FORM_TEXT);
    const char *paths[] = {"a.bin", "a.txt"};
    for (unsigned i = 0; i < 2; i++) {
        const size_t size = get_file(paths[i], bytes, sizeof bytes);
        assert_int_equal(hd_trace_read(paths[i], &arena, &from_file, &message), HD_OK);
        assert_int_equal(
            hd_trace_read_bytes("t", (uint8_t *)bytes, size, &arena, &from_memory, &message),
            HD_OK);
        assert_int_equal(from_file.count, 20000);
        assert_int_equal(from_memory.count, 20000);
        assert_int_equal(from_file.slot_count, from_memory.slot_count);
        assert_memory_equal(from_file.ops, from_memory.ops, 20000 * sizeof(struct hd_op));
    }
    hd_arena_close(&arena);
}

static void empty_trace_goes_round(void **state)
{
    (void)state;
    put_file("a.txt", "heapduel-trace 1\n", 17);
    convert("a.txt", "a.bin", HD_FORM_BINARY);
    assert_content("a.bin", "");
    convert("a.bin", "b.txt", HD_FORM_TEXT);
    assert_content("b.txt", "heapduel-trace 1\n");
}

static void events_go_round(void **state)
{
    (void)state;
    static const char text[] =
        "heapduel-trace 1\nrefuse mprotect 64\n@3 refuse_all 1\nlimit SIZE_MAX\nforeign_sbrk -1\n"
        "foreign_sbrk PTRDIFF_MAX\nforeign_mmap 7\n";
    put_file("a.txt", text, sizeof text - 1);
    convert("a.txt", "a.bin", HD_FORM_BINARY);
    convert("a.bin", "b.txt", HD_FORM_TEXT);
    assert_content("b.txt", text);
}

static void output_may_be_the_input(void **state)
{
    (void)state;
    static const char loose[] = "heapduel-trace 1\n# one\n1  =  malloc 0x18\n@3 free 1";
    put_file("a", loose, sizeof loose - 1);
    convert("a", "a", HD_FORM_TEXT);
    assert_content("a", TEXT);
    convert("a", "./a", HD_FORM_BINARY);
    convert("a", "a", HD_FORM_TEXT);
    assert_content("a", TEXT);
    assert_int_equal(count_files(), 1);
}

static void links_and_modes_stay(void **state)
{
    (void)state;
    struct stat info;
    put_file("a", TEXT, sizeof TEXT - 1);
    put_file("b", "old", 3);
    assert_int_equal(chmod("b", 0640), 0);
    assert_int_equal(symlink("b", "link"), 0);
    convert("a", "link", HD_FORM_TEXT);
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat("b", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_content("b", TEXT);
}

/// With a pipe of the test's own: were it wrong, a run by root would replace a device by a file.
static void what_is_no_file_is_written_to_directly(void **state)
{
    (void)state;
    struct stat info;
    char bytes[256] = "";
    put_file("a", TEXT, sizeof TEXT - 1);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    const int fd = open("pipe", O_RDWR); // both ends, so that nobody waits for anybody
    assert_true(fd >= 0);
    convert("a", "pipe", HD_FORM_TEXT);
    assert_int_equal(lstat("pipe", &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    assert_int_equal(read(fd, bytes, sizeof bytes - 1), sizeof TEXT - 1);
    assert_string_equal(bytes, TEXT);
    assert_int_equal(close(fd), 0);
    assert_int_equal(count_files(), 2);
}

/// Converts "-" to "-" with these two as the standard streams; closes both.
static enum hd_status convert_streams(int in, int out)
{
    const int old_in = dup(STDIN_FILENO);
    const int old_out = dup(STDOUT_FILENO);
    assert_true(in >= 0 && out >= 0 && old_in >= 0 && old_out >= 0);
    (void)fflush(stdout);
    assert_true(dup2(in, STDIN_FILENO) == STDIN_FILENO && dup2(out, STDOUT_FILENO) > 0);
    const enum hd_status status = convert_to(HD_FORM_TEXT, "-", "-");
    assert_true(dup2(old_in, STDIN_FILENO) == STDIN_FILENO && dup2(old_out, STDOUT_FILENO) > 0);
    assert_true(close(in) == 0 && close(out) == 0 && close(old_in) == 0 && close(old_out) == 0);
    return status;
}

static void dash_is_a_standard_stream(void **state)
{
    (void)state;
    put_file("a", TEXT, sizeof TEXT - 1);
    assert_int_equal(
        convert_streams(open("a", O_RDONLY), open("b", O_WRONLY | O_CREAT | O_TRUNC, 0600)), HD_OK);
    assert_content("b", TEXT);

    assert_int_equal(convert_streams(open("a", O_RDONLY), open("/dev/full", O_WRONLY)),
                     HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot write standard output: No space left on device");
}

static void errors_say_what_and_leave_nothing(void **state)
{
    (void)state;
    static const char bad[] = TEXT "fre 1\n";
    put_file("good", TEXT, sizeof TEXT - 1);
    put_file("bad", bad, sizeof bad - 1);
    put_file("old", "precious", 8);

    refuse("missing", "x", HD_UNAVAILABLE, "cannot open missing: No such file or directory");
    refuse("", "x", HD_UNAVAILABLE, "cannot open : No such file or directory");
    refuse(".", "x", HD_UNAVAILABLE, "cannot read .: Is a directory");
    refuse("good", ".", HD_UNAVAILABLE, "cannot write .: Is a directory");
    refuse("good", "", HD_UNAVAILABLE, "cannot write : No such file or directory");
    refuse("good", "no/x", HD_UNAVAILABLE, "cannot write no/x: No such file or directory");
    refuse("good", "old/x", HD_UNAVAILABLE, "cannot write old/x: Not a directory");
    refuse("bad", "x", HD_BAD_INPUT,
           "bad:4:1: expected an operation (did you mean free?), found \"fre\"");
    refuse("bad", "old", HD_BAD_INPUT,
           "bad:4:1: expected an operation (did you mean free?), found \"fre\"");
    assert_content("old", "precious");
    assert_int_equal(count_files(), 3);
}

static void unwritable_folder_is_said(void **state)
{
    (void)state;
    put_file("good", TEXT, sizeof TEXT - 1);
    assert_int_equal(chmod(".", 0500), 0);
    const enum hd_status status = convert_to(HD_FORM_TEXT, "good", "x");
    assert_int_equal(chmod(".", 0700), 0);
    if (geteuid() == 0) skip(); // nothing is unwritable to root
    assert_int_equal(status, HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot write x: Permission denied");
}

static void full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    struct rlimit old;
    put_large_binary("large");
    put_file("old", "precious", 8);
    // A limit on file sizes stands for the full disk: the same path, another number.
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    const struct rlimit small = {.rlim_cur = 100000, .rlim_max = old.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum hd_status status = convert_to(HD_FORM_TEXT, "large", "old");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);

    assert_int_equal(status, HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot write old: File too large");
    assert_content("old", "precious");
    assert_int_equal(count_files(), 2);
}

static void failed_read_changes_nothing(void **state)
{
    (void)state;
    static const char bad[] = TEXT "fre 1\n";
    struct hd_arena arena;
    struct hd_trace trace = {.count = 77};
    hd_arena_open(&arena, 1 << 20);
    (void)hd_arena_take(&arena, 3, 1);
    put_file("bad", bad, sizeof bad - 1);
    assert_int_equal(hd_trace_read("bad", &arena, &trace, &message), HD_BAD_INPUT);
    assert_int_equal(hd_trace_read("missing", &arena, &trace, &message), HD_UNAVAILABLE);
    assert_int_equal(hd_trace_read(".", &arena, &trace, &message), HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot read .: Is a directory");
    assert_int_equal(arena.used, 3);
    assert_int_equal(trace.count, 77);

    const int full = open("/dev/full", O_WRONLY);
    assert_int_equal(hd_trace_write_text(&(struct hd_trace){.count = 0}, full, &message),
                     HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot write the trace: No space left on device");
    assert_int_equal(close(full), 0);
    hd_arena_close(&arena);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(round_trip_keeps_every_byte), IN_FOLDER(files_are_read_as_memory_is),
        IN_FOLDER(empty_trace_goes_round),      IN_FOLDER(output_may_be_the_input),
        IN_FOLDER(links_and_modes_stay),        IN_FOLDER(what_is_no_file_is_written_to_directly),
        IN_FOLDER(dash_is_a_standard_stream),   IN_FOLDER(errors_say_what_and_leave_nothing),
        IN_FOLDER(unwritable_folder_is_said),   IN_FOLDER(full_disk_leaves_the_old_file),
        IN_FOLDER(failed_read_changes_nothing), IN_FOLDER(events_go_round),
    };
    return cmocka_run_group_tests_name("convert", tests, NULL, NULL);
}
