/**
 * The clipped objective as a picture: what a token adds to what is maximised, against its ratio, in units of the size of its advantage. All
 * tokens whose advantage has the same sign then lie on one line. It calls the functions that train.
 */
import { cappedWeight, clippedSurrogate } from '../../../rl/objectives/clip.ts';
import {
  type EveryLoss,
  settingsUnder,
  type UnderLoss,
  underEveryLoss,
} from '../../../rl/objectives/every-loss.ts';
import type { ObjectiveSettings } from '../../../rl/objectives/settings.ts';
import { passName } from '../../../rl/run/phases.ts';
import type { Frame, Point } from '../../plot/frame.ts';
import { exactScale, linearScale } from '../../plot/scale.ts';
import type { BatchAnswer, StepBatch } from '../step-batch.ts';

/** When log-probs were looked at: as a pass began, counted from 1, or after the last. */
export type Moment = number | 'after';

/** The moments that are known of an answer, in their order; none where the step was not done in phases. */
export function momentsOf({ tokens }: BatchAnswer['record']): readonly Moment[] {
  if (!tokens.before || !tokens.after) return [];
  let passes = 1;
  while (tokens[passName(passes + 1)]) passes += 1;
  return [...Array.from({ length: passes }, (_, i) => i + 1), 'after'];
}

/** An answer's log-probs at a moment; those that it was sampled with where none are known. */
export function logpAt({ record: { tokens } }: BatchAnswer, moment: Moment): readonly number[] {
  const at = moment === 'after' ? tokens.after : tokens[passName(moment)];
  return at ?? tokens.before ?? tokens.logprob;
}

/** An answer at a moment under the loss that trains; ratios are taken from the log-probs before the update. */
export function trainedAt(
  answer: BatchAnswer,
  moment: Moment,
  { trained, size, settings }: StepBatch,
): UnderLoss['answers'][number] | undefined {
  if (trained === null) return undefined;
  const { before } = answer.record.tokens;
  const known = before ? { ...answer, old: before } : answer;
  const logp = before ? logpAt(answer, moment) : answer.old;
  const all = underEveryLoss([known], [logp], size, () =>
    settingsUnder(trained, settings, trained),
  );
  return all.find(({ loss }) => loss === trained)?.answers[0];
}

/** What an advantage of 1 or −1 makes of a ratio. Of cispo, whose ratio is a weight: the push. */
export function objectiveAt(ratio: number, sign: 1 | -1, settings: ObjectiveSettings): number {
  if (settings.loss_type === 'cispo') return sign * cappedWeight(ratio, sign, settings).weight;
  return -clippedSurrogate(ratio, sign, settings).loss;
}

/** Ratios from which on a token of this sign is held: below, above, or both where `delta` caps too. */
function boundsOf(sign: 1 | -1, settings: ObjectiveSettings): readonly number[] {
  const { epsilon, epsilon_high, delta, loss_type } = settings;
  if (loss_type === 'cispo') return [epsilon_high ?? epsilon];
  if (sign > 0) return [1 + (epsilon_high ?? epsilon)];
  return [1 - epsilon, ...(delta === null ? [] : [delta])];
}

/** Ratios beyond are drawn at the edge. */
const FARTHEST = 3;
/** Sides of the clip that show beside it. */
const ROOM = 2.2;
/** Share of the line's height that is free above and below it. */
const ABOVE = 0.15;

export interface ClipView {
  readonly sign: 1 | -1;
  readonly frame: Frame;
  readonly line: readonly Point[];
  /** Stretches in which a token is held. */
  readonly held: readonly { readonly from: number; readonly to: number }[];
  /** Tokens of the kept answers with an advantage of this sign, one point a place. */
  readonly others: readonly Point[];
  /** How many tokens that are, and how many of them are held. */
  readonly tokens: number;
  readonly beyond: number;
  /** The token in focus, moment by moment. */
  readonly own: readonly (Point & { readonly moment: Moment })[];
}

