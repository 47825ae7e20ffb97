// SPDX-License-Identifier: MIT
/// test_tap_registers.c: a tapped call leaves each register and the red zone as the kernel would.
///
/// x86-64 only. System V ABI, AMD64: the 128 bytes below the stack pointer belong to a function
/// that calls none; of the registers a system call changes rax, rcx and r11.
#include "tests/unit/tapped.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { RAX, RBX, RDX, RSI, RDI, RBP, R8, R9, R10, R12, R13, R14, R15, GENERAL };

/// Before the call as it is loaded, then as it was found behind the call.
struct machine {
    uint64_t general[16];
    uint8_t vectors[16][32];
    uint8_t red_zone[128];
    uint8_t carry; // set before
};
_Static_assert(offsetof(struct machine, vectors) == 128 &&
                   offsetof(struct machine, red_zone) == 640 &&
                   offsetof(struct machine, carry) == 768,
               "as the assembly has them");

extern const char call_with_xmm[];
extern const char call_with_ymm[];
extern const char behind_call_with_xmm[];
extern const char behind_call_with_ymm[];
extern const char calls_start[];
extern const char calls_end[];

__asm__(".macro CALL_WITH width, move\n"
        ".hidden call_with_\\width, behind_call_with_\\width\n"
        ".globl call_with_\\width, behind_call_with_\\width\n"
        ".type call_with_\\width, @function\n"
        "call_with_\\width:\n"
        "    push %rbx\n"
        "    push %rbp\n"
        "    push %r12\n"
        "    push %r13\n"
        "    push %r14\n"
        "    push %r15\n"
        "    push %rdi\n"
        "    mov $15, %ecx\n"
        "1:  mov 640(%rdi,%rcx,8), %rax\n"
        "    mov %rax, -128(%rsp,%rcx,8)\n"
        "    dec %ecx\n"
        "    jns 1b\n"
        ".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
        "    \\move 128+32*\\i(%rdi), %\\width\\i\n"
        ".endr\n"
        "    mov 0(%rdi), %rax\n"
        "    mov 8(%rdi), %rbx\n"
        "    mov 16(%rdi), %rdx\n"
        "    mov 24(%rdi), %rsi\n"
        "    mov 40(%rdi), %rbp\n"
        "    mov 48(%rdi), %r8\n"
        "    mov 56(%rdi), %r9\n"
        "    mov 64(%rdi), %r10\n"
        "    mov 72(%rdi), %r12\n"
        "    mov 80(%rdi), %r13\n"
        "    mov 88(%rdi), %r14\n"
        "    mov 96(%rdi), %r15\n"
        "    mov 32(%rdi), %rdi\n"
        "    stc\n"
        "    syscall\n"
        "behind_call_with_\\width:\n"
        "    xchg %rdi, (%rsp)\n" // no flag changes until the carry is kept
        "    mov %rax, 0(%rdi)\n"
        "    setc 768(%rdi)\n"
        "    mov %rbx, 8(%rdi)\n"
        "    mov %rdx, 16(%rdi)\n"
        "    mov %rsi, 24(%rdi)\n"
        "    mov %rbp, 40(%rdi)\n"
        "    mov %r8, 48(%rdi)\n"
        "    mov %r9, 56(%rdi)\n"
        "    mov %r10, 64(%rdi)\n"
        "    mov %r12, 72(%rdi)\n"
        "    mov %r13, 80(%rdi)\n"
        "    mov %r14, 88(%rdi)\n"
        "    mov %r15, 96(%rdi)\n"
        "    mov (%rsp), %rax\n"
        "    mov %rax, 32(%rdi)\n"
        ".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
        "    \\move %\\width\\i, 128+32*\\i(%rdi)\n"
        ".endr\n"
        "    mov $15, %ecx\n"
        "1:  mov -128(%rsp,%rcx,8), %rax\n"
        "    mov %rax, 640(%rdi,%rcx,8)\n"
        "    dec %ecx\n"
        "    jns 1b\n"
        "    add $8, %rsp\n"
        "    pop %r15\n"
        "    pop %r14\n"
        "    pop %r13\n"
        "    pop %r12\n"
        "    pop %rbp\n"
        "    pop %rbx\n"
        "    ret\n"
        ".size call_with_\\width, . - call_with_\\width\n"
        ".endm\n"
        ".pushsection .text\n"
        ".hidden calls_start, calls_end\n"
        ".globl calls_start, calls_end\n"
        "calls_start:\n"
        "CALL_WITH xmm, movdqu\n"
        "CALL_WITH ymm, vmovdqu\n"
        "calls_end:\n"
        ".popsection\n");

