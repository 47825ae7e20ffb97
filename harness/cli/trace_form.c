// SPDX-License-Identifier: MIT
/// trace_form.c: the forms that a command can write a trace in, by name and by a file's ending.
#include "harness/cli/trace_form.h"

#include <string.h>

static const struct {
    const char *name;
    const char *ending;
} forms[HD_FORMS] = {
    [HD_FORM_TEXT] = {"text", ".trace"},
    [HD_FORM_BINARY] = {"binary", ".bin"},
    [HD_FORM_REP] = {"rep", ".rep"},
    [HD_FORM_MTRACE] = {"mtrace", ".mtrace"},
};

static enum hd_form form_named(const char *name)
{
    unsigned form = 0;
    while (form < HD_FORMS && strcmp(forms[form].name, name) != 0)
        form++;
    return (enum hd_form)form;
}

bool hd_trace_form_named(const char *name)
{
    return form_named(name) != HD_FORMS;
}

const char *hd_trace_form_ending(enum hd_form form)
{
    return forms[form].ending;
}

/// Whether the first `length` bytes of `text` end so.
static bool ends_with(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length >= size && memcmp(text + length - size, ending, size) == 0;
}

enum hd_status hd_trace_form_of(const char *path, const char *name,
                                struct hd_conversion *conversion, struct hd_message *message)
{
    static const char packed[] = ".zst";
    size_t length = strlen(path);
    conversion->packed = ends_with(path, length, packed);
    if (conversion->packed) length -= sizeof packed - 1;
    unsigned form = 0;
    if (name != NULL)
        form = form_named(name);
    else
        while (form < HD_FORMS && !ends_with(path, length, forms[form].ending))
            form++;
    conversion->form = (enum hd_form)form;
    if (form < HD_FORMS) return HD_OK;
    return hd_fail(message, HD_BAD_INPUT,
                   "%.300s ends in none of .trace, .bin, .rep and .mtrace, with or without .zst; "
                   "say --to " HD_TRACE_FORM_NAMES,
                   path);
}
