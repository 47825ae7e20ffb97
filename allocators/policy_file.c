// SPDX-License-Identifier: MIT
/// policy_file.c: a word and what it promises, line by line.
#include "allocators/policy_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "heapduel-policy 1"
#define BLANKS     " \t\r\n"

/// Where a line stands, for messages.
struct place {
    const char *path;
    unsigned line;
};

static enum hd_status wrong(const struct place *place, struct hd_message *message, const char *what,
                            const char *found)
{
    return hd_fail(message, HD_BAD_INPUT, "%.300s:%u: expected %s, found \"%.40s\"", place->path,
                   place->line, what, found != NULL ? found : "the end of the line");
}

// ---------------------------------------------------------------------------- one line

static enum hd_status read_calls(const struct place *place, char **rest, hd_syscall_set *calls,
                                 struct hd_message *message)
{
    char *word;
    while ((word = strtok_r(NULL, BLANKS, rest)) != NULL) {
        unsigned id = 0;
        while (id < HD_SYSCALLS && strcmp(word, hd_syscall_names[id]) != 0)
            id++;
        if (id == HD_SYSCALLS)
            return wrong(place, message, "a system call of those in syscalls.def, or other", word);
        *calls |= UINT64_C(1) << id;
    }
    return HD_OK;
}

static enum hd_status read_end(const struct place *place, char **rest, struct hd_message *message)
{
    const char *more = strtok_r(NULL, BLANKS, rest);
    return more == NULL ? HD_OK : wrong(place, message, "the end of the line", more);
}

static enum hd_status read_number(const struct place *place, char **rest, uint64_t most,
                                  uint64_t *number, struct hd_message *message)
{
    const char *word = strtok_r(NULL, BLANKS, rest);
    char *end = NULL;
    errno = 0;
    if (word != NULL && *word >= '0' && *word <= '9') *number = strtoull(word, &end, 0);
    if (end == NULL || *end != '\0' || errno != 0 || *number > most)
        return wrong(place, message, "a number that fits", word);
    return read_end(place, rest, message);
}

static const char *const zero_words[HD_ZERO_REQUESTS] = {
#define HD_ZERO_REQUEST(id, word, text) [HD_ZERO_##id] = #word,
#include "allocators/zero_requests.def"
#undef HD_ZERO_REQUEST
};

static const char *const zero_answers[] = {[HD_ZERO_NULL] = "null", [HD_ZERO_BLOCK] = "block"};

/// The request of no bytes that has this word; HD_ZERO_REQUESTS: none.
static unsigned find_zero(const char *word)
{
    unsigned request = 0;
    while (request < HD_ZERO_REQUESTS && strcmp(word, zero_words[request]) != 0)
        request++;
    return request;
}

static enum hd_status read_zero(const struct place *place, char **rest, uint8_t *answer,
                                struct hd_message *message)
{
    const char *word = strtok_r(NULL, BLANKS, rest);
    if (word != NULL && strcmp(word, zero_answers[HD_ZERO_NULL]) == 0)
        *answer = HD_ZERO_NULL;
    else if (word != NULL && strcmp(word, zero_answers[HD_ZERO_BLOCK]) == 0)
        *answer = HD_ZERO_BLOCK;
    else
        return wrong(place, message, "null or block", word);
    return read_end(place, rest, message);
}

/// One number for each range of tiny sizes, a power of two, or 0.
static enum hd_status read_alignments(const struct place *place, char **rest,
                                      uint8_t alignment[HD_TINY_RANGES], struct hd_message *message)
{
    for (unsigned i = 0; i < HD_TINY_RANGES; i++) {
        const char *word = strtok_r(NULL, BLANKS, rest);
        char *end = NULL;
        const unsigned long number =
            word != NULL && *word >= '0' && *word <= '9' ? strtoul(word, &end, 10) : 0;
        if (end == NULL || *end != '\0' || number > 128 || (number & (number - 1)) != 0)
            return wrong(place, message, "four powers of two up to 128, 0 for not known", word);
        alignment[i] = (uint8_t)number;
    }
    return read_end(place, rest, message);
}

static enum hd_status read_line(const struct place *place, char *line,
                                struct hd_held_policy *held, struct hd_message *message)
{
    struct hd_kernel_policy *policy = &held->kernel;
    struct hd_choice_policy *choices = &held->choices;
    char *rest;
    line[strcspn(line, "#")] = '\0';
    const char *word = strtok_r(line, BLANKS, &rest);
    if (word == NULL) return HD_OK;
    if (strcmp(word, "calls") == 0) return read_calls(place, &rest, &policy->calls, message);
    if (strcmp(word, "alignments") == 0)
        return read_alignments(place, &rest, choices->alignment, message);
    const unsigned request = find_zero(word);
    if (request < HD_ZERO_REQUESTS)
        return read_zero(place, &rest, &choices->zero[request], message);

