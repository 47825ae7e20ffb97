// SPDX-License-Identifier: MIT
/// compare.c: step by step, who answered what, and whether that may differ.
#include "harness/compare/compare.h"

#include "harness/engine/call.h"

#include <stdio.h>
#include <string.h>

const struct hd_oracle hd_oracle_differential = {
    .name = "differential",
    .property = "Where the contract fixes the answer, allocators agree.",
    .rests_on = "all of the other oracles",
};

// ---------------------------------------------------------------------------- what is fixed

/// Why the operation must be answered NULL, as the place of a finding; NULL when it need not.
static const char *must_be_refused(const struct hd_op *op)
{
    if ((hd_op_infos[op->kind].operands & HD_RESULT) == 0) return NULL;
    bool overflow;
    const uint64_t size = hd_call_size(op, &overflow);
    if (overflow) return "product-overflows";
    if (size > PTRDIFF_MAX) return "past-ptrdiff-max";
    return hd_alignment_is_bad(op) ? "bad-alignment" : NULL;
}

/// A block given all the same, as the allocator's policy declares.
static bool declared(const struct hd_policy *policy, const struct hd_op *op, const char *place)
{
    return policy->bad_alignment_served && op->kind == HD_OP_ALIGNED_ALLOC &&
           strcmp(place, "bad-alignment") == 0;
}

// ---------------------------------------------------------------------------- both sides

static bool answered(const struct hd_outcome *outcome)
{
    switch ((enum hd_outcome_kind)outcome->kind) {
    case HD_OUTCOME_BLOCK:
    case HD_OUTCOME_NULL:
    case HD_OUTCOME_DONE:
    case HD_OUTCOME_LOST: return true;
    case HD_OUTCOME_NONE:
    case HD_OUTCOME_SKIPPED:
    case HD_OUTCOME_NOT_OFFERED: break;
    }
    return false;
}

uint32_t hd_difference_answered(const struct hd_difference *difference)
{
    uint32_t set = 0;
    for (unsigned i = 0; i < HD_CONTESTANTS_MAX; i++)
        if (answered(&difference->answers[i])) set |= UINT32_C(1) << i;
    return set;
}

static bool same_answer(const struct hd_outcome *a, const struct hd_outcome *b)
{
    return a->kind == b->kind && a->error == b->error && a->broken == b->broken;
}

uint32_t hd_difference_next_side(const struct hd_difference *difference, uint32_t *left)
{
    if (*left == 0) return 0;
    const struct hd_outcome *lowest = &difference->answers[__builtin_ctz(*left)];
    uint32_t side = 0;
    for (unsigned i = 0; i < HD_CONTESTANTS_MAX; i++)
        if ((*left >> i & 1) != 0 && same_answer(&difference->answers[i], lowest))
            side |= UINT32_C(1) << i;
    *left &= ~side;
    return side;
}

void hd_outcome_format(const struct hd_outcome *outcome, char text[HD_OUTCOME_TEXT_MAX])
{
    static const char *const words[] = {
        [HD_OUTCOME_NONE] = "never asked",
        [HD_OUTCOME_SKIPPED] = "skipped",
        [HD_OUTCOME_NOT_OFFERED] = "not offered",
        [HD_OUTCOME_BLOCK] = "block",
        [HD_OUTCOME_NULL] = "NULL",
        [HD_OUTCOME_DONE] = "carried out",
        [HD_OUTCOME_LOST] = "crash or hang",
    };
    HD_ASSERT(outcome->kind < sizeof words / sizeof words[0]);
    const char *error = outcome->error != 0 ? strerrorname_np(outcome->error) : "";
    const bool broken = outcome->broken && outcome->kind != HD_OUTCOME_LOST;
    (void)snprintf(text, HD_OUTCOME_TEXT_MAX, "%s%s%s%s", words[outcome->kind],
                   outcome->error != 0 ? " " : "", error != NULL ? error : "and no known errno",
                   broken ? ", an oracle broke" : "");
}

