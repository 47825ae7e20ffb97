// SPDX-License-Identifier: MIT
/// coverage_hooks.c: what a library built for an engine calls, where no engine is.
///
/// Clang's interface of -fsanitize-coverage, and the map that afl-clang-fast writes to. A fuzz
/// target has them of its engine; here they do nothing, so that the same library can be loaded and
/// judged.
#include <stddef.h>
#include <stdint.h>

#define HOOK(name, ...)                                                                            \
    __attribute__((visibility("default"))) void __sanitizer_cov_##name(__VA_ARGS__);               \
    void __sanitizer_cov_##name(__VA_ARGS__)

HOOK(trace_pc_guard_init, uint32_t *start, uint32_t *stop) { (void)start, (void)stop; }
HOOK(trace_pc_guard, uint32_t *guard) { (void)guard; }
HOOK(trace_pc, void) {}
HOOK(trace_pc_indir, uintptr_t callee) { (void)callee; }
HOOK(8bit_counters_init, uint8_t *start, uint8_t *stop) { (void)start, (void)stop; }
HOOK(bool_flag_init, uint8_t *start, uint8_t *stop) { (void)start, (void)stop; }
HOOK(pcs_init, const uintptr_t *start, const uintptr_t *stop) { (void)start, (void)stop; }
HOOK(trace_cmp1, uint8_t one, uint8_t other) { (void)one, (void)other; }
HOOK(trace_cmp2, uint16_t one, uint16_t other) { (void)one, (void)other; }
HOOK(trace_cmp4, uint32_t one, uint32_t other) { (void)one, (void)other; }
HOOK(trace_cmp8, uint64_t one, uint64_t other) { (void)one, (void)other; }
HOOK(trace_const_cmp1, uint8_t one, uint8_t other) { (void)one, (void)other; }
HOOK(trace_const_cmp2, uint16_t one, uint16_t other) { (void)one, (void)other; }
HOOK(trace_const_cmp4, uint32_t one, uint32_t other) { (void)one, (void)other; }
HOOK(trace_const_cmp8, uint64_t one, uint64_t other) { (void)one, (void)other; }
HOOK(trace_switch, uint64_t value, uint64_t *cases) { (void)value, (void)cases; }
HOOK(trace_div4, uint32_t divisor) { (void)divisor; }
HOOK(trace_div8, uint64_t divisor) { (void)divisor; }
HOOK(trace_gep, uintptr_t index) { (void)index; }

// -fsanitize=fuzzer-no-link: the lowest that the stack was; a library lowers it, nobody looks.
extern __attribute__((visibility("default"))) _Thread_local uintptr_t __sancov_lowest_stack;
_Thread_local uintptr_t __sancov_lowest_stack = UINTPTR_MAX;

// Guards that nobody numbered are 0: one place is enough.
static uint8_t area[1];
extern __attribute__((visibility("default"))) uint8_t *__afl_area_ptr;
uint8_t *__afl_area_ptr = area;
