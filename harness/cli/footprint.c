// SPDX-License-Identifier: MIT
/// footprint.c: figures by trace and allocator, against those of another time.
#include "harness/cli/footprint.h"

#include "harness/cli/grow.h"
#include "harness/cli/json.h"
#include "harness/trace/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

json_t *hd_footprint_json(const struct hd_footprint *footprint)
{
    json_t *calls = json_object();
    for (size_t id = 0; id < HD_SYSCALLS; id++)
        if (footprint->calls[id] != 0)
            json_object_set_new(calls, hd_syscall_names[id], hd_json_count(footprint->calls[id]));
    json_t *operations = json_object();
    for (size_t kind = 0; kind < HD_OP_KINDS; kind++)
        if (footprint->by_operation[kind] != 0)
            json_object_set_new(operations, hd_op_infos[kind].text,
                                hd_json_count(footprint->by_operation[kind]));
    json_t *object = json_object();
    json_object_set_new(object, "calls", calls);
    json_object_set_new(object, "by_operation", operations);
    json_object_set_new(object, "refused", hd_json_count(footprint->refused));
    json_object_set_new(object, "calls_max", hd_json_count(footprint->calls_max));
    json_object_set_new(object, "demand", hd_json_count(footprint->demand));
    json_object_set_new(object, "blocks", hd_json_count(footprint->blocks));
    json_object_set_new(object, "mapped_peak", hd_json_count(footprint->mapped_peak));
    json_object_set_new(object, "mapped_end", hd_json_count(footprint->mapped_end));
    json_object_set_new(object, "mapped_after", hd_json_count(footprint->mapped_after));
    json_object_set_new(object, "resident_end", hd_json_count(footprint->resident_end));
    json_object_set_new(object, "resident_after", hd_json_count(footprint->resident_after));
    return object;
}

// ---------------------------------------------------------------------------- the baseline

static enum hd_status load_baseline(struct hd_footprint_book *book, struct hd_message *message)
{
    const char *path = book->options.baseline;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return hd_fail(message, errno == ENOENT ? HD_BAD_INPUT : HD_UNAVAILABLE, "%.400s: %s", path,
                       strerror(errno));
    json_error_t error;
    json_t *document = json_loadf(file, 0, &error);
    (void)fclose(file);
    if (document == NULL)
        return hd_fail(message, HD_BAD_INPUT, "%.200s:%d:%d: %.160s", path, error.line,
                       error.column, error.text);
    book->baseline = json_incref(json_object_get(document, "runs"));
    json_decref(document);
    if (json_is_array(book->baseline)) return HD_OK;
    return hd_fail(message, HD_BAD_INPUT, "%.400s: no footprints; --footprint-save writes them",
                   path);
}

static void release(struct hd_footprint_book *book)
{
    json_decref(book->runs);
    json_decref(book->baseline);
    for (size_t i = 0; i < book->growth_count; i++)
        free(book->growths[i]);
    free(book->growths);
    *book = (struct hd_footprint_book){0};
}

enum hd_status hd_footprint_open(struct hd_footprint_book *book,
                                 const struct hd_footprint_options *options,
                                 struct hd_message *message)
{
    *book = (struct hd_footprint_book){.options = *options, .runs = json_array()};
    if (options->save != NULL && strcmp(options->save, "-") == 0)
        return hd_fail(message, HD_BAD_INPUT, "footprints go to a file, not to standard output");
    enum hd_status status = HD_OK;
    if (options->baseline != NULL) status = load_baseline(book, message);
    if (status == HD_OK && options->save != NULL)
        status = hd_output_open(&book->output, options->save, message);
    if (status != HD_OK) book->options.save = NULL; // nothing to finish
    return status;
}

static bool is_string(const json_t *object, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL && strcmp(value, text) == 0;
}

static const json_t *find_run(const json_t *runs, const char *trace, const char *allocator)
{
    size_t i;
    const json_t *run;
    json_array_foreach(runs, i, run)
        if (is_string(run, "trace", trace) && is_string(run, "allocator", allocator)) return run;
    return NULL;
}

// ---------------------------------------------------------------------------- comparing

static void add_growth(struct hd_footprint_book *book, const char *trace, const char *allocator,
                       const char *what)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "%.100s, %.500s: %.200s", allocator, trace, what);
    book->growths =
        hd_grow(book->growths, book->growth_count, &book->growth_capacity, sizeof *book->growths);
    book->growths[book->growth_count++] = hd_copy_string(line);
}

static void compare_figure(struct hd_footprint_book *book, const char *trace, const char *allocator,
                           const char *what, const json_t *before, const json_t *now)
{
    const json_int_t old = json_integer_value(before); // 0 where there is none
    const json_int_t new = json_integer_value(now);
    if ((double)new <= (double)old * (1 + book->options.tolerance / 100)) return;
    char growth[160];
    (void)snprintf(growth, sizeof growth,
                   "%s grew from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT, what, old,
                   new);
    add_growth(book, trace, allocator, growth);
}

