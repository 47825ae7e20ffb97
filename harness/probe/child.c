// SPDX-License-Identifier: MIT
/// child.c: the child's part: load, and ask one question after the other.
#include "harness/engine/loading.h"
#include "harness/probe/prober.h"
#include "harness/probe/questions.h"
#include "harness/runner/watched.h"

#include <string.h>
#include <unistd.h>

static void (*const ask[HD_QUESTIONS])(struct hd_prober *prober) = {
#define HD_SECTION(title)
#define HD_QUESTION(id, how, label) [HD_QUESTION_##id] = hd_ask_##id,
#include "harness/probe/questions.def"
#undef HD_QUESTION
#undef HD_SECTION
};

static void ask_from(struct hd_prober *prober, uint32_t first)
{
    struct hd_probe_page *page = prober->page;
    for (uint32_t question = first; question < HD_QUESTIONS; question++) {
        const bool alone = hd_question_alone[question];
        if ((page->wanted >> question & 1) == 0) continue;
        page->asking = question;
        if (alone && question != first) return;
        page->afterwards = false;
        prober->told = &page->probe.told[question];
        ask[question](prober);
        page->asking = question + 1;
        if (alone) return;
    }
    page->asking = HD_QUESTIONS;
}

static void carry_out(struct hd_probe_page *page)
{
    static struct hd_prober prober;
    prober.page = page;
    page->status =
        hd_loading_open(page->spec, page->conditions.tap, &prober.subject, &page->message);
    page->loaded = page->status == HD_OK;
    if (!page->loaded) return;
    prober.tapped = hd_tap_way() != HD_TAP_OFF && !prober.subject.unseen;
    hd_space_open(&prober.space);
    hd_prober_take_calls(&prober); // what it did while it was loaded
    if (prober.tapped) hd_space_learn_all(&prober.space);
    hd_space_meet_break(&prober.space, hd_tap_break());
    prober.limit = hd_memory_limit_open(page->conditions.memory_bytes);
    hd_memory_limit_begin(&prober.limit, false);
    ask_from(&prober, page->asking);
}

void hd_probe_serve(char **argv)
{
    if (strcmp(argv[0], HD_PROBE_CHILD_NAME) != 0 || argv[1] == NULL) return;
    struct hd_probe_page *page = hd_watched_take(argv[1]);
    hd_watched_begin(page->parent);
    carry_out(page);
    page->finished = true;
    _exit(0);
}
