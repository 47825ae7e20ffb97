// SPDX-License-Identifier: MIT
/// list_json.c: the list, for a program.
#include "harness/cli/json.h"
#include "harness/cli/list.h"
#include "harness/compare/compare.h"
#include "harness/tap/tap.h"

#include <stdio.h>

static json_t *allocator_json(const struct hd_listed *one)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", hd_json_text(one->name));
    json_object_set_new(object, "summary", hd_json_text(one->summary));
    json_object_set_new(object, "found", json_boolean(one->found));
    if (!one->found) json_object_set_new(object, "why_not", hd_json_text(one->why_not.text));
    return object;
}

static json_t *oracle_json(const struct hd_oracle *oracle)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(oracle->name));
    json_object_set_new(object, "property", json_string(oracle->property));
    json_object_set_new(object, "rests_on", json_string(oracle->rests_on));
    return object;
}

static json_t *operation_json(const struct hd_op_info *info)
{
    const char *operands[HD_LIST_OPERANDS];
    hd_list_operands(info->operands, operands);
    json_t *names = json_array();
    for (size_t i = 0; operands[i] != NULL; i++)
        json_array_append_new(names, json_string(operands[i]));

    json_t *object = json_object();
    json_object_set_new(object, "word", json_string(info->text));
    json_object_set_new(object, "result", json_boolean((info->operands & HD_RESULT) != 0));
    json_object_set_new(object, "operands", names);
    return object;
}

static json_t *way_json(const struct hd_listed_way *way)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(way->name));
    json_object_set_new(object, "summary", json_string(way->summary));
    json_object_set_new(object, "works", json_boolean(way->works));
    json_object_set_new(object, "auto", json_boolean(way->chosen));
    if (!way->works) json_object_set_new(object, "why_not", hd_json_text(way->why_not.text));
    return object;
}

void hd_list_json(const struct hd_listed *allocators, size_t count,
                  const struct hd_listed_way *ways)
{
    json_t *list = json_array();
    json_t *oracles = json_array();
    json_t *operations = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, allocator_json(&allocators[i]));
    for (size_t i = 0; i < HD_ORACLES; i++)
        json_array_append_new(oracles, oracle_json(hd_oracles[i]));
    json_array_append_new(oracles, oracle_json(&hd_oracle_differential));
    for (size_t i = 0; i < HD_OP_KINDS; i++)
        json_array_append_new(operations, operation_json(&hd_op_infos[i]));

    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(document, "allocators", list);
    json_t *taps = json_array();
    for (size_t i = 0; i < HD_TAP_WAYS; i++)
        json_array_append_new(taps, way_json(&ways[i]));
    json_object_set_new(document, "tap", taps);
    json_object_set_new(document, "oracles", oracles);
    json_object_set_new(document, "operations", operations);
    (void)json_dumpf(document, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document);
}
