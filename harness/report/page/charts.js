// SPDX-License-Identifier: MIT
// charts.js: memory and system calls over operations, below a map and with its operations.

const CALL_COLUMNS = ['brk', 'mmap', 'munmap', 'mremap', 'madvise', 'mprotect', 'others'];
const CHART_BOTTOM = 18; // CSS pixels: the numbers of operations
const BIN = 5;           // CSS pixels of a bar

// By the number of a call in the data.
const columnOfCall = all.calls.map((name) => {
    const column = CALL_COLUMNS.indexOf(name);
    return column >= 0 ? column : CALL_COLUMNS.length - 1;
});

// Round numbers, at most about `most`, over a window.
function ticks(window, most) {
    const rough = (window[1] - window[0]) / most;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(1, [1, 2, 5, 10].map((k) => k * ten).find((size) => size >= rough));
    const found = [];
    for (let at = Math.ceil(window[0] / step) * step; at <= window[1]; at += step) found.push(at);
    return found;
}

function valueAt(series, step) {
    const i = lastAtMost(series.step, step);
    return i >= 0 ? series.bytes[i] : 0;
}

// The most of a series in (from, to], what held at `from` with it.
function mostOf(series, from, to) {
    let most = valueAt(series, from);
    const {step, bytes} = series;
    for (let i = lastAtMost(step, from) + 1; i < step.length && step[i] <= to; i++)
        most = Math.max(most, bytes[i]);
    return most;
}

function mostAsked(allocator, from, to) {
    let most = 0;
    const last = Math.min(allocator.reached, Math.floor(to));
    for (let step = Math.max(0, Math.floor(from)); step <= last; step++)
        most = Math.max(most, allocator.asked[step]);
    return most;
}

// ------------------------------------------------------------------------------ axes

function drawFrame(context, width, height, colours) {
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.strokeRect(MARGIN.left + 0.5, 0.5, width - 1, height - 1);
}

function drawSide(context, text, y, colours) {
    context.fillStyle = colours.soft;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText(text, MARGIN.left - 6, y);
}

function drawOperations(context, view, width, y, colours) {
    context.fillStyle = colours.soft;
    context.textAlign = 'center';
    context.textBaseline = 'top';
    for (const at of ticks(view.x, width / 90)) {
        const x = MARGIN.left + (at - view.x[0]) / (view.x[1] - view.x[0]) * width;
        if (x < MARGIN.left + 20 || x > MARGIN.left + width - 20) continue;
        context.fillRect(x, y, 1, 3);
        context.fillText(grouped(at), x, y + 5);
    }
    context.textAlign = 'right';
    context.fillText('operations', MARGIN.left - 6, y + 5);
}

// ------------------------------------------------------------------------------ memory

const LEAST = 4096; // bytes: what is less is drawn at the bottom

// By the logarithm: the distance of two lines is their ratio, and a heap of some KiB can be seen
// beside one of many MiB.
function heightOf(bytes, most, height) {
    const share = bytes <= LEAST ? 0 : Math.log2(bytes / LEAST) / Math.log2(most / LEAST);
    return height - 3 - share * (height - 8);
}

function drawBytes(context, width, height, most, colours) {
    context.fillStyle = colours.line;
    for (let bytes = LEAST; bytes <= most; bytes *= 16) {
        const y = heightOf(bytes, most, height);
        context.fillRect(MARGIN.left, Math.round(y), width, 0.5);
    }
    for (let bytes = LEAST; bytes <= most; bytes *= 16)
        drawSide(context, bytesText(bytes), heightOf(bytes, most, height), colours);
}

function drawLine(context, view, width, height, most, value, colour, dash) {
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.setLineDash(dash);
    context.beginPath();
    const size = (view.x[1] - view.x[0]) / width;
    for (let x = 0; x < width; x++) {
        const from = view.x[0] + x * size;
        const bytes = value(from, from + size);
        if (bytes === null) continue;
        const y = heightOf(bytes, most, height);
        if (x === 0) context.moveTo(MARGIN.left + x, y);
        else context.lineTo(MARGIN.left + x, y);
    }
    context.stroke();
    context.setLineDash([]);
}

function mostEver(allocator) {
    const peak = allocator.seen ? mostOf(allocator.mapped, 0, Infinity) : 0;
    return Math.max(peak, mostAsked(allocator, 0, Infinity), 2 * LEAST);
}

