#!/bin/sh
# SPDX-License-Identifier: MIT
# reproduces.sh: the program that `heapduel reproduce` writes shows the finding, and nothing else.
#
#   reproduces.sh BUILD_DIR LIBRARY TRACE SIGNATURE STATUS STATUS_ELSEWHERE [OPTION...]
#
# The program must compile with gcc and with clang without a warning, end with STATUS under the
# LIBRARY, and with STATUS_ELSEWHERE under libc's malloc. Where that is 3, heapduel must have said so.
# STATUS is one, or where chance decides several, with commas between them.
# A status of 1 or 3 comes with one line on stderr. Exit status 77: there is no compiler.
set -u

build=$1 library=$2 trace=$3 signature=$4 status=$5 elsewhere=$6
shift 6
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
unset LD_PRELOAD GLIBC_TUNABLES

"$build/bin/heapduel" reproduce -a "$library" -t 2 -m 256 --signature "$signature" "$@" \
    -o "$scratch/repro.c" "$trace"
written=$?
wanted=0
if [ "$elsewhere" -eq 3 ]; then wanted=3; fi
if [ $written -ne $wanted ]; then echo "heapduel reproduce: status $written, not $wanted"; exit 1; fi

# ends PROGRAM STATUS[,STATUS...] [VARIABLE=VALUE]
ends() {
    env ${3+"$3"} "$1" >"$1.out" 2>"$1.err"
    got=$?
    lines=$(grep -c . <"$1.err")
    case ,$2, in
        *,$got,*) ;;
        *) echo "${3-libc}: $1 ended with $got, not $2: $(cat "$1.err")"; return 1 ;;
    esac
    if [ $got -eq 1 ] || [ $got -eq 3 ]; then
        if [ "$lines" -ne 1 ]; then echo "${3-libc}: $1 wrote $lines lines on stderr"; return 1; fi
    fi
}

# A hang takes ten seconds: all at once.
tried=
pids=
for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    for level in 0 2; do
        program=$scratch/$cc$level
        tried=$program
        $cc -std=c17 -pthread -Wall -Wextra -Werror -O$level -o "$program" "$scratch/repro.c" || exit 1
        cp "$program" "$program.libc"
        ends "$program" "$status" "LD_PRELOAD=$library" &
        pids="$pids $!"
        ends "$program.libc" "$elsewhere" &
        pids="$pids $!"
    done
done
if [ -z "$tried" ]; then echo "skipped: there is no gcc and no clang"; exit 77; fi
failed=0
for pid in $pids; do wait "$pid" || failed=1; done
if [ $failed -ne 0 ]; then cat "$scratch/repro.c"; fi
exit $failed
