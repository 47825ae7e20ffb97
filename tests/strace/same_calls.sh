#!/bin/sh
# SPDX-License-Identifier: MIT
# same_calls.sh: what the tap wrote down is what strace saw of the same child, call by call.
#
#   same_calls.sh BUILD_DIR
#
# For each known allocator on this machine `heapduel syscalls` runs a trace once, under strace. The
# calls that it shows for the trace (not those from while the library was loaded) must be, line for
# line, those that strace saw from the call by which the child asks for its RLIMIT_DATA, right before
# the run, to its end. One thing is left out of strace's side: when the run begins, and before a brk,
# the tap asks the kernel itself where the break is, by a brk(NULL). Exit status 77: strace is missing, older than 6.1, or may not
# trace here.
set -u

here=$(cd "$(dirname "$0")" && pwd)
if [ $# -ne 1 ]; then echo "usage: same_calls.sh BUILD_DIR" >&2; exit 2; fi
heapduel=$(cd "$1" && pwd)/bin/heapduel || exit 2
calls=mmap,munmap,mremap,madvise,mprotect,brk,mincore
at_least=3 # calls that each allocator must have made for the comparison to say anything

skip() { echo "skipped: $1"; exit 77; }

version=$(strace --version 2>/dev/null | sed -n '1s/^strace -- version \([0-9.]*\).*/\1/p')
[ -n "$version" ] || skip "no strace"
printf '6.1\n%s\n' "$version" | sort -V -C || skip "strace $version is older than 6.1"
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"

scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C

# Of strace's file, the memory calls of the run. It begins with a question; every brk comes as two, of
# which the first is the tap's question.
strace_calls() {
    awk '
        { sub(/^[0-9]+ +/, "") }
        /^prlimit64\(0, RLIMIT_DATA, NULL/ { beginning = 1; next }
        beginning { inside = /^brk\(NULL\)/; beginning = 0; next }
        /^exit_group/ { inside = 0 }
        !inside { next }
        /^brk\(/ && !asked {
            if ($0 !~ /^brk\(NULL\)/) print "brk without the question before it: " $0
            asked = 1
            next
        }
        { asked = 0; print }
    ' "$1"
}

# Of our text, the memory calls under the operations.
our_calls() {
    awk -v calls="$calls" '
        BEGIN { split(calls, list, ","); for (i in list) memory[list[i]] = 1 }
        /^  [^ ]/ { loading = $1 == "(loading)"; next }
        !loading && /^    / {
            sub(/^    /, "")
            name = $0
            sub(/\(.*/, "", name)
            if (name in memory) print
        }
    ' "$1"
}

failed=0
for allocator in $("$heapduel" list | awk '/^oracles/ { exit } $2 == "found" { print $1 }'); do
    strace -f -a 1 -e verbose=none -e signal=none -e trace="$calls",prlimit64,exit_group \
        -o "$scratch/strace" "$heapduel" syscalls --tap dispatch -a "$allocator" \
        "$here/blocks.trace" >"$scratch/text"
    status=$?
    [ $status -ne 3 ] || skip "no Syscall User Dispatch here"
    strace_calls "$scratch/strace" >"$scratch/theirs"
    our_calls "$scratch/text" >"$scratch/ours"
    count=$(wc -l <"$scratch/ours")
    echo "$allocator: $count calls"
    if [ $status -ne 0 ]; then echo "$allocator: exit status $status"; failed=1; fi
    if [ "$count" -lt $at_least ]; then echo "$allocator: that is too few"; failed=1; fi
    diff -u --label strace --label heapduel "$scratch/theirs" "$scratch/ours" || failed=1
done
exit $failed
