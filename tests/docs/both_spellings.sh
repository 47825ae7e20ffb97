#!/bin/sh
# SPDX-License-Identifier: MIT
# both_spellings.sh: the way into the kernel as objdump prints it, AT&T and Intel side by side.
#
#   both_spellings.sh LIBRARY FUNCTION
#
# From the function's begin to its first `syscall`; LIBRARY lies in the build whose heapduel comes
# first in PATH. Addresses are left out: they move with each change of the code around.
set -eu

library=$(dirname "$(command -v heapduel)")/../lib/$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for spelling in att intel; do
    objdump -d --no-show-raw-insn -M $spelling --disassemble="$2" "$library" |
        sed -n -e '/^ *[0-9a-f]*:\t/!d' -e 's/^ *[0-9a-f]*:\t//' -e 's/[[:space:]]*$//' \
            -e 's/[[:space:]][[:space:]]*/ /' -e p -e '/^syscall/q' >"$scratch/$spelling"
done
grep -qx syscall "$scratch/att" || { echo "$2 of $library makes no system call" >&2; exit 1; }
printf '%-24s%s\n' AT\&T Intel
paste "$scratch/att" "$scratch/intel" | awk -F '\t' '{ printf "%-24s%s\n", $1, $2 }'
