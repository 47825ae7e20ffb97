// SPDX-License-Identifier: MIT
/// policy_file.h: what an allocator promises to ask of the kernel, and what it chose where the
/// standards leave it a choice, from a small file.
///
///     heapduel-policy 1
///     calls mmap munmap madvise      # it makes no others
///     calls_max 16                   # in one operation
///     mapped_factor 4                # mapped <= 4 x demand + 32 x blocks + 1 MiB
///     mapped_per_block 32
///     mapped_base 1048576
///     mapped_after 262144            # bytes, when all is freed
///     realloc_0_frees 1              # where realloc(p, 0) gives NULL p is freed; 0: not known
///     malloc_0 block                 # or null; and so on for allocators/zero_requests.def
///     alignments 8 8 8 16            # of blocks of 1, 2-3, 4-7 and 8-15 bytes; 0: not known
///
/// Each line is optional and is a member of struct hd_kernel_policy or struct hd_choice_policy; what
/// is left out promises nothing. `#` begins a comment.
#ifndef HD_POLICY_FILE_H
#define HD_POLICY_FILE_H

#include "allocators/allocator.h"
#include "allocators/status.h"

/// HD_BAD_INPUT: there is no such file, or it is none of these: the message has its place.
/// HD_UNAVAILABLE: it cannot be read.
HD_MUST_USE enum hd_status hd_policy_file_read(const char *path, struct hd_held_policy *held,
                                               struct hd_message *message);

/// The same as text of this form, without what promises nothing; returns its length, 0 when it does
/// not fit.
size_t hd_policy_format(const struct hd_held_policy *held, char *text, size_t size);

/// Writes such a file, over what is there. HD_UNAVAILABLE: it cannot be written.
HD_MUST_USE enum hd_status hd_policy_file_write(const char *path, const struct hd_held_policy *held,
                                                struct hd_message *message);

#endif
