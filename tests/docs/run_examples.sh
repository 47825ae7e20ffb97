#!/bin/sh
# SPDX-License-Identifier: MIT
# run_examples.sh: the commands that a document shows still write what stands under them.
#
#   run_examples.sh [--update] BUILD_DIR DOCUMENT
#
# In a block that begins with ```console a line `$ COMMAND` is run by sh, in the folder named like
# the document without its ending, or where there is none in the source tree; `heapduel` is the one
# just built. What it writes must be the lines up to the next command or the end of the block.
# Addresses become 0x..., but offsets behind a + stay. --update writes them anew into the document.
# Exit status 77: an allocator that a command names with -a is not on this machine, or its system
# calls cannot be seen; of a command without -a that is every known one.
set -u

update=false
if [ "${1-}" = --update ]; then update=true; shift; fi
if [ $# -ne 2 ]; then echo "usage: run_examples.sh [--update] BUILD_DIR DOCUMENT" >&2; exit 2; fi
build=$(cd "$1" && pwd) || exit 2
document=$2
folder=${document%.md}
[ -d "$folder" ] || folder=$(cd "$(dirname "$0")/../.." && pwd)

PATH=$build/bin:$PATH
export PATH LC_ALL=C
unset MALLOC_CONF GLIBC_TUNABLES SCUDO_OPTIONS NO_COLOR
for name in $(env | sed -n 's/^\(MIMALLOC_[A-Z_]*\|TCMALLOC_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

echo heapduel-trace 1 >"$scratch/empty.trace"
named=$(grep '^\$ ' "$document" | grep -o -e '-a [a-z]*' | sed 's/-a //' | sort -u)
if grep '^\$ ' "$document" | grep -v -q -e ' -a '; then
    named=$(heapduel list | sed '1d; /^$/,$d' | awk '{ print $1 }')
fi
for allocator in $named; do
    heapduel syscalls -a "$allocator" "$scratch/empty.trace" >/dev/null 2>"$scratch/why"
    if [ $? -eq 3 ]; then echo "skipped: $(cat "$scratch/why")"; exit 77; fi
done

# The document with what the commands write now.
awk -v folder="$folder" '
    BEGIN {
        short = " 2>&1 | sed -e \"s/+0x/+HEX/g\" -e \"s/0x[0-9a-f]\\{6,\\}/0x.../g\""
        short = short " -e \"s/+HEX/+0x/g\""
    }
    /^```console$/ { inside = 1; print; next }
    /^```$/ { inside = 0; print; next }
    !inside { print; next }
    /^\$ / {
        print
        command = "cd \"" folder "\" && { " substr($0, 3) "; }" short
        while ((command | getline line) > 0) print line
        close(command)
    }
' "$document" >"$scratch/now" || exit 2

if [ "$(grep -c '^\$ ' "$document")" -eq 0 ]; then echo "no command in $document"; exit 1; fi
if $update; then
    cp "$scratch/now" "$document"
else
    diff -u --label "$document" --label now "$document" "$scratch/now"
fi
