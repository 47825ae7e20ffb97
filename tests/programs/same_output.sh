#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# same_output.sh LIBBRKMAP CASE: a real program, on the C library's malloc and on libbrkmap.so: both
# times the same output and status 0. The case `limit` is programs that run out of address space: on
# both they end by themselves, with a status of their own and no signal. Exit status 77: the program
# is not on this machine.
set -uo pipefail
library=$1
case=$2
cd "$(dirname "$0")/../.." || exit 2

need() {
    command -v "$1" >/dev/null && return
    echo "skipped: no $1"
    exit 77
}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C HOME=$scratch PYTHONHASHSEED=0
export GIT_AUTHOR_DATE='2001-01-01 00:00:00 +0000' GIT_COMMITTER_DATE='2001-01-01 00:00:00 +0000'
unset MALLOC_ARENA_MAX GLIBC_TUNABLES

# Each is run in a folder of its own, which is $1, with the preload or without.
python_() {
    python3 -c '
import json, re, threading, hashlib
tree = {str(i): [{"n": j, "s": "x" * (j * 7 % 300)} for j in range(60)] for i in range(400)}
text = json.dumps(tree, sort_keys=True)
assert json.loads(text) == tree
parts = [None] * 4
def work(k):
    parts[k] = sum(len(m) for m in re.findall(r"x{%d,}" % (k + 5), text))
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
print(hashlib.sha256(text.encode()).hexdigest(), parts)'
}
git_() {
    git init -q -b main "$1/repository" && cd "$1/repository" || return
    git config user.name nobody && git config user.email nobody@example.org
    for i in {1..40}; do
        seq "$i" $((i * 50)) >"file$((i % 7))"
        git add . && git commit -qm "change $i" || return
    done
    git gc -q --aggressive && git fsck --full 2>&1 && git log --stat -p | sha256sum
}
compile() {
    "$1" -std=gnu17 -O2 -g -I. -D_GNU_SOURCE -c harness/model/page_index.c -o "$2/object" &&
        sha256sum <"$2/object"
}
sqlite_() {
    sqlite3 :memory: "
create table t(a integer primary key, b text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
  insert into t select i, printf('%08x', i * 2654435761 % 4294967296) from n;
create index i on t(b);
select count(*), min(b), max(b), sum(a) from t where b > '80000000';
delete from t where a % 3 = 0; vacuum;
select group_concat(b, '') from (select b from t order by b limit 50);"
}
perl_() {
    perl -e 'my %h; $h{$_ * 7919 % 100003} .= "v$_," for 1 .. 300000;
        print join("\n", map { "$_=" . length $h{$_} } (sort { $a <=> $b } keys %h)[0 .. 999]), "\n"'
}
packed() { # COMPRESSOR OPTION...
    seq 400000 | "$@" | "$1" -d | sha256sum
}
node_() {
    node -e 'const m = new Map();
        for (let i = 0; i < 200000; i++) m.set("k" + i, "v".repeat(i % 50));
        console.log([...m.values()].join("").length, JSON.stringify([...m].slice(0, 100)).length)'
}

run() { # FOLDER
    case $case in
    python) python_ ;;
    git) git_ "$1" ;;
    gcc | clang) compile "$case" "$1" ;;
    sqlite) sqlite_ ;;
    perl) perl_ ;;
    xz) packed xz -T2 --block-size=256KiB -1 ;;
    zstd) packed zstd -q -T2 -3 ;;
    node) node_ ;;
    *) echo "same_output.sh: no case $case" && return 2 ;;
    esac
}

# A program that takes memory until there is none says so itself.
exhaust() { # PRELOAD
    (ulimit -v 400000 && LD_PRELOAD=$1 perl -e 'my @a; push @a, "x" x 50000 while 1') >/dev/null 2>&1
    local perl=$?
    (ulimit -v 400000 && LD_PRELOAD=$1 sort -S 8G --parallel=2 /etc/passwd) >/dev/null 2>&1
    echo "perl $perl, sort $?"
}
if [[ $case = limit ]]; then
    need perl
    theirs=$(exhaust '')
    ours=$(exhaust "$library")
    echo "on the C library's malloc: $theirs; on libbrkmap.so: $ours"
    [[ $theirs = "$ours" ]]
    exit
fi

case $case in python) need python3 ;; sqlite) need sqlite3 ;; *) need "$case" ;; esac
mkdir "$scratch/theirs" "$scratch/ours"
(run "$scratch/theirs") >"$scratch/theirs.out" 2>&1 || { cat "$scratch/theirs.out" && exit 1; }
(export LD_PRELOAD=$library && run "$scratch/ours") >"$scratch/ours.out" 2>&1 ||
    { echo "on libbrkmap.so: status $?" && cat "$scratch/ours.out" && exit 1; }
[[ -s $scratch/ours.out ]] || { echo "no output" && exit 1; }
sed -i "s#$scratch/ours#$scratch/theirs#g" "$scratch/ours.out"
diff "$scratch/theirs.out" "$scratch/ours.out" && echo "the same $(wc -l <"$scratch/ours.out") lines"
