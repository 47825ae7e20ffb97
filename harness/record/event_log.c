// SPDX-License-Identifier: MIT
/// event_log.c: the file of events of this process.
///
/// What is known of the open file lies in a page that the kernel wipes in a forked child: whatever
/// way it forked, it finds itself without a file and opens one of its own. A child of vfork shares
/// the page and the heap, and writes into its parent's file.
#include "harness/record/event_log.h"

#include "harness/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/// Events for which the file system is asked for space at once: a mapping of a file that the disk
/// has no room for would kill the process.
#define ROOM_STEP ((uint64_t)1 << 15)

/// MADV_POPULATE_WRITE, which the C library's headers may lack.
#define POPULATE_WRITE 23

#define EVENTS_MAX ((uint64_t)1 << 31)
#define EVENTS_MIN ROOM_STEP

/// Of an address space that is limited, the file is given one part in so many.
#define ADDRESS_SPACE_SHARE 8

enum state { CLOSED, OPENING, OPEN, OFF };

/// In the page that is wiped.
struct here {
    _Atomic unsigned state;
    struct hd_event_header *header;
    struct hd_event *events;
};

static struct here *_Atomic here;

// Copied into a forked child, which tells from it what its heap holds.
static char path[PATH_MAX];
static _Atomic uint64_t last_count; // events until one of the last, of any thread
static struct hd_event_header *old_header;
static size_t old_size;

static _Atomic uint32_t thread_count;
static __thread uint32_t own_number __attribute__((tls_model("initial-exec")));

/// Events until this thread's last: exact where the thread that forks is the only one.
static __thread uint64_t own_count __attribute__((tls_model("initial-exec")));

/// Threads that write to the same word wait for each other: so seldom they do it for last_count.
#define LAST_EVERY ((uint64_t)64)

// Of thread-specific data, whose destructor tells of a thread's end. Set before the file is open.
static pthread_key_t end_key;
static bool ends_seen;

/// For larger keys pthread_setspecific allocates.
#define KEY_MAX 31

static struct here *find_here(void)
{
    struct here *found = atomic_load_explicit(&here, memory_order_acquire);
    if (found != NULL) return found;
    void *page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return NULL;
    if (madvise(page, (size_t)sysconf(_SC_PAGESIZE), MADV_WIPEONFORK) != 0) return NULL;
    atomic_store_explicit(&here, page, memory_order_release); // before there are threads
    return page;
}

// ---------------------------------------------------------------------------- ends of threads

/// Destructors run in rounds while any sets its value again, and others may free what they keep: it
/// is told in each, and the last counts. `rounds` is how many there are yet, or fewer.
static void thread_ends(void *rounds)
{
    const uintptr_t left = (uintptr_t)rounds - 1;
    hd_event_log_put(HD_EVENT_THREAD_END, 0, 0, 0);
    if (left != 0) (void)pthread_setspecific(end_key, (void *)left);
}

static void look_for_ends(void)
{
    if (ends_seen || pthread_key_create(&end_key, thread_ends) != 0) return;
    ends_seen = end_key <= KEY_MAX;
    if (!ends_seen) (void)pthread_key_delete(end_key);
}

/// A thread's first event.
static void number_thread(void)
{
    own_number = 1 + atomic_fetch_add(&thread_count, 1);
    if (ends_seen) (void)pthread_setspecific(end_key, (void *)PTHREAD_DESTRUCTOR_ITERATIONS);
}

// ---------------------------------------------------------------------------- opening

