import type { ExportColours } from './chart-export.ts';

/**
 * Colours of the theme in use around an element. A custom property reads back as it was written, so each is asked for
 * through a probe whose `color` the browser has resolved.
 */
export function exportColours(element: Element): ExportColours {
  const probe = document.createElement('span');
  element.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    paper: resolve('--paper'),
    ink: resolve('--ink'),
    quiet: resolve('--ink-3'),
    line: resolve('--line'),
    runs: ['', ...[1, 2, 3, 4, 5].map((slot) => resolve(`--run-${slot}`))],
  };
  probe.remove();
  return colours;
}
