#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_history.sh HEAPDUEL REPLAY ALLOCATOR WORK: two inputs in one process of the fuzz target, in
# the folder WORK, which is made anew. The allocator loses its fresh heap in the first, and needs what
# that left for what is wrong in the second: the history has it, the second alone does not.
set -euo pipefail

heapduel=$1 replay=$2 allocator=$3 work=$4
rm -rf "$work"
mkdir -p "$work"
cd "$work"

fail() {
    echo "$1" >&2
    cat log >&2
    exit 1
}

expect() { # STATUS COMMAND...: must end with this status
    local expected=$1 status=0
    shift
    "$@" >>log 2>&1 || status=$?
    ((status == expected)) || fail "$1: exit status $status, not $expected"
}

printf 'heapduel-trace 1\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8\n' >first.trace
printf 'heapduel-trace 1\n1 = malloc 8\n2 = malloc 8\n' >second.trace
expect 77 "$replay" --allocator="$allocator" --go-on --findings=. first.trace second.trace
grep -q "not made fresh any more" log || fail "its heap stayed fresh"
history=$(basename "$allocator")-overlap-malloc-shares-bytes.history.bin
[[ -s $history ]] || fail "no history is kept"
expect 0 "$heapduel" run -a "$allocator" second.trace
expect 1 "$heapduel" run -a "$allocator" "$history"
