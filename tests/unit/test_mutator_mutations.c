// SPDX-License-Identifier: MIT
/// test_mutator_mutations.c: what each mutation of mutations.def does, whatever the dice say.
///
/// A row is a mutation, a trace, and what holds between the trace before and after. It must hold
/// for every seed with which the mutation changes something, and there must be many of those.
#include "tests/unit/mutator_rig.h"

#include "harness/engine/call.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SEEDS 2000
#define ROOM  100

static struct hd_draft before;
static struct hd_draft after;
static size_t at;     // where it changed
static size_t length; // of the run put in

static const struct hd_op *put_in(size_t i)
{
    return &after.ops[at + i];
}

static bool run_put_in(uint8_t begins_with)
{
    at = 0;
    return was_inserted(&before, &after, begins_with, &at, &length);
}

/// Whether `after` is `before` without one run.
static bool run_taken_out(void)
{
    at = 0;
    return was_inserted(&after, &before, HD_OP_KINDS, &at, &length);
}

/// A run of `before` that is that which was put in, but for slots when `renamed`.
static bool is_copy(bool renamed)
{
    for (size_t from = 0; from + length <= before.count; from++) {
        size_t same = 0;
        for (size_t i = 0; i < length; i++) {
            struct hd_op op = *put_in(i);
            if (renamed) op.slot = before.ops[from + i].slot;
            same += op_same(&before.ops[from + i], &op);
        }
        if (same == length) return true;
    }
    return false;
}

// ---------------------------------------------------------------------------- order.c

static bool some_put_in_that_apply(void)
{
    if (!run_put_in(HD_OP_KINDS) || length > 8) return false;
    for (size_t i = 0; i < length; i++) {
        if (applies_at(&after, at + i)) continue;
        if (hd_occupancy_at(&after, at + i)->count > 0) return false; // there was a block to take
    }
    return true;
}

static bool one_taken_out(void)
{
    return run_taken_out() && length == 1;
}
static bool some_taken_out(void)
{
    return run_taken_out() && length >= 2 && after.count >= 1;
}

static bool a_kind_is_gone(void)
{
    size_t gone = 0;
    for (uint8_t kind = 0; kind < HD_OP_KINDS; kind++) {
        const size_t now = kind_count(&after, kind);
        if (now == kind_count(&before, kind)) continue;
        if (now != 0) return false;
        gone++;
    }
    return gone == 1;
}

static bool two_changed_places(void)
{
    size_t places[2] = {0};
    size_t changed = 0;
    if (before.count != after.count) return false;
    for (size_t i = 0; i < after.count; i++) {
        if (op_same(&before.ops[i], &after.ops[i])) continue;
        if (changed == 2) return false;
        places[changed++] = i;
    }
    return changed == 2 && op_same(&before.ops[places[0]], &after.ops[places[1]]) &&
           op_same(&before.ops[places[1]], &after.ops[places[0]]);
}

/// The operations of the row's trace are all different.
static bool same_operations(void)
{
    if (before.count != after.count) return false;
    for (size_t i = 0; i < before.count; i++) {
        size_t found = 0;
        for (size_t k = 0; k < after.count; k++)
            found += op_same(&before.ops[i], &after.ops[k]);
        if (found != 1) return false;
    }
    return true;
}

static bool a_copy_put_in(void)
{
    for (at = 0; was_inserted(&before, &after, HD_OP_KINDS, &at, &length); at++)
        if (is_copy(false)) return true;
    return false;
}

static bool a_renamed_copy_put_in(void)
{
    for (at = 0; was_inserted(&before, &after, HD_OP_KINDS, &at, &length); at++) {
        size_t old = 0; // of the row's slots, whose highest is 9
        for (size_t i = 0; i < length; i++)
            old += names_slot(put_in(i)) && put_in(i)->slot <= 9;
        if (old == 0 && is_copy(true)) return true;
    }
    return false;
}

// ---------------------------------------------------------------------------- operand.c

static bool another_kind(void)
{
    return one_changed(&before, &after, &at) && before.ops[at].kind != after.ops[at].kind;
}

/// One changed, and with what is `same` as it was it would be what it was.
static bool changed_but_for(bool slot, bool size, bool extra)
{
    if (!one_changed(&before, &after, &at)) return false;
    struct hd_op op = after.ops[at];
    if (slot) op.slot = before.ops[at].slot;
    if (size) op.size = before.ops[at].size;
    if (extra) op.extra = before.ops[at].extra;
    return op_same(&op, &before.ops[at]);
}

static bool another_slot(void)
{
    return changed_but_for(true, false, false);
}
static bool another_size(void)
{
    return changed_but_for(false, true, false);
}

