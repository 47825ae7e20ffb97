#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_libfuzzer.sh PROGRAM WORK SEEDS RUNS EXPECTED OPTION...: fuzzes for at most RUNS inputs, in
# the folder WORK, which is made anew. SEEDS is a folder, or none. EXPECTED is nothing, or a shell
# pattern of the signature that the one finding must have, as it stands in the name of its file.
# Findings are looked for in WORK/findings; the options are given in WORK.
set -euo pipefail

program=$1 work=$2 seeds=$3 runs=$4 expected=$5
shift 5
rm -rf "$work"
mkdir -p "$work/corpus" "$work/findings"
cd "$work"

folders=(corpus)
[[ $seeds == none ]] || folders+=("$seeds")
status=0
# Six allocators' memory and ThreadSanitizer's shadow of it need more than the engine's 2 GiB.
"$program" "$@" -seed=1 -runs="$runs" -max_len=2048 -rss_limit_mb=8192 "${folders[@]}" \
    >log 2>&1 || status=$?

fail() {
    echo "$1; the end of $work/log:" >&2
    tail -n 30 log >&2
    exit 1
}

mapfile -t findings < <(ls findings)
if [[ $expected == nothing ]]; then
    ((status == 0)) || fail "exit status $status, not 0"
    ((${#findings[@]} == 0)) || fail "found: ${findings[*]}"
    grep -q "^Done $runs runs" log || fail "it did not do $runs runs"
else
    # 77 is libFuzzer's after abort(). AddressSanitizer ends with 1 what it reports itself.
    [[ $status == 77 || ($status == 1 && ${findings[0]:-} == *-asan-*) ]] ||
        fail "exit status $status, not that of a crash, 77"
    grep -q "Test unit written to" log || fail "the raw input is not kept"
    ((${#findings[@]} == 1)) || fail "${#findings[@]} findings are kept"
    # shellcheck disable=SC2053 # a pattern
    [[ ${findings[0]} == *.so-$expected.trace ]] || fail "found another one: ${findings[0]}"
fi
