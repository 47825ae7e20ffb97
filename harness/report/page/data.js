'use strict';
// SPDX-License-Identifier: MIT
// data.js: the data of the page, and columns of numbers as the report writes them: LEB128 in
// base64; what is done with numbers everywhere.

const all = JSON.parse(document.getElementById('all').textContent);
const traceTexts = Array.from(document.querySelectorAll('script.trace'));

function bytesOf(text) {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
}

// Past 2^53 a number is rounded: sizes that no allocator serves.
function numbersOf(text) {
    const bytes = bytesOf(text);
    let count = 0;
    for (const byte of bytes) count += byte < 128 ? 1 : 0;
    const numbers = new Float64Array(count);
    let at = 0;
    let number = 0;
    let place = 1;
    for (const byte of bytes) {
        number += (byte & 127) * place;
        place *= 128;
        if (byte >= 128) continue;
        numbers[at++] = number;
        number = 0;
        place = 1;
    }
    return numbers;
}

function sumsOf(text) {
    const numbers = numbersOf(text);
    let sum = 0;
    for (let i = 0; i < numbers.length; i++) {
        const zigzag = numbers[i];
        sum += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
        numbers[i] = sum;
    }
    return numbers;
}

function within(least, number, most) {
    return Math.min(Math.max(least, number), most);
}

// The index of the last item at or below a number in a list that is sorted by `of`; -1: none.
function lastAtMost(sorted, number, of = (item) => item) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const half = (low + high) >> 1;
        if (of(sorted[half]) <= number) low = half + 1;
        else high = half;
    }
    return low - 1;
}

// ------------------------------------------------------------------------------ in words

function exactly(number) {
    return number <= Number.MAX_SAFE_INTEGER ? String(number) : 'about ' + number.toPrecision(3);
}

function grouped(number) {
    return number.toLocaleString('en-US');
}

function counted(number, thing) {
    return `${grouped(number)} ${thing}${number === 1 ? '' : 's'}`;
}

function bytesText(bytes) {
    if (bytes < 1024) return bytes === 1 ? '1 byte' : bytes + ' bytes';
    const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
    let unit = -1;
    for (; bytes >= 1024 && unit + 1 < units.length; unit++) bytes /= 1024;
    return (bytes < 100 ? Number(bytes.toFixed(1)) : Math.round(bytes)) + ' ' + units[unit];
}

// As a text trace has it.
function operationText(ops, step) {
    const i = step - 1;
    const kind = all.kinds[ops.kind[i]];
    let text = ops.thread[i] !== 0 ? '@' + ops.thread[i] + ' ' : '';
    if (kind.result) text += ops.slot[i] + ' = ';
    text += kind.text;
    if (kind.slot) text += ' ' + ops.slot[i];
    if (kind.count || kind.alignment) text += ' ' + exactly(ops.extra[i]);
    if (kind.size) text += ' ' + exactly(ops.size[i]);
    return text;
}

function askedOf(ops, step) {
    const i = step - 1;
    return all.kinds[ops.kind[i]].count ? ops.extra[i] * ops.size[i] : ops.size[i];
}

// ------------------------------------------------------------------------------ a trace

function livesOf(raw, ops) {
    const birth = sumsOf(raw.birth);
    const death = numbersOf(raw.span);
    const asked = new Float64Array(birth.length);
    for (let i = 0; i < birth.length; i++) {
        death[i] += birth[i];
        asked[i] = askedOf(ops, birth[i]);
    }
    return {count: birth.length, birth, death, asked,
            address: sumsOf(raw.address), usable: numbersOf(raw.usable)};
}

function extentsOf(raw) {
    const from = sumsOf(raw.extent_from);
    const to = numbersOf(raw.extent_span);
    const start = sumsOf(raw.extent_start);
    const end = numbersOf(raw.extent_size);
    for (let i = 0; i < from.length; i++) {
        to[i] += from[i];
        end[i] += start[i];
    }
    return {count: from.length, from, to, start, end};
}

// Bytes asked for and live after each operation, by its number.
function askedOverTime(lives, count) {
    const live = new Float64Array(count + 2);
    for (let i = 0; i < lives.count; i++) {
        live[lives.birth[i]] += lives.asked[i];
        live[lives.death[i]] -= lives.asked[i];
    }
    for (let step = 1; step < live.length; step++) live[step] += live[step - 1];
    return live;
}

function allocatorOf(raw, ops, count) {
    const lives = livesOf(raw, ops);
    return {
        name: raw.name, reached: raw.reached, ended: raw.ended, footprint: raw.footprint,
        seen: raw.seen,     // by a tap
        tapped: raw.tapped, // to the end, and all of it: the footprint holds
        residentPeak: raw.resident_peak, mappedToLive: raw.mapped_to_live,
        callsDropped: raw.calls_dropped,
        lives, extents: extentsOf(raw), asked: askedOverTime(lives, count),
        mapped: {step: sumsOf(raw.mapped_step), bytes: numbersOf(raw.mapped)},
        resident: {step: sumsOf(raw.resident_step), bytes: numbersOf(raw.resident)},
        calls: {step: sumsOf(raw.call_step), name: numbersOf(raw.call_name)},
        findings: raw.findings, findingsDropped: raw.findings_dropped,
    };
}

function readTrace(text) {
    const raw = JSON.parse(text);
    const ops = {};
    for (const name of ['kind', 'thread', 'slot', 'size', 'extra'])
        ops[name] = numbersOf(raw[name]);
    return {
        path: raw.path, count: raw.operations, ops, differences: raw.differences,
        allocators: raw.allocators.map((one) => allocatorOf(one, ops, raw.operations)),
    };
}

// Findings of all allocators, numbered from 1, in the order of their steps. Those of the frees at
// the end stand one past the last operation.
function findingsOf(trace) {
    const found = [];
    for (const one of trace.allocators)
        for (const finding of one.findings) found.push({...finding, allocators: [one.name]});
    found.push(...trace.differences);
    for (const finding of found) finding.at = Math.min(finding.step, trace.count + 1);
    found.sort((a, b) => a.at - b.at);
    found.forEach((finding, i) => { finding.number = i + 1; });
    return found;
}
