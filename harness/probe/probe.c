// SPDX-License-Identifier: MIT
/// probe.c: one child after the other, until each question has an answer.
#include "harness/probe/probe.h"

#include "harness/probe/prober.h"
#include "harness/probe/questions.h"
#include "harness/runner/record.h"
#include "harness/runner/watched.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- what is believed

static bool told_plausible(const struct hd_told *told, uint16_t row_count)
{
    return told->kind < HD_TOLD_KINDS && hd_bool_plausible(&told->later) &&
           told->row_first + told->row_count <= row_count &&
           memchr(told->text, '\0', sizeof told->text) != NULL;
}

/// `first` is what the child was told to ask first.
static bool page_plausible(const struct hd_probe_page *page, uint32_t first)
{
    const struct hd_probe *probe = &page->probe;
    const bool known =
        page->status == HD_OK || page->status == HD_BAD_INPUT || page->status == HD_UNAVAILABLE;
    bool plausible = known && page->asking >= first && page->asking <= HD_QUESTIONS &&
                     hd_bool_plausible(&page->loaded) && hd_bool_plausible(&page->finished) &&
                     hd_bool_plausible((const bool *)&page->afterwards) &&
                     hd_bool_plausible(&probe->calls.seen) &&
                     memchr(page->message.text, '\0', sizeof page->message.text) != NULL &&
                     probe->row_count <= HD_TOLD_ROWS_MAX;
    for (unsigned i = 0; plausible && i < HD_QUESTIONS; i++)
        plausible = told_plausible(&probe->told[i], probe->row_count);
    return plausible;
}

// ---------------------------------------------------------------------------- how a child ended

/// The question was not answered, but ended the process.
static void tell_end(struct hd_told *told, bool later, const struct hd_ending *ending)
{
    *told = (struct hd_told){.later = later};
    const int signal = WIFSIGNALED(ending->wait_status) ? WTERMSIG(ending->wait_status) : 0;
    if (hd_ending_is_hang(ending)) {
        told->kind = HD_TOLD_HANGS;
    } else if (signal == 0) {
        told->kind = HD_TOLD_ABORTS;
        (void)snprintf(told->text, sizeof told->text, "exit status %d%s%.160s",
                       WEXITSTATUS(ending->wait_status), ending->said[0] != '\0' ? ", " : "",
                       ending->said);
    } else if (signal == SIGABRT || signal == SIGTRAP) {
        told->kind = HD_TOLD_ABORTS;
        (void)snprintf(told->text, sizeof told->text, "%.199s", ending->said);
    } else {
        const char *name = sigabbrev_np(signal);
        told->kind = HD_TOLD_CRASHES;
        (void)snprintf(told->text, sizeof told->text, "SIG%s", name != NULL ? name : "RT");
    }
}

/// It went on, but not in silence.
static void add_words(struct hd_told *told, const struct hd_ending *ending)
{
    const size_t length = strlen(told->text);
    if (ending->said[0] == '\0' || told->kind != HD_TOLD_WORDS) return;
    (void)snprintf(told->text + length, sizeof told->text - length, "; it wrote: %.120s",
                   ending->said);
}

/// What the next child is to do, whatever the last one wrote there.
static void tell_again(struct hd_probe_page *page, const struct hd_probe_page *before)
{
    memcpy(page->spec, before->spec, sizeof page->spec);
    page->conditions = before->conditions;
    page->parent = before->parent;
    page->wanted = before->wanted;
}

/// Takes down how the child ended. Returns the question to go on with.
static uint32_t take(struct hd_probe_page *page, const struct hd_probe_page *before,
                     const struct hd_ending *ending)
{
    const uint32_t first = before->asking;
    if (!page_plausible(page, first)) {
        *page = *before;
        page->loaded = true;
        hd_tell_words(&page->probe.told[first], "overwrites memory of the harness");
        return first + 1;
    }
    if (!page->loaded || page->finished || page->asking == HD_QUESTIONS) return page->asking;
    tell_end(&page->probe.told[page->asking], page->afterwards, ending);
    return page->asking + 1;
}

