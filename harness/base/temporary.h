// SPDX-License-Identifier: MIT
/// temporary.h: files without a name, for what is too much for memory: gone with the last process
/// that has them open, however it ends.
#ifndef HD_TEMPORARY_H
#define HD_TEMPORARY_H

#include <stddef.h>

/// A file in $TMPDIR, or /tmp, to be closed by the caller; -1, with errno: there can be none.
int hd_temporary_file(void);

/// The same, or where there can be none one in memory, called `name` in /proc.
int hd_temporary_space(const char *name);

/// Lets go of the whole pages among `bytes` from `from` on, in a shared mapping of a file: they
/// come back from there if they are looked at again.
void hd_temporary_let_go(const void *from, size_t bytes);

#endif
