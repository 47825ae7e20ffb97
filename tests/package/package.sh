#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# package.sh SOURCE BUILD WORK ENGINE: installs BUILD into WORK, and has another project (pool/)
# build its allocator with it: by find_package, and by HEAPDUEL_ALLOCATORS in a build of SOURCE.
# ENGINE is what BUILD was configured for. WORK is made anew.
set -euo pipefail

source=$1 build=$2 work=$3 engine=$4
pool=$source/tests/package/pool
prefix=$work/prefix
rm -rf "$work"
mkdir -p "$work"
cd "$work"
log=$work/log
# The test is one of some that run side by side, and inherits what the outer CMake exports.
unset CMAKE_GENERATOR DESTDIR
export CC=clang
[[ $engine != none ]] || export CC=gcc

fail() {
    echo "$1; the end of $log:" >&2
    tail -n 30 "$log" >&2
    exit 1
}

quietly() { # COMMAND...: it must succeed
    "$@" >"$log" 2>&1 || fail "'$*' fails"
}

says() { # TEXT: the last command said so, in how many lines whatever
    tr -s ' \n' '  ' <"$log" | grep -qF -- "$1" || fail "nothing says '$1'"
}

configure() { # FOLDER BUILD OPTION...
    cmake -G Ninja -S "$1" -B "$2" -DCMAKE_PREFIX_PATH="$prefix" "${@:3}"
}

# ---------------------------------------------------------------------------- installed

