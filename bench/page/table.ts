/** The bench's report as tables of the page: the numbers and words of report.mjs. */
import { HEAD, rowsOf, summary, TITLES } from '../report.mjs';
import type { BenchReport } from './bench.ts';

function element(name: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function tableOf(rows: readonly (readonly string[])[]): HTMLElement {
  const scroll = element('div');
  scroll.className = 'scroll';
  const table = element('table');
  const head = element('tr');
  head.append(...HEAD.map((text) => element('th', text)));
  table.append(head);
  for (const cells of rows) {
    const row = element('tr');
    if (cells[0] === 'ours') row.className = 'ours';
    row.append(...cells.map((text) => element('td', text)));
    table.append(row);
  }
  scroll.append(table);
  return scroll;
}

/** Replaces the contents of a section with a report. */
export function show(section: HTMLElement, report: BenchReport): void {
  const parts = [
    element('h2', report.adapter),
    ...summary(report).map((text) => element('p', text)),
  ];
  for (const [group, title] of Object.entries(TITLES)) {
    const own = report.outcomes.filter((outcome) => outcome.group === group);
    if (own.length > 0) parts.push(element('h2', title));
    for (const outcome of own)
      parts.push(element('h3', outcome.name), tableOf(rowsOf(outcome, report)));
  }
  section.replaceChildren(...parts);
}
