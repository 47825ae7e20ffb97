// SPDX-License-Identifier: MIT
/// form.h: which form a trace is of, told by its content.
#ifndef HD_FORM_H
#define HD_FORM_H

#include "harness/trace/trace.h"

/// How much of the beginning is looked at.
#define HD_FORM_LOOKED_AT 65536

/// The form of a trace that begins with these bytes, at most HD_FORM_LOOKED_AT of them: text if
/// they begin as text does; else binary if there are none, or one that no text holds; else text.
enum hd_form hd_form_detect(const uint8_t *bytes, size_t size);

/// Whether these bytes begin as a text does, so that no more of them is needed to tell.
bool hd_form_begins_text(const uint8_t *bytes, size_t size);

#endif