/// `glibc, jemalloc: NULL ENOMEM; mine: block`, cut to fit.
static void describe_sides(const struct hd_difference *difference,
                           const struct hd_contestant *contestants, char *text, size_t size)
{
    uint32_t left = hd_difference_answered(difference);
    uint32_t side;
    size_t used = 0;
    text[0] = '\0';
    while ((side = hd_difference_next_side(difference, &left)) != 0) {
        char answer[HD_OUTCOME_TEXT_MAX];
        hd_outcome_format(&difference->answers[__builtin_ctz(side)], answer);
        for (; side != 0 && used < size; side &= side - 1)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     contestants[__builtin_ctz(side)].name,
                                     (side & (side - 1)) != 0 ? ", " : "");
        if (used < size)
            used +=
                (size_t)snprintf(text + used, size - used, ": %s%s", answer, left != 0 ? "; " : "");
        if (used >= size) return;
    }
}

// ---------------------------------------------------------------------------- collecting

static bool same_difference(const struct hd_difference *a, const struct hd_op *op,
                            const char *place, uint32_t deviators)
{
    return a->finding.kind == op->kind && a->deviators == deviators &&
           strcmp(a->finding.place, place) == 0;
}

static void add(struct hd_comparison *comparison, const struct hd_op *op, uint64_t step,
                const char *place, uint32_t deviators, const struct hd_contestant *contestants,
                size_t count)
{
    for (uint32_t i = 0; i < comparison->difference_count; i++) {
        struct hd_difference *known = &comparison->differences[i];
        if (!same_difference(known, op, place, deviators)) continue;
        known->finding.repeats++;
        return;
    }
    if (comparison->difference_count == HD_DIFFERENCES_MAX) {
        comparison->differences_dropped++;
        return;
    }
    struct hd_difference *made = &comparison->differences[comparison->difference_count++];
    *made = (struct hd_difference){.deviators = deviators};
    for (size_t i = 0; i < count; i++)
        made->answers[i] = contestants[i].outcomes[step - 1];

    struct hd_finding *finding = &made->finding;
    char sides[sizeof finding->evidence];
    describe_sides(made, contestants, sides, sizeof sides);
    *finding = (struct hd_finding){.step = step, .kind = op->kind};
    (void)snprintf(finding->oracle, sizeof finding->oracle, "%s", hd_oracle_differential.name);
    (void)hd_op_format(op, finding->operation);
    (void)hd_finding_set(finding, place, "%s", sides);
}

static void compare_step(struct hd_comparison *comparison, const struct hd_op *op, uint64_t step,
                         const struct hd_contestant *contestants, size_t count)
{
    const char *place = must_be_refused(op);
    uint32_t refused = 0; // as the contract has it
    uint32_t served = 0;  // against it, and not declared
    uint32_t broken = 0;
    uint32_t sound = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct hd_outcome *outcome = &contestants[i].outcomes[step - 1];
        const uint32_t bit = UINT32_C(1) << i;
        if (!answered(outcome)) continue;
        *(outcome->broken ? &broken : &sound) |= bit;
        if (place == NULL) continue;
        if (outcome->kind == HD_OUTCOME_NULL) refused |= bit;
        if (outcome->kind == HD_OUTCOME_BLOCK && !declared(&contestants[i].policy, op, place))
            served |= bit;
    }
    if (refused != 0 && served != 0)
        add(comparison, op, step, place, served, contestants, count);
    else if (broken != 0 && sound != 0)
        add(comparison, op, step, "broken", broken, contestants, count);
}

void hd_compare(const struct hd_trace *trace, const struct hd_contestant *contestants, size_t count,
                struct hd_comparison *comparison)
{
    HD_ASSERT(count <= HD_CONTESTANTS_MAX);
    memset(comparison, 0, sizeof *comparison);
    for (struct hd_window window = {0}; hd_trace_walk(trace, &window);) {
        for (size_t i = window.from; i < window.to; i++) {
            compare_step(comparison, &trace->ops[i], i + 1, contestants, count);
            hd_choices_add_step(comparison->choices, &trace->ops[i], i + 1, contestants, count);
        }
        for (size_t k = 0; k < count; k++)
            hd_trace_let_go(trace, &window, contestants[k].outcomes, sizeof(struct hd_outcome));
    }
}
