// SPDX-License-Identifier: MIT
/// log.c: a few words out of much text.
#include "harness/campaign/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// As much as fits.
static void read_part(const char *path, bool the_end, char text[static HD_LOG_END_MAX])
{
    *text = '\0';
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    const off_t end = the_end ? lseek(fd, 0, SEEK_END) : 0;
    const off_t from = end >= HD_LOG_END_MAX ? end - HD_LOG_END_MAX + 1 : 0;
    const ssize_t length = pread(fd, text, HD_LOG_END_MAX - 1, from);
    text[length > 0 ? length : 0] = '\0';
    (void)close(fd);
}

void hd_log_end(const char *path, char text[static HD_LOG_END_MAX])
{
    read_part(path, true, text);
}

void hd_log_begin(const char *path, char text[static HD_LOG_END_MAX])
{
    read_part(path, false, text);
}

/// The number behind `word` between `text` and `end`; false: there is none.
static bool number_behind(const char *text, const char *end, const char *word, uint64_t *number)
{
    const size_t size = (size_t)(end - text);
    const char *found = memmem(text, size, word, strlen(word));
    if (found == NULL) return false;
    char *rest;
    const char *digits = found + strlen(word);
    *number = strtoull(digits, &rest, 10);
    return rest != digits && rest < end;
}

void hd_log_libfuzzer(const char *text, struct hd_reading *reading)
{
    while (*text != '\0') {
        const char *newline = strchr(text, '\n');
        if (newline == NULL) return; // still being written
        uint64_t coverage;
        uint64_t corpus;
        if (number_behind(text, newline, " cov: ", &coverage) &&
            number_behind(text, newline, " corp: ", &corpus))
            *reading = (struct hd_reading){.known = true, .coverage = coverage, .corpus = corpus};
        text = newline + 1;
    }
}

/// What stands behind `word` at the beginning of a line, after blanks and a colon.
static bool value_of(const char *text, const char *word, double *value)
{
    const size_t length = strlen(word);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, length) != 0 || strchr(" :", line[length]) == NULL) continue;
        const char *digits = line + length + strspn(line + length, " :");
        char *rest;
        *value = strtod(digits, &rest);
        return rest != digits;
    }
    return false;
}

void hd_log_afl(const char *text, struct hd_reading *reading)
{
    double edges;
    double corpus;
    double stability;
    if (value_of(text, "edges_found", &edges) && value_of(text, "corpus_count", &corpus) &&
        value_of(text, "stability", &stability))
        *reading = (struct hd_reading){.known = true,
                                       .coverage = (uint64_t)edges,
                                       .corpus = (uint64_t)corpus,
                                       .stability = stability};
}
