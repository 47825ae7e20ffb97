#!/bin/sh
# SPDX-License-Identifier: MIT
# run_case.sh: runs command-line cases and compares what they write with what is expected.
#
#   run_case.sh [--update] BUILD_DIR [CASE...]
#
# A case is a folder cases/CASE with the files `cmd` (shell lines; `heapduel` is the one just built),
# `stdout`, `stderr` and `status`. It runs in a fresh folder that holds traces/* and, of
# tests/fixtures, the libraries as *.so and the program `recorded`. Addresses become 0xADDR (offsets
# behind a + stay) and that folder's path TMP. --update writes the three files anew; read the
# difference before you commit it. Without a CASE: all.
set -u

here=$(cd "$(dirname "$0")" && pwd)
update=false
if [ "${1-}" = --update ]; then update=true; shift; fi
if [ $# -lt 1 ]; then echo "usage: run_case.sh [--update] BUILD_DIR [CASE...]" >&2; exit 2; fi
build=$(cd "$1" && pwd) || exit 2
shift
if [ $# -eq 0 ]; then set -- $(cd "$here/cases" && ls); fi

scratch=$(mktemp -d) || exit 2
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
PATH=$build/bin:$PATH
export PATH LC_ALL=C
unset ARGP_HELP_FMT COLUMNS GLIBC_TUNABLES

normalise() {
    sed -e "s|$1|TMP|g" -e 's/+0x/+HEX/g' -e 's/0x[0-9a-f]\{5,\}/0xADDR/g' -e 's/+HEX/+0x/g'
}

# Runs one case, leaving $scratch/stdout, stderr and status.
run() {
    rm -rf "$scratch/work"
    mkdir "$scratch/work"
    cp -R "$here/traces/." "$scratch/work"
    for library in "$build"/tests/fixtures/*.so; do ln -s "$library" "$scratch/work"; done
    ln -s "$build/tests/fixtures/recorded" "$scratch/work"
    (cd "$scratch/work" && sh "$here/cases/$1/cmd" </dev/null >"$scratch/out" 2>"$scratch/err")
    echo $? >"$scratch/status"
    normalise "$scratch/work" <"$scratch/out" >"$scratch/stdout"
    normalise "$scratch/work" <"$scratch/err" >"$scratch/stderr"
}

failed=0
for case in "$@"; do
    run "$case"
    for file in stdout stderr status; do
        expected=$here/cases/$case/$file
        if $update; then
            cp "$scratch/$file" "$expected"
        elif ! diff -u --label "$case/$file, expected" --label "$case/$file" \
                    "$expected" "$scratch/$file"; then
            failed=1
        fi
    done
done
exit $failed
