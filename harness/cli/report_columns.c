// SPDX-License-Identifier: MIT
/// report_columns.c: each list of structures as a column a member.
#include "harness/cli/report_columns.h"

#include "harness/report/column.h"
#include "harness/report/extents.h"
#include "harness/report/lives.h"

/// A column of the page: the number of each item of a list.
struct kind_of_column {
    const char *name;
    uint64_t (*number)(const void *items, size_t i);
    bool differences;
};

static void begin(FILE *file, const char *name, struct hd_column *column)
{
    (void)fprintf(file, ",\n\"%s\":", name);
    hd_column_open(column, file);
}

static void put_columns(FILE *file, const struct kind_of_column *kinds, size_t kind_count,
                        const void *items, size_t count)
{
    for (const struct kind_of_column *kind = kinds; kind < kinds + kind_count; kind++) {
        struct hd_column column;
        begin(file, kind->name, &column);
        for (size_t i = 0; i < count; i++) {
            const uint64_t number = kind->number(items, i);
            if (kind->differences)
                hd_column_add_difference(&column, number);
            else
                hd_column_add(&column, number);
        }
        hd_column_close(&column);
    }
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// `NUMBER(of_kind, struct hd_op, item->kind)` is a function that gives it of the i-th item.
#define NUMBER(function, type, expression)                                                         \
    static uint64_t function(const void *items, size_t i)                                          \
    {                                                                                              \
        const type *item = (const type *)items + i;                                                \
        return expression;                                                                         \
    }

// ---------------------------------------------------------------------------- the trace

NUMBER(op_kind, struct hd_op, item->kind)
NUMBER(op_thread, struct hd_op, item->thread)
NUMBER(op_slot, struct hd_op, item->slot)
NUMBER(op_size, struct hd_op, item->size)
NUMBER(op_extra, struct hd_op, item->extra)

void hd_report_columns_of_trace(FILE *file, const struct hd_trace *trace)
{
    static const struct kind_of_column kinds[] = {{"kind", op_kind, false},
                                                  {"thread", op_thread, false},
                                                  {"slot", op_slot, false},
                                                  {"size", op_size, false},
                                                  {"extra", op_extra, false}};
    put_columns(file, kinds, COUNT(kinds), trace->ops, trace->count);
}

// ---------------------------------------------------------------------------- rectangles

NUMBER(life_birth, struct hd_life, item->birth)
NUMBER(life_span, struct hd_life, item->death - item->birth)
NUMBER(life_address, struct hd_life, item->address)
NUMBER(life_usable, struct hd_life, item->usable)

static void put_lives(FILE *file, const struct hd_trace *trace, const struct hd_result *result)
{
    static const struct kind_of_column kinds[] = {{"birth", life_birth, true},
                                                  {"span", life_span, false},
                                                  {"address", life_address, true},
                                                  {"usable", life_usable, false}};
    struct hd_lives lives;
    hd_lives_open(&lives, trace, result);
    put_columns(file, kinds, COUNT(kinds), lives.items, lives.count);
    hd_lives_close(&lives);
}

NUMBER(extent_from, struct hd_extent, item->from)
NUMBER(extent_span, struct hd_extent, item->to - item->from)
NUMBER(extent_start, struct hd_extent, item->start)
NUMBER(extent_size, struct hd_extent, item->end - item->start)

static void put_extents(FILE *file, const struct hd_result *result)
{
    static const struct kind_of_column kinds[] = {{"extent_from", extent_from, true},
                                                  {"extent_span", extent_span, false},
                                                  {"extent_start", extent_start, true},
                                                  {"extent_size", extent_size, false}};
    struct hd_extents extents;
    hd_extents_open(&extents, result);
    put_columns(file, kinds, COUNT(kinds), extents.items, extents.count);
    hd_extents_close(&extents);
}

// ---------------------------------------------------------------------------- over time

static bool mapped_changed(const struct hd_moment *moments, size_t i)
{
    return moments[i].taken && (i == 0 || moments[i].mapped != moments[i - 1].mapped);
}

static bool was_looked(const struct hd_moment *moments, size_t i)
{
    return moments[i].looked;
}

NUMBER(moment_mapped, struct hd_moment, item->mapped)
NUMBER(moment_resident, struct hd_moment, item->resident)

/// The steps that `counts`, and their numbers.
static void put_over_time(FILE *file, const struct hd_result *result, const char *steps,
                          bool (*counts)(const struct hd_moment *moments, size_t i),
                          const char *name, uint64_t (*number)(const void *moments, size_t i))
{
    struct hd_column column;
    begin(file, steps, &column);
    for (size_t i = 0; i < result->count; i++)
        if (counts(result->moments, i)) hd_column_add_difference(&column, i + 1);
    hd_column_close(&column);
    begin(file, name, &column);
    for (size_t i = 0; i < result->count; i++)
        if (counts(result->moments, i)) hd_column_add(&column, number(result->moments, i));
    hd_column_close(&column);
}

NUMBER(call_step, struct hd_call_record, item->step)
NUMBER(call_name, struct hd_call_record, hd_syscall_of(item->call.number))

void hd_report_columns_of_run(FILE *file, const struct hd_trace *trace,
                              const struct hd_result *result)
{
    static const struct kind_of_column kinds[] = {{"call_step", call_step, true},
                                                  {"call_name", call_name, false}};
    put_lives(file, trace, result);
    put_extents(file, result);
    put_over_time(file, result, "mapped_step", mapped_changed, "mapped", moment_mapped);
    put_over_time(file, result, "resident_step", was_looked, "resident", moment_resident);
    put_columns(file, kinds, COUNT(kinds), result->calls, result->call_count);
}
