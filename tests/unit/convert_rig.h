// SPDX-License-Identifier: MIT
/// convert_rig.h: a folder to convert traces in, for tests of what is read and written.
#ifndef HD_CONVERT_RIG_H
#define HD_CONVERT_RIG_H

#include "harness/trace/trace.h"

/// Of the last conversion.
extern struct hd_message convert_rig_message;
extern struct hd_conversion convert_rig_conversion;

/// Group setup and teardown: the tests run in an empty folder.
int convert_rig_open(void **state);
int convert_rig_close(void **state);

/// Writes a file.
void convert_rig_put(const char *path, const void *bytes, size_t size);

/// The file's whole text; valid until the next call.
const char *convert_rig_get(const char *path);

/// Converts the file `in` to `out`.
enum hd_status convert_rig_convert(const char *in, const char *out, enum hd_form form,
                                   bool lenient);

#endif
