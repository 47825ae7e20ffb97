// SPDX-License-Identifier: MIT
/// trace_form.h: the forms that a command can write a trace in, by name and by a file's ending.
#ifndef HD_TRACE_FORM_H
#define HD_TRACE_FORM_H

#include "harness/trace/trace.h"

#define HD_TRACE_FORM_NAMES "text, binary, rep or mtrace"

bool hd_trace_form_named(const char *name);

/// With its dot.
const char *hd_trace_form_ending(enum hd_form form);

/// Sets the form, by `name` or, where it is NULL, by the ending of `path`, and whether it is
/// packed, by a last ending `.zst`. HD_BAD_INPUT: the ending says no form. Pre: `name` is a form's,
/// or NULL.
HD_MUST_USE enum hd_status hd_trace_form_of(const char *path, const char *name,
                                            struct hd_conversion *conversion,
                                            struct hd_message *message);

#endif