static bool applies_now(void)
{
    return another_slot() && !applies_at(&before, at) && applies_at(&after, at);
}

static bool is_near(uint64_t a, uint64_t b)
{
    const uint64_t apart = a > b ? a - b : b - a;
    return apart <= 1 || apart == 8 || apart == 16 || a == 2 * b || a == b / 2;
}

static bool a_size_near_one_of_before(void)
{
    if (!another_size()) return false;
    for (size_t i = 0; i < before.count; i++)
        if ((hd_op_infos[before.ops[i].kind].operands & HD_SIZE) != 0 &&
            is_near(after.ops[at].size, before.ops[i].size))
            return true;
    return false;
}

static bool another_alignment(void)
{
    return changed_but_for(false, true, true) &&
           hd_op_infos[after.ops[at].kind].operands & HD_ALIGNMENT;
}

/// Within 2^39 of 2^64, on either side: with a factor of up to 2^32 that is up to 65 of the other.
static bool product_at_the_end(const struct hd_op *op)
{
    const __uint128_t product = (__uint128_t)op->extra * op->size;
    const __uint128_t end = (__uint128_t)1 << 64;
    const __uint128_t apart = product > end ? product - end : end - product;
    return apart < (__uint128_t)1 << 39;
}

static bool such_a_call_put_in(void)
{
    return run_put_in(HD_OP_KINDS) && length == 1 && product_at_the_end(put_in(0));
}

static bool a_product_passes_the_end(void)
{
    if (changed_but_for(false, true, true)) return product_at_the_end(&after.ops[at]);
    return such_a_call_put_in();
}

static bool a_size_that_wraps(void)
{
    if (changed_but_for(false, true, true)) return after.ops[at].size > UINT64_MAX - 4096;
    return run_put_in(HD_OP_KINDS) && length == 1 && put_in(0)->size > UINT64_MAX - 4096;
}

static bool another_event(void)
{
    return changed_but_for(false, true, true) && before.ops[at].kind >= HD_OP_REFUSE;
}

// ---------------------------------------------------------------------------- pattern.c

static uint64_t asked(const struct hd_op *op)
{
    bool overflow;
    return hd_call_size(op, &overflow);
}

static bool is_growth(const struct hd_op *op)
{
    return (hd_op_infos[op->kind].operands & HD_RESULT) != 0;
}

/// The row's blocks are of 40 and of 3 x 100 bytes.
static bool freed_and_asked_again(void)
{
    if (!run_put_in(HD_OP_FREE) || length < 2 || length > 3) return false;
    const uint64_t size = asked(put_in(1));
    if (length == 3 && asked(put_in(2)) != size) return false;
    return put_in(1)->slot == put_in(0)->slot && (size == 40 || size == 300) &&
           applies_at(&after, at) && applies_at(&after, at + 1) &&
           applies_at(&after, at + length - 1);
}

static bool a_ladder(void)
{
    if (!run_put_in(HD_OP_KINDS) || length < 2) return false;
    for (size_t i = 0; i < length; i++) {
        const bool first = i == 0 && put_in(i)->kind == HD_OP_MALLOC;
        if (!first && put_in(i)->kind != HD_OP_REALLOC) return false;
        if (put_in(i)->slot != put_in(0)->slot) return false;
    }
    return true;
}

static bool filled_and_freed(void)
{
    if (!run_put_in(HD_OP_MALLOC)) return false;
    size_t filled = 0;
    while (filled < length && put_in(filled)->kind == HD_OP_MALLOC &&
           put_in(filled)->size == put_in(0)->size && applies_at(&after, at + filled))
        filled++;
    size_t freed = 0;
    while (filled + freed < length && put_in(filled + freed)->kind == HD_OP_FREE &&
           applies_at(&after, at + filled + freed))
        freed++;
    for (size_t i = filled + freed; i < length; i++)
        if (!is_growth(put_in(i)) || !applies_at(&after, at + i)) return false;
    return filled >= 2 && (freed == filled || freed == filled / 2);
}

static bool the_same_again(void)
{
    if (after.count <= before.count || after.count > ROOM) return false;
    length = after.count - before.count;
    for (at = 1; at <= before.count; at++) {
        size_t same = 0;
        for (size_t i = 0; i < length; i++) {
            struct hd_op op = *put_in(i);
            op.slot = before.ops[at - 1].slot;
            same += op_same(&op, &before.ops[at - 1]) && applies_at(&after, at + i);
        }
        if (same == length) return true;
    }
    return false;
}

// ---------------------------------------------------------------------------- threads.c

