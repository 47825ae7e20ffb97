#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_score.sh HEAPDUEL PROGRAMS WORK: `heapduel score --only fuzzing` finds two faults
# in each of two rounds, and nothing in a correct neighbour; Ctrl-C ends it. PROGRAMS is the folder
# of the engine's programs, WORK is made anew. Exit status 77: there is no HEAPDUEL, another preset
# builds it.
set -euo pipefail

heapduel=$1 programs=$2 work=$3
[[ -x $heapduel ]] || { echo "no $heapduel: build the preset dev"; exit 77; }
faulty=$(dirname "$heapduel")/../faulty
rm -rf "$work"
mkdir -p "$work/tmp"
export HEAPDUEL_ENGINES=$programs TMPDIR=$work/tmp

# find TIME NAME...: measures, and writes the lines of the JSON that the caller looks for.
find() {
    local time=$1 allocators=()
    shift
    for name; do allocators+=(-a "$faulty/$name.so"); done
    "$heapduel" score --only fuzzing --rounds 2 --time "$time" --format json \
        "${allocators[@]}" >"$work/json"
}

# expect COUNT PATTERN: so many lines have it.
expect() {
    local count
    count=$(grep -cE "$2" "$work/json" || true)
    ((count == $1)) && return
    echo "$count lines, not $1, have $2:" >&2
    cat "$work/json" >&2
    exit 1
}

find 10s calloc_one_element aligned_alloc_ignores_alignment
expect 2 '"found": 2,'
expect 2 '"by_oracle": 2,'
expect 1 '"signature": "zero/calloc/not-zero"'
expect 1 '"signature": "alignment/aligned_alloc/misaligned"'
expect 1 '"reliable": 2,'
expect 3 '"inputs": [1-9]' # of each, and their mean
expect 2 '"seconds": [0-9]'

find 2s free_poisons
expect 1 '"found": 0,'
expect 1 '"signature": null'
expect 1 '"seconds": null'
expect 1 '"reliable": 0,'

# Ctrl-C: the terminal sends it to the whole process group. Whoever dies of it has the time
# to, before the command itself sees it.
setsid "$heapduel" score --only fuzzing --time 100s \
    -a "$faulty/free_poisons.so" >"$work/out" 2>&1 &
score=$!
until compgen -G "$work/tmp/*/0/engine/*.log" >/dev/null; do
    kill -0 "$score" || { cat "$work/out" >&2; exit 1; }
    sleep 0.1
done
kill -STOP "$score"
kill -INT -- "-$score"
sleep 0.3
kill -CONT "$score"
status=0
wait "$score" || status=$?
((status == 3)) && grep -q "stopped by a signal" "$work/out" || {
    echo "Ctrl-C: exit status $status" >&2
    cat "$work/out" >&2
    exit 1
}

[[ -z $(ls "$work/tmp") ]] || { echo "left behind: $(ls "$work/tmp")" >&2; exit 1; }
