// SPDX-License-Identifier: MIT
// map.js: a heap map. Blocks go into an array of pixels, which is faster than a call for each; text
// and lines are drawn over it.

const MAP_TOP = 14; // CSS pixels: the numbers of findings

// A canvas of the size that it has on the screen, in its own pixels, with CSS pixels as units.
function readyCanvas(canvas) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = '11px ui-monospace, monospace';
    return {context, ratio, width: canvas.clientWidth, height: canvas.clientHeight};
}

// Pixels of a rectangle of operations and addresses; at least one each way. null: not in sight.
function pixelsOf(shape, i, x, u, width, height) {
    if (shape.x1[i] < x[0] || shape.x0[i] > x[1]) return null;
    if (shape.u1[i] < u[0] || shape.u0[i] > u[1]) return null;
    const scaleX = width / (x[1] - x[0]);
    const scaleY = height / (u[1] - u[0]);
    const left = within(0, Math.round((shape.x0[i] - x[0]) * scaleX), width - 1);
    const top = within(0, Math.round(height - (shape.u1[i] - u[0]) * scaleY), height - 1);
    const right = within(left + 1, Math.round((shape.x1[i] - x[0]) * scaleX), width);
    const bottom = within(top + 1, Math.round(height - (shape.u0[i] - u[0]) * scaleY), height);
    return [left, top, right, bottom];
}

// A pixel between neighbours, where there is room for it.
function inset(box) {
    if (box[2] - box[0] >= 5) box[2]--;
    if (box[3] - box[1] >= 4) box[1]++;
}

function fillBox(pixels, width, box, colour) {
    for (let y = box[1]; y < box[3]; y++)
        pixels.fill(colour, y * width + box[0], y * width + box[2]);
}

// Each part of a block in the colour of its age there. `born` is the pixel where it begins, `ages`
// are the least ages of the places on the ramp, in pixels.
function fillAged(pixels, width, box, born, ages, ramp) {
    const [first, top, right, bottom] = box;
    let left = first;
    for (let i = 0; left < right; i++) {
        const end = i + 1 < ages.length ? Math.min(right, Math.round(born + ages[i + 1])) : right;
        if (end <= left) continue;
        fillBox(pixels, width, [left, top, end, bottom], ramp[i]);
        left = end;
    }
}

// Draws extents and blocks into an image; returns how many blocks are in it, and on how many
// pixels.
function paintBlocks(image, panel, view, colours, byAge) {
    const {width, height} = image;
    const pixels = new Uint32Array(image.data.buffer);
    const {ramp, ground, mapped} = colours.packed;
    const scaleX = width / (view.x[1] - view.x[0]);
    const ages = ageStarts(view.end, ramp.length).map((age) => age * scaleX);
    let blocks = 0;
    let ink = 0;
    pixels.fill(ground);
    for (let i = 0; i < panel.extents.count; i++) {
        const box = pixelsOf(panel.extents, i, view.x, panel.u, width, height);
        if (box !== null) fillBox(pixels, width, box, mapped);
    }
    for (let i = 0; i < panel.lives.count; i++) {
        const box = pixelsOf(panel.lives, i, view.x, panel.u, width, height);
        if (box === null) continue;
        inset(box);
        const born = (panel.lives.x0[i] - view.x[0]) * scaleX;
        if (byAge) fillAged(pixels, width, box, born, ages, ramp);
        else fillBox(pixels, width, box, ramp[panel.sizeClasses[i]]);
        blocks++;
    }
    for (const pixel of pixels) ink += pixel !== ground && pixel !== mapped ? 1 : 0;
    return {blocks, ink};
}

// ------------------------------------------------------------------------------ over the blocks

function drawAddresses(context, panel, top, height, width, colours) {
    const yOf = (u) => top + height - (u - panel.u[0]) / (panel.u[1] - panel.u[0]) * height;
    let lowest = Infinity; // of the texts so far, which come from low addresses up
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    panel.segments.forEach((segment, i) => {
        const y0 = yOf(segment.u0);
        const y1 = yOf(segment.u1);
        const next = panel.segments[i + 1];
        if (next !== undefined) drawGap(context, yOf(next.u0), y1, width, colours);
        if (y0 < top || y1 > top + height) return;
        const y = Math.min(y0, top + height);
        const low = addressAt(panel.segments, Math.max(segment.u0, panel.u[0]));
        context.fillStyle = colours.soft;
        if (y > lowest - 12) return;
        context.fillText('0x' + Math.floor(low).toString(16), MARGIN.left - 6, y);
        lowest = y;
        if (Math.min(y0, top + height) - Math.max(y1, top) < 30) return;
        const high = addressAt(panel.segments, Math.min(segment.u1, panel.u[1]));
        context.fillText(bytesText(Math.round(high - low)), MARGIN.left - 6, y - 13);
        lowest = y - 13;
    });
}

