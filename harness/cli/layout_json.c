// SPDX-License-Identifier: MIT
/// layout_json.c: address spaces as one document.
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"
#include "harness/cli/layout.h"

#include <inttypes.h>
#include <stdio.h>

/// In hexadecimal: a number in JSON may lose digits on its way.
static json_t *address_json(uintptr_t address)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%#" PRIxPTR, address);
    return json_string(text);
}

static json_t *block_json(const struct hd_snapshot_block *block)
{
    json_t *object = json_object();
    json_object_set_new(object, "slot", hd_json_count(block->slot));
    json_object_set_new(object, "address", address_json(block->address));
    json_object_set_new(object, "size", hd_json_count(block->size));
    json_object_set_new(object, "usable", hd_json_count(block->usable));
    return object;
}

static json_t *row_json(const struct hd_layout_row *row)
{
    static const char *const words[] = {
        [HD_WHOSE_PROGRAM] = "program",     [HD_WHOSE_LIBRARY] = "library",
        [HD_WHOSE_HARNESS] = "harness",     [HD_WHOSE_ALLOCATOR] = "allocator",
        [HD_WHOSE_FOREIGN] = "foreign",     [HD_WHOSE_KERNEL] = "kernel",
        [HD_WHOSE_OTHER] = "other",
    };
    json_t *blocks = json_array();
    for (size_t i = 0; i < row->block_count; i++)
        json_array_append_new(blocks, block_json(&row->blocks[i]));
    json_t *object = json_object();
    json_object_set_new(object, "start", address_json(row->start));
    json_object_set_new(object, "end", address_json(row->end));
    json_object_set_new(object, "size", hd_json_count(row->end - row->start));
    json_object_set_new(object, "rights", json_string(row->rights));
    json_object_set_new(object, "whose", json_string(words[row->whose]));
    json_object_set_new(object, "owner", hd_json_text(row->owner));
    json_object_set_new(object, "what", hd_json_text(row->what));
    json_object_set_new(object, "blocks", blocks);
    return object;
}

static void add_layout(json_t *object, const struct hd_layout *layout)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < layout->count; i++)
        json_array_append_new(rows, row_json(&layout->rows[i]));
    json_object_set_new(object, "mappings", rows);
    json_object_set_new(object, "break",
                        layout->break_at != 0 ? address_json(layout->break_at) : json_null());
    json_object_set_new(object, "mapped", hd_json_count(layout->mapped));
    json_object_set_new(object, "reserved", hd_json_count(layout->reserved));
    json_object_set_new(object, "live", hd_json_count(layout->live));
    json_object_set_new(object, "live_blocks", hd_json_count(layout->blocks));
}

static json_t *allocator_json(const struct hd_layout_view *view, size_t i)
{
    const struct hd_result *result = &view->trials->results[i];
    json_t *object = json_object();
    json_object_set_new(object, "name", hd_json_text(view->trials->roster.names[i]));
    json_object_set_new(object, "findings", hd_findings_json(result->run));
    json_object_set_new(object, "complete", json_boolean(result->snapshot != NULL));
    if (result->snapshot == NULL) return object;
    struct hd_layout layout;
    hd_layout_open(&layout, result->snapshot, view->program);
    add_layout(object, &layout);
    hd_layout_close(&layout);
    return object;
}

void hd_layout_json(const struct hd_layout_view *view)
{
    json_t *allocators = json_array();
    for (size_t i = 0; i < view->trials->result_count; i++)
        json_array_append_new(allocators, allocator_json(view, i));
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(document, "trace", hd_json_text(view->trials->inputs.items[0].path));
    json_object_set_new(document, "allocators", allocators);
    (void)json_dumpf(document, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document);
}
