// SPDX-License-Identifier: MIT
/// helpers.c: the texts of helpers.def, and what of them a program gets.
#include "harness/reproduce/helpers_refusals.h"
#include "harness/reproduce/program.h"

#include <stdlib.h>
#include <string.h>

static const char text_bug[] =
    "static _Noreturn void bug(const char *what)\n"
    "{\n"
    "    fprintf(stderr, \"%s\\n\", what);\n"
    "    _exit(1);\n"
    "}\n";

static const char text_fault[] =
    "static void on_fault(int signal)\n"
    "{\n"
    "    (void)signal;\n"
    "    bug(\"memory that must be there cannot be accessed\");\n"
    "}\n";

static const char text_alarm[] =
    "static void on_alarm(int signal)\n"
    "{\n"
    "    (void)signal;\n"
    "    bug(\"hang: not at the end in 10 seconds\");\n"
    "}\n";

static const char text_child[] =
    "enum { CAME_THROUGH = 42 };\n"
    "\n"
    "// Goes on in a child; the parent sees whether it came through.\n"
    "static void go_on_in_child(void)\n"
    "{\n"
    "    int status = 0;\n"
    "    const pid_t child = fork();\n"
    "    if (child == 0) return;\n"
    "    if (waitpid(child, &status, 0) != child) {\n"
    "        perror(\"no child\");\n"
    "        _exit(3);\n"
    "    }\n"
    "    if (!WIFEXITED(status) || WEXITSTATUS(status) != CAME_THROUGH)\n"
    "        bug(\"a call of the allocator's has ended the process\");\n"
    "    _exit(0);\n"
    "}\n";

static const char text_bytes[] =
    "// Byte i of the n-th filling.\n"
    "static unsigned char byte_of(unsigned n, size_t i)\n"
    "{\n"
    "    return (unsigned char)(37 * n + 11 * i + (i >> 8) + 1);\n"
    "}\n";

static const char text_large[] =
    "// Of large blocks not every byte is looked at, but the last is.\n"
    "static size_t next(size_t i, size_t size)\n"
    "{\n"
    "    const size_t step = i < 65536 ? 1 : i < (16 << 20) ? 512 : i / 16;\n"
    "    return i + 1 < size && step >= size - i ? size - 1 : i + step;\n"
    "}\n";

static const char text_fill[] =
    "// NULL has no bytes, here and below.\n"
    "static void *fill(void *block, size_t size, unsigned n)\n"
    "{\n"
    "    volatile unsigned char *bytes = block;\n"
    "    for (size_t i = 0; block != NULL && i < size; $) bytes[i] = byte_of(n, i);\n"
    "    return block;\n"
    "}\n";

static const char text_fill_usable[] =
    "static void *fill_usable(void *block, unsigned n)\n"
    "{\n"
    "    return block != NULL ? fill(block, @malloc_usable_size(block), n) : NULL;\n"
    "}\n";

static const char text_check[] =
    "// The block must hold its n-th filling.\n"
    "static void check(const void *block, size_t size, unsigned n, const char *name)\n"
    "{\n"
    "    const volatile unsigned char *bytes = block;\n"
    "    for (size_t i = 0; block != NULL && i < size; $) {\n"
    "        const unsigned char found = bytes[i];\n"
    "        if (found == byte_of(n, i)) continue;\n"
    "        fprintf(stderr, \"byte %zu of %s is 0x%02x, and 0x%02x was written\\n\", i, name,\n"
    "                found, byte_of(n, i));\n"
    "        _exit(1);\n"
    "    }\n"
    "}\n";

static const char text_still_there[] =
    "// ... and can be written anew.\n"
    "static void still_there(void *block, size_t size, unsigned n, const char *name)\n"
    "{\n"
    "    check(block, size, n, name);\n"
    "    (void)fill(block, size, n);\n"
    "}\n";

static const char text_check_zero[] =
    "static void check_zero(const void *block, size_t size, const char *name)\n"
    "{\n"
    "    const volatile unsigned char *bytes = block;\n"
    "    for (size_t i = 0; block != NULL && i < size; i++) {\n"
    "        if (bytes[i] == 0) continue;\n"
    "        fprintf(stderr, \"byte %zu of %s is 0x%02x, and no zero\\n\", i, name, bytes[i]);\n"
    "        _exit(1);\n"
    "    }\n"
    "}\n";

