#!/bin/sh
# SPDX-License-Identifier: MIT
# programs.sh: real programs are recorded, and every allocator carries their traces out without a
# finding.
#
#   programs.sh HEAPDUEL SCRATCH_DIR
#
# A program that is not on this machine is left out; the compiler that heapduel was built with is.
set -eu

heapduel=$1
scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"
echo 'int main(void) { return 0; }' >main.c
seq 1 100000 >numbers

record() {
    command -v "$1" >/dev/null || { echo "$1: not here"; return 0; }
    folder=${1##*/}
    mkdir "$folder"
    if ! "$heapduel" record -o "$folder/t.bin.zst" -- "$@" >/dev/null 2>"$folder/log"; then
        cat "$folder/log"
        return 1
    fi
    if grep -e 'ended' -e 'skipped' "$folder/log"; then return 1; fi # it failed, or calls are missed
    "$heapduel" run --timeout 120 "$folder" >"$folder/report" || { cat "$folder/report"; return 1; }
    echo "$folder: $(tail -1 "$folder/report")"
}

record gcc -O2 -c main.c
record clang -O2 -c main.c
record git init --quiet repository
record /usr/bin/python3 -c 'import json; json.loads(json.dumps([[i, str(i)] for i in range(3000)]))'
record sqlite3 :memory: 'create table t(a); insert into t values (1), (2); select sum(a) from t;'
record node -e 'JSON.stringify([...Array(1000).keys()].map(String))'
record xz -T2 --block-size=100000 --keep --stdout numbers
record zstd -T2 --stdout --quiet numbers
record sort --parallel=2 numbers
