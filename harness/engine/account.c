// SPDX-License-Identifier: MIT
/// account.c: the map, and ahead of it the calls in the tap's log.
///
/// Part of it runs in the tap's signal handler. Compiled without sanitizers.
#include "harness/engine/account.h"

/// Calls that come near a limit are few: for each the map is copied and brought up to date anew.
/// Where calls found no room in the log nobody knows, and what seems past the limit is.
static int64_t growth_after(struct hd_tap_account *tap, enum hd_syscall_id id,
                            const uint64_t args[6], uintptr_t break_now)
{
    struct hd_account *account = (struct hd_account *)tap;
    const struct hd_tap_log *log = hd_tap_log();
    struct hd_effect effect;
    if (log->lost != 0) return INT64_MAX;
    hd_space_copy(&account->ahead, account->space);
    for (uint32_t i = 0; i < log->count; i++)
        hd_space_apply(&account->ahead, &log->calls[i], &effect);
    const size_t mapped = hd_space_mapped_after(&account->ahead, id, args, break_now);
    return (int64_t)(mapped - account->mapped_before);
}

void hd_account_open(struct hd_account *account, const struct hd_space *space)
{
    *account = (struct hd_account){.tap.growth_after = growth_after, .space = space};
    hd_space_open(&account->ahead);
}

void hd_account_close(struct hd_account *account)
{
    struct hd_tap_refusals *refusals = hd_tap_refusals();
    if (refusals->account == &account->tap) refusals->account = NULL;
    hd_space_close(&account->ahead);
}

void hd_account_begin(struct hd_account *account)
{
    account->mapped_before = account->space->mapped;
    hd_tap_refusals()->account = &account->tap;
    hd_account_settle(account);
}

void hd_account_settle(const struct hd_account *account)
{
    hd_tap_refusals()->growth = (int64_t)(account->space->mapped - account->mapped_before);
}