/// Creates a file of a name not taken; exec keeps the number of the process.
static int create_file(const char *folder)
{
    for (unsigned attempt = 0; attempt < 100000; attempt++) {
        const int length =
            snprintf(path, sizeof path, "%s/%ld-%u.events", folder, (long)getpid(), attempt);
        if (length >= (int)sizeof path) return -1;
        const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

static size_t file_size(uint64_t events)
{
    return HD_EVENTS_OFFSET + (size_t)events * sizeof(struct hd_event);
}

/// Maps the file as large as this process may, where it is to have most of its address space left.
static void *map_file(int fd, size_t *size)
{
    struct rlimit file_limit = {.rlim_cur = RLIM_INFINITY};
    struct rlimit space_limit = {.rlim_cur = RLIM_INFINITY};
    (void)getrlimit(RLIMIT_FSIZE, &file_limit); // going past it is a signal
    (void)getrlimit(RLIMIT_AS, &space_limit);
    const rlim_t file_max = file_limit.rlim_cur;
    const rlim_t map_max = space_limit.rlim_cur / ADDRESS_SPACE_SHARE;
    for (uint64_t events = EVENTS_MAX; events >= EVENTS_MIN; events /= 4) {
        *size = file_size(events);
        if (*size > file_max || *size > map_max || ftruncate(fd, (off_t)*size) != 0) continue;
        void *map = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
        if (map != MAP_FAILED) return map;
    }
    return NULL;
}

/// Asks for the disk's space for ROOM_STEP events more, up to so many. Opens the file anew: a
/// program closes what it does not know.
static int make_room(uint64_t events)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return errno;
    const size_t start = events == ROOM_STEP ? 0 : file_size(events - ROOM_STEP);
    const bool made = fallocate(fd, 0, (off_t)start, (off_t)(file_size(events) - start)) == 0;
    const int error = made || errno == EOPNOTSUPP ? 0 : errno;
    (void)close(fd);
    return error;
}

static void describe(struct hd_event_header *header, const char *parent)
{
    header->started_ns = hd_now_ns();
    header->pid = (uint32_t)getpid();
    const ssize_t length = readlink("/proc/self/exe", header->program, sizeof header->program - 1);
    header->program[length > 0 ? length : 0] = '\0';
    (void)snprintf(header->parent, sizeof header->parent, "%s", parent);
    header->parent_count = atomic_load(&last_count);
    if (header->parent_count < own_count) header->parent_count = own_count;
    memcpy(header->magic, HD_EVENTS_MAGIC, sizeof header->magic); // from here on it is one
}

/// Whether there is a file now. Not on the way when a call is written down.
static bool open_file(struct here *mine)
{
    char parent[sizeof mine->header->parent] = "";
    size_t size = 0;
    const char *folder = getenv(HD_EVENTS_VARIABLE);
    if (folder == NULL) return false;
    const char *slash = strrchr(path, '/');
    if (slash != NULL) (void)snprintf(parent, sizeof parent, "%s", slash + 1);
    const int fd = create_file(folder);
    if (fd < 0) return false;
    void *map = map_file(fd, &size);
    (void)close(fd);
    if (map == NULL || make_room(ROOM_STEP) != 0) return false;

    if (old_header != NULL) (void)munmap(old_header, old_size); // the parent's
    old_header = mine->header = map;
    old_size = size;
    mine->events = (struct hd_event *)((char *)map + HD_EVENTS_OFFSET);
    describe(mine->header, parent);
    atomic_store(&mine->header->room, ROOM_STEP);
    return true;
}

/// One opens; whoever comes meanwhile, another thread or a signal handler, goes without.
static bool open_now(struct here *mine)
{
    unsigned closed = CLOSED;
    if (environ == NULL) return false; // too early
    if (!atomic_compare_exchange_strong(&mine->state, &closed, OPENING)) return closed == OPEN;
    const int error = errno;
    const bool opened = open_file(mine);
    if (opened) look_for_ends();
    atomic_store_explicit(&mine->state, opened ? OPEN : OFF, memory_order_release);
    errno = error;
    return opened;
}

// ---------------------------------------------------------------------------- writing

/// Maps the last step's pages at once, which costs less than a fault for each.
static void populate(struct hd_event_header *header, uint64_t events)
{
    char *start = (char *)header + file_size(events - ROOM_STEP);
    (void)madvise(start, ROOM_STEP * sizeof(struct hd_event),
                  POPULATE_WRITE); // or not, before 5.14
}

/// Whether the file has this place now. Several may ask at once, for the same.
static bool grow(struct hd_event_header *header, uint64_t place)
{
    const uint64_t wanted = (place / ROOM_STEP + 1) * ROOM_STEP;
    const int error = errno;
    if (header->stopped == 0)
        header->stopped = file_size(wanted) > old_size ? EFBIG : make_room(wanted);
    errno = error;
    if (header->stopped != 0) return false;
    populate(header, wanted);
    uint64_t room = atomic_load(&header->room);
    while (room < wanted && !atomic_compare_exchange_weak(&header->room, &room, wanted)) {
    }
    return true;
}

void hd_event_log_put(unsigned kind, uint64_t address, uint64_t size, uint64_t extra)
{
    struct here *mine = find_here();
    if (mine == NULL) return;
    const unsigned state = atomic_load_explicit(&mine->state, memory_order_acquire);
    if (state != OPEN && (state == OFF || !open_now(mine))) return;

    struct hd_event_header *header = mine->header;
    const uint64_t place = atomic_fetch_add(&header->next, 1);
    if (place >= atomic_load_explicit(&header->room, memory_order_relaxed) && !grow(header, place))
        return;
    if (own_number == 0) number_thread();

    struct hd_event *event = &mine->events[place];
    event->address = address;
    event->size = size;
    event->extra = extra;
    event->thread = own_number;
    atomic_store_explicit(&event->kind, kind, memory_order_release);
    own_count = place + 1;
    if (place % LAST_EVERY == 0)
        atomic_store_explicit(&last_count, place + 1, memory_order_relaxed);
}