/// Every byte differs from its neighbours, and from those of another seed.
static struct machine patterns(unsigned seed)
{
    struct machine machine = {0};
    uint8_t *bytes = (uint8_t *)&machine;
    for (size_t i = 0; i < offsetof(struct machine, carry); i++)
        bytes[i] = (uint8_t)(i * 37 + i / 256 + seed * 101 + 1);
    machine.general[RAX] = SYS_getppid; // which heeds no argument
    return machine;
}

static void compare(const struct machine *before, const struct machine *after, size_t vector_size)
{
    CHECK(after->general[RAX] == (uint64_t)syscall(SYS_getppid));
    for (size_t i = RAX + 1; i < GENERAL; i++) CHECK(after->general[i] == before->general[i]);
    for (size_t i = 0; i < 16; i++)
        CHECK(memcmp(after->vectors[i], before->vectors[i], vector_size) == 0);
    CHECK(memcmp(after->red_zone, before->red_zone, sizeof after->red_zone) == 0);
    CHECK(after->carry == 1);
}

/// Calls one of the functions above, which begin at `code`: there, or in a copy.
static void call(const char *code, const char *function, struct machine *machine)
{
    void (*copied)(struct machine *);
    const char *address = code + (function - calls_start);
    memcpy(&copied, &address, sizeof copied);
    copied(machine);
}

static void call_both(const char *code, unsigned seed, uint32_t calls)
{
    const struct machine before = patterns(seed);
    struct machine after = before;
    hd_tap_clear();
    hd_tap_arm();
    call(code, call_with_xmm, &after);
    hd_tap_disarm();
    compare(&before, &after, 16);

    const struct hd_tap_log *log = hd_tap_log();
    CHECK(log->count == calls && log->lost == 0);
    static const unsigned arguments[6] = {RDI, RSI, RDX, R10, R8, R9};
    for (size_t i = 0; calls == 1 && i < 6; i++)
        CHECK(log->calls[0].args[i] == before.general[arguments[i]]);
    CHECK(calls == 0 || log->calls[0].from == (uintptr_t)(code + (behind_call_with_xmm - calls_start)));

    if (!__builtin_cpu_supports("avx")) return;
    after = before;
    hd_tap_arm();
    call(code, call_with_ymm, &after);
    hd_tap_disarm();
    compare(&before, &after, 32);
    CHECK(log->count == 2 * calls);
    CHECK(calls == 0 || log->calls[1].from == (uintptr_t)(code + (behind_call_with_ymm - calls_start)));
}

static void with_patterns(void)
{
    for (unsigned seed = 0; seed < 1000; seed++)
        call_both(calls_start, seed, 0); // of the main program: excluded
    const size_t size = (size_t)(calls_end - calls_start);
    char *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(copy != MAP_FAILED);
    memcpy(copy, calls_start, size);
    CHECK(mprotect(copy, size, PROT_READ | PROT_EXEC) == 0);
    for (unsigned seed = 0; seed < 1000; seed++)
        call_both(copy, seed, 1);
}

static void registers_and_red_zone_are_kept(void **state)
{
    (void)state;
    tapped(with_patterns);
}

static void as_they_are_by_the_kernel_alone(void **state)
{
    (void)state;
    call_both(calls_start, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_they_are_by_the_kernel_alone),
        cmocka_unit_test(registers_and_red_zone_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
