// SPDX-License-Identifier: MIT
// main.js: panels, and what changes them. `data-*` of the body say what was drawn: blocks, pixels
// of blocks (ink), errors, and milliseconds from the start to the first picture.

const errors = [];
window.addEventListener('error', (event) => {
    errors.push(event.message);
    document.body.dataset.errors = errors.length;
});

const page = {trace: null, panels: [], view: null, most: 0, colours: readColours(), pending: false};
const part = (id) => document.getElementById(id);

function chosenColour() {
    return document.querySelector('input[name=colour]:checked').value;
}

// ------------------------------------------------------------------------------ drawing

function draw() {
    const byAge = chosenColour() === 'age';
    let blocks = 0;
    let ink = 0;
    page.pending = false;
    for (const panel of page.panels) {
        const drawn = drawMap(panel, page.view, page.colours, byAge);
        drawMemory(panel, page.view, page.colours, page.most);
        drawCalls(panel, page.view, page.colours);
        blocks += drawn.blocks;
        ink += drawn.ink;
    }
    Object.assign(document.body.dataset, {blocks, ink, errors: errors.length});
}

// At most once for a picture on the screen.
function drawSoon() {
    if (page.pending) return;
    page.pending = true;
    requestAnimationFrame(draw);
}

function recolour() {
    page.colours = readColours();
    fillLegend(part('legend'), page.colours, chosenColour(), page.view.end);
    draw();
}

// ------------------------------------------------------------------------------ panels

function showTip(event, text) {
    const tip = part('tip');
    tip.hidden = text === '';
    if (tip.hidden) return;
    tip.textContent = text;
    const left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 18 + tip.offsetHeight < window.innerHeight;
    tip.style.left = left + 'px';
    tip.style.top = (below ? event.clientY + 18 : event.clientY - tip.offsetHeight - 8) + 'px';
}

function tipOf(panel, canvas, at) {
    if (at.share < 0 || at.share > 1) return '';
    if (canvas === panel.lines) return memoryText(panel, Math.floor(at.x));
    if (canvas === panel.calls) return callsText(panel, page.view, at.share);
    const i = blockAt(panel, page.view, at.x, at.u);
    return i >= 0 ? blockText(panel, page.trace, i) : '';
}

// For the keyboard: the block that is so many after the one chosen, among those in sight.
function choose(panel, by) {
    const {count, x0} = panel.lives;
    if (count === 0) return;
    const before = panel.chosen >= 0 ? panel.chosen : lastAtMost(x0, page.view.x[0]);
    panel.chosen = within(0, before + by, count - 1);
    const x = x0[panel.chosen];
    const u = panel.lives.u0[panel.chosen];
    page.view.x = broughtTo(page.view.x, page.view.end, x);
    panel.u = broughtTo(panel.u, 1, u);
    part('told').textContent = blockText(panel, page.trace, panel.chosen);
    drawSoon();
}

function forget(panel) {
    panel.chosen = -1;
    part('told').textContent = '';
    drawSoon();
}

function listen(panel, canvas) {
    listenToPointer(canvas, page.view, panel);
    listenToKeys(canvas, page.view, panel, {
        n: () => choose(panel, 1), p: () => choose(panel, -1), Escape: () => forget(panel)});
    canvas.addEventListener('mousemove', (event) => {
        showTip(event, tipOf(panel, canvas, pointed(page.view, panel, event)));
    });
    canvas.addEventListener('mouseleave', () => { part('tip').hidden = true; });
}

function canvasOf(className, label) {
    const canvas = element('canvas', undefined, className);
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', label);
    return canvas;
}

function headingOf(allocator, trace) {
    const heading = element('h2', allocator.name);
    const notes = [];
    if (!allocator.ended)
        notes.push(`ended at operation ${grouped(allocator.reached)} of ${grouped(trace.count)}`);
    if (!allocator.seen) notes.push('its system calls were not seen');
    else if (allocator.ended && !allocator.tapped)
        notes.push('not all of its system calls were seen');
    if (allocator.callsDropped > 0)
        notes.push(`${counted(allocator.callsDropped, 'call')} not kept`);
    return notes.length > 0 ? [heading, element('p', notes.join('; '), 'note')] : [heading];
}

