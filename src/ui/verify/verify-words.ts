/** What came of verifying, in words and as a file. */
import { BUILD } from '../../build.ts';
import type { Difference } from '../../lab/bundle/compare.ts';
import { formatNumber, plural } from '../format.ts';
import { fromElsewhere } from '../recording/row-watch.ts';
import type { Item } from './verify-list.ts';

/** Equal in every row of its bundle. */
export function isEqual({ state, watched }: Item): boolean {
  return state === 'compared' && watched?.compared.first_difference === null;
}

/** One line for all of them. */
export function summaryText(items: readonly Item[]): string {
  const done = items.filter(({ state }) => state !== 'waiting' && state !== 'running');
  const equal = done.filter(isEqual).length;
  const differ = done.filter((item) => item.state === 'compared' && !isEqual(item)).length;
  const not = done.length - equal - differ;
  const left = items.length - done.length;
  const parts = [
    `${equal} of ${plural(items.length, 'run')} equal in every row`,
    ...(differ > 0 ? [`${differ} differ`] : []),
    ...(not > 0 ? [`${not} not verified`] : []),
    ...(left > 0 ? [`${left} to go`] : []),
  ];
  return parts.join(', ');
}

/** How one stands. */
export function outcomeText(item: Item): string {
  const { state, bundle, watched, why } = item;
  const all = bundle?.metrics.length ?? 0;
  const { rows = 0, equal_rows: equal = 0 } = watched?.compared ?? {};
  switch (state) {
    case 'waiting':
      return 'waits';
    case 'running':
      return all === 0 ? 'is opened' : `row ${rows} of ${all}${rows > equal ? ', differs' : ''}`;
    case 'refused':
      return `not verified: ${why}`;
    case 'ended':
      return `not verified: ${why} after row ${rows} of ${all}`;
    case 'compared':
      return isEqual(item)
        ? `equal in all ${plural(all, 'row')}`
        : `differs in ${plural(all - equal, 'row')} of ${all}`;
  }
}

/** From which step it differs, in which number, and by how much at most; empty where nothing does. */
export function differsText({ watched }: Item): string {
  const { first_difference: first, largest_difference: largest } = watched?.compared ?? {};
  if (!first) return '';
  const most = largest
    ? `; at most ${formatNumber(100 * largest.share)} %, in ${largest.column} at step ${largest.step}`
    : '';
  return `From step ${first.step}: ${first.column} is ${value(first.recorded)} in the file, ${value(first.here)} here${most}`;
}

/** Why a difference may be rounding; empty where there is no difference, or no such reason. */
export function reasonText(item: Item): string {
  const { bundle, watched } = item;
  if (!bundle || !watched?.compared.first_difference) return '';
  return fromElsewhere(bundle.manifest, watched.here)
    ? `Made by build ${bundle.manifest.build} on ${bundle.manifest.adapter}, or with other micro-batches or kernels than here: rounding may differ.`
    : 'Build, adapter, micro-batches and kernels are the same as here, so every bit should be: the file was changed, or something here is wrong.';
}

function value(one: Difference['here']): string {
  if (one === undefined) return 'absent';
  return one === null ? 'no number' : String(one);
}

/** All that was found, for a paper's files. */
export function summaryJson(items: readonly Item[]): string {
  const runs = items.map((item) => {
    const { name, state, bundle, watched, why } = item;
    return {
      ...{ name, state, ...(why !== '' && { why }) },
      ...(bundle && {
        ...{ seed: bundle.experiment.seed, hash: bundle.hash, rows: bundle.metrics.length },
        ...{ build: bundle.manifest.build, adapter: bundle.manifest.adapter },
      }),
      ...(watched && {
        ...{ equal: isEqual(item), compared: watched.compared },
        here: { build: BUILD, adapter: watched.here?.adapter ?? null },
      }),
    };
  });
  return `${JSON.stringify({ version: 1, summary: summaryText(items), runs }, null, 1)}\n`;
}
