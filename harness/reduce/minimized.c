// SPDX-License-Identifier: MIT
/// minimized.c: the smallest trace as a file that says what it shows, and how.
#include "harness/reduce/minimized.h"

#include "harness/trace/text_write.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------- the command

/// A text that grows until there is no more room for it.
struct line {
    char *text;
    size_t used;
    size_t size;
    bool cut;
};

static void put_byte(struct line *line, char byte)
{
    if (line->used + 1 >= line->size)
        line->cut = true;
    else
        line->text[line->used++] = byte;
}

static void put(struct line *line, const char *text)
{
    while (*text != '\0')
        put_byte(line, *text++);
}

/// Whether a shell reads the word as it is.
static bool is_plain(const char *word)
{
    if (*word == '\0') return false;
    for (; *word != '\0'; word++)
        if (!isalnum((unsigned char)*word) && strchr("_./:+-=@%,", *word) == NULL) return false;
    return true;
}

static void put_word(struct line *line, const char *word)
{
    put_byte(line, ' ');
    if (is_plain(word)) {
        put(line, word);
        return;
    }
    put_byte(line, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            put(line, "'\\''");
        else
            put_byte(line, *word);
    }
    put_byte(line, '\'');
}

static void put_conditions(struct line *line, const struct hd_minimized *minimized)
{
    const struct hd_conditions *conditions = &minimized->kept.conditions;
    const struct hd_conditions usual = HD_CONDITIONS_DEFAULT;
    char text[64];
    if (conditions->deadline_ms != usual.deadline_ms) {
        (void)snprintf(text, sizeof text, " --timeout %g", conditions->deadline_ms / 1000.0);
        put(line, text);
    }
    if (conditions->memory_bytes != usual.memory_bytes) {
        (void)snprintf(text, sizeof text, " --memory-limit %zu", conditions->memory_bytes >> 20);
        put(line, text);
    }
    if (conditions->tap != usual.tap) {
        put(line, " --tap");
        put_word(line, hd_tap_names[conditions->tap]);
    }
    if (minimized->policy != NULL) {
        put(line, " --policy");
        put_word(line, minimized->policy);
    }
}

void hd_minimized_command(const struct hd_minimized *minimized,
                          char command[HD_MINIMIZED_COMMAND_MAX])
{
    struct line line = {.text = command, .size = HD_MINIMIZED_COMMAND_MAX};
    put(&line, "heapduel run");
    for (size_t i = 0; i < minimized->kept.count; i++) {
        put(&line, " -a");
        put_word(&line, minimized->kept.specs[i]);
    }
    put_conditions(&line, minimized);
    put_word(&line, minimized->output);
    command[line.used] = '\0';
    if (line.cut) (void)strcpy(command + line.used - 3, "...");
}

// ---------------------------------------------------------------------------- the file

/// A comment may hold no control byte, and is to be read wherever the trace is.
static enum hd_status put_comment(struct hd_sink *sink, const char *text,
                                  struct hd_message *message)
{
    char line[HD_MINIMIZED_COMMAND_MAX + 4];
    const int length = snprintf(line, sizeof line, "# %s\n", text);
    HD_ASSERT(length > 0 && (size_t)length < sizeof line);
    for (int i = 0; i < length - 1; i++)
        if (line[i] < ' ' || line[i] > '~') line[i] = '?';
    return hd_sink_put(sink, line, (size_t)length, message);
}

static enum hd_status put_comments(struct hd_sink *sink, const struct hd_minimized *minimized,
                                   struct hd_message *message)
{
    const struct hd_finding *finding = &minimized->kept.finding;
    char text[HD_MINIMIZED_COMMAND_MAX];
    if (finding->at_end)
        (void)snprintf(text, sizeof text, "%s at the end: %s", minimized->kept.signature,
                       finding->operation);
    else
        (void)snprintf(text, sizeof text, "%s at step %" PRIu64 ": %s", minimized->kept.signature,
                       finding->step, finding->operation);
    enum hd_status status = put_comment(sink, text, message);
    if (status == HD_OK) status = put_comment(sink, finding->evidence, message);
    hd_minimized_command(minimized, text);
    return status == HD_OK ? put_comment(sink, text, message) : status;
}

enum hd_status hd_minimized_write(const struct hd_minimized *minimized,
                                  const struct hd_output *output, struct hd_message *message)
{
    const struct hd_trace trace = hd_reduction_trace(&minimized->minimize.reduction);
    static struct hd_sink sink;
    hd_sink_open(&sink, output->name, output->fd);
    enum hd_status status = hd_text_write_begin(&sink, message);
    if (status == HD_OK) status = put_comments(&sink, minimized, message);
    for (size_t i = 0; status == HD_OK && i < trace.count; i++)
        status = hd_text_write_op(&sink, &trace.ops[i], message);
    return hd_sink_finish(&sink, status, message);
}
