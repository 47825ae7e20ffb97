// SPDX-License-Identifier: MIT
/// sides.c: equal answers, found by comparing each with those before it.
#include "harness/cli/sides.h"

#include "harness/cli/tally.h"

#include <stdio.h>
#include <string.h>

/// The set of those from `i` on that answered as it did; 0: nothing, or one before it did.
static uint32_t side_of(const struct hd_side *sides, size_t count, size_t i)
{
    uint32_t set = 0;
    if (sides[i].text[0] == '\0') return 0;
    for (size_t other = 0; other < count; other++) {
        if (strcmp(sides[other].text, sides[i].text) != 0) continue;
        if (other < i) return 0;
        set |= UINT32_C(1) << other;
    }
    return set;
}

const char *hd_sides_agree(const struct hd_side *sides, size_t count)
{
    const char *answer = NULL;
    for (size_t i = 0; i < count; i++) {
        if (side_of(sides, count, i) == 0) continue;
        if (answer != NULL) return NULL;
        answer = sides[i].text;
    }
    return answer;
}

#define SHOWN_MAX 56

static int shown_length(const char *text)
{
    return strlen(text) > SHOWN_MAX ? SHOWN_MAX : (int)strlen(text);
}

void hd_sides_print(const struct hd_side *sides, const struct hd_roster *roster)
{
    int width = 0;
    for (size_t i = 0; i < roster->count; i++)
        if (shown_length(sides[i].text) > width) width = shown_length(sides[i].text);
    for (size_t i = 0; i < roster->count; i++) {
        const uint32_t set = side_of(sides, roster->count, i);
        if (set == 0) continue;
        const char *text = sides[i].text;
        const int length = shown_length(text);
        const bool cut = text[length] != '\0';
        (void)printf("      %.*s%s%*s  ", cut ? length - 3 : length, text, cut ? "..." : "",
                     width - length, "");
        hd_tally_print_names(roster, set);
        (void)printf("\n");
    }
}
