// SPDX-License-Identifier: MIT
/// account.h: how much more the allocator has mapped than when the run began, for the tap's limits.
#ifndef HD_ACCOUNT_H
#define HD_ACCOUNT_H

#include "harness/tap/space.h"
#include "harness/tap/tap.h"

struct hd_account {
    struct hd_tap_account tap;     // the first member: that is what the tap is given
    const struct hd_space *space;  // the allocator's memory before the operation under way
    struct hd_space ahead;         // the same after the calls that this has made, if that is asked
    size_t mapped_before;          // when the run began
};

/// `space` stays the caller's, where it is.
void hd_account_open(struct hd_account *account, const struct hd_space *space);
void hd_account_close(struct hd_account *account);

/// A run begins: what is mapped from here on is growth.
void hd_account_begin(struct hd_account *account);

/// The map has the calls of the last operation: the growth is known exactly.
void hd_account_settle(const struct hd_account *account);

#endif
