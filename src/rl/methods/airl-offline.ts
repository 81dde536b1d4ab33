/**
 * AIRL's losses on given numbers. Lines with the column `expert` (1 or 0 for every token) are the discriminator's: they also need `values`, the logits, and may
 * have `read` (1 where f is read; default everywhere). Others are the policy's: with the column `rewards`, one reward per token, their
 * advantages are computed in the form that is set; otherwise they are GRPO's.
 */
import { badFile } from '../../errors.ts';
import { discriminatorLoss } from '../airl/discriminator-learning.ts';
import { discountedAdvantages, meanAdvantages } from '../airl/returns.ts';
import type { Values } from '../experiment/field.ts';
import { constant } from '../learn/example.ts';
import {
  columnOf,
  exampleOfLine,
  type OfflineLine,
  type OfflineLoss,
  offlineGradient,
  tokensOf,
} from '../learn/offline.ts';
import type { airlSettings } from './airl-settings.ts';
import { grpo, grpoLoss } from './grpo.ts';
import { wholeGroups } from './offline-advantages.ts';

type Settings = Values<typeof airlSettings>;

/** @throws BadFile naming what a line lacks */
export function airlOffline(lines: readonly OfflineLine[], settings: Settings): OfflineLoss {
  const has = (name: string) => lines.some(({ columns }) => columns[name]);
  if (has('expert')) return discriminatorOffline(lines, settings);
  return has('rewards') ? rewardedOffline(lines, settings) : grpo.offline(lines, settings);
}

function discriminatorOffline(lines: readonly OfflineLine[], settings: Settings): OfflineLoss {
  const examples = lines.map((line) => {
    columnOf(line, 'values');
    const ones = constant(1, tokensOf(line));
    const expert = columnOf(line, 'expert');
    const { read = ones, copies = ones } = line.columns;
    const role = expert[0] === 1 ? 'expert' : 'solver';
    return { ...exampleOfLine(line, { expert, read, copies }), role };
  });
  if (settings.reward_loss === 'pairwise') requirePairs(lines);
  const loss = discriminatorLoss(settings);
  const gradient = offlineGradient(lines, examples, loss.of);
  return { ...gradient, metrics: { ...loss.metrics() } };
}

/** @throws BadFile where a line is not beside the other one of its pair, the expert's first */
function requirePairs(lines: readonly OfflineLine[]): void {
  lines.forEach((line, i) => {
    const first = i % 2 === 0;
    const other = lines[first ? i + 1 : i - 1];
    const isExpert = line.columns.expert[0] === 1;
    if (line.pair !== undefined && other?.pair === line.pair && isExpert === first) return;
    throw badFile(
      `${line.where}: pair`,
      `${line.where}: pair is not that of two lines next to each other, the expert’s first`,
      'Give the expert’s and then the other trace of each pair, both with its number.',
    );
  });
}

function rewardedOffline(lines: readonly OfflineLine[], settings: Settings): OfflineLoss {
  const { places, size } = wholeGroups(lines);
  const rewards = places.map((i) => Float64Array.from(columnOf(lines[i], 'rewards')));
  const grouping = { groupSize: size, centred: settings.center_rewards };
  const { rows, metrics } =
    settings.advantage_form === 'mean'
      ? meanAdvantages(rewards, settings.scale_rewards, grouping)
      : discountedAdvantages(rewards, settings.gamma, grouping);
  const examples = lines.map((line, i) => {
    if (settings.beta !== 0) columnOf(line, 'ref');
    if (settings.entropy_coef !== 0) columnOf(line, 'entropy');
    return exampleOfLine(line, { advantage: rows[places.indexOf(i)] });
  });
  const loss = grpoLoss(settings);
  const gradient = offlineGradient(lines, examples, loss.of);
  return { ...gradient, metrics: { ...metrics, ...loss.metrics(1) } };
}
