#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_found_within.sh HEAPDUEL PROGRAMS WORK INPUTS: fuzzing finds each fault of faults.def within so
# many inputs, from a fixed seed. PROGRAMS is the folder of the engine's programs, WORK is made anew.
# Exit status 77: there is no HEAPDUEL, another preset builds it.
set -euo pipefail

heapduel=$1 programs=$2 work=$3 inputs=$4
[[ -x $heapduel ]] || { echo "no $heapduel: build the preset dev"; exit 77; }
rm -rf "$work"
mkdir -p "$work/tmp"
export HEAPDUEL_ENGINES=$programs TMPDIR=$work/tmp

# Inputs end a campaign, not time.
"$heapduel" score --only fuzzing --inputs "$inputs" --time 10m >"$work/score"
cat "$work/score"
grep -q ' 1/1 ' "$work/score" || { echo "nothing was found"; exit 1; }
if awk '$2 == "0/1" { print $1 ": is not found within the inputs"; some = 1 } END { exit !some }' \
    "$work/score"; then
    exit 1
fi
