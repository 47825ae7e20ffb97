#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check.sh FOLDER SOURCE...: compiles the sources for aarch64 and runs them under qemu on the arm64
# libjemalloc.so.2 that ci/aarch64 put below FOLDER. Exit status: the program's; 77 something that is
# needed is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$1
shift
root=/usr/aarch64-linux-gnu
library=$folder/usr/lib/aarch64-linux-gnu/libjemalloc.so.2
missing() {
    echo "skipped: no $1; ci/aarch64 gets it"
    exit 77
}
command -v aarch64-linux-gnu-gcc >/dev/null || missing aarch64-linux-gnu-gcc
command -v qemu-aarch64 >/dev/null || missing qemu-aarch64
[[ -f $root/lib/libc.so.6 ]] || missing "$root/lib/libc.so.6"
[[ -f $library ]] || missing "$library"

aarch64-linux-gnu-gcc -std=gnu17 -O2 -g -D_GNU_SOURCE -I. -Wall -Wextra -Werror -Wshadow -Wconversion \
    -fno-strict-aliasing -fvisibility=hidden -o "$folder/check" "$@"
# Room for jemalloc's thread-local storage; its libstdc++ is the cross compiler's or Debian's.
exec qemu-aarch64 -L "$root" -E GLIBC_TUNABLES=glibc.rtld.optional_static_tls=65536 \
    -E LD_LIBRARY_PATH="$folder/usr/lib/aarch64-linux-gnu:$root/lib" "$folder/check" "$library"
