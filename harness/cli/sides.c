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

void hd_sides_print(const struct hd_side *sides, const struct hd_roster *roster)
{
    size_t width = 0;
    for (size_t i = 0; i < roster->count; i++)
        if (strlen(sides[i].text) > width) width = strlen(sides[i].text);
    for (size_t i = 0; i < roster->count; i++) {
        const uint32_t set = side_of(sides, roster->count, i);
        if (set == 0) continue;
        (void)printf("      %-*s  ", (int)width, sides[i].text);
        hd_tally_print_names(roster, set);
        (void)printf("\n");
    }
}