static void compare_run(struct hd_footprint_book *book, const char *trace, const char *allocator,
                        const json_t *now)
{
    static const char *const bounded[] = {"mapped_peak", "mapped_after"};
    const json_t *before = find_run(book->baseline, trace, allocator);
    if (before == NULL) {
        book->unknown++;
        return;
    }
    book->compared++;
    for (size_t i = 0; i < sizeof bounded / sizeof bounded[0]; i++)
        compare_figure(book, trace, allocator, bounded[i], json_object_get(before, bounded[i]),
                       json_object_get(now, bounded[i]));
    const json_t *calls_before = json_object_get(before, "calls");
    const char *name;
    json_t *count;
    json_object_foreach(json_object_get(now, "calls"), name, count) {
        char what[64];
        (void)snprintf(what, sizeof what, "calls of %s", name);
        compare_figure(book, trace, allocator, what, json_object_get(calls_before, name), count);
    }
}

void hd_footprint_add(struct hd_footprint_book *book, const char *trace, const char *allocator,
                      const struct hd_run *run)
{
    if (run->phase != HD_PHASE_DONE || !run->footprint.tapped) {
        book->unseen++;
        if (book->baseline != NULL && find_run(book->baseline, trace, allocator) != NULL)
            add_growth(book, trace, allocator, "had a footprint, and has none now");
        return;
    }
    json_t *object = hd_footprint_json(&run->footprint);
    json_object_set_new(object, "trace", hd_json_text(trace));
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    if (book->baseline != NULL) compare_run(book, trace, allocator, object);
    json_array_append_new(book->runs, object);
}

// ---------------------------------------------------------------------------- the end

enum hd_status hd_footprint_finish(struct hd_footprint_book *book, struct hd_message *message)
{
    const bool wanted = book->options.save != NULL || book->baseline != NULL;
    const size_t seen = json_array_size(book->runs);
    if (wanted && seen == 0)
        return hd_fail(message, HD_UNAVAILABLE,
                       "no footprint: none of %zu runs was tapped and came to its end",
                       book->unseen);
    size_t i;
    const json_t *run;
    json_array_foreach(book->baseline, i, run) {
        const char *trace = json_string_value(json_object_get(run, "trace"));
        const char *allocator = json_string_value(json_object_get(run, "allocator"));
        const bool made = trace != NULL && allocator != NULL &&
                          find_run(book->runs, trace, allocator) != NULL;
        book->missing += !made;
    }
    return HD_OK;
}

static enum hd_status save(const struct hd_footprint_book *book, struct hd_message *message)
{
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set(document, "runs", book->runs);
    errno = 0;
    const int fd = book->output.fd;
    const bool saved = json_dumpfd(document, fd, JSON_INDENT(1)) == 0 && write(fd, "\n", 1) == 1;
    json_decref(document);
    if (saved) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", book->output.name,
                   errno != 0 ? strerror(errno) : "cannot write");
}

enum hd_status hd_footprint_close(struct hd_footprint_book *book, enum hd_status status,
                                  struct hd_message *message)
{
    if (book->options.save != NULL) {
        if (status == HD_OK) status = save(book, message);
        status = hd_output_finish(&book->output, status, message);
    }
    release(book);
    return status;
}

void hd_footprint_print(const struct hd_footprint_book *book)
{
    if (book->baseline == NULL) return;
    (void)printf("\nfootprint against %s, tolerance %g %%: compared %zu, grown %zu, not in it %zu,"
                 " only in it %zu\n",
                 book->options.baseline, book->options.tolerance, book->compared,
                 book->growth_count, book->unknown, book->missing);
    for (size_t i = 0; i < book->growth_count; i++)
        (void)printf("  %s\n", book->growths[i]);
}

json_t *hd_footprint_growths_json(const struct hd_footprint_book *book)
{
    if (book->baseline == NULL) return NULL;
    json_t *growths = json_array();
    for (size_t i = 0; i < book->growth_count; i++)
        json_array_append_new(growths, hd_json_text(book->growths[i]));
    json_t *object = json_object();
    json_object_set_new(object, "baseline", hd_json_text(book->options.baseline));
    json_object_set_new(object, "tolerance", json_real(book->options.tolerance));
    json_object_set_new(object, "compared", hd_json_count(book->compared));
    json_object_set_new(object, "unknown", hd_json_count(book->unknown));
    json_object_set_new(object, "missing", hd_json_count(book->missing));
    json_object_set_new(object, "growths", growths);
    return object;
}
