// SPDX-License-Identifier: MIT
/// word.h: the words of ops.def, found by their text, also when it is misspelt.
#ifndef HD_WORD_H
#define HD_WORD_H

#include "harness/trace/op.h"

/// The kind whose word is these `length` bytes; HD_OP_KINDS when there is none.
enum hd_op_kind hd_word_find(const char *text, size_t length);

/// The kind whose word is nearest to these bytes, if it is near: one edit (a letter too many,
/// missing, wrong, or two swapped; capitals do not matter) in every three letters. HD_OP_KINDS when
/// none is.
enum hd_op_kind hd_word_nearest(const char *text, size_t length);

#endif
