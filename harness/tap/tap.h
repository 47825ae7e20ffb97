// SPDX-License-Identifier: MIT
/// tap.h: sees each system call inside an allocator call, and can refuse it.
///
/// One interface over several ways (ways.def). While a thread is *armed* every system call it makes
/// comes to the tap first, which answers it with a refusal or makes it, and writes it down; calls
/// made from code that is not the allocator's (a sanitizer's runtime, the dynamic linker) are made
/// and not written down. An armed operation that makes no system call costs two stores.
///
/// One call is answered by the tap itself: getrandom(2) gives the same bytes each time, so that a
/// run repeats.
///
/// The thread that opened the tap is seen, and those that it had join (hd_tap_join), of which one
/// at a time is at work; others are neither seen nor slowed. A forked child is tapped like its
/// parent. Nothing here allocates; no function touches errno.
#ifndef HD_TAP_H
#define HD_TAP_H

#include "allocators/status.h"
#include "allocators/syscalls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum hd_tap_way {
#define HD_TAP_WAY(id, name, summary) HD_TAP_##id,
#include "harness/tap/ways.def"
#undef HD_TAP_WAY
    HD_TAP_WAYS,
    HD_TAP_AUTO = HD_TAP_WAYS, // the first way that works here
};

/// Indexed by enum hd_tap_way: as `--tap` takes it; what it is, in a line.
extern const char *const hd_tap_names[HD_TAP_WAYS];
extern const char *const hd_tap_summaries[HD_TAP_WAYS];

/// One system call, as the tap saw it.
struct hd_syscall {
    long number;            // in this machine's table
    uint64_t args[6];
    int64_t result;         // as the kernel answers: -4095 to -1 is -errno
    uintptr_t from;         // behind the instruction that made it; 0: not known
    uintptr_t break_before; // of brk: where the break was
    bool refused;           // answered by the tap, the kernel never saw it
};

/// Whether the kernel's answer is an error number. brk has none: it answers where the break is.
static inline bool hd_syscall_is_error(int64_t answer)
{
    return answer < 0 && answer >= -4095;
}

/// The most calls that one operation's log holds; what comes after is counted.
#define HD_TAP_LOG_MAX 4096

struct hd_tap_log {
    uint32_t count;
    uint32_t lost; // calls that were made and found no room
    struct hd_syscall calls[HD_TAP_LOG_MAX];
};

/// Who knows more of the allocator's memory than the arguments of its calls tell. Asked in a signal
/// handler, and only where a call comes near a limit.
struct hd_tap_account {
    /// What `growth` would be after the call, exactly.
    int64_t (*growth_after)(struct hd_tap_account *account, enum hd_syscall_id id,
                            const uint64_t args[6], uintptr_t break_now);
};

/// What the tap refuses. All zero but the two limits: nothing.
struct hd_tap_refusals {
    uint64_t pending[HD_REFUSABLES]; // bit n: the n-th call of this kind from here, from 0
    bool all;                        // every call that asks for memory
    int64_t growth_max;              // what `growth` may come to; INT64_MAX: anything
    // The same, for a kernel that has no more: what is past it was not refused, it failed.
    int64_t memory_max;
    // Bytes that became accessible since the run began, less those given back. Of the operation
    // under way at least so much: what it gives back is not counted before it ends.
    int64_t growth;
    struct hd_tap_account *account; // NULL: what `growth` says holds
};

// ---------------------------------------------------------------------------- opening

/// Taps this process for the calling thread, for as long as it lives. `way` HD_TAP_AUTO takes the
/// first that works, HD_TAP_OFF at worst. HD_UNAVAILABLE: this way does not work here, or there is
/// no memory for the log; the message says why. To be called once, before an allocator is loaded.
HD_MUST_USE enum hd_status hd_tap_open(enum hd_tap_way way, struct hd_message *message);

/// The way with this name, `auto` among them. HD_BAD_INPUT: there is none.
HD_MUST_USE enum hd_status hd_tap_find(const char *name, enum hd_tap_way *way,
                                       struct hd_message *message);

/// The way that was opened; HD_TAP_OFF before.
enum hd_tap_way hd_tap_way(void);

/// Whether a way works on this machine, tried in a child: HD_OK or HD_UNAVAILABLE with the reason.
HD_MUST_USE enum hd_status hd_tap_try(enum hd_tap_way way, struct hd_message *message);

/// Calls from code in [start, end) are not the allocator's. At most 8 ranges. hd_tap_open itself
/// excludes the main program (and with it a sanitizer's runtime linked into it), a sanitizer's
/// shared runtime, and the dynamic linker.
void hd_tap_exclude(uintptr_t start, uintptr_t end);

/// To be called when a library was loaded, with its handle; NULL: none was. A way that works by
/// patching (got) does it here: it sees nothing of the constructors, which ran before, so that what
/// they mapped is HD_OWNER_BEFORE to a map (hd_space_learn_all).
void hd_tap_library_loaded(void *handle);

