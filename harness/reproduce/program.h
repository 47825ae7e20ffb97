// SPDX-License-Identifier: MIT
/// program.h: the program while it is written: its main so far, and what that needs in front.
#ifndef HD_REPRODUCE_PROGRAM_H
#define HD_REPRODUCE_PROGRAM_H

#include "harness/reproduce/plan.h"

/// Functions that the program may need before main, in the order in which they stand there.
enum hd_helper {
#define HD_HELPER(id, text, needs, headers) HD_HELPER_##id,
#include "harness/reproduce/helpers.def"
#undef HD_HELPER
    HD_HELPERS
};
#define HD_NEED(id) (UINT32_C(1) << HD_HELPER_##id)

/// What takes a look at each system call.
#define HD_NEEDS_WATCH (HD_NEED(REFUSE) | HD_NEED(REFUSE_ALL) | HD_NEED(LIMIT))

/// Functions of the allocator that no operation stands for.
enum { HD_CALLS_TRIM = HD_OP_KINDS };

struct hd_program {
    const struct hd_reproduction *from;
    enum hd_oracle_id oracle;
    struct hd_plan plan;
    bool has_usable_size; // the allocator offers malloc_usable_size
    bool fills_usable;    // blocks are filled to their usable size
    bool has_large;       // a block is so large that not every byte of it is filled
    FILE *main;           // its operations; with threads in parts, each a function
    FILE *turns;          // with threads: what calls the parts
    unsigned parts;
    uint8_t thread;       // that the last part is for
    uint32_t needs;       // set of HD_NEED(...)
    uint32_t functions;   // set of 1 << enum hd_op_kind, and HD_CALLS_TRIM
    bool needs_q;         // a variable between a call and the block's own
    const char *headers;  // that main needs, separated by blanks
};

/// A few words of C.
struct hd_word {
    char text[80];
};

/// The variable of a slot's block: p3, or p[3] where there are many.
struct hd_word hd_program_slot(const struct hd_program *program, uint32_t slot);
bool hd_program_has_array(const struct hd_program *program);

/// A number as a constant of type size_t or smaller.
struct hd_word hd_program_number(uint64_t number);

/// The name of the allocator's function, with its prefix, and a note that it is called.
struct hd_word hd_program_function(struct hd_program *program, enum hd_op_kind kind);

/// The call alone, as in `malloc(24)`; posix_memalign puts its block into q.
struct hd_word hd_program_call(struct hd_program *program, const struct hd_planned_step *step);

/// The bytes of a block that are filled and checked: its size, or where that counts its usable
/// size.
struct hd_word hd_program_filled(struct hd_program *program, const struct hd_word *variable,
                                 size_t size);

/// A comment, broken into lines behind `margin` blanks.
void hd_program_comment(FILE *file, unsigned margin, const char *text);

/// What is written next the thread does.
void hd_program_turn(struct hd_program *program, uint8_t thread);

/// The thread ends here; the first one goes on.
void hd_program_end_thread(struct hd_program *program, uint8_t thread);

/// The operation as lines of main, up to what its result is used for.
void hd_program_operation(struct hd_program *program, const struct hd_planned_step *step);

/// How an oracle's finding is shown.
struct hd_check {
    bool fills;        // every block is filled
    bool catches_segv; // a block that cannot be accessed is the bug
    /// Writes the last step with what fails where the oracle broke. False: a program cannot show
    /// it.
    bool (*write)(struct hd_program *program, const struct hd_planned_step *step);
};

/// Indexed by enum hd_oracle_id.
extern const struct hd_check *const hd_checks[HD_ORACLES];

bool hd_check_mapped(struct hd_program *program, const struct hd_planned_step *step);
bool hd_check_own_memory(struct hd_program *program, const struct hd_planned_step *step);
bool hd_check_whole_again(struct hd_program *program, const struct hd_planned_step *step);
bool hd_check_progress(struct hd_program *program, const struct hd_planned_step *step);
bool hd_check_consistent(struct hd_program *program, const struct hd_planned_step *step);

/// True when the finding's place is `place`.
bool hd_program_is_at(const struct hd_program *program, const char *place);

/// Everything that stands before main: the comment on top; headers, declarations, functions.
void hd_program_heading(const struct hd_program *program, bool shown, FILE *file);
void hd_program_helpers(const struct hd_program *program, FILE *file);

#endif
