// SPDX-License-Identifier: MIT
/// hunts.c: a child process a hunt, and a page that both see.
#include "harness/campaign/hunts.h"

#include "harness/campaign/folder.h"
#include "harness/campaign/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS (20 * 1000 * 1000)

/// What the child tells its parent.
struct shared {
    bool ended; // it came to its end
    enum hd_status status;
    struct hd_message message;
    struct hd_hunt_result result;
};

/// A place for a hunt.
struct place {
    pid_t child; // 0: free
    size_t index;
    char folder[PATH_MAX];
};

struct work {
    const struct hd_hunts *hunts;
    struct place places[HD_HUNTS_JOBS_MAX];
    struct shared *shared; // for each place
    char folder[PATH_MAX];
    size_t begun;
    size_t ended;
};

// ---------------------------------------------------------------------------- one of them

static _Noreturn void become(const struct hd_hunt *hunt, const char *folder, pid_t parent,
                             struct shared *shared)
{
    hd_process_stand_apart(parent); // a Ctrl-C is for our parent, who kills us then
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    shared->status = hd_hunt_run(hunt, folder, &shared->result, &shared->message);
    shared->ended = true;
    _exit(0);
}

static enum hd_status begin(struct work *work, size_t i, struct hd_message *message)
{
    struct place *place = &work->places[i];
    const pid_t parent = getpid();
    place->index = work->begun++;
    hd_path(place->folder, "%s/%zu", work->folder, place->index);
    work->shared[i] = (struct shared){0};
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    place->child = fork();
    if (place->child == 0)
        become(&work->hunts->hunts[place->index], place->folder, parent, &work->shared[i]);
    if (place->child > 0) {
        (void)setpgid(place->child, place->child); // whoever of us comes first
        work->hunts->began(work->hunts->context, place->index);
        return HD_OK;
    }
    place->child = 0;
    return hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
}

static enum hd_status finish(struct work *work, size_t i, struct hd_message *message)
{
    struct place *place = &work->places[i];
    const struct shared *shared = &work->shared[i];
    place->child = 0;
    hd_folder_remove(place->folder);
    if (!shared->ended)
        return hd_fail(message, HD_UNAVAILABLE, "%.200s: the process that fuzzed it died",
                       work->hunts->hunts[place->index].spec);
    *message = shared->message;
    if (shared->status != HD_OK) return shared->status;
    work->ended++;
    work->hunts->done(work->hunts->context, place->index, &shared->result);
    return HD_OK;
}

// ---------------------------------------------------------------------------- all of them

/// Fills the free places, takes what has ended.
static enum hd_status tend(struct work *work, struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < work->hunts->jobs; i++) {
        const struct place *place = &work->places[i];
        if (place->child != 0 && waitpid(place->child, NULL, WNOHANG) == place->child)
            status = finish(work, i, message);
        if (status == HD_OK && place->child == 0 && work->begun < work->hunts->count)
            status = begin(work, i, message);
    }
    return status;
}

static enum hd_status run(struct work *work, struct hd_message *message)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    while (work->ended < work->hunts->count) {
        const enum hd_status status = tend(work, message);
        if (status != HD_OK) return status;
        if (work->hunts->enough(work->hunts->context))
            return hd_fail(message, HD_UNAVAILABLE, "stopped by a signal");
        (void)nanosleep(&pause, NULL);
    }
    return HD_OK;
}

/// The engines' processes end when those here do.
static void kill_rest(struct work *work)
{
    for (size_t i = 0; i < work->hunts->jobs; i++) {
        const pid_t child = work->places[i].child;
        if (child == 0) continue;
        (void)kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
    }
}

static enum hd_status make_folder(char folder[static PATH_MAX], struct hd_message *message)
{
    const char *above = getenv("TMPDIR");
    if (above == NULL || *above == '\0' || strlen(above) > PATH_MAX / 4) above = "/tmp";
    hd_path(folder, "%s/heapduel-XXXXXX", above);
    if (mkdtemp(folder) != NULL) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", folder, strerror(errno));
}

enum hd_status hd_hunts_run(const struct hd_hunts *hunts, struct hd_message *message)
{
    struct work work = {.hunts = hunts};
    const size_t size = hunts->jobs * sizeof *work.shared;
    work.shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (work.shared == MAP_FAILED)
        return hd_fail(message, HD_UNAVAILABLE, "no memory to share: %s", strerror(errno));
    enum hd_status status = make_folder(work.folder, message);
    if (status == HD_OK) {
        status = run(&work, message);
        kill_rest(&work);
        hd_folder_remove(work.folder);
    }
    (void)munmap(work.shared, size);
    return status;
}
