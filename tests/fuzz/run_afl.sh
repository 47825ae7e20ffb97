#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_afl.sh PROGRAM WORK SEEDS RUNS EXPECTED OPTION...: as run_libfuzzer.sh, by afl-fuzz, which may
# do some more than RUNS, and may keep a second finding.
set -euo pipefail

program=$1 work=$2 seeds=$3 runs=$4 expected=$5
shift 5
rm -rf "$work"
mkdir -p "$work/zeros" "$work/findings"
cd "$work"

# afl-fuzz will not start from nothing: one record of zeros.
head -c 24 /dev/zero >zeros/record
[[ $seeds != none ]] || seeds=zeros
# It is not to ask about this machine, nor to choose a processor: tests run side by side.
export AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export AFL_BENCH_UNTIL_CRASH=1
# Its own time limit lies past the target's deadline: a hang is to be reported.
status=0
afl-fuzz -s 1 -E "$runs" -G 2048 -t 20000 -i "$seeds" -o out -- \
    "$program" "$@" >log 2>&1 || status=$?

fail() {
    echo "$1; the end of $work/log:" >&2
    tail -n 30 log >&2
    exit 1
}

stat_of() { # WORD: what stands behind it in AFL++'s statistics
    awk -v word="$1" '$1 == word {sub(/^[^:]*: */, ""); print}' out/default/fuzzer_stats
}

((status == 0)) || fail "afl-fuzz: exit status $status"
[[ $(stat_of target_mode) == *persistent*deferred* ]] || fail "not in persistent mode"
[[ -z ${AFL_CUSTOM_MUTATOR_LIBRARY:-} ]] || grep -q "Custom mutator .* installed" log ||
    fail "without the mutator"
mapfile -t findings < <(ls findings)
if [[ $expected == nothing ]]; then
    (($(stat_of execs_done) >= runs)) || fail "it did not do $runs runs"
    (($(stat_of saved_crashes) == 0 && $(stat_of saved_hangs) == 0)) || fail "crashes or hangs"
    ((${#findings[@]} == 0)) || fail "found: ${findings[*]}"
else
    (($(stat_of saved_crashes) > 0)) || fail "no crash is kept"
    ((${#findings[@]} > 0)) || fail "no finding is kept"
    for finding in "${findings[@]}"; do
        # shellcheck disable=SC2053 # a pattern
        [[ $finding == *.so-$expected.trace ]] || fail "found another one: $finding"
    done
fi