/// Whether calls of the library last told of are seen. Never with HD_TAP_OFF; with HD_TAP_GOT not
/// where nothing of it could be patched: libc's own malloc, and a library that imports none of the
/// functions that are hooked (got_hooks.c), whether or not it makes system calls by other means.
/// There an empty log says nothing.
bool hd_tap_sees_library(void);

/// Takes SIGSYS out of the mask of every signal handler that is installed now. A call that is to be
/// handed over while SIGSYS is blocked kills the process (the kernel forces the signal), and a
/// handler that interrupts an armed region makes one when it returns. hd_tap_open does it; to be
/// called again when a handler with a full mask was installed since, as ThreadSanitizer's sigaction
/// does for all. Nor may SIGSYS be blocked by sigprocmask before a region and stay so in it.
void hd_tap_let_handlers_through(void);

/// Makes one system call for an allocator that asks whoever calls this, and not the kernel: as if it
/// had been seen, by any way but HD_TAP_OFF, and for the price of a call. The kernel's answer.
int64_t hd_tap_syscall(long number, const uint64_t args[6]);

/// Whether the way sees every system call that the thread makes while it is armed, and not only
/// those by certain functions.
bool hd_tap_sees_all(void);

/// Whether the way sees a thread being started: then the log counts as lost. Where it does not,
/// memory that the allocator never seemed to get may be what a thread of its own got for it.
bool hd_tap_sees_threads(void);

/// How many threads the process has where their start is not seen, now and when the tap was opened,
/// less those that joined the tap; 0 where it is.
unsigned hd_tap_thread_count(void);
unsigned hd_tap_threads_at_open(void);

// --------------------------------------------------------------------------- in the kernel's place

/// Who makes the allocator's calls that are not refused, in the kernel's place. Called in a signal
/// handler, with the tap armed: no function of libc, no memory that is not the keeper's.
struct hd_tap_keeper {
    /// Makes the call, or answers as the kernel would have.
    int64_t (*make)(struct hd_tap_keeper *keeper, long number, const uint64_t args[6]);
    /// Where the break is to the allocator.
    uintptr_t (*break_now)(const struct hd_tap_keeper *keeper);
    /// The address space is now to be as the allocator has it, and calls go to the kernel.
    void (*stand_aside)(struct hd_tap_keeper *keeper);
};

/// Where the break is, as the allocator's next call will find it. Not asked of libc, whose first
/// sbrk asks the kernel: that is for the allocator's calls to show.
uintptr_t hd_tap_break(void);

/// To be called before the harness itself maps memory beside the allocator's, or moves the break.
void hd_tap_stand_aside(void);

// ---------------------------------------------------------------------------- one thread

struct hd_tap_thread {
    volatile char armed; // the selector that the kernel reads: 0 let pass, 1 hand over
    bool tapped;         // this thread opened the tap or joined it, or is a fork of one that did
    bool ends;           // between its last operation and its end
    struct hd_tap_log *log;
    struct hd_tap_keeper *keeper; // NULL: the kernel is asked
};

extern _Thread_local struct hd_tap_thread hd_tap_thread __attribute__((tls_model("initial-exec")));

/// Around a call of the allocator's. Cheap; may be called without a tap.
static inline void hd_tap_arm(void) { hd_tap_thread.armed = 1; }
static inline void hd_tap_disarm(void) { hd_tap_thread.armed = 0; }

/// The calls since hd_tap_clear. Never NULL; empty without a tap.
static inline struct hd_tap_log *hd_tap_log(void) { return hd_tap_thread.log; }

/// Forgets what was logged.
static inline void hd_tap_clear(void)
{
    hd_tap_thread.log->count = 0;
    hd_tap_thread.log->lost = 0;
}

extern struct hd_tap_refusals hd_tap_refused; // of all threads that are tapped

/// What is refused from now on, to be changed in place while not armed.
static inline struct hd_tap_refusals *hd_tap_refusals(void) { return &hd_tap_refused; }

/// Refuses nothing any more. What memory there is stays, and the growth.
void hd_tap_refuse_nothing(void);

/// Whether some call might be refused from now on.
bool hd_tap_refuses_something(void);

// ---------------------------------------------------------------------------- several threads

/// The calling thread's calls are seen from here on as those of `other` are, the thread that had it
/// join: in the same log, with the same refused. One of them is armed at a time, and all others
/// wait for it. Without a tap, nothing.
void hd_tap_join(const struct hd_tap_thread *other);

/// The calling thread, which joined, now ends: arms it for good. What destructors do to memory is
/// written down; other calls are not, since libc makes them to end a thread.
void hd_tap_leave(void);

/// To be called when a thread that joined has ended (pthread_join), by its number: waits until the
/// kernel counts it no more.
void hd_tap_left(pid_t thread);

#endif
