// SPDX-License-Identifier: MIT
/// judging.h: one step given to one oracle, and what it must say. Include after cmocka.h.
#ifndef HD_TEST_JUDGING_H
#define HD_TEST_JUDGING_H

#include "oracles/oracle.h"

#include <string.h>

#define HD_ORACLE(name) extern const struct hd_oracle hd_oracle_##name;
#include "oracles/oracles.def"
#undef HD_ORACLE

/// Asserts the verdict of `judge`, and of a broken one its place ("" else). `name` is the row's.
static inline void assert_judged(const char *name, hd_judge *judge, const struct hd_model *model,
                                 const struct hd_step *step, enum hd_verdict want,
                                 const char *place)
{
    static const char *const words[] = {"holds", "broken", "not judged"};
    struct hd_finding finding = {.place = ""};
    const enum hd_verdict verdict = judge(model, step, &finding);
    if (verdict != want)
        fail_msg("%s: %s, not %s: %s", name, words[verdict], words[want], finding.evidence);
    if (strcmp(finding.place, place) != 0)
        fail_msg("%s: at \"%s\", not \"%s\"", name, finding.place, place);
    if ((verdict == HD_BROKEN) != (*finding.evidence != '\0'))
        fail_msg("%s: evidence \"%s\"", name, finding.evidence);
}

#define ROWS(table) (sizeof(table) / sizeof *(table))

#endif
