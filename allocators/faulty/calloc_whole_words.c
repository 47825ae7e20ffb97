// SPDX-License-Identifier: MIT
/// calloc_whole_words.c: calloc clears word by word, and leaves the bytes behind the last whole
/// one.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    uint64_t *words = correct_reallocarray(NULL, count, size);
    for (size_t i = 0; words != NULL && i < count * size / sizeof *words; i++) {
        words[i] = 0;
    }
    return words;
}
