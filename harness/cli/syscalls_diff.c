// SPDX-License-Identifier: MIT
/// syscalls_diff.c: the operations at which two allocators made different calls, as diff(1) marks
/// them.
#include "harness/cli/pairing.h"
#include "harness/cli/syscalls.h"

#include <stdio.h>
#include <string.h>

static size_t count_of(const struct hd_told_step *step)
{
    return step != NULL ? step->step.call_count : 0;
}

/// How many lines at the beginning are the same in both.
static size_t same_at_start(const struct hd_pair *pair)
{
    size_t same = 0;
    while (same < count_of(pair->left) && same < count_of(pair->right) &&
           strcmp(pair->left->lines[same], pair->right->lines[same]) == 0)
        same++;
    return same;
}

/// How many at the end are, of those behind the first `start`.
static size_t same_at_end(const struct hd_pair *pair, size_t start)
{
    const size_t left = count_of(pair->left);
    const size_t right = count_of(pair->right);
    size_t same = 0;
    while (start + same < left && start + same < right &&
           strcmp(pair->left->lines[left - 1 - same], pair->right->lines[right - 1 - same]) == 0)
        same++;
    return same;
}

static void print_lines(const struct hd_told_step *step, char mark, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        (void)printf("%c   %s\n", mark, step->lines[i]);
}

static void print_titles(const struct hd_pair *pair)
{
    const bool both = pair->left != NULL && pair->right != NULL;
    if (both && strcmp(pair->left->title, pair->right->title) == 0) {
        (void)printf("  %s\n", pair->left->title);
        return;
    }
    if (pair->left != NULL) (void)printf("< %s\n", pair->left->title);
    if (pair->right != NULL) (void)printf("> %s\n", pair->right->title);
}

/// False when both made the same calls.
static bool print_pair(const struct hd_pair *pair)
{
    const size_t left = count_of(pair->left);
    const size_t right = count_of(pair->right);
    const size_t start = same_at_start(pair);
    if (start == left && start == right) return false;

    const size_t end = same_at_end(pair, start);
    print_titles(pair);
    print_lines(pair->left, ' ', 0, start);
    print_lines(pair->left, '<', start, left - end);
    print_lines(pair->right, '>', start, right - end);
    print_lines(pair->left, ' ', left - end, left);
    return true;
}

void hd_syscalls_diff(const struct hd_syscalls_view *view)
{
    const struct hd_trials *trials = view->trials;
    struct hd_told left;
    struct hd_told right;
    hd_told_open(&left, &trials->results[0], trials->trace, true);
    hd_told_open(&right, &trials->results[1], trials->trace, true);
    (void)printf("< %s\n> %s\n", trials->roster.names[0], trials->roster.names[1]);
    struct hd_pairing pairing = {.left = &left, .right = &right};
    struct hd_pair pair;
    size_t differing = 0;
    while (hd_pair_next(&pairing, &pair))
        differing += print_pair(&pair);
    if (differing == 0) (void)printf("  no operation's calls differ\n");
    hd_told_close(&left);
    hd_told_close(&right);
}