quietly cmake --install "$build" --prefix "$prefix"
programs=("$prefix"/libexec/heapduel/* "$prefix"/bin/*)
for program in "${programs[@]}"; do
    [[ -f $program ]] || continue
    strip -o stripped "$program" # debug information may say where it was compiled
    if grep -qaF -e "$source" -e "$build" stripped; then fail "$program has a path of its build"; fi
done
[[ -f $prefix/share/heapduel/seeds/lifo.trace ]] || fail "the seeds are not installed"

mkdir moved # whatever is found is found from where it stands
mv "$prefix" moved/prefix
prefix=$work/moved/prefix

quietly configure "$pool" outside
says "allocators are built for engine $engine"
quietly cmake --build outside
library=$work/outside/pool.so

# ---------------------------------------------------------------------------- its use

case $engine in
none)
    quietly ctest --test-dir outside --no-tests=error
    says "allocator.pool.seeds"
    quietly "$prefix/bin/heapduel" run -a "$library:pool_" "$prefix/share/heapduel/seeds"
    ;;
libfuzzer)
    quietly ctest --test-dir outside --no-tests=error
    says "allocator.pool.fuzz"
    # Of nothing but the library's edges: those of the program are brkmap's, and of reading text.
    quietly "$prefix/libexec/heapduel/fuzz_allocator" --allocator="$library:pool_" \
        --behaviour=off -seed=1 -runs=3000 -max_len=2048
    says "INFO: Loaded 2 modules"
    covered=$(awk '/^#3000.*DONE/ {for (i = 1; i < NF; i++) if ($i == "cov:") print $(i + 1)}' \
        "$log")
    ((${covered:-0} > 10)) || fail "cov is ${covered:-0}"
    ;;
afl)
    mkdir zeros
    head -c 240 /dev/zero >zeros/record # ten operations
    export AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
    export AFL_CUSTOM_MUTATOR_LIBRARY=$prefix/libexec/heapduel/libheapduel_mutator.so
    edges() { # LIBRARY: how many edges AFL++ finds
        rm -rf out
        quietly afl-fuzz -s 1 -E 1000 -G 2048 -t 20000 -i zeros -o out -- \
            "$prefix/libexec/heapduel/afl_allocator" --allocator="$1:pool_" --behaviour=off
        awk '$1 == "edges_found" {print $3}' out/default/fuzzer_stats
    }
    covered=$(edges "$library")
    quietly configure "$pool" uncovered -DHEAPDUEL_ENGINE=none
    quietly cmake --build uncovered
    plain=$(edges "$work/uncovered/pool.so")
    ((covered > plain + 10)) || fail "$covered edges are seen, and $plain without"
    quietly configure "$pool" theirs -DCMAKE_C_COMPILER=afl-clang-fast
    quietly cmake --build theirs
    theirs=$(edges "$work/theirs/pool.so")
    ((theirs > plain + 10)) || fail "$theirs edges are seen with afl-clang-fast, and $plain without"
    ;;
esac

# ---------------------------------------------------------------------------- in the build

quietly configure "$source" inside -DHEAPDUEL_ALLOCATORS="$pool" -DHEAPDUEL_ENGINE="$engine"
says "allocator pool: -a pool:pool_"
quietly cmake --build inside --target pool
mkdir -p inside/bin # the program is the same, and looks beside itself
cp "$build"/bin/* inside/bin/
case $engine in
none) quietly inside/bin/heapduel run -a pool:pool_ "$source/corpus/seeds/lifo.trace" ;;
libfuzzer) quietly inside/bin/fuzz_allocator --allocator=pool:pool_ -seed=1 -runs=1000 ;;
afl) # AFL++ would have it preloaded, where it is not afl-fuzz that runs it
    AFL_IGNORE_PROBLEMS=1 quietly inside/bin/afl_allocator --allocator=pool:pool_ \
        "$source/corpus/seeds/lifo.trace"
    ;;
esac

# ---------------------------------------------------------------------------- what is wrong is said

refuses() { # TEXT CALL: a project that makes this call is not configured, and is told TEXT
    rm -rf wrong wrong-build
    mkdir wrong
    cp "$pool"/pool.[ch] wrong/
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(wrong LANGUAGES C)' \
        'find_package(heapduel REQUIRED)' "$2" >wrong/CMakeLists.txt
    if configure wrong wrong-build >"$log" 2>&1; then fail "'$2' is taken"; fi
    says "$1"
}

refuses "NAME is missing" 'heapduel_add_allocator(SOURCES pool.c)'
refuses "mine has no SOURCES" 'heapduel_add_allocator(NAME mine)'
refuses "SOURCES needs a value" 'heapduel_add_allocator(NAME mine SOURCES)'
refuses "what is 'pool.c'?" 'heapduel_add_allocator(pool.c NAME mine SOURCES pool.c)'
refuses "NAME is letters" 'heapduel_add_allocator(NAME a/b SOURCES pool.c)'
refuses "there is a target 'mine' already" \
    'add_library(mine pool.c)
     heapduel_add_allocator(NAME mine SOURCES pool.c)'
refuses "PREFIX is what the names" 'heapduel_add_allocator(NAME mine SOURCES pool.c PREFIX my-)'
refuses "mine's POLICY" 'heapduel_add_allocator(NAME mine SOURCES pool.c POLICY none.policy)'
refuses "nowhere.c" 'heapduel_add_allocator(NAME mine SOURCES nowhere.c)'

if configure "$pool" engine -DHEAPDUEL_ENGINE=wrong >"$log" 2>&1; then fail "an engine is taken"; fi
says "HEAPDUEL_ENGINE is 'wrong'; installed beside this package: none"
if configure "$source" nowhere -DHEAPDUEL_ALLOCATORS="$work/none" >"$log" 2>&1; then
    fail "a folder that is not there is taken"
fi
says "has no CMakeLists.txt"
echo 'heapduel_add_allocator(NAME glibc SOURCES pool.c)' >wrong/CMakeLists.txt
if configure "$source" known -DHEAPDUEL_ALLOCATORS="$work/wrong" >"$log" 2>&1; then
    fail "a name that heapduel knows is taken"
fi
says "heapduel knows an allocator 'glibc'"

if [[ $engine == none ]]; then
    if "$prefix/bin/heapduel" run -a "$library:other_" "$source/corpus/seeds" >"$log" 2>&1; then
        fail "a prefix that no function has is taken"
    fi
    says "defines no other_malloc of its own; a prefix is given as FILE:PREFIX"
    echo '#error "not this time"' >wrong/pool.c
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(wrong LANGUAGES C)' \
        'find_package(heapduel REQUIRED)' \
        'heapduel_add_allocator(NAME mine SOURCES pool.c)' >wrong/CMakeLists.txt
    quietly configure wrong wrong-again
    if cmake --build wrong-again >"$log" 2>&1; then fail "what does not compile is built"; fi
    says "not this time"
fi
