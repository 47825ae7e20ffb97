#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check_brkmap.sh PROGRAM SOURCE...: compiles the sources for aarch64 and runs them under qemu. Exit
# status: the program's; 77 what is needed is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$1
shift
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool; ci/aarch64 gets it" && exit 77; }
done
aarch64-linux-gnu-gcc -std=gnu17 -O2 -g -D_GNU_SOURCE -I. -Wall -Wextra -Werror -Wshadow -Wconversion \
    -fno-strict-aliasing -fvisibility=hidden -o "$program" "$@"
exec qemu-aarch64 -L /usr/aarch64-linux-gnu "$program"
