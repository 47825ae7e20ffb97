// SPDX-License-Identifier: MIT
// colours.js: colours from the style sheet, for what is drawn pixel by pixel.

const SIZES = [16, 32, 64, 128, 256, 1024, 4096, 32768, 262144]; // upper ends; the last is open

// As canvases hold them: alpha, blue, green, red from the highest byte down.
function packed(colour) {
    const rgb = parseInt(colour.slice(1), 16);
    return (0xff000000 | (rgb & 0xff) << 16 | (rgb & 0xff00) | rgb >> 16) >>> 0;
}

function readColours() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue('--' + name).trim();
    const ramp = of('ramp').split(/\s+/);
    return {
        ground: of('ground'), panel: of('panel'), text: of('text'), soft: of('soft'),
        line: of('line'), mapped: of('mapped'), accent: of('accent'), finding: of('finding'),
        asked: of('asked'), mappedLine: of('mapped-line'), residentLine: of('resident-line'),
        ramp, calls: of('calls').split(/\s+/),
        packed: {ramp: ramp.map(packed), ground: packed(of('panel')), mapped: packed(of('mapped'))},
    };
}

function sizeClass(usable) {
    let i = 0;
    while (i < SIZES.length && usable > SIZES[i]) i++;
    return i;
}

// The least age, in operations, of each place on the ramp: by its logarithm, the whole trace past
// the last.
function ageStarts(count, ramp) {
    const doublings = Math.log2(2 + count);
    return Array.from({length: ramp}, (_, i) => Math.ceil(2 ** (i / ramp * doublings) - 1));
}

function legendItems(colour, count, ramp) {
    if (colour === 'age') return ageStarts(count, ramp).map((start) => 'from ' + grouped(start));
    return [...SIZES.map((size) => 'to ' + bytesText(size).replace(' bytes', '')), 'more'];
}
