// SPDX-License-Identifier: MIT
// segments.js: addresses without the gaps between them, as places from 0 to 1.

const PAGE = 4096;
const GAP_MIN = 65536; // bytes: what is less is drawn as it is

// The union of ranges given by sorted starts and sorted ends, gaps of up to `gap` bytes with it.
function unite(starts, ends, gap) {
    const united = [];
    let depth = 0;
    let end = 0;
    for (let i = 0, k = 0; i < starts.length;) {
        if (starts[i] <= ends[k]) {
            if (depth++ === 0) {
                const last = united[united.length - 1];
                if (last === undefined || starts[i] - last.end > gap)
                    united.push({start: starts[i], end: starts[i]});
            }
            i++;
        } else {
            end = ends[k++];
            depth--;
            united[united.length - 1].end = end;
        }
    }
    if (united.length > 0) united[united.length - 1].end = ends[ends.length - 1];
    return united;
}

function sizesOf(segments) {
    return segments.reduce((sum, segment) => sum + segment.end - segment.start, 0);
}

// Segments {start, end, u0, u1} from the lowest address up.
function segmentsOf(lives) {
    const starts = new Float64Array(lives.count);
    const ends = new Float64Array(lives.count);
    for (let i = 0; i < lives.count; i++) {
        const end = lives.address[i] + Math.max(lives.usable[i], 1);
        starts[i] = Math.floor(lives.address[i] / PAGE) * PAGE;
        ends[i] = Math.ceil(end / PAGE) * PAGE;
    }
    starts.sort();
    ends.sort();
    const covered = sizesOf(unite(starts, ends, 0));
    const segments = unite(starts, ends, Math.max(GAP_MIN, covered / 50));
    const gap = segments.length > 1 ? Math.min(0.015, 0.2 / (segments.length - 1)) : 0;
    const roots = segments.reduce((sum, one) => sum + Math.sqrt(one.end - one.start), 0);
    const scale = (1 - gap * (segments.length - 1)) / roots;
    let u = 0;
    for (const segment of segments) {
        segment.u0 = u;
        segment.u1 = u + Math.sqrt(segment.end - segment.start) * scale;
        u = segment.u1 + gap;
    }
    return segments;
}

// The last segment that starts at or before the address; -1: none does.
function segmentAt(segments, address) {
    return lastAtMost(segments, address, (segment) => segment.start);
}

function placeIn(segment, address) {
    const share = (address - segment.start) / (segment.end - segment.start);
    return segment.u0 + share * (segment.u1 - segment.u0);
}

function addressAt(segments, u) {
    for (const one of segments) {
        const share = Math.max(0, u - one.u0) / (one.u1 - one.u0);
        if (u <= one.u1) return one.start + share * (one.end - one.start);
    }
    return segments.length > 0 ? segments[segments.length - 1].end : 0;
}

// Rectangles {count, x0, x1, u0, u1}: operations, places. The i-th is that of the i-th life.
function placeLives(lives, segments) {
    const u0 = new Float64Array(lives.count);
    const u1 = new Float64Array(lives.count);
    const x0 = new Float64Array(lives.count);
    const x1 = new Float64Array(lives.count);
    for (let i = 0; i < lives.count; i++) {
        const segment = segments[segmentAt(segments, lives.address[i])];
        u0[i] = placeIn(segment, lives.address[i]);
        u1[i] = placeIn(segment, lives.address[i] + lives.usable[i]);
        x0[i] = lives.birth[i] - 1;
        x1[i] = lives.death[i] - 1;
    }
    return {count: lives.count, x0, x1, u0, u1};
}

// One rectangle for each segment that an extent has a part of.
function placeExtents(extents, segments) {
    const rectangles = {count: 0, x0: [], x1: [], u0: [], u1: []};
    for (let i = 0; i < extents.count; i++) {
        const first = Math.max(0, segmentAt(segments, extents.start[i]));
        for (let k = first; k < segments.length && segments[k].start < extents.end[i]; k++) {
            const start = Math.max(extents.start[i], segments[k].start);
            const end = Math.min(extents.end[i], segments[k].end);
            if (start >= end) continue;
            rectangles.x0.push(Math.max(0, extents.from[i] - 1));
            rectangles.x1.push(extents.to[i] - 1);
            rectangles.u0.push(placeIn(segments[k], start));
            rectangles.u1.push(placeIn(segments[k], end));
            rectangles.count++;
        }
    }
    return rectangles;
}