function drawMemory(panel, view, colours, most) {
    const {context, width: whole, height: all_} = readyCanvas(panel.lines);
    const width = whole - MARGIN.left - MARGIN.right;
    const height = all_ - 4;
    const {allocator} = panel;
    const upTo = (value) => (from, to) => from > allocator.reached ? null : value(from, to);
    context.clearRect(0, 0, whole, all_);
    drawFrame(context, width, height, colours);
    drawBytes(context, width, height, most, colours);
    if (allocator.seen) {
        drawLine(context, view, width, height, most,
                 upTo((from, to) => mostOf(allocator.mapped, from, to)), colours.mappedLine, []);
        drawLine(context, view, width, height, most,
                 upTo((from, to) => mostOf(allocator.resident, from, to)), colours.residentLine,
                 [5, 3]);
    }
    drawLine(context, view, width, height, most,
             upTo((from, to) => mostAsked(allocator, from, to)), colours.asked, [1.5, 2.5]);
    drawFindings(context, panel.findings, view, width, height, colours, false);
}

function memoryText(panel, step) {
    const {allocator} = panel;
    const asked = allocator.asked[within(0, step, allocator.reached)];
    let text = `after step ${grouped(step)}: ${bytesText(asked)} asked for and live`;
    if (!allocator.seen) return text;
    const mapped = valueAt(allocator.mapped, step);
    text += `\n${bytesText(mapped)} mapped`;
    if (asked > 0) text += `, ${(mapped / asked).toFixed(2)} times that`;
    return text + `\n${bytesText(valueAt(allocator.resident, step))} resident when last looked at`;
}

// ------------------------------------------------------------------------------ system calls

// How many of each column in each of `count` equal parts of the window.
function countCalls(calls, x, count) {
    const counts = new Uint32Array(count * CALL_COLUMNS.length);
    const size = (x[1] - x[0]) / count;
    for (let i = lastAtMost(calls.step, x[0]) + 1; i < calls.step.length; i++) {
        const bin = Math.floor((calls.step[i] - 1 - x[0]) / size);
        if (bin >= count) break;
        if (bin >= 0) counts[bin * CALL_COLUMNS.length + columnOfCall[calls.name[i]]]++;
    }
    return counts;
}

// The bins of what is in sight, kept until there is room for more or fewer or the view's window is
// another array.
function callBins(panel, view) {
    const width = panel.calls.clientWidth - MARGIN.left - MARGIN.right;
    const count = Math.max(1, Math.floor(width / BIN));
    const {bins} = panel;
    if (bins !== null && bins.x === view.x && bins.count === count) return bins;
    panel.bins = {x: view.x, count, counts: countCalls(panel.allocator.calls, view.x, count)};
    return panel.bins;
}

function callsIn(bins, bin) {
    return bins.counts.slice(bin * CALL_COLUMNS.length, (bin + 1) * CALL_COLUMNS.length);
}

function drawCalls(panel, view, colours) {
    const {context, width: whole, height: all_} = readyCanvas(panel.calls);
    const width = whole - MARGIN.left - MARGIN.right;
    const height = all_ - CHART_BOTTOM;
    const bins = callBins(panel, view);
    const {count, counts} = bins;
    const kinds = CALL_COLUMNS.length;
    let most = 0;
    for (let bin = 0; bin < count; bin++)
        most = Math.max(most, callsIn(bins, bin).reduce((a, b) => a + b, 0));
    context.clearRect(0, 0, whole, all_);
    drawFrame(context, width, height, colours);
    drawSide(context, most > 0 ? counted(most, 'call') : 'no call', 8, colours);
    for (let bin = 0; most > 0 && bin < count; bin++) {
        let y = height - 1;
        for (let kind = 0; kind < kinds; kind++) {
            const tall = counts[bin * kinds + kind] / most * (height - 4);
            context.fillStyle = colours.calls[kind];
            context.fillRect(MARGIN.left + bin / count * width, y - tall, width / count - 1, tall);
            y -= tall;
        }
    }
    drawFindings(context, panel.findings, view, width, height, colours, false);
    drawOperations(context, view, width, height, colours);
}

function callsText(panel, view, share) {
    const bins = callBins(panel, view);
    const bin = within(0, Math.floor(share * bins.count), bins.count - 1);
    const counts = callsIn(bins, bin);
    const said = CALL_COLUMNS.map((name, i) => [counts[i], name]).filter(([count]) => count > 0);
    const size = (view.x[1] - view.x[0]) / bins.count;
    const from = Math.floor(view.x[0] + bin * size) + 1;
    const to = Math.max(from, Math.floor(view.x[0] + (bin + 1) * size));
    return `steps ${grouped(from)} to ${grouped(to)}: `
        + (said.map(([count, name]) => `${grouped(count)} ${name}`).join(', ') || 'no call');
}