/// One after the other that are another thread's now, all the same one's; nothing else changed.
static bool a_run_by_another_thread(void)
{
    if (after.count != before.count) return false;
    size_t first = after.count, last = 0;
    for (size_t i = 0; i < after.count; i++) {
        struct hd_op op = after.ops[i];
        op.thread = before.ops[i].thread;
        if (!op_same(&op, &before.ops[i])) return false;
        if (after.ops[i].thread == before.ops[i].thread) continue;
        if (first == after.count) first = i;
        last = i;
    }
    for (size_t i = first; i <= last; i++)
        if (after.ops[i].thread != after.ops[first].thread) return false;
    return first <= last && after.ops[first].thread < HD_INPUT_THREADS;
}

static bool one_by_another_thread(void)
{
    size_t changed = 0;
    for (size_t i = 0; i < after.count; i++)
        changed += after.ops[i].thread != before.ops[i].thread;
    return changed == 1 && a_run_by_another_thread();
}

static bool the_end_of_one_before(void)
{
    if (!run_put_in(HD_OP_THREAD_END) || length != 1) return false;
    for (size_t i = 0; i < at; i++)
        if (after.ops[i].thread == put_in(0)->thread) return put_in(0)->thread != 0;
    return false;
}

// ---------------------------------------------------------------------------- surroundings.c

static bool is_refusal(const struct hd_op *op)
{
    return op->kind == HD_OP_REFUSE || op->kind == HD_OP_REFUSE_ALL;
}

static bool refused_before_growth(void)
{
    if (after.count != before.count + 1) return false;
    for (size_t i = 0; i + 1 < after.count; i++)
        if (is_refusal(&after.ops[i])) return is_growth(&after.ops[i + 1]);
    return false;
}

static bool is_return(const struct hd_op *op)
{
    return op->kind == HD_OP_FREE || op->kind == HD_OP_REALLOC;
}

/// A block, perhaps; a refusal; the block is given back; perhaps as much is asked for again.
static bool refused_before_return(void)
{
    if (!run_put_in(HD_OP_REFUSE) && !run_put_in(HD_OP_REFUSE_ALL) && !run_put_in(HD_OP_MALLOC))
        return false;
    size_t i = put_in(0)->kind == HD_OP_MALLOC;
    if (length < i + 2 || length > i + 4 || !is_refusal(put_in(i)) || !is_return(put_in(i + 1)))
        return false;
    if (i == 1 && put_in(2)->slot != put_in(0)->slot) return false;
    if (hd_occupancy_at(&after, at + i)->count == 0 || !applies_at(&after, at + i + 1))
        return false;
    for (i += 2; i < length; i++)
        if (!is_growth(put_in(i)) || !applies_at(&after, at + i)) return false;
    return true;
}

static bool refused_before_resize(void)
{
    return run_put_in(HD_OP_MALLOC) && length == 3 && is_refusal(put_in(1)) &&
           put_in(2)->kind == HD_OP_REALLOC && put_in(2)->slot == put_in(0)->slot &&
           put_in(2)->size != put_in(0)->size && applies_at(&after, at);
}

static bool a_page_behind_a_block(void)
{
    if (!run_put_in(HD_OP_MALLOC) && !run_put_in(HD_OP_FOREIGN_MMAP)) return false;
    if (length < 2 || length > 3) return false;
    const struct hd_op *page = put_in(length - 2);
    return page->kind == HD_OP_FOREIGN_MMAP && applies_at(&after, at + length - 2) &&
           is_return(put_in(length - 1)) && put_in(length - 1)->slot == page->slot;
}

// ---------------------------------------------------------------------------- the table

#define TWO_BLOCKS "1 = malloc 40\n9 = calloc 3 100\n"
#define MIXED                                                                                      \
    TWO_BLOCKS "free 1\nwrite 9\n2 = realloc 2 5000\n3 = aligned_alloc 64 128\n"                   \
               "refuse mmap 1\nforeign_sbrk 4096\nfree 2\n1 = malloc 41\n"

