/** How other models take the trained models' answers over, on held-out questions. */

import { estimate } from '../../../src/rl/over-seeds.ts';
import { percent } from '../../lib/format.ts';
import type { RawEvaluation } from '../../lib/raw.ts';
import { type Block, figure, subheading, text } from '../../lib/report.ts';
import { evaluated, evaluationOf, type Results, scratchOf, transferTo } from '../../lib/results.ts';
import { armTable, effects, evaluatedColumn } from '../../lib/sections.ts';
import { lineFigure } from '../../lib/svg/line-chart.ts';
import { BASE, MAIN, startOf } from './measures.ts';

/** Right finishes of held-out answers against the cut, after training and before it. */
function heldOutByCut(
  results: Results,
  receivers: readonly (readonly [string, string])[],
): Block[] {
  const curve = (all: readonly RawEvaluation[], receiver: string) =>
    Array.from({ length: 10 }, (_, bucket) => bucket).flatMap((bucket) => {
      const rates = all.flatMap(
        ({ transfer }) =>
          transfer?.receivers.find((own) => own.receiver === receiver)?.success[bucket] ?? [],
      );
      const mean = estimate(rates);
      return mean ? [{ x: (bucket + 0.5) / 10, ...mean }] : [];
    });
  const tests = (owners: readonly { readonly evaluations: readonly RawEvaluation[] }[]) =>
    owners.flatMap((owner) => evaluationOf(owner, 'test') ?? []);
  const panels = receivers.map(([id, name]) => ({
    title: `Finished by ${name}`,
    unit: '%',
    times: 100,
    within: [0, 1] as const,
    x: 'cut' as const,
    lines: [
      ...[BASE, MAIN].map((arm, slot) => ({
        name: results.label(arm),
        points: curve(tests(results.runs.filter((run) => run.arm === arm)), id),
        slot,
      })),
      { name: 'before training', points: curve(tests(results.starts), id), slot: 4 },
    ].filter(({ points }) => points.length > 0),
  }));
  const drawn = lineFigure(
    'cut-held-out',
    'Right finishes against the cut, held out',
    'By the tenth in which the answer was cut. Mean over seeds; bands are 95 % intervals; before training is one model.',
    panels,
  );
  return drawn ? [figure(drawn)] : [];
}

/** Right finishes of the trained models' answers, by who finishes them. */
export function handing(results: Results): Block[] {
  const receivers = results.part.evaluation?.receivers ?? [];
  const own = startOf(results);
  const name = (id: string) => (id === own ? 'the start' : id.slice(id.indexOf('/') + 1));
  const rows = armTable(
    results,
    receivers.map((id) => evaluatedColumn(`${name(id)}, %`, 'test', transferTo(id), percent)),
  );
  if (rows.length === 0) return [];
  const scratch = results.starts.flatMap((start) => {
    const found = start.evaluations.find(({ split }) => split === 'test');
    return receivers.flatMap((id) => {
      const alone = found && scratchOf(id)(found);
      return alone === undefined ? [] : [`${name(id)} ${percent(alone)} %`];
    });
  });
  return [
    subheading('Handing over'),
    text(
      `How many of the answers to held-out questions, cut anywhere, another model finishes rightly: mean over tau in (0, 1]. Without any prefix they do, on the same questions: ${scratch.join(', ')}. An arm’s own receiver is known to it, the others are not.`,
    ),
    ...rows,
    ...heldOutByCut(
      results,
      receivers.map((id) => [id, name(id)]),
    ),
    ...effects(results, {
      name: 'transferability',
      title: 'Right finishes by the start, less those under RLVR',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: BASE,
      measure: evaluated('test', transferTo(own)),
    }),
  ];
}
