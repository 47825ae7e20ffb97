#!/bin/sh
# SPDX-License-Identifier: MIT
# check_options.sh: every option in a table like options.txt is one that its allocator knows, so
# that no line of it is the allocator as it comes under another name.
#
#   check_options.sh TABLE
#
# An allocator that is not on this machine is left out.
set -u

if [ $# -ne 1 ]; then echo "usage: check_options.sh TABLE" >&2; exit 2; fi
unknown=0

# The library in which an allocator's options have their names; nothing where they are looked up in
# another way.
library_of() {
    case $1 in
    mimalloc) /sbin/ldconfig -p | sed -n 's/.*libmimalloc\.so\.[23] .*=> //p' | head -n 1 ;;
    tcmalloc) /sbin/ldconfig -p | sed -n 's/.*libtcmalloc_minimal\.so\.4 .*=> //p' | head -n 1 ;;
    scudo) ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.scudo_standalone-*.so 2>/dev/null |
        tail -n 1 ;;
    esac
}

# check ALLOCATOR VARIABLE=VALUE
check() {
    variable=${2%%=*}
    value=${2#*=}
    library=$(library_of "$1")
    case $variable in
    GLIBC_TUNABLES)
        known=$(/lib64/ld-linux-x86-64.so.2 --list-tunables)
        names=$(echo "$value" | tr : '\n' | sed 's/=.*//')
        ;;
    MALLOC_CONF) # whoever does not know one aborts
        known=abort_conf:true
        names=$(echo "$value" | sed 's/,.*//')
        ;;
    MIMALLOC_*)
        names=$(echo "${variable#MIMALLOC_}" | tr '[:upper:]' '[:lower:]')
        ;;
    SCUDO_OPTIONS) names=$(echo "$value" | tr : '\n' | sed 's/=.*//') ;;
    *) names=$variable ;;
    esac
    case $variable in
    GLIBC_TUNABLES | MALLOC_CONF) ;;
    *)
        [ -n "$library" ] || return
        known=$(tr -c '[:alnum:]_' '\n' <"$library" | sort -u)
        ;;
    esac
    for name in $names; do
        if ! echo "$known" | grep -q -- "$name"; then
            echo "$1: no option $name, in $2"
            unknown=1
        fi
    done
}

lines=0
while IFS='|' read -r allocator environment rest; do
    case $allocator in '#'* | '') continue ;; esac
    lines=$((lines + 1))
    for setting in $environment; do
        if [ "$setting" != - ]; then check "$(echo "$allocator" | tr -d ' ')" "$setting"; fi
    done
done <"$1"
if [ "$lines" -eq 0 ]; then echo "$1 has no line"; exit 1; fi
exit $unknown