static const struct {
    enum hd_mutation_id id;
    const char *lines;
    bool (*holds)(void);
} rows[] = {
    {HD_MUTATION_insert, MIXED, some_put_in_that_apply},
    {HD_MUTATION_insert, "free 1\n", some_put_in_that_apply},
    {HD_MUTATION_erase, MIXED, one_taken_out},
    {HD_MUTATION_erase_run, MIXED, some_taken_out},
    {HD_MUTATION_erase_kind, MIXED, a_kind_is_gone},
    {HD_MUTATION_swap, MIXED, two_changed_places},
    {HD_MUTATION_move_run, MIXED, same_operations},
    {HD_MUTATION_copy_run, MIXED, a_copy_put_in},
    {HD_MUTATION_copy_renamed, MIXED, a_renamed_copy_put_in},
    {HD_MUTATION_kind, MIXED, another_kind},
    {HD_MUTATION_slot, MIXED, another_slot},
    {HD_MUTATION_apply, "free 3\n1 = malloc 8\n1 = malloc 9\nfree 4\n", applies_now},
    {HD_MUTATION_size, MIXED, another_size},
    {HD_MUTATION_size_near, MIXED, a_size_near_one_of_before},
    {HD_MUTATION_alignment, MIXED, another_alignment},
    {HD_MUTATION_overflow, MIXED, a_product_passes_the_end},
    {HD_MUTATION_overflow, "1 = malloc 1\n", such_a_call_put_in},
    {HD_MUTATION_wrap, MIXED, a_size_that_wraps},
    {HD_MUTATION_wrap, "free 1\n", a_size_that_wraps},
    {HD_MUTATION_event, MIXED, another_event},
    {HD_MUTATION_reuse, TWO_BLOCKS, freed_and_asked_again},
    {HD_MUTATION_ladder, TWO_BLOCKS, a_ladder},
    {HD_MUTATION_ladder, "free 1\n", a_ladder},
    {HD_MUTATION_holes, TWO_BLOCKS, filled_and_freed},
    {HD_MUTATION_burst, TWO_BLOCKS "2 = posix_memalign 16 24\n", the_same_again},
    {HD_MUTATION_thread, MIXED, one_by_another_thread},
    {HD_MUTATION_thread, TWO_BLOCKS "@1 free 1\n@3 free 9\n", one_by_another_thread},
    {HD_MUTATION_thread_run, MIXED, a_run_by_another_thread},
    {HD_MUTATION_thread_run, TWO_BLOCKS "@1 free 1\n@3 free 9\n", a_run_by_another_thread},
    {HD_MUTATION_thread_ends, TWO_BLOCKS "@1 free 1\n@3 free 9\nfree 2\n", the_end_of_one_before},
    {HD_MUTATION_refuse_growth, "free_null\n" TWO_BLOCKS "free 1\n", refused_before_growth},
    {HD_MUTATION_refuse_return, TWO_BLOCKS, refused_before_return},
    {HD_MUTATION_refuse_return, "free 1\n", refused_before_return},
    {HD_MUTATION_refuse_resize, TWO_BLOCKS, refused_before_resize},
    {HD_MUTATION_foreign_behind, TWO_BLOCKS, a_page_behind_a_block},
    {HD_MUTATION_foreign_behind, "free 1\n", a_page_behind_a_block},
};

static void each_mutation_does_what_it_is_for(void **state)
{
    (void)state;
    bool tested[HD_MUTATIONS] = {false};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_mutation *mutation = &hd_mutations[rows[i].id];
        unsigned changes = 0;
        draft_of_text(&before, rows[i].lines, ROOM);
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            draft_copy(&after, &before);
            after.random = seed;
            if (!mutation->apply(&after)) continue;
            if (!rows[i].holds()) fail_msg("%s, row %zu, seed %u", mutation->name, i, seed);
            changes++;
        }
        if (changes < SEEDS / 4) fail_msg("%s, row %zu: %u changes", mutation->name, i, changes);
        tested[rows[i].id] = true;
    }
    for (size_t id = 0; id < HD_MUTATIONS; id++)
        if (!tested[id]) fail_msg("%s has no row", hd_mutations[id].name);
}

/// As many as there is room for, and nothing falls off that need not.
static void a_burst_may_fill_the_trace(void **state)
{
    (void)state;
    draft_of_text(&before, TWO_BLOCKS, ROOM);
    unsigned full = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        draft_copy(&after, &before);
        after.random = seed;
        assert_true(hd_mutation_burst(&after));
        full += after.count == ROOM;
    }
    assert_true(full > SEEDS / 16);
}

static void what_does_not_fit_falls_off_the_end(void **state)
{
    (void)state;
    draft_of_text(&after, "1 = malloc 1\n2 = malloc 2\n3 = malloc 3\n", 4);
    for (uint32_t slot = 7; slot < 9; slot++)
        hd_draft_add(&after, hd_op_of(HD_OP_FREE, slot, 0, 0));
    assert_true(hd_draft_insert_run(&after, 1));
    assert_int_equal(after.count, 4);
    assert_int_equal(after.ops[0].slot, 1);
    assert_int_equal(after.ops[1].slot, 7);
    assert_int_equal(after.ops[2].slot, 8);
    assert_int_equal(after.ops[3].slot, 2);
    assert_false(hd_draft_insert_run(&after, 1)); // the run is used up
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mutation_does_what_it_is_for),
        cmocka_unit_test(a_burst_may_fill_the_trace),
        cmocka_unit_test(what_does_not_fit_falls_off_the_end),
    };
    return cmocka_run_group_tests_name("mutator_mutations", tests, NULL, NULL);
}
