// SPDX-License-Identifier: MIT
/// uninstrumented.h: code that may run inside a sanitizer's runtime, where that must not be entered.
#ifndef HD_UNINSTRUMENTED_H
#define HD_UNINSTRUMENTED_H

#if defined(__has_attribute)
#if __has_attribute(disable_sanitizer_instrumentation)
#define HD_UNINSTRUMENTED __attribute__((disable_sanitizer_instrumentation))
#endif
#endif
#ifndef HD_UNINSTRUMENTED
#define HD_UNINSTRUMENTED
#endif

#endif
