// SPDX-License-Identifier: MIT
/// status.h: two of the three channels: the world is in the way, and we are wrong.
///
/// The world in the way (no file, bad trace, no such library) is an hd_status with an hd_message
/// that says what to do. We ourselves being wrong is HD_ASSERT, on in every build. The third
/// channel, an allocator being wrong, is a finding (oracles/oracle.h): a result, not an error.
#ifndef HD_STATUS_H
#define HD_STATUS_H

/// The values are the exit statuses of the heapduel command; 1 is kept for "a finding".
enum hd_status {
    HD_OK = 0,
    HD_BAD_INPUT = 2,   // wrong usage, or a trace that cannot be read as one
    HD_UNAVAILABLE = 3, // the machine cannot do it: no such library, no permission, no space
};

#define HD_MUST_USE          __attribute__((warn_unused_result))
#define HD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/// One line for a person: what is wrong and what to do. Not ended by a newline.
struct hd_message {
    char text[512];
};

/// Sets `message` from a printf format, cut to fit, and returns `status`, so that a failing
/// function can end with `return hd_fail(message, HD_BAD_INPUT, "...")`. Calls no allocator.
HD_MUST_USE enum hd_status hd_fail(struct hd_message *message, enum hd_status status,
                                   const char *format, ...) HD_PRINTF(3, 4);

/// Stops the process by abort() when our own code is wrong. Writes by write(2), allocates nothing.
#define HD_ASSERT(condition)                                                                       \
    ((condition) ? (void)0 : hd_assertion_failed(#condition, __FILE__, __LINE__))

_Noreturn void hd_assertion_failed(const char *condition, const char *file, int line);

#endif
