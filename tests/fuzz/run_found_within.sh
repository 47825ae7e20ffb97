#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_found_within.sh HEAPDUEL PROGRAMS WORK INPUTS LATE: fuzzing finds each fault of faults.def
# within so many inputs, from a fixed seed, but for those that the file LATE names, a line each.
# PROGRAMS is the folder of the engine's programs, WORK is made anew. Exit status 77: there is no
# HEAPDUEL, another preset builds it.
set -euo pipefail

heapduel=$1 programs=$2 work=$3 inputs=$4 late=$5
[[ -x $heapduel ]] || { echo "no $heapduel: build the preset dev"; exit 77; }
rm -rf "$work"
mkdir -p "$work/tmp"
export HEAPDUEL_ENGINES=$programs TMPDIR=$work/tmp

# Inputs end a campaign, not time.
"$heapduel" score --only fuzzing --inputs "$inputs" --time 10m >"$work/score"
cat "$work/score"
awk '$2 == "0/1" { print $1 }' "$work/score" | sort >"$work/not_found"
awk '$2 == "1/1" { print $1 }' "$work/score" | sort >"$work/found"
grep -v '^#' "$late" | sort >"$work/late" || true
[[ -s $work/found ]] || { echo "nothing was found"; exit 1; }

status=0
while read -r fault; do
    echo "$fault: was found within $inputs inputs, and is no longer"
    status=1
done < <(comm -23 "$work/not_found" "$work/late")
while read -r fault; do
    echo "$fault: is found now within $inputs inputs: take it out of $late"
    status=1
done < <(comm -12 "$work/found" "$work/late")
exit $status
