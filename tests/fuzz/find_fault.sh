#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# find_fault.sh TARGET LIBRARY RUNS [SEED]: fuzzing finds what is wrong with a faulty allocator, from
# an empty corpus and in at most so many runs. TARGET is fuzz_allocator with libFuzzer in it.
#
# Prints how many inputs and seconds it took, and what was found. Exit status 0 when the target ended
# with a finding and kept its trace; 1 when it did not; 2 on wrong usage.
set -euo pipefail
if [ $# -lt 3 ] || [ $# -gt 4 ]; then
    sed -n '3,4s/^# //p' "$0" >&2
    exit 2
fi
target=$1 library=$2 runs=$3 seed=${4:-1}
seconds_max=${FIND_FAULT_SECONDS:-60} # a guard only: a slow machine must not hang the tests

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus" "$work/findings"

status=0
started=$(date +%s%N)
"$target" --allocator="$library" --findings="$work/findings" --deadline=2 \
    -runs="$runs" -max_total_time="$seconds_max" -seed="$seed" -max_len=2048 \
    -print_final_stats=1 -artifact_prefix="$work/" \
    "$work/corpus" >"$work/log" 2>&1 || status=$?
ended=$(date +%s%N)

found=$(sed -n 's/^heapduel: a finding on .*: \(.*\)$/\1/p' "$work/log" | head -n 1)
inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
kept=("$work"/findings/"$(basename "$library")"-*.trace)
echo "$(basename "$library") seed $seed: ${found:-nothing found} after ${inputs:-?} inputs, $(((ended - started) / 1000000)) ms"

fail() {
    echo "find_fault.sh: $1" >&2
    tail -n 40 "$work/log" >&2
    exit 1
}
# libFuzzer ends with 77 after a crash; by a signal where the allocator unmapped what libFuzzer has.
[ "$status" -eq 77 ] || [ "$status" -gt 128 ] || fail "the target ended with $status"
[ -n "$found" ] || fail "it crashed, and named no finding"
[ -s "${kept[0]}" ] || fail "no trace of the finding was kept"
grep -q '^heapduel-trace 1$' "${kept[0]}" || fail "what was kept is no trace"
