// SPDX-License-Identifier: MIT
/// chosen.h: which inputs of a corpus stay, by what an engine chose of them.
///
/// An engine writes its choice as files of its own, and may not notice that the disk is full. So
/// nothing of what it wrote comes into the corpus: files are removed from there, and no more. A
/// process that dies meanwhile leaves some too many.
#ifndef HD_CAMPAIGN_CHOSEN_H
#define HD_CAMPAIGN_CHOSEN_H

#include <stdbool.h>

/// Removes inputs without a byte: they show nothing, and a choice without a byte is one that could
/// not be written.
void hd_corpus_remove_empty(const char *corpus);

/// Removes from the corpus every input that is not among those in the folder `chosen`, which it
/// uses up; one of several with the same content stays. An input longer than an engine reads
/// (HD_FUZZ_INPUT_BYTES_MAX) stays in any case. False, and the corpus is as it was: nothing was
/// chosen, or something that is not in the corpus.
bool hd_corpus_keep_chosen(const char *corpus, const char *chosen);

#endif
