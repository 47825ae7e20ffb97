#!/bin/sh
# SPDX-License-Identifier: MIT
# check_mutate.sh: mutate finds and kills mutants, tells which survive a test that is weak, and
# holds the file of arguments to the source.
#
#   check_mutate.sh PYTHON BUILD_DIR
set -u

if [ $# -ne 2 ]; then echo "usage: check_mutate.sh PYTHON BUILD_DIR" >&2; exit 2; fi
python=$1
build=$2
here=$(cd "$(dirname "$0")" && pwd)
fits=tests/mutation/sample/fits.c
line='return size <= end - address; // not address + size <= end: that may wrap'
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
failures=0

# expect NAME STATUS TEXT FILE ARGUMENTS TESTS: mutate ends with that status and writes that text.
expect() {
    printf '%s' "$5" >"$scratch/arguments"
    "$python" "$here/mutate" --build "$build" --arguments "$scratch/arguments" --tests "$6" \
        "$here/sample/$4" >"$scratch/output" 2>&1
    status=$?
    if [ $status -eq "$2" ] && grep -qF -e "$3" "$scratch/output"; then return; fi
    echo "$1: status $status, not $2, or without \"$3\":"
    cat "$scratch/output"
    failures=$((failures + 1))
}

cp -r "$here/sample" "$scratch/sample"

expect 'a row at the line kills' 0 "$fits:7: <= to <: mutation.sample.strong: ends at the end" \
    fits.c '' mutation.sample.strong
expect 'all are killed' 0 '4 mutants: 4 killed, ' fits.c '' mutation.sample.strong
expect 'without it one survives' 1 "$fits:7: <= to <: SURVIVED" fits.c '' mutation.sample.weak
expect 'another is killed all the same' 1 "$fits:7: <= to >: mutation.sample.weak: well inside" \
    fits.c '' mutation.sample.weak
expect 'any one test is enough' 0 "$fits:7: <= to <: mutation.sample.strong: ends at the end" \
    fits.c '' 'mutation.sample.*'
expect 'an endless loop is caught' 0 '> to !=: mutation.sample.strong: does not end' \
    halvings.c '' mutation.sample.strong

both="$fits: <= to <
$fits: - to +
    $line
    An argument."
expect 'what is argued is no failure' 0 '2 argued, 0 survived' fits.c "$both" mutation.sample.weak
expect 'what is argued and killed is' 1 ":1: $fits: <= to <: mutation.sample.strong: ends at" \
    fits.c "$both" mutation.sample.strong
expect 'one argument is not for the other' 1 '1 argued, 1 survived' fits.c "$fits: <= to <
    $line
    An argument." mutation.sample.weak
expect 'an argument of no mutant' 1 ":1: $fits has no mutant <= to >= in" fits.c "$fits: <= to >=
    $line
    An argument." mutation.sample.strong
expect 'an argument of another line' 1 ":1: $fits has no mutant <= to < in" fits.c "$fits: <= to <
    return size <= end;
    An argument." mutation.sample.strong
expect 'an argument of a file not asked for, without its line' 1 ':1: oracles/zero.c has no line' \
    fits.c 'oracles/zero.c: == to !=
    return zero;
    An argument.' mutation.sample.strong
expect 'an entry without an argument' 2 ':1: an entry is' fits.c "$fits: <= to <
    $line" mutation.sample.strong
expect 'no such test' 3 'has no test mutation.sample.none' fits.c '' mutation.sample.none

diff -r "$here/sample" "$scratch/sample" || failures=$((failures + 1))
[ "$failures" -eq 0 ]
