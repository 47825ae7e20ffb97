// SPDX-License-Identifier: MIT
/// bench_plot.c: two panels of bars, processor time and resident memory, a group a load.
///
///        left edge   LABEL_WIDTH   PANEL_WIDTH    GAP   PANEL_WIDTH
///                    |1/8 ... 1 ... 8|            |1/8 ... 1 ... 8|
///     pair of 16 B       ####|                        |##
///                            |#######                 |
///
/// A bar goes from 1, where the reference is, to the left for less and to the right for more, on a
/// logarithmic scale; what is past its end is cut there, and the number beside it tells.
#include "harness/cli/bench_allocators.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

// Pixels.
#define LABEL_WIDTH 170
#define PANEL_WIDTH 320
#define GAP         60
#define MARGIN      20
#define BAR         10
#define LEGEND      14 // a line of it
#define DOUBLINGS   3  // of the scale, to each side of 1

#define WIDTH (MARGIN + LABEL_WIDTH + 2 * PANEL_WIDTH + 2 * GAP)

// Okabe and Ito's, told apart by colour-blind people too; from the ninth allocator on they repeat.
static const char *const colours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                      "#d55e00", "#56b4e9", "#f0e442", "#000000"};

#define COLOURS (sizeof colours / sizeof colours[0])

static const enum hd_bench_figure panels[] = {HD_BENCH_CPU, HD_BENCH_RESIDENT};

#define PANELS (sizeof panels / sizeof panels[0])

static const char *colour_of(size_t allocator)
{
    return colours[allocator % COLOURS];
}

/// A name as text of XML: a path may hold anything.
static void write_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const bool plain = *text >= 0x20 && *text < 0x7f;
        switch (*text) {
        case '&': (void)fputs("&amp;", out); break;
        case '<': (void)fputs("&lt;", out); break;
        default: (void)fputc(plain ? *text : '?', out);
        }
    }
}

// ---------------------------------------------------------------------------- the frame

static int group_height(const struct hd_bench_contest *contest)
{
    return (int)contest->roster->count * BAR + BAR;
}

/// Under the title, the legend and the names of the panels.
static int head_height(const struct hd_bench_contest *contest)
{
    return 50 + (int)contest->roster->count * LEGEND;
}

static int panel_left(size_t panel)
{
    return MARGIN + LABEL_WIDTH + (int)panel * (PANEL_WIDTH + GAP);
}

static int height(const struct hd_bench_contest *contest)
{
    return head_height(contest) + ((int)contest->load_count + 1) * group_height(contest) +
           2 * MARGIN;
}

static void write_head(FILE *out, const struct hd_bench_contest *contest)
{
    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                  "font-family=\"sans-serif\" font-size=\"10\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
                  WIDTH, height(contest));
    (void)fprintf(out, "<text x=\"%d\" y=\"20\" font-size=\"14\">heapduel bench, ", MARGIN);
    write_escaped(out, contest->roster->names[contest->reference]);
    (void)fprintf(out, " = 1; to the left is less</text>\n");
    for (size_t i = 0; i < contest->roster->count; i++) {
        const int top = 28 + (int)i * LEGEND;
        (void)fprintf(out,
                      "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>"
                      "<text x=\"%d\" y=\"%d\">",
                      MARGIN, top, colour_of(i), MARGIN + 14, top + 9);
        write_escaped(out, contest->roster->names[i]);
        (void)fprintf(out, "</text>\n");
    }
}

static void write_scale(FILE *out, const struct hd_bench_contest *contest, size_t panel)
{
    const int bottom = height(contest) - 2 * MARGIN;
    const int top = head_height(contest);
    (void)fprintf(out, "<text x=\"%d\" y=\"%d\" font-size=\"12\">%s</text>\n", panel_left(panel),
                  top - 6, hd_bench_figures[panels[panel]]);
    for (int doubling = -DOUBLINGS; doubling <= DOUBLINGS; doubling++) {
        const int x = panel_left(panel) + (doubling + DOUBLINGS) * PANEL_WIDTH / (2 * DOUBLINGS);
        (void)fprintf(out,
                      "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>"
                      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
                      x, top, x, bottom, doubling == 0 ? "#000000" : "#dddddd", x, bottom + 14,
                      ldexp(1, doubling));
    }
}

// ---------------------------------------------------------------------------- the bars

static void write_bar(FILE *out, size_t panel, int top, const char *colour, double ratio)
{
    const double middle = panel_left(panel) + PANEL_WIDTH / 2.0;
    const double doublings = fmax(-DOUBLINGS, fmin(DOUBLINGS, log2(ratio)));
    const double end = middle + doublings * PANEL_WIDTH / (2.0 * DOUBLINGS);
    (void)fprintf(out, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                  fmin(middle, end), top, fabs(end - middle), BAR - 2, colour);
    (void)fprintf(out, "<text x=\"%.1f\" y=\"%d\" font-size=\"8\">%.2f</text>\n",
                  fmax(middle, end) + 3, top + BAR - 3, ratio);
}

/// `load` is load_count for the means of all.
static void write_group(FILE *out, const struct hd_bench_contest *contest, size_t load)
{
    const bool means = load == contest->load_count;
    const int top = head_height(contest) + (int)load * group_height(contest) + BAR / 2;
    (void)fprintf(out, "<text x=\"%d\" y=\"%d\">", MARGIN, top + BAR);
    write_escaped(out, means ? "geometric mean" : contest->loads[load].name);
    (void)fprintf(out, "</text>\n");
    for (size_t panel = 0; panel < PANELS; panel++) {
        for (size_t i = 0; i < contest->roster->count; i++) {
            const double ratio = means ? hd_bench_mean(contest, panels[panel], HD_LOAD_FAMILIES, i)
                                       : hd_bench_to_reference(contest, panels[panel], load, i);
            if (ratio > 0) write_bar(out, panel, top + (int)i * BAR, colour_of(i), ratio);
        }
    }
}

static void write_plot(FILE *out, const struct hd_bench_contest *contest)
{
    write_head(out, contest);
    for (size_t panel = 0; panel < PANELS; panel++)
        write_scale(out, contest, panel);
    for (size_t load = 0; load <= contest->load_count; load++)
        write_group(out, contest, load);
    (void)fprintf(out, "</svg>\n");
}

enum hd_status hd_bench_plot(const struct hd_bench_contest *contest, const struct hd_output *output,
                             struct hd_message *message)
{
    (void)fflush(stdout); // which may be where the picture goes
    const int fd = dup(output->fd);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (out == NULL) {
        if (fd >= 0) (void)close(fd);
        return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %m", output->name);
    }
    write_plot(out, contest);
    const bool failed = ferror(out) != 0;
    if (fclose(out) == 0 && !failed) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %m", output->name);
}
