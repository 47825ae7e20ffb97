// SPDX-License-Identifier: MIT
/// folder.h: folders and the files in them.
#ifndef HD_CAMPAIGN_FOLDER_H
#define HD_CAMPAIGN_FOLDER_H

#include "allocators/status.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/// Puts a path together. Those of a campaign fit: hd_folder_make refuses folders that leave no
/// room.
void hd_path(char path[static PATH_MAX], const char *format, ...) HD_PRINTF(2, 3);

/// Makes the folder and those above it where they are not there, and makes sure that files can be
/// written in it. HD_UNAVAILABLE with the system's reason.
HD_MUST_USE enum hd_status hd_folder_make(const char *path, struct hd_message *message);

/// Writes all of it. 0; or an errno, ENOSPC where it was cut short.
HD_MUST_USE int hd_write_all(int fd, const void *bytes, size_t size);

/// Keeps other campaigns from it until the answer, in `lock`, is closed (-1: there is none);
/// folders on a file system that has no locks are open to all. HD_UNAVAILABLE: another one has it.
HD_MUST_USE enum hd_status hd_folder_lock(const char *path, int *lock, struct hd_message *message);

/// How many files are in it, not counting those in folders below it.
uint64_t hd_folder_count(const char *path);

/// Removes it, with all that is in it. What cannot be removed stays.
void hd_folder_remove(const char *path);

/// What a file is called after its content: 16 digits.
#define HD_CONTENT_NAME_MAX 17
void hd_folder_name(const uint8_t *bytes, size_t size, char name[static HD_CONTENT_NAME_MAX]);

/// Writes a file called after what is in it, `PREFIX` and its name, unless it is there.
/// HD_UNAVAILABLE when it cannot be written.
HD_MUST_USE enum hd_status hd_folder_put(const char *folder, const char *prefix,
                                         const uint8_t *bytes, size_t size,
                                         struct hd_message *message);

#endif
