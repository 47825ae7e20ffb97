// SPDX-License-Identifier: MIT
/// sbrk.h: brk(2), which takes an address, made what a heap needs: a step up or down.
///
/// The break is the process's, not ours: glibc's malloc and sbrk move it too, and each user's
/// pieces lie between the others'. So who moves it looks first where it is.
#ifndef BRKMAP_SBRK_H
#define BRKMAP_SBRK_H

#include <stdint.h>

/// All zero: nobody has looked yet.
struct brkmap_sbrk {
    uintptr_t now; // where the break was when we last looked or moved it
};

/// Asks the kernel where the break is.
uintptr_t brkmap_sbrk_look(struct brkmap_sbrk *sbrk);

/// Moves the break by `increment` bytes from where it was last seen, and keeps where it then is.
/// 0, or ENOMEM and nothing moved: the sum would wrap, upwards or downwards, and the kernel was not
/// asked; or it refused. pre: brkmap_sbrk_look just before; what is given back is ours.
int brkmap_sbrk_move(struct brkmap_sbrk *sbrk, intptr_t increment);

#endif
