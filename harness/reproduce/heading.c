// SPDX-License-Identifier: MIT
/// heading.c: the comment on top: what is shown, where it was found, how to compile and run it.
#include "harness/reproduce/program.h"

#include "oracles/oracle.h"

#include <inttypes.h>
#include <string.h>

static bool is_crash(const struct hd_program *program)
{
    return program->oracle == HD_ORACLE_progress &&
           strncmp(program->from->finding->place, "SIG", 3) == 0;
}

/// Without its folder, and without its ending.
static void name_program(const char *source, char name[64])
{
    const char *slash = strrchr(source, '/');
    const char *base = slash != NULL ? slash + 1 : source;
    const char *dot = strrchr(base, '.');
    const size_t length = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    (void)snprintf(name, 64, "%.*s", (int)(length < 60 ? length : 60), base);
}

/// A library with plain names is put in front of libc's; one with a prefix is linked.
static void write_commands(const struct hd_program *program, FILE *file)
{
    const struct hd_reproduction *from = program->from;
    const char *threads = program->plan.has_threads ? " -pthread" : "";
    char name[64];
    name_program(from->source, name);
    if (*from->prefix == '\0') {
        (void)fprintf(file, "//   cc%s -o %s %s && LD_PRELOAD=%s ./%s\n", threads, name,
                      from->source, from->library, name);
        return;
    }
    const char *slash = strrchr(from->library, '/');
    const char *base = slash != NULL ? slash + 1 : from->library;
    const int folder = slash != NULL ? (int)(slash - from->library) : 1;
    const char *path = slash != NULL ? from->library : ".";
    (void)fprintf(file, "//   cc%s -o %s %s -L%.*s -l:%s -Wl,-rpath,%.*s && ./%s\n", threads, name,
                  from->source, folder, path, base, folder, path, name);
}

static void write_ending(const struct hd_program *program, bool shown, FILE *file)
{
    char text[256];
    if (!shown)
        (void)snprintf(text, sizeof text,
                       "This program makes the calls, and cannot show what is wrong with them: that "
                       "takes a look at the allocator's system calls. It exits with 3; `heapduel "
                       "run' and `heapduel syscalls' show it.");
    else if (is_crash(program))
        (void)snprintf(text, sizeof text,
                       "Where the bug shows it dies by %.*s, as the allocator does; else it exits "
                       "with 0.",
                       (int)strcspn(program->from->finding->place, "-"),
                       program->from->finding->place);
    else
        (void)snprintf(text, sizeof text,
                       "Exit status: 1, and a line on stderr, where the bug shows; else 0.");
    hd_program_comment(file, 0, text);
}

void hd_program_heading(const struct hd_program *program, bool shown, FILE *file)
{
    const struct hd_finding *finding = program->from->finding;
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    char text[sizeof finding->evidence + 2 * HD_OP_TEXT_MAX];
    (void)snprintf(text, sizeof text, "%s: %s", finding->operation, finding->evidence);

    (void)fprintf(file, "// %s\n//\n", signature);
    hd_program_comment(file, 0, text);
    (void)fprintf(file, "// Found by heapduel %s on %s.\n//\n", HEAPDUEL_VERSION,
                  program->from->allocator);
    write_commands(program, file);
    (void)fputs("//\n", file);
    write_ending(program, shown, file);
}
