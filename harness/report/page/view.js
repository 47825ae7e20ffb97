// SPDX-License-Identifier: MIT
// view.js: which operations and addresses are shown, and the keys, wheel and drags that change it.

const MARGIN = {left: 108, right: 10}; // of each canvas, in CSS pixels

// A window [low, high] in [0, end]: zoomed around a place in it, or moved by a share of its width.
function zoomed(window, end, factor, around, least) {
    const size = Math.min(end, Math.max(least, (window[1] - window[0]) * factor));
    const share = (around - window[0]) / (window[1] - window[0]);
    return kept([around - share * size, around + (1 - share) * size], end);
}

function moved(window, end, share) {
    const by = share * (window[1] - window[0]);
    return kept([window[0] + by, window[1] + by], end);
}

function kept(window, end) {
    const size = window[1] - window[0];
    const low = within(0, window[0], end - size);
    return [low, low + size];
}

// The window where the place is in it, else the one around it.
function broughtTo(window, end, place) {
    if (window[0] <= place && place <= window[1]) return window;
    return kept(window.map((edge) => edge + place - middle(window)), end);
}

function middle(window) {
    return (window[0] + window[1]) / 2;
}

const X_LEAST = 4;    // operations
const U_LEAST = 1e-7; // of all addresses

class View {
    // `changed` is called when `x`, which all panels share, or some panel's `u` is another.
    constructor(count, changed) {
        this.end = Math.max(count, X_LEAST);
        this.x = [0, this.end];
        this.changed = changed;
    }

    zoomX(factor, around = middle(this.x)) {
        this.x = zoomed(this.x, this.end, factor, around, X_LEAST);
        this.changed();
    }

    zoomU(panel, factor, around = middle(panel.u)) {
        panel.u = zoomed(panel.u, 1, factor, around, U_LEAST);
        this.changed();
    }

    move(panel, shareX, shareU) {
        this.x = moved(this.x, this.end, shareX);
        panel.u = moved(panel.u, 1, shareU);
        this.changed();
    }

    showAll(panels) {
        this.x = [0, this.end];
        for (const panel of panels) panel.u = [0, 1];
        this.changed();
    }

    showStep(step) {
        const half = Math.max(X_LEAST, Math.min(this.end, 200)) / 2;
        this.x = kept([step - 0.5 - half, step - 0.5 + half], this.end);
        this.changed();
    }
}

// The operation and the place (0 to 1) under a pointer. A map begins below the numbers.
function pointed(view, panel, event) {
    const box = event.currentTarget.getBoundingClientRect();
    const top = event.currentTarget === panel.map ? MAP_TOP : 0;
    const x = (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    const y = 1 - (event.clientY - box.top - top) / (box.height - top);
    return {x: view.x[0] + x * (view.x[1] - view.x[0]), share: x,
            u: panel.u[0] + y * (panel.u[1] - panel.u[0])};
}

const KEYS = {
    ArrowLeft: (view, panel) => view.move(panel, -0.15, 0),
    ArrowRight: (view, panel) => view.move(panel, 0.15, 0),
    ArrowUp: (view, panel) => view.move(panel, 0, 0.15),
    ArrowDown: (view, panel) => view.move(panel, 0, -0.15),
    '+': (view) => view.zoomX(0.5),
    '=': (view) => view.zoomX(0.5),
    '-': (view) => view.zoomX(2),
    '>': (view, panel) => view.zoomU(panel, 0.5),
    '<': (view, panel) => view.zoomU(panel, 2),
    0: (view, panel) => view.showAll([panel]),
};

function listenToKeys(canvas, view, panel, more) {
    canvas.addEventListener('keydown', (event) => {
        const act = KEYS[event.key] || more[event.key];
        if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act(view, panel);
    });
}

function listenToPointer(canvas, view, panel) {
    let last = null;
    canvas.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        last = [event.clientX, event.clientY];
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (last === null) return;
        const width = canvas.clientWidth - MARGIN.left - MARGIN.right;
        const up = canvas === panel.map ? (event.clientY - last[1]) / canvas.clientHeight : 0;
        view.move(panel, (last[0] - event.clientX) / width, up);
        last = [event.clientX, event.clientY];
    });
    for (const end of ['pointerup', 'pointercancel'])
        canvas.addEventListener(end, () => { last = null; });
    canvas.addEventListener('wheel', (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        const at = pointed(view, panel, event);
        const by = event.deltaY !== 0 ? event.deltaY : event.deltaX; // Shift turns the wheel
        const factor = 1.002 ** by;
        if (event.shiftKey && canvas === panel.map) view.zoomU(panel, factor, at.u);
        else view.zoomX(factor, at.x);
    }, {passive: false});
    canvas.addEventListener('dblclick', (event) => {
        const at = pointed(view, panel, event);
        if (canvas === panel.map) view.zoomU(panel, 0.5, at.u);
        view.zoomX(0.5, at.x);
    });
}
