// SPDX-License-Identifier: MIT
/// campaign_rig.h: a folder for a test, and files in it.
#ifndef HD_CAMPAIGN_RIG_H
#define HD_CAMPAIGN_RIG_H

#include <stdbool.h>

/// Makes a folder of its own and goes there; removes it, and goes back. For cmocka.
int rig_enter(void **state);
int rig_leave(void **state);

/// Writes a file, or fails the test.
void rig_write(const char *path, const char *text);

/// What is in it, until the next call; "" when there is none.
const char *rig_read(const char *path);

bool rig_exists(const char *path);

#endif
