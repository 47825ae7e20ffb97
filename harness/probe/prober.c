// SPDX-License-Identifier: MIT
/// prober.c: calls with the tap armed, and answers written down.
#include "harness/probe/prober.h"

#include "harness/compare/compare.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- calls

bool hd_prober_offers(struct hd_prober *prober, enum hd_op_kind kind)
{
    const bool offered = hd_call_offered(&prober->subject.allocator, kind);
    if (!offered) prober->told->kind = HD_TOLD_NOT_OFFERED;
    return offered;
}

void hd_prober_take_calls(struct hd_prober *prober)
{
    const struct hd_tap_log *log = hd_tap_log();
    struct hd_told_calls *calls = &prober->page->probe.calls;
    uint32_t of_each[HD_SYSCALLS] = {0};
    if (log->lost != 0) prober->tapped = false;
    for (uint32_t i = 0; i < log->count; i++) {
        struct hd_effect effect;
        const enum hd_syscall_id id = hd_syscall_of(log->calls[i].number);
        hd_space_apply(&prober->space, &log->calls[i], &effect);
        prober->lost[id] += effect.lost_end - effect.lost_start;
        if (++of_each[id] > calls->most[id]) calls->most[id] = of_each[id];
    }
    if (log->count > calls->most_in_one) calls->most_in_one = log->count;
    calls->seen = prober->tapped;
}

struct hd_answer hd_prober_call(struct hd_prober *prober, enum hd_op_kind kind, uintptr_t block,
                                uint64_t extra, uint64_t size)
{
    const struct hd_op op = {.kind = (uint8_t)kind, .extra = extra, .size = size};
    hd_tap_clear();
    const struct hd_answer answer = hd_call(&prober->subject, &op, block);
    hd_prober_take_calls(prober);
    return answer;
}

uintptr_t hd_prober_malloc(struct hd_prober *prober, size_t size)
{
    return hd_prober_call(prober, HD_OP_MALLOC, 0, 0, size).result;
}

void hd_prober_free(struct hd_prober *prober, uintptr_t block)
{
    (void)hd_prober_call(prober, HD_OP_FREE, block, 0, 0);
}

size_t hd_prober_usable(struct hd_prober *prober, uintptr_t block, size_t size)
{
    if (!hd_call_offered(&prober->subject.allocator, HD_OP_USABLE_SIZE)) return size;
    return hd_prober_call(prober, HD_OP_USABLE_SIZE, block, 0, 0).usable;
}

bool hd_prober_trim(struct hd_prober *prober)
{
    const struct hd_allocator *allocator = &prober->subject.allocator;
    if (allocator->trim == NULL) return false;
    hd_tap_clear();
    hd_tap_arm();
    allocator->trim(prober->subject.heap);
    hd_tap_disarm();
    hd_prober_take_calls(prober);
    return true;
}

int hd_prober_in_fork(struct hd_prober *prober, int (*attempt)(struct hd_prober *, uint64_t),
                      uint64_t argument)
{
    const pid_t fork_of_it = fork();
    if (fork_of_it == 0) _exit(attempt(prober, argument));
    int status = 0;
    while (fork_of_it > 0 && waitpid(fork_of_it, &status, 0) < 0)
        HD_ASSERT(errno == EINTR);
    return fork_of_it > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// ---------------------------------------------------------------------------- answers

void hd_tell_words(struct hd_told *told, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(told->text, sizeof told->text, format, args);
    va_end(args);
    told->kind = HD_TOLD_WORDS;
}

void hd_tell_bytes(struct hd_told *told, uint64_t number)
{
    told->number = number;
    told->kind = HD_TOLD_BYTES;
}

void hd_tell_nothing(struct hd_told *told, const char *why)
{
    hd_tell_words(told, "%s", why);
    told->kind = HD_TOLD_NOTHING;
}

bool hd_tell_row(struct hd_prober *prober, uint64_t from, uint64_t to, uint64_t value)
{
    struct hd_probe *probe = &prober->page->probe;
    struct hd_told *told = prober->told;
    if (told->row_count == 0) told->row_first = probe->row_count;
    told->kind = HD_TOLD_TABLE;
    if (probe->row_count == HD_TOLD_ROWS_MAX) return false;
    probe->rows[probe->row_count++] = (struct hd_told_row){.from = from, .to = to, .value = value};
    told->row_count++;
    return true;
}

void hd_vote(struct hd_votes *votes, const char *format, ...)
{
    char word[sizeof votes->each[0].word];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(word, sizeof word, format, args);
    va_end(args);
    uint32_t i = 0;
    while (i < votes->used && strcmp(votes->each[i].word, word) != 0)
        i++;
    if (i == HD_VOTES_MAX) {
        votes->others++;
        return;
    }
    if (i == votes->used) memcpy(votes->each[votes->used++].word, word, sizeof word);
    votes->each[i].count++;
}

void hd_tell_votes(const struct hd_votes *votes, struct hd_told *told)
{
    if (votes->used == 0) {
        hd_tell_nothing(told, "no call could be tried");
        return;
    }
    if (votes->used == 1) {
        hd_tell_words(told, "%s", votes->each[0].word);
        return;
    }
    size_t length = 0;
    for (uint32_t i = 0; i < votes->used && length < sizeof told->text; i++)
        length +=
            (size_t)snprintf(told->text + length, sizeof told->text - length, "%s%" PRIu32 "x %s",
                             i > 0 ? ", " : "", votes->each[i].count, votes->each[i].word);
    if (votes->others > 0 && length < sizeof told->text)
        (void)snprintf(told->text + length, sizeof told->text - length, ", %" PRIu32 "x others",
                       votes->others);
    told->kind = HD_TOLD_VARIES;
}

void hd_answer_word(enum hd_op_kind kind, const struct hd_answer *answer, char word[HD_WORD_MAX])
{
    const bool given = answer->result != 0;
    int error = kind == HD_OP_POSIX_MEMALIGN ? answer->status : answer->errno_after;
    if (given || (kind != HD_OP_POSIX_MEMALIGN && error == HD_ERRNO_BEFORE)) error = 0;
    const struct hd_outcome outcome = {
        .kind = (uint8_t)(given ? HD_OUTCOME_BLOCK : HD_OUTCOME_NULL), .error = (uint8_t)error};
    char text[HD_OUTCOME_TEXT_MAX];
    hd_outcome_format(&outcome, text);
    (void)snprintf(word, HD_WORD_MAX, "%.47s", text);
}
