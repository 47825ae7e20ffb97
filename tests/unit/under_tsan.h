// SPDX-License-Identifier: MIT
/// under_tsan.h: whether the test is built with ThreadSanitizer, whose runtime maps memory of its
/// own at any time and changes the hints of others' mmap: addresses then do not repeat.
#ifndef HD_TEST_UNDER_TSAN_H
#define HD_TEST_UNDER_TSAN_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

#endif
