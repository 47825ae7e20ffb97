#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_campaign.sh HEAPDUEL ENGINES ENGINE WORK CASE ALLOCATOR: `heapduel fuzz` with a real engine,
# in the folder WORK, which is made anew. CASE:
#
#   fault        finds what is wrong, makes it small, writes it as C; a second campaign knows it
#   correct      finds nothing, and keeps a corpus
#   unexplained  its processes end in runs, by what earlier ones did: says so
#   interrupt    Ctrl-C: the corpus is kept, and no process left
#
# Exit status 77: there is no heapduel, which only the dev preset builds.
set -euo pipefail

heapduel=$1 engines=$2 engine=$3 work=$4 case=$5 allocator=$6
[[ -x $heapduel ]] || { echo "no $heapduel: ci/build dev builds it"; exit 77; }
rm -rf "$work"
mkdir -p "$work"
cd "$work"
export HEAPDUEL_ENGINES=$engines

fail() {
    echo "$1" >&2
    tail -n 20 out findings/engine/*.log >&2
    exit 1
}

campaign() { # OPTION...
    "$heapduel" fuzz --engine "$engine" -a "$allocator" -t 2 "$@" >out 2>&1
}

fuzz() { # STATUS OPTION...: must end with this status
    local expected=$1 status=0
    shift
    campaign "$@" || status=$?
    ((status == expected)) || fail "exit status $status, not $expected"
}

corpus_size() { find findings/corpus -type f | wc -l; }

case $case in
fault)
    fuzz 1 --stop-after 1 --time 120s
    traces=()
    for trace in findings/*.trace; do
        [[ $trace == *.full.trace || $trace == *.lost.trace ]] || traces+=("$trace")
    done
    ((${#traces[@]} >= 1)) || fail "no trace"
    trace=${traces[0]}
    operations=$(grep -vc -e '^#' -e '^heapduel-trace' "$trace")
    ((operations <= 8)) || fail "$operations operations in $trace"
    [[ -s ${trace%.trace}.full.trace ]] || fail "the trace as it was found is not kept"
    cc -std=c17 -Wall -Wextra -Werror -o repro "${trace%.trace}.c" ||
        fail "the program does not compile"
    status=0
    "$heapduel" run -a "$allocator" -t 2 "$trace" >replay 2>&1 || status=$?
    ((status == 1)) || fail "the trace shows nothing: exit status $status"

    # On a busy machine a campaign of some seconds may not come so far.
    for ((i = 0; i < 20; i++)); do
        if ! campaign --time 4s; then break; fi
    done
    grep -q "^found again on $allocator" out || fail "what is known was not found again"
    [[ $(grep -c '"signature"' findings/findings.json) == $(ls findings/*.full.trace | wc -l) ]] ||
        fail "findings.json does not have each finding once"
    ;;
correct)
    fuzz 0 --time 3s
    grep -q "^nothing found" out || fail "it does not say so"
    (($(corpus_size) > 1)) || fail "no corpus"
    ;;
unexplained)
    fuzz 3 --time 6s --fresh none
    grep -q "ended in the middle of a run" out || fail "it does not say so"
    [[ -s findings/engine/$(basename "$allocator").died.bin ]] || fail "the input is not kept"
    ;;
interrupt)
    "$heapduel" fuzz --engine "$engine" -a "$allocator" --jobs 2 --out "$work/findings" >out 2>&1 &
    campaign=$!
    until [[ -s findings/engine/$allocator-1.log ]] && (($(corpus_size) > 1 ||
        $(find findings/engine -path '*queue/id*' | wc -l) > 1)); do
        kill -0 "$campaign" || fail "it ended by itself"
        sleep 0.1
    done
    kill -INT "$campaign"
    status=0
    wait "$campaign" || status=$?
    ((status == 0)) || fail "exit status $status"
    (($(corpus_size) > 1)) || fail "the corpus is not kept"
    ! pgrep -af "$work/findings" || fail "processes are left"
    ;;
esac
