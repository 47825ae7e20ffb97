#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check_report.sh BUILD_DIR PYTHON: opens a page of `heapduel report` in headless Chromium, in light
# and in dark, and checks what it says of itself, what is to be seen, and what a pointer is told.
# Exit status 77: there is no browser.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
python=$2

browser=$(command -v chromium-headless-shell || command -v chromium) ||
    { echo "skipped: no chromium-headless-shell; ci/chromium gets it" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Opens page.html in a mode of colours (0 dark, 1 light); the document goes to FILE.html, a picture
# to FILE.png. Without a network: it has none to go to.
open_page() {
    "$browser" --headless --no-sandbox --disable-gpu --disable-background-networking \
        --hide-scrollbars --user-data-dir="$work/profile" --proxy-server=127.0.0.1:9 \
        --window-size=800,900 --blink-settings=preferredColorScheme="$1" \
        --screenshot="$work/$2.png" --dump-dom "file://$work/page.html" >"$2.html" 2>"$2.log" ||
        { cat "$2.log"; exit 1; }
}

# What the body says of itself under a name.
said() { sed -n "s/.*<body[^>]* data-$2=\"\([0-9]*\)\".*/\1/p" "$1.html"; }

fail() { echo "$*"; exit 1; }

# A path that is markup, 600 blocks of all sizes, each freed but for the last, and a finding. The
# library's name is markup too: it dies in the first free.
mkdir '<'
trace='</script><b id=markup>.trace'
awk 'BEGIN {
    print "heapduel-trace 1"
    for (i = 1; i <= 600; i++) {
        print i " = malloc " int(2 ^ (i % 22) + i)
        if (i > 40) print "free " i - 40
    }
}' >"$trace"
library='<img id=markup src=x onerror=throw>.so'
ln -s "$build/tests/fixtures/segfault.so" "$library"
status=0
"$build/bin/heapduel" report -o page.html -a glibc -a brkmap -a "./$library" "$trace" \
    >summary 2>notes || status=$?
((status == 1)) || fail "status $status: $(cat notes)"

open_page 1 light
open_page 0 dark
for mode in light dark; do
    [[ $(said $mode errors) == 0 ]] || fail "$mode: a script failed: $(cat $mode.log)"
    # glibc and brkmap give all 600, the library 36 before it falls.
    [[ $(said $mode blocks) == 1236 ]] || fail "$mode: $(said $mode blocks) blocks are drawn"
    (($(said $mode ink) > 20000)) || fail "$mode: $(said $mode ink) pixels are blocks"
    grep -q 'id="markup"' $mode.html && fail "$mode: a name was taken for markup"
    grep -q '&lt;/script&gt;&lt;b id=markup&gt;.trace: 1,160 operations, 3 allocators' $mode.html ||
        fail "$mode: no summary"
    grep -q 'progress/free/SIGSEGV-in-call' $mode.html || fail "$mode: the finding is not named"
done
"$python" "$here/check_picture.py" light.png '#ffffff' '#c1121f' '#440154' '#404387' '#29788e' \
    '#22a884' '#bade28' '#0072b2'
"$python" "$here/check_picture.py" dark.png '#0d1117' '#ff7b72' '#3b528b' '#287c8e' '#22a785' \
    '#5ec962' '#fde725' '#56b4e9'

# Over the first panel, of glibc, a pointer is told what was called there. For another view calls are
# counted anew, and not for each move.
cat >>page.html <<'END'
<script>
{
    const count = countCalls;
    let counts = 0;
    countCalls = (...given) => { counts++; return count(...given); };
    const [{calls}] = page.panels;
    const box = calls.getBoundingClientRect();
    const tipAt = (x) => {
        calls.dispatchEvent(new MouseEvent(
            'mousemove', {clientX: box.left + MARGIN.left + x, clientY: box.top + 10}));
        return part('tip').textContent;
    };
    const tips = [tipAt(1), tipAt(200)];
    document.body.dataset.counts = counts;
    page.view.zoomX(0.25, 0);
    tips.push(tipAt(1), tipAt(200));
    document.body.dataset.zoomed = counts;
    document.body.dataset.tips = tips.join('; ');
}
</script>
END
open_page 1 pointer
[[ $(said pointer errors) == 0 ]] || fail "pointer: a script failed: $(cat pointer.log)"
[[ $(said pointer counts) == 0 ]] || fail "pointer: $(said pointer counts) counts in the same view"
[[ $(said pointer zoomed) == 1 ]] || fail "pointer: $(said pointer zoomed) counts for another view"
from_first='steps 1 to [0-9]+: [0-9]+ brk[^;]*'
behind='steps [0-9]{2,} to [0-9]+: [^;"]*'
grep -Eq "data-tips=\"$from_first; $behind; $from_first; $behind\"" pointer.html ||
    fail "pointer: $(grep -o 'data-tips="[^"]*' pointer.html)"