function drawGap(context, y0, y1, width, colours) {
    context.fillStyle = colours.ground;
    context.fillRect(MARGIN.left, y0, width, y1 - y0);
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(MARGIN.left - 4, (y0 + y1) / 2);
    context.lineTo(MARGIN.left + width, (y0 + y1) / 2);
    context.stroke();
    context.setLineDash([]);
}

function drawFindings(context, findings, view, width, height, colours, numbered) {
    context.textAlign = 'center';
    context.textBaseline = 'top';
    let last = -Infinity; // the right end of the numbers so far
    for (const finding of findings) {
        const x = MARGIN.left + (finding.at - 0.5 - view.x[0]) / (view.x[1] - view.x[0]) * width;
        if (x < MARGIN.left - 1 || x > MARGIN.left + width + 6) continue;
        context.strokeStyle = context.fillStyle = colours.finding;
        context.lineWidth = 1.5;
        context.beginPath();
        context.moveTo(x, numbered ? MAP_TOP - 3 : 0);
        context.lineTo(x, height);
        context.stroke();
        if (!numbered) continue;
        const same = findings.filter((other) => other.at === finding.at);
        const numbers = same.map((other) => other.number).join(',');
        const half = context.measureText(numbers).width / 2;
        if (x - half < last) continue;
        context.fillText(numbers, x, 0);
        last = x + half + 4;
    }
}

function drawChosen(context, panel, view, top, width, height, colours) {
    if (panel.chosen < 0) return;
    const box = pixelsOf(panel.lives, panel.chosen, view.x, panel.u, width, height);
    if (box === null) return;
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.strokeRect(MARGIN.left + box[0] - 1.5, top + box[1] - 1.5,
                       box[2] - box[0] + 3, box[3] - box[1] + 3);
}

function drawMap(panel, view, colours, byAge) {
    const {context, ratio, width: all_, height: whole} = readyCanvas(panel.map);
    const width = all_ - MARGIN.left - MARGIN.right;
    const height = whole - MAP_TOP - 1;
    const image = context.createImageData(Math.max(1, Math.round(width * ratio)),
                                          Math.max(1, Math.round(height * ratio)));
    const drawn = paintBlocks(image, panel, view, colours, byAge);
    context.clearRect(0, 0, all_, whole);
    context.putImageData(image, Math.round(MARGIN.left * ratio), Math.round(MAP_TOP * ratio));
    drawAddresses(context, panel, MAP_TOP, height, width, colours);
    drawFindings(context, panel.findings, view, width, whole, colours, true);
    drawChosen(context, panel, view, MAP_TOP, width, height, colours);
    if (panel.lives.count === 0) {
        context.fillStyle = colours.soft;
        context.textAlign = 'left';
        context.fillText('no block was given', MARGIN.left + 10, MAP_TOP + 20);
    }
    return drawn;
}

// The block under a point, or one that is at most two pixels away; -1: none.
function blockAt(panel, view, x, u) {
    const nearX = 2 * (view.x[1] - view.x[0]) / panel.map.clientWidth;
    const nearU = 2 * (panel.u[1] - panel.u[0]) / panel.map.clientHeight;
    const {lives} = panel;
    let near = -1;
    for (let i = 0; i < lives.count; i++) {
        if (x < lives.x0[i] - nearX || x > lives.x1[i] + nearX) continue;
        if (u < lives.u0[i] - nearU || u > lives.u1[i] + nearU) continue;
        near = i;
        if (x >= lives.x0[i] && x < lives.x1[i] && u >= lives.u0[i] && u < lives.u1[i]) return i;
    }
    return near;
}

function blockText(panel, trace, i) {
    const {lives} = panel.allocator;
    const address = '0x' + lives.address[i].toString(16);
    const birth = lives.birth[i];
    const death = lives.death[i];
    const end = death <= panel.allocator.reached
        ? `step ${grouped(death)}: ${operationText(trace.ops, death)}`
        : 'lives at the end';
    return `step ${grouped(birth)}: ${operationText(trace.ops, birth)}\n${end}\n`
        + `${address}, ${bytesText(lives.usable[i])} usable, `
        + `${counted(death - birth, 'operation')} long`;
}