static const char text_apart[] =
    "// Two live blocks share no byte; an empty one counts as one byte.\n"
    "static void apart(void *a, size_t a_size, void *b, size_t b_size, const char *what)\n"
    "{\n"
    "    const uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;\n"
    "    if (a == NULL || b == NULL) return;\n"
    "    if (x == y || (x < y ? y - x < a_size : x - y < b_size)) bug(what);\n"
    "}\n";

static const char text_usable_apart[] =
    "// The block above is not within the usable bytes of the one below.\n"
    "static void usable_apart(void *below, void *above, const char *what)\n"
    "{\n"
    "    if (below == NULL || (uintptr_t)above < (uintptr_t)below) return;\n"
    "    if ((uintptr_t)above - (uintptr_t)below < @malloc_usable_size(below)) bug(what);\n"
    "}\n";

static const char text_outside[] =
    "// User space has 48 bits.\n"
    "static bool ends_outside(void *block, size_t size)\n"
    "{\n"
    "    const uint64_t end = UINT64_C(1) << 48;\n"
    "    return (uintptr_t)block >= end || size > end - (uintptr_t)block;\n"
    "}\n";

static const char text_consistent[] =
    "// What the allocator's own check says; true where it has none.\n"
    "static bool consistent(void)\n"
    "{\n"
    "    void *address = dlsym(RTLD_DEFAULT, \"heapduel_consistent\");\n"
    "    bool (*holds)(void) = NULL;\n"
    "    memcpy(&holds, &address, sizeof holds);\n"
    "    return holds == NULL || holds();\n"
    "}\n";

static const char text_threads[] =
    "// Others than the first. Each does what it is given, and all others wait.\n"
    "static struct {\n"
    "    _Alignas(64) char stack[1 << 18];\n"
    "    pthread_t thread;\n"
    "    sem_t begin, done;\n"
    "    void (*part)(void); // NULL: the thread ends\n"
    "    bool started;\n"
    "} threads[THREADS];\n"
    "\n"
    "static void wait_for(sem_t *semaphore)\n"
    "{\n"
    "    while (sem_wait(semaphore) != 0) continue;\n"
    "}\n"
    "\n"
    "static void *serve(void *number)\n"
    "{\n"
    "    const uintptr_t me = (uintptr_t)number;\n"
    "    for (;;) {\n"
    "        wait_for(&threads[me].begin);\n"
    "        if (threads[me].part == NULL) return NULL;\n"
    "        threads[me].part();\n"
    "        sem_post(&threads[me].done);\n"
    "    }\n"
    "}\n"
    "\n"
    "static void start_thread(uintptr_t n)\n"
    "{\n"
    "    pthread_attr_t attributes;\n"
    "?    nobody_refuses = true;\n"
    "    sem_init(&threads[n].begin, 0, 0);\n"
    "    sem_init(&threads[n].done, 0, 0);\n"
    "    pthread_attr_init(&attributes);\n"
    "    pthread_attr_setstack(&attributes, threads[n].stack, sizeof threads[n].stack);\n"
    "    threads[n].started =\n"
    "        pthread_create(&threads[n].thread, &attributes, serve, (void *)n) == 0;\n"
    "?    nobody_refuses = false;\n"
    "    if (threads[n].started) return;\n"
    "    fputs(\"no thread can be started\\n\", stderr);\n"
    "    _exit(3);\n"
    "}\n"
    "\n"
    "static void on_thread(unsigned n, void (*part)(void))\n"
    "{\n"
    "    if (!threads[n].started) start_thread(n);\n"
    "    threads[n].part = part;\n"
    "    sem_post(&threads[n].begin);\n"
    "    if (part == NULL)\n"
    "        threads[n].started = pthread_join(threads[n].thread, NULL) != 0;\n"
    "    else\n"
    "        wait_for(&threads[n].done);\n"
    "}\n";

static const char text_foreign[] =
    "// Memory that somebody else has got from the kernel, each piece filled.\n"
    "static struct {\n"
    "    unsigned char *start;\n"
    "    size_t size;\n"
    "    bool by_break;\n"
    "} foreign[64];\n"
    "static unsigned foreign_count;\n"
    "\n"
    "static void keep_foreign(void *start, size_t size, bool by_break)\n"
    "{\n"
    "    foreign[foreign_count].start = fill(start, size, foreign_count);\n"
    "    foreign[foreign_count].size = size;\n"
    "    foreign[foreign_count++].by_break = by_break;\n"
    "}\n";

