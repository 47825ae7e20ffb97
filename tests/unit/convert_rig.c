// SPDX-License-Identifier: MIT
/// convert_rig.c: a folder to convert traces in, for tests of what is read and written.
#include "tests/unit/convert_rig.h"

#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct hd_message convert_rig_message;
struct hd_conversion convert_rig_conversion;

static char folder[] = "/tmp/heapduel-test-XXXXXX";

int convert_rig_open(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int convert_rig_close(void **state)
{
    (void)state;
    char *roots[] = {folder, NULL};
    if (chdir("/") != 0) return -1;
    FTS *tree = fts_open(roots, FTS_PHYSICAL, NULL);
    for (FTSENT *entry = fts_read(tree); entry != NULL; entry = fts_read(tree))
        if (entry->fts_info != FTS_D) (void)remove(entry->fts_path);
    return fts_close(tree);
}

void convert_rig_put(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

const char *convert_rig_get(const char *path)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "r");
    if (file == NULL) fail_msg("there is no %s", path);
    const size_t size = fread(bytes, 1, sizeof bytes - 1, file);
    assert_int_equal(fclose(file), 0);
    bytes[size] = '\0';
    return bytes;
}

enum hd_status convert_rig_convert(const char *in, const char *out, enum hd_form form, bool lenient)
{
    const size_t length = strlen(out);
    convert_rig_message.text[0] = '\0';
    convert_rig_conversion = (struct hd_conversion){
        .form = form,
        .lenient = lenient,
        .packed = length > 4 && strcmp(out + length - 4, ".zst") == 0,
    };
    return hd_trace_convert(in, out, &convert_rig_conversion, &convert_rig_message);
}
