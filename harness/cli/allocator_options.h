// SPDX-License-Identifier: MIT
/// allocator_options.h: `--allocator` and `--format`, as every command that runs allocators has
/// them.
#ifndef HD_ALLOCATOR_OPTIONS_H
#define HD_ALLOCATOR_OPTIONS_H

#include "harness/compare/choices.h"

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct hd_allocator_options {
    const char *specs[HD_CONTESTANTS_MAX]; // each once, in the order given
    size_t count;                          // 0: the known ones that are on this machine
    bool json;
};

/// A child parser; its input is a struct hd_allocator_options.
extern const struct argp hd_allocator_argp;

/// The children of a command that takes allocators and no conditions.
extern const struct argp_child hd_allocator_children[];

#endif