interface Focus {
  readonly answer: BatchAnswer;
  readonly token: number;
  /** The moment at which the other tokens are shown. */
  readonly moment: Moment;
}

/** Advantages as the loss takes them. */
export function advantagesUnder(answer: BatchAnswer, loss: EveryLoss): ArrayLike<number> {
  return loss === 'ppo' ? answer.critic : answer.advantages;
}

/** Null where the token has no advantage, or its answer no part in the loss. */
export function clipView(
  batch: StepBatch,
  { answer, token, moment }: Focus,
  size: Pick<Frame, 'width' | 'height'>,
): ClipView | null {
  const { trained } = batch;
  if (trained === null) return null;
  const advantage = advantagesUnder(answer, trained)[token];
  if (!(Math.abs(advantage) > 0)) return null;
  const sign = advantage > 0 ? 1 : -1;
  const settings = settingsUnder(trained, batch.settings, trained);
  const moments = momentsOf(answer.record);
  const own = (moments.length > 0 ? moments : ([1] as const)).flatMap((at) => {
    const under = trainedAt(answer, at, batch);
    return under && under.divisor !== null ? [{ moment: at, ratio: under.ratios[token] }] : [];
  });
  if (own.length === 0) return null;

  const all: number[] = [];
  let beyond = 0;
  for (const other of batch.groups.flatMap(({ answers }) => answers)) {
    const under = trainedAt(other, moment, batch);
    if (!under || under.divisor === null) continue;
    const theirs = advantagesUnder(other, trained);
    under.ratios.forEach((ratio, t) => {
      if (Math.sign(theirs[t]) !== sign) return;
      all.push(ratio);
      beyond += Number(under.held[t]);
    });
  }

  const bounds = boundsOf(sign, settings);
  const seen = [...all, ...own.map(({ ratio }) => ratio)];
  const low = seen.reduce((a, b) => Math.min(a, b), 1 - ROOM * settings.epsilon);
  const high = seen.reduce(
    (a, b) => Math.max(a, b),
    1 + ROOM * (bounds[0] > 1 ? bounds[0] - 1 : settings.epsilon),
  );
  const x = linearScale(Math.max(0, low), Math.min(FARTHEST, high), {
    most: 4,
    within: [0, FARTHEST],
  });
  const within = (ratio: number) => Math.min(x.high, Math.max(x.low, ratio));
  const at = (ratio: number): Point => {
    const place = within(ratio);
    return { x: place, y: objectiveAt(place, sign, settings) };
  };
  const line = [x.low, ...bounds.filter((bound) => bound > x.low && bound < x.high), x.high].map(
    at,
  );
  const heights = line.map(({ y }) => y ?? 0);
  const [least, most] = [Math.min(...heights), Math.max(...heights)];
  const room = ABOVE * (most - least);
  const y = exactScale(least - room, most + room, { most: 3, ends: false });
  return {
    ...{ sign, line, beyond, tokens: all.length },
    frame: { ...size, x, y },
    held: heldStretches(bounds, sign, settings).map(({ from, to }) => ({
      from: within(from),
      to: within(to),
    })),
    others: onePerPlace(all, x.high - x.low, size.width).map(at),
    own: own.map(({ moment: when, ratio }) => ({ ...at(ratio), moment: when })),
  };
}

function heldStretches(bounds: readonly number[], sign: 1 | -1, { loss_type }: ObjectiveSettings) {
  const above = (from: number) => ({ from, to: Number.POSITIVE_INFINITY });
  if (sign > 0 || loss_type === 'cispo') return [above(bounds[0])];
  return [{ from: 0, to: bounds[0] }, ...bounds.slice(1).map(above)];
}

/** Thousands of tokens fall on a few hundred pixels. */
function onePerPlace(ratios: readonly number[], span: number, width: number): readonly number[] {
  const perPixel = span / Math.max(1, width);
  return [...new Map(ratios.map((ratio) => [Math.round(ratio / perPixel), ratio])).values()];
}