static const char text_foreign_mmap[] =
    "// Somebody else maps the page behind the block's memory, where that is free.\n"
    "static void foreign_mmap(void *block, size_t size)\n"
    "{\n"
    "    void *behind = (void *)(((uintptr_t)block + size + 4095) & ~(uintptr_t)4095);\n"
    "    if (block == NULL || foreign_count == 64) return;\n"
    "?    nobody_refuses = true;\n"
    "    void *page = mmap(behind, 4096, PROT_READ | PROT_WRITE,\n"
    "                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);\n"
    "?    nobody_refuses = false;\n"
    "    if (page == behind) keep_foreign(page, 4096, false);\n"
    "}\n";

static const char text_foreign_sbrk[] =
    "// Somebody else moves the break: up, or down again where what lies on top is theirs.\n"
    "static void foreign_sbrk(intptr_t bytes)\n"
    "{\n"
    "    unsigned newest = foreign_count;\n"
    "    while (newest > 0 && !foreign[newest - 1].by_break) newest--;\n"
    "    if (bytes > (1 << 20) || bytes < -(1 << 20) || foreign_count == 64) return;\n"
    "    // Where the allocator has moved it behind libc's back sbrk would take the allocator's memory.\n"
    "    if ((long)(intptr_t)sbrk(0) != syscall(SYS_brk, 0)) return;\n"
    "?    nobody_refuses = true;\n"
    "    if (bytes > 0) {\n"
    "        void *start = sbrk(bytes);\n"
    "        if ((intptr_t)start != -1) keep_foreign(start, (size_t)bytes, true);\n"
    "    } else if (newest > 0 && (size_t)-bytes <= foreign[newest - 1].size &&\n"
    "               foreign[newest - 1].start + foreign[newest - 1].size == sbrk(0) &&\n"
    "               (intptr_t)sbrk(bytes) != -1) {\n"
    "        foreign[newest - 1].size += (size_t)bytes;\n"
    "        fill(foreign[newest - 1].start, foreign[newest - 1].size, newest - 1);\n"
    "    }\n"
    "?    nobody_refuses = false;\n"
    "}\n";

static const char text_check_foreign[] =
    "static void check_foreign(void)\n"
    "{\n"
    "    for (unsigned i = 0; i < foreign_count; i++)\n"
    "        check(foreign[i].start, foreign[i].size, i, \"memory that is not the allocator's\");\n"
    "}\n";

static const struct {
    const char *text;
    uint32_t needs;
    const char *headers;
} helpers[HD_HELPERS] = {
#define HD_HELPER(id, text, needs, headers) [HD_HELPER_##id] = {text, needs, headers},
#include "harness/reproduce/helpers.def"
#undef HD_HELPER
};

// ---------------------------------------------------------------------------- writing them

/// What a line that begins with this letter is for; 0: the letter is none of these.
static uint32_t meant_for(const char *line)
{
    if (*line == '?') return HD_NEEDS_WATCH;
    if (strncmp(line, "!r", 2) == 0) return HD_NEED(REFUSE);
    if (strncmp(line, "!a", 2) == 0) return HD_NEED(REFUSE_ALL);
    if (strncmp(line, "!l", 2) == 0) return HD_NEED(LIMIT);
    return 0;
}

static void write_text(const struct hd_program *program, const char *text, FILE *file)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n") + 1;
        const uint32_t needs = meant_for(text);
        const size_t mark = needs == 0 ? 0 : *text == '?' ? 1 : 2;
        const bool wanted = needs == 0 || (needs & program->needs) != 0;
        for (size_t i = mark; wanted && i < length; i++) {
            if (text[i] == '@')
                (void)fputs(program->from->prefix, file);
            else if (text[i] == '$')
                (void)fputs(program->has_large ? "i = next(i, size)" : "i++", file);
            else
                (void)fputc(text[i], file);
        }
        text += length;
    }
    (void)fputc('\n', file);
}

static uint32_t with_what_they_need(uint32_t needs)
{
    for (unsigned id = HD_HELPERS; id-- > 0;) // what is needed stands in front
        if ((needs >> id & 1) != 0) needs |= helpers[id].needs;
    return needs;
}

#define HEADERS_MAX 64

struct headers {
    char names[HEADERS_MAX][24];
    size_t count;
};

static void add_headers(struct headers *headers, const char *list)
{
    while (*list != '\0') {
        char name[24];
        const size_t length = strcspn(list, " ");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, list);
        list += length;
        list += strspn(list, " ");
        size_t at = 0;
        while (at < headers->count && strcmp(headers->names[at], name) < 0) at++;
        if (at < headers->count && strcmp(headers->names[at], name) == 0) continue;
        HD_ASSERT(headers->count < HEADERS_MAX);
        memmove(headers->names[at + 1], headers->names[at],
                (headers->count++ - at) * sizeof headers->names[0]);
        memcpy(headers->names[at], name, sizeof name);
    }
}

