#!/bin/sh
# SPDX-License-Identifier: MIT
# round_trip.sh: each trace of a folder, written in each form and read again, is the same trace; of
# a form that can say less, the trace in the plainer words of docs/cli.md.
#
#   round_trip.sh HEAPDUEL FOLDER SCRATCH_DIR
set -eu

heapduel=$1
folder=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"

# plain FORM: what .rep or mtrace says of the trace, as text.
plain() {
    awk -v form="$1" '
        { sub(/^@[0-9]+ /, "") }
        / = calloc / { $0 = $1 " = malloc " $4 * $5 }
        / = (aligned_alloc|posix_memalign|memalign) / { $0 = $1 " = malloc " $5 }
        form == "mtrace" && / = realloc / && !($1 in live) { $0 = $1 " = malloc " $5 }
        form == "mtrace" && $1 == "free_null" { next }
        $2 == "=" { live[$1] }
        $1 == "free" { delete live[$2] }
        { print }'
}

# there_and_back OPTION ENDING WANTED: original.trace, through the form, is WANTED.
there_and_back() {
    "$heapduel" convert $1 original.trace "there.$2" 2>/dev/null
    "$heapduel" convert "there.$2" back.trace
    diff "$3" back.trace
}

cd "$scratch"
count=0
for trace in "$folder"/*.trace.zst; do
    echo "$trace"
    "$heapduel" convert "$trace" original.trace
    for ending in trace.zst bin bin.zst; do there_and_back '' $ending original.trace; done
    for form in rep mtrace; do
        plain $form <original.trace >$form.trace
        there_and_back --lenient $form $form.trace
        "$heapduel" convert back.trace again.$form # and of what it says, nothing is left out
        cmp there.$form again.$form
    done
    count=$((count + 1))
done
[ "$count" -gt 0 ]
