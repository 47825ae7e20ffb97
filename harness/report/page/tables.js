// SPDX-License-Identifier: MIT
// tables.js: what stands in words and numbers. Texts of the data go in as text alone.

function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className !== undefined) made.className = className;
    return made;
}

function row(cells, headings) {
    const made = element('tr');
    cells.forEach((cell, i) => {
        const isHeading = headings === 'all' || i === 0;
        const one = element(isHeading ? 'th' : 'td', cell);
        if (isHeading) one.scope = headings === 'all' ? 'col' : 'row';
        made.append(one);
    });
    return made;
}

function fillPolicies(table, questions) {
    table.replaceChildren(row(['', ...all.allocators], 'all'));
    let section = '';
    for (const question of questions) {
        if (question.section !== section) {
            const title = element('tr', undefined, 'section');
            const cell = element('th', question.section);
            cell.colSpan = all.allocators.length + 1;
            title.append(cell);
            table.append(title);
            section = question.section;
        }
        table.append(row([question.question, ...question.answers.map((answer) => answer || '-')]));
    }
}

function callsOf(footprint) {
    return Object.values(footprint.calls).reduce((sum, count) => sum + count, 0);
}

function fillNeeds(table, trace) {
    const names = ['allocator', 'blocks', 'system calls', 'mapped at most', 'resident at most',
                   'mapped to usable, over time', 'mapped at the end', 'after all is freed'];
    table.replaceChildren(row(names, 'all'));
    for (const one of trace.allocators) {
        const {footprint} = one;
        const memory = one.tapped
            ? [grouped(callsOf(footprint)), bytesText(footprint.mapped_peak),
               bytesText(one.residentPeak),
               one.mappedToLive !== null ? one.mappedToLive.toFixed(2) : '-',
               bytesText(footprint.mapped_end), bytesText(footprint.mapped_after)]
            : Array(6).fill('-');
        table.append(row([one.name, grouped(one.lives.count), ...memory]));
    }
    for (const cell of table.querySelectorAll('td, th[scope=col]:not(:first-child)'))
        cell.className = 'number';
}

function fillFindings(list, findings, trace, show) {
    list.replaceChildren();
    for (const finding of findings) {
        const item = element('li');
        const button = element('button', `${finding.allocators.join(', ')}: ${finding.signature}`);
        button.type = 'button';
        button.addEventListener('click', () => show(finding));
        const where = finding.at_end ? 'at the end' : `step ${grouped(finding.step)}`;
        const more = finding.repeats > 0 ? `, and ${grouped(finding.repeats)} more` : '';
        item.append(button, ` ${where}: ${finding.operation}${more}`,
                    element('code', finding.evidence));
        list.append(item);
    }
    const dropped = trace.allocators.reduce((sum, one) => sum + one.findingsDropped, 0);
    if (dropped > 0) list.append(element('p', `and ${grouped(dropped)} more that were not kept`));
}

function swatches(title, items, colours) {
    const made = element('div');
    const list = element('ul');
    items.forEach((item, i) => {
        const one = element('li');
        const swatch = element('i');
        swatch.style.background = colours[i];
        one.append(swatch, item);
        list.append(one);
    });
    made.append(element('b', title), list);
    return made;
}

function fillLegend(legend, colours, colour, count) {
    const title = colour === 'age' ? 'Age of a block, operations' : 'Usable size of a block, bytes';
    legend.replaceChildren(
        swatches(title, [...legendItems(colour, count, colours.ramp.length), 'mapped, no block'],
                 [...colours.ramp, colours.mapped]),
        swatches('Memory', ['mapped', 'resident (dashed)', 'asked for and live (dotted)'],
                 [colours.mappedLine, colours.residentLine, colours.asked]),
        swatches('System calls', CALL_COLUMNS, colours.calls));
}