static const struct {
    const char *result;
    const char *parameters;
} signatures[HD_OP_KINDS + 1] = {
    [HD_OP_MALLOC] = {"void *", "size_t"},
    [HD_OP_FREE] = {"void ", "void *"},
    [HD_OP_REALLOC] = {"void *", "void *, size_t"},
    [HD_OP_CALLOC] = {"void *", "size_t, size_t"},
    [HD_OP_REALLOCARRAY] = {"void *", "void *, size_t, size_t"},
    [HD_OP_ALIGNED_ALLOC] = {"void *", "size_t, size_t"},
    [HD_OP_POSIX_MEMALIGN] = {"int ", "void **, size_t, size_t"},
    [HD_OP_MEMALIGN] = {"void *", "size_t, size_t"},
    [HD_OP_VALLOC] = {"void *", "size_t"},
    [HD_OP_USABLE_SIZE] = {"size_t ", "void *"},
    [HD_CALLS_TRIM] = {"int ", "size_t"},
};

static void declare_functions(const struct hd_program *program, FILE *file)
{
    const char *prefix = program->from->prefix;
    if (program->functions == 0) return;
    (void)fputs("// Called through these, so that no compiler knows what a call does and leaves it"
                " out.\n", file);
    for (unsigned kind = 0; kind <= HD_CALLS_TRIM; kind++) {
        if ((program->functions >> kind & 1) == 0) continue;
        const char *word = kind == HD_CALLS_TRIM ? "malloc_trim" : hd_op_infos[kind].text;
        const char *result = signatures[kind].result;
        const char *parameters = signatures[kind].parameters;
        if (*prefix != '\0')
            (void)fprintf(file, "%s%s%s(%s);\n", result, prefix, word, parameters);
        (void)fprintf(file, "static %s(*volatile the_%s%s)(%s) = %s%s;\n", result, prefix, word,
                      parameters, prefix, word);
        (void)fprintf(file, "#define %s%s the_%s%s\n", prefix, word, prefix, word);
    }
    (void)fputc('\n', file);
}

static void declare_variables(const struct hd_program *program, FILE *file)
{
    const struct hd_plan *plan = &program->plan;
    if (plan->slots_used > 0 && hd_program_has_array(program)) {
        (void)fprintf(file, "void *p[%lu];\n", (unsigned long)plan->number_max + 1);
    } else {
        bool first = true;
        for (uint32_t slot = 0; plan->slots_used > 0 && slot <= plan->slot_max; slot++) {
            if (plan->numbers[slot] == HD_UNNUMBERED) continue;
            (void)fprintf(file, "%s*%s", first ? "void " : ", ",
                          hd_program_slot(program, slot).text);
            first = false;
        }
        if (!first) (void)fputs(";\n", file);
    }
    if (program->needs_q) (void)fputs("void *q;\n", file);
    if (plan->has_threads) (void)fprintf(file, "enum { THREADS = %u };\n", plan->thread_max + 1U);
    (void)fputc('\n', file);
}

void hd_program_helpers(const struct hd_program *program, FILE *file)
{
    uint32_t needs = with_what_they_need(program->needs);
    if (program->has_large && (needs & HD_NEED(BYTES)) != 0) needs |= HD_NEED(LARGE);
    struct headers headers = {0};
    add_headers(&headers, "stdint.h stdlib.h");
    add_headers(&headers, program->headers);
    const uint32_t of_malloc_h = UINT32_C(1) << HD_CALLS_TRIM |
                                 UINT32_C(1) << HD_OP_USABLE_SIZE | UINT32_C(1) << HD_OP_MEMALIGN;
    if ((program->functions & of_malloc_h) != 0) add_headers(&headers, "malloc.h");
    for (unsigned id = 0; id < HD_HELPERS; id++)
        if ((needs >> id & 1) != 0) add_headers(&headers, helpers[id].headers);

    (void)fputs("#define _GNU_SOURCE\n", file);
    for (size_t i = 0; i < headers.count; i++)
        (void)fprintf(file, "#include <%s>\n", headers.names[i]);
    (void)fputc('\n', file);
    declare_functions(program, file);
    declare_variables(program, file);
    for (unsigned id = 0; id < HD_HELPERS; id++)
        if ((needs >> id & 1) != 0) write_text(program, helpers[id].text, file);
}