function panelOf(allocator, trace, findings) {
    const segments = segmentsOf(allocator.lives);
    const panel = {
        allocator, segments, u: [0, 1], chosen: -1, bins: null,
        lives: placeLives(allocator.lives, segments),
        extents: placeExtents(allocator.extents, segments),
        sizeClasses: Uint8Array.from(allocator.lives.usable, sizeClass),
        findings: findings.filter((finding) => finding.allocators.includes(allocator.name)),
        section: element('section', undefined, 'panel'),
    };
    const blocks = grouped(allocator.lives.count);
    panel.map = canvasOf('map', `Heap map of ${allocator.name}, ${blocks} blocks`);
    panel.lines = canvasOf('lines', `Memory of ${allocator.name} over operations`);
    panel.calls = canvasOf('calls', `System calls of ${allocator.name} over operations`);
    panel.section.append(...headingOf(allocator, trace), panel.map, panel.lines, panel.calls);
    return panel;
}

// ------------------------------------------------------------------------------ a trace

function showTrace(i) {
    const trace = readTrace(traceTexts[i].textContent);
    const findings = findingsOf(trace);
    page.trace = trace;
    page.most = Math.max(...trace.allocators.map(mostEver));
    page.view = new View(trace.count, drawSoon);
    page.panels = trace.allocators.map((one) => panelOf(one, trace, findings));
    part('panels').replaceChildren(...page.panels.map((panel) => panel.section));
    for (const panel of page.panels)
        for (const canvas of [panel.map, panel.lines, panel.calls]) listen(panel, canvas);
    const parts = [counted(trace.count, 'operation'), counted(trace.allocators.length, 'allocator'),
                   findings.length > 0 ? counted(findings.length, 'finding') : 'nothing found'];
    part('summary').textContent = `${trace.path}: ${parts.join(', ')}`;
    part('findings').hidden = findings.length === 0;
    fillFindings(part('findings').querySelector('ol'), findings, trace, (finding) => {
        page.view.showStep(finding.at);
        const panel = page.panels.find((one) => one.findings.includes(finding));
        panel.map.focus();
        panel.map.scrollIntoView({block: 'center'});
    });
    fillNeeds(part('needs'), trace);
    recolour();
}

function zoomButton(kind) {
    const {view, panels} = page;
    if (kind === 'wider') view.zoomX(0.5);
    if (kind === 'narrower') view.zoomX(2);
    if (kind === 'taller') panels.forEach((panel) => view.zoomU(panel, 0.5));
    if (kind === 'shorter') panels.forEach((panel) => view.zoomU(panel, 2));
    if (kind === 'whole') view.showAll(panels);
}

function onPaper(paper) {
    document.documentElement.classList.toggle('paper', paper);
    recolour();
}

function start() {
    const choice = part('trace');
    traceTexts.forEach((text, i) => {
        const path = JSON.parse(/^\{"path":("(?:[^"\\]|\\.)*")/.exec(text.textContent)[1]);
        const option = element('option', path);
        option.value = i;
        choice.append(option);
    });
    part('trace-choice').hidden = traceTexts.length < 2;
    part('version').textContent = 'heapduel ' + all.heapduel;
    const told = (question) => question.differs || all.allocators.length === 1;
    fillPolicies(part('policies'), all.policies.filter(told));
    fillPolicies(part('alike'), all.policies.filter((question) => !told(question)));
    showTrace(0);
    document.body.dataset.ms = Math.round(performance.now());

    choice.addEventListener('change', () => showTrace(Number(choice.value)));
    for (const radio of document.querySelectorAll('input[name=colour]'))
        radio.addEventListener('change', recolour);
    for (const button of document.querySelectorAll('[data-zoom]'))
        button.addEventListener('click', () => zoomButton(button.dataset.zoom));
    window.addEventListener('resize', drawSoon);
    window.addEventListener('beforeprint', () => onPaper(true));
    window.addEventListener('afterprint', () => onPaper(false));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
}

start();