// ---------------------------------------------------------------------------- all of them

/// The next question that is wanted, from `question` on.
static uint32_t next_wanted(const struct hd_probe_page *page, uint32_t question)
{
    while (question < HD_QUESTIONS && (page->wanted >> question & 1) == 0)
        question++;
    return question;
}

static enum hd_status ask_all(struct hd_probe_page *page, int file, struct hd_message *message)
{
    static struct hd_probe_page before;
    uint32_t question = next_wanted(page, 0);
    while (question < HD_QUESTIONS) {
        struct hd_ending ending = {0};
        page->asking = question;
        page->loaded = false;
        page->finished = false;
        page->afterwards = false;
        before = *page;
        const struct hd_watch watch = {.name = HD_PROBE_CHILD_NAME,
                                       .files = {file},
                                       .file_count = 1,
                                       .deadline_ms = before.conditions.deadline_ms};
        const enum hd_status status = hd_watched_run(&watch, &ending, message);
        if (status != HD_OK) return status;
        const uint32_t next = take(page, &before, &ending);
        if (!page->loaded) {
            *message = page->message;
            return page->status != HD_OK ? page->status
                                         : hd_ending_while_loading(&ending, before.spec, message);
        }
        if (hd_question_alone[question]) add_words(&page->probe.told[question], &ending);
        page->probe.children = before.probe.children + 1;
        tell_again(page, &before);
        question = next_wanted(page, next);
    }
    return HD_OK;
}

static void choose(struct hd_probe_page *page)
{
    for (unsigned i = 0; i < HD_ZERO_REQUESTS; i++) {
        const bool either = (page->nulls[i] == 0) == (page->blocks[i] == 0); // or never asked
        page->probe.choices.zero[i] = either                ? HD_ZERO_OPEN
                                      : page->nulls[i] != 0 ? HD_ZERO_NULL
                                                            : HD_ZERO_BLOCK;
    }
}

static enum hd_status probe_questions(const char *spec, const struct hd_conditions *conditions,
                                      uint64_t wanted, struct hd_probe *probe,
                                      struct hd_message *message)
{
    int file;
    void *memory;
    if (strlen(spec) >= sizeof(((struct hd_probe_page *)NULL)->spec))
        return hd_fail(message, HD_UNAVAILABLE, "%.60s...: the path is too long", spec);
    enum hd_status status = hd_watched_map(sizeof(struct hd_probe_page), &file, &memory, message);
    if (status != HD_OK) return status;
    struct hd_probe_page *page = memory;
    (void)strcpy(page->spec, spec);
    page->conditions = *conditions;
    page->parent = getpid();
    page->wanted = wanted;
    status = ask_all(page, file, message);
    if (status == HD_OK) {
        choose(page);
        *probe = page->probe;
    }
    (void)munmap(memory, sizeof(struct hd_probe_page));
    (void)close(file);
    return status;
}

enum hd_status hd_probe_run(const char *spec, const struct hd_conditions *conditions,
                            struct hd_probe *probe, struct hd_message *message)
{
    return probe_questions(spec, conditions, (UINT64_C(1) << HD_QUESTIONS) - 1, probe, message);
}

#define WANTED(id) (UINT64_C(1) << HD_QUESTION_##id)

enum hd_status hd_probe_choices(const char *spec, const struct hd_conditions *conditions,
                                struct hd_choice_policy *choices, struct hd_message *message)
{
    static struct hd_probe probe;
    const uint64_t wanted = WANTED(alignment) | WANTED(malloc_0) | WANTED(calloc_0_n) |
                            WANTED(calloc_n_0) | WANTED(realloc_null_0) | WANTED(realloc_0) |
                            WANTED(aligned_alloc_0) | WANTED(posix_memalign_0);
    const enum hd_status status = probe_questions(spec, conditions, wanted, &probe, message);
    if (status == HD_OK) *choices = probe.choices;
    return status;
}
