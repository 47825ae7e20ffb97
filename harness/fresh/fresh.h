// SPDX-License-Identifier: MIT
/// fresh.h: a fresh heap for each input: an allocator's state put back to what it was before its
/// first call, in the same process.
///
/// The state is the library's data, its thread-local storage in the calling thread, the memory that
/// it has from the kernel (known from the tap, from its constructors on), the break, and what
/// it made and set of thread-specific keys. It is kept once, and put back after each run. What is
/// kept from the runs is in parked.h: memory that each run asks for first.
///
/// One thread; the one that opened the tap. Nothing here allocates from a heap.
#ifndef HD_FRESH_H
#define HD_FRESH_H

#include "harness/engine/engine.h"
#include "harness/fresh/image.h"
#include "harness/fresh/parked.h"

enum hd_fresh_way {
#define HD_FRESH_WAY(id, name, summary) HD_FRESH_##id,
#include "harness/fresh/ways.def"
#undef HD_FRESH_WAY
    HD_FRESH_WAYS,
    HD_FRESH_AUTO = HD_FRESH_WAYS, // the first that works for the allocator, here
};

/// Indexed by enum hd_fresh_way: as `--fresh` takes it; what it is, in a line.
extern const char *const hd_fresh_names[HD_FRESH_WAYS];
extern const char *const hd_fresh_summaries[HD_FRESH_WAYS];

/// The way with this name, `auto` among them. HD_BAD_INPUT: there is none.
HD_MUST_USE enum hd_status hd_fresh_find(const char *name, enum hd_fresh_way *way,
                                         struct hd_message *message);

struct hd_fresh {
    struct hd_engine *engine;
    enum hd_fresh_way way;
    struct hd_image image;   // not of the ways reset and none
    struct hd_parked parked; // not of none
    struct hd_space start;   // the allocator's memory before its first call
    struct hd_pages pages;
    int owner; // the process that pages tells of; 0: none yet
    bool torn; // its state is half put back: the allocator must not be called any more
};

/// Keeps the state of the engine's allocator, which was not called yet. `way` none is always to be
/// had; HD_FRESH_AUTO falls back to it. HD_UNAVAILABLE: this way is not to be had for this
/// allocator, or here; the message says why, and of HD_FRESH_AUTO tells why it is none: see
/// `fresh->way`. The engine must outlive it.
HD_MUST_USE enum hd_status hd_fresh_open(struct hd_fresh *fresh, struct hd_engine *engine,
                                         enum hd_fresh_way way, struct hd_message *message);
void hd_fresh_close(struct hd_fresh *fresh);

/// Before a run of the engine.
void hd_fresh_begin(struct hd_fresh *fresh);

/// After it, also after one that was abandoned by a jump out of the allocator: the next run is the
/// first. HD_UNAVAILABLE: its system calls were not all seen, and nothing was done:
/// hd_fresh_step_down says how to go on. Or the kernel refused in the middle: see `fresh->torn`.
HD_MUST_USE enum hd_status hd_fresh_put_back(struct hd_fresh *fresh, struct hd_message *message);

/// Goes on with the next safer way: first without what is parked, then by copies of all, then none;
/// at once none where system calls were not seen. To be called between two runs, not where `torn`.
/// Tells what is done now, in words.
const char *hd_fresh_step_down(struct hd_fresh *fresh);

#endif