    uint64_t number = 0;
    enum hd_status status;
    if (strcmp(word, "calls_max") == 0) {
        status = read_number(place, &rest, UINT32_MAX, &number, message);
        policy->calls_max = (uint32_t)number;
    } else if (strcmp(word, "mapped_factor") == 0) {
        status = read_number(place, &rest, UINT32_MAX, &number, message);
        policy->mapped_factor = (uint32_t)number;
    } else if (strcmp(word, "mapped_per_block") == 0) {
        status = read_number(place, &rest, SIZE_MAX, &number, message);
        policy->mapped_per_block = number;
    } else if (strcmp(word, "mapped_base") == 0) {
        status = read_number(place, &rest, SIZE_MAX, &number, message);
        policy->mapped_base = number;
    } else if (strcmp(word, "mapped_after") == 0) {
        status = read_number(place, &rest, SIZE_MAX, &number, message);
        policy->mapped_after = number;
    } else if (strcmp(word, "realloc_0_frees") == 0) {
        status = read_number(place, &rest, 1, &number, message);
        policy->realloc_0_frees = number != 0;
    } else {
        status = wrong(place, message,
                       "calls, calls_max, mapped_factor, mapped_per_block, mapped_base,"
                       " mapped_after, realloc_0_frees, alignments, or a request of no bytes as"
                       " malloc_0",
                       word);
    }
    return status;
}

// ---------------------------------------------------------------------------- the file

/// The first line, and no more on it than blanks.
static bool is_first_line(const char *line)
{
    const size_t length = strlen(FIRST_LINE);
    return strncmp(line, FIRST_LINE, length) == 0 &&
           line[length + strspn(line + length, BLANKS)] == '\0';
}

/// A line as fgets(3) reads it that has an end.
static bool is_whole(const char *line, FILE *file)
{
    return strchr(line, '\n') != NULL || feof(file) != 0;
}

enum hd_status hd_policy_file_read(const char *path, struct hd_held_policy *held,
                                   struct hd_message *message)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return hd_fail(message, errno == ENOENT ? HD_BAD_INPUT : HD_UNAVAILABLE, "%.400s: %s", path,
                       strerror(errno));
    struct place place = {.path = path};
    struct hd_held_policy read = {0};
    char line[1024];
    enum hd_status status = HD_OK;
    while (status == HD_OK && fgets(line, sizeof line, file) != NULL) {
        place.line++;
        if (!is_whole(line, file))
            status = wrong(&place, message, "a line of at most 1022 bytes", "a longer one");
        else if (place.line > 1)
            status = read_line(&place, line, &read, message);
        else if (!is_first_line(line))
            status = wrong(&place, message, "\"" FIRST_LINE "\"", strtok(line, "\r\n"));
    }
    if (status == HD_OK && ferror(file) != 0)
        status = hd_fail(message, errno == EISDIR ? HD_BAD_INPUT : HD_UNAVAILABLE, "%.400s: %s",
                         path, strerror(errno));
    else if (status == HD_OK && place.line == 0)
        status = hd_fail(message, HD_BAD_INPUT, "%.400s:1: expected \"" FIRST_LINE "\", found an"
                         " empty file", path);
    (void)fclose(file);
    if (status == HD_OK) *held = read;
    return status;
}

/// Adds ` name number` as a line, where the number says something.
static void put_number(FILE *stream, const char *name, uint64_t number)
{
    if (number != 0) (void)fprintf(stream, "%s %" PRIu64 "\n", name, number);
}

static void put_choices(FILE *stream, const struct hd_choice_policy *choices)
{
    static const uint8_t nothing[HD_TINY_RANGES];
    for (unsigned i = 0; i < HD_ZERO_REQUESTS; i++)
        if (choices->zero[i] != HD_ZERO_OPEN)
            (void)fprintf(stream, "%s %s\n", zero_words[i], zero_answers[choices->zero[i]]);
    if (memcmp(choices->alignment, nothing, sizeof nothing) == 0) return;
    (void)fputs("alignments", stream);
    for (unsigned i = 0; i < HD_TINY_RANGES; i++)
        (void)fprintf(stream, " %u", choices->alignment[i]);
    (void)fputc('\n', stream);
}

size_t hd_policy_format(const struct hd_held_policy *held, char *text, size_t size)
{
    const struct hd_kernel_policy *policy = &held->kernel;
    FILE *stream = fmemopen(text, size, "w");
    if (stream == NULL) return 0;
    (void)fputs(FIRST_LINE "\n", stream);
    if (policy->calls != 0) (void)fputs("calls", stream);
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        if ((policy->calls >> id & 1) != 0) (void)fprintf(stream, " %s", hd_syscall_names[id]);
    if (policy->calls != 0) (void)fputc('\n', stream);
    put_number(stream, "calls_max", policy->calls_max);
    put_number(stream, "mapped_factor", policy->mapped_factor);
    put_number(stream, "mapped_per_block", policy->mapped_per_block);
    put_number(stream, "mapped_base", policy->mapped_base);
    put_number(stream, "mapped_after", policy->mapped_after);
    put_number(stream, "realloc_0_frees", policy->realloc_0_frees);
    put_choices(stream, &held->choices);
    const long length = ftell(stream);
    const bool whole = fclose(stream) == 0 && length > 0 && (size_t)length < size;
    return whole ? (size_t)length : 0;
}

enum hd_status hd_policy_file_write(const char *path, const struct hd_held_policy *held,
                                    struct hd_message *message)
{
    char text[4096];
    HD_ASSERT(hd_policy_format(held, text, sizeof text) != 0);
    FILE *file = fopen(path, "we");
    const bool written = file != NULL && fputs(text, file) >= 0;
    const bool closed = file != NULL && fclose(file) == 0; // a full disk shows here
    if (written && closed) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(errno));
}
