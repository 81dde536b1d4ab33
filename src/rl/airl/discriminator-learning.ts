/**
 * The discriminator's loss in the form of the training loop. It needs a scalar head alone. Columns of an example: `expert` (1 or 0, the same for all its
 * tokens), `read` (1 where f is read, else 0) and `copies` (how many equal traces it stands for).
 */
import { constant, type Example, withColumns } from '../learn/example.ts';
import type { Loss, Scored } from '../learn/learn.ts';
import { calibrationError, reliability } from './as-judge.ts';
import {
  balancedWeights,
  crossEntropy,
  type Labelled,
  pairLoss,
  sigmoid,
} from './discriminator-loss.ts';

export interface DiscriminatorSettings {
  readonly reward_loss: 'bce' | 'pairwise';
  readonly label_smoothing: number;
}

/** What the discriminator said of one trace, before it learned from it. */
export interface Said {
  readonly role: string;
  readonly expert: boolean;
  readonly copies: number;
  /** Mean over the tokens at which it is read. */
  readonly logit: number;
}

/** Roles of traces that nobody sampled: an expert’s, and one that was spoiled on purpose. */
export const EXPERT = 'expert';
export const PERTURBED = 'perturbed';

/** An example with the columns of the loss. */
export function labelled(
  example: Example,
  { expert, copies, places }: { expert: boolean; copies: number; places: readonly number[] },
): Example {
  const tokens = example.completion.length;
  const read = new Float64Array(tokens);
  for (const place of places) read[place] = 1;
  const columns = { expert: constant(Number(expert), tokens), copies: constant(copies, tokens) };
  return withColumns(example, { ...columns, read });
}

/** The loss, and what it saw in its first pass: what the discriminator said before it learned. */
export function discriminatorLoss(settings: DiscriminatorSettings) {
  const said: Said[] = [];
  let loss = 0;
  let passes = 0;
  const one = settings.reward_loss === 'bce' ? ofTraces(settings) : ofPairs;
  const of: Loss = (update) => {
    passes += 1;
    const first = passes === 1;
    const gradientOf = one(update);
    return (part) => {
      const gradient = gradientOf(part);
      if (first) {
        loss += gradient.loss;
        for (const trace of saidOf(part)) said.push(trace);
      }
      return gradient;
    };
  };
  return { of, metrics: () => discriminatorMetrics(said, loss, settings) };
}

function ofTraces({ label_smoothing: smoothing }: DiscriminatorSettings): Loss {
  return (update) => {
    const weights = balancedWeights(update.map(labelOf));
    const weightOf = new Map(update.map((example, i) => [example, weights[i]]));
    return (part) => {
      const { examples, spans } = part;
      const values = valuesOf(part);
      const valueCoefficients = new Float64Array(values.length);
      let loss = 0;
      examples.forEach((example, i) => {
        const { read } = example.columns;
        const { expert } = labelOf(example);
        const weight = weightOf.get(example) ?? 0;
        const { start, length } = spans[i];
        for (let t = 0; t < length; t++) {
          if (read[t] === 0) continue;
          const term = crossEntropy(values[start + t], expert, smoothing);
          loss += weight * term.loss;
          valueCoefficients[start + t] = weight * term.slope;
        }
      });
      return { loss, valueCoefficients };
    };
  };
}

/** Mean over pairs, the expert's trace first. @throws RangeError where examples are no pairs */
const ofPairs: Loss = (update) => {
  requirePairs(update);
  return (part) => {
    const { examples, spans } = part;
    requirePairs(examples);
    const values = valuesOf(part);
    const valueCoefficients = new Float64Array(values.length);
    const last = (i: number) => spans[i].start + spans[i].length - 1;
    let loss = 0;
    for (let i = 0; i < examples.length; i += 2) {
      const term = pairLoss(values[last(i)] - values[last(i + 1)]);
      loss += (2 * term.loss) / update.length;
      valueCoefficients[last(i)] = (2 * term.slope) / update.length;
      valueCoefficients[last(i + 1)] = (-2 * term.slope) / update.length;
    }
    return { loss, valueCoefficients };
  };
};

function requirePairs(examples: readonly Example[]): void {
  const apart = examples.some(
    ({ pair, completion }, i) =>
      completion.length === 0 ||
      pair === undefined ||
      pair !== examples[i % 2 === 0 ? i + 1 : i - 1]?.pair,
  );
  if (apart) throw new RangeError('a pairwise loss needs pairs of traces, none of them empty');
}

function valuesOf({ values }: Scored): ArrayLike<number> {
  if (values) return values;
  throw new RangeError('a discriminator needs a scalar head');
}

function labelOf({ columns: { expert, read, copies } }: Example): Labelled {
  let reads = 0;
  for (let t = 0; t < read.length; t++) if (read[t] !== 0) reads++;
  return { expert: expert[0] === 1, reads, copies: copies[0] ?? 0 };
}

function saidOf(part: Scored): Said[] {
  const values = valuesOf(part);
  return part.examples.flatMap((example, i) => {
    const { expert, reads, copies } = labelOf(example);
    if (reads === 0) return [];
    const { start, length } = part.spans[i];
    let sum = 0;
    for (let t = 0; t < length; t++) sum += example.columns.read[t] * values[start + t];
    return [{ role: example.role, expert, copies, logit: sum / reads }];
  });
}

export interface DiscriminatorMetrics {
  readonly 'discriminator/loss': number;
  /** Of traces, or of pairs, both classes weighing the same: the share that is told rightly; a logit or a lead of exactly 0 counts one half. */
  readonly 'discriminator/accuracy': number | null;
  /**
   * How far sigmoid(logit) lies from the share of experts, over ten bins of it, both classes weighing the same; of pairs, sigmoid(lead) from the share in
   * which the expert's is ahead, each pair seen from both sides.
   */
  readonly 'discriminator/calibration_error': number | null;
  /** Mean logit of experts, of the step's completions, of perturbed experts; null where there are none. */
  readonly 'discriminator/expert': number | null;
  readonly 'discriminator/policy': number | null;
  readonly 'discriminator/perturbed': number | null;
  /** Of experts less that of completions. */
  readonly 'discriminator/gap': number | null;
}

/** @param said in the order of the examples */
export function discriminatorMetrics(
  said: readonly Said[],
  loss: number,
  { reward_loss }: Pick<DiscriminatorSettings, 'reward_loss'>,
): DiscriminatorMetrics {
  const mean = (role: string) => weightedMean(said.filter((one) => one.role === role));
  const [expert, policy] = [mean(EXPERT), mean('solver')];
  return {
    'discriminator/loss': loss,
    'discriminator/accuracy': reward_loss === 'bce' ? classAccuracy(said) : pairAccuracy(said),
    'discriminator/calibration_error':
      reward_loss === 'bce' ? classCalibration(said) : pairCalibration(said),
    'discriminator/expert': expert,
    'discriminator/policy': policy,
    'discriminator/perturbed': mean(PERTURBED),
    'discriminator/gap': expert === null || policy === null ? null : expert - policy,
  };
}

function weightedMean(said: readonly Said[]): number | null {
  const copies = said.reduce((sum, one) => sum + one.copies, 0);
  if (copies === 0) return null;
  return said.reduce((sum, one) => sum + one.copies * one.logit, 0) / copies;
}

/** 1 above 0, one half at 0, 0 below. */
const ahead = (lead: number): number => (Math.sign(lead) + 1) / 2;

/** Null where a class is missing: then there is nothing to tell apart. */
function classAccuracy(said: readonly Said[]): number | null {
  const share = (expert: boolean) =>
    weightedMean(
      said
        .filter((one) => one.expert === expert)
        .map((one) => ({ ...one, logit: ahead(expert ? one.logit : -one.logit) })),
    );
  const [experts, others] = [share(true), share(false)];
  return experts === null || others === null ? null : (experts + others) / 2;
}

function pairAccuracy(said: readonly Said[]): number | null {
  if (said.length < 2) return null;
  let right = 0;
  for (let i = 0; i + 1 < said.length; i += 2) right += ahead(said[i].logit - said[i + 1].logit);
  return (2 * right) / said.length;
}

/** Null where a class is missing. */
function classCalibration(said: readonly Said[]): number | null {
  const copiesOf = (expert: boolean) =>
    said.reduce((sum, one) => sum + (one.expert === expert ? one.copies : 0), 0);
  const [experts, others] = [copiesOf(true), copiesOf(false)];
  if (experts === 0 || others === 0) return null;
  const bins = reliability(
    said.map(({ logit }) => sigmoid(logit)),
    said.map(({ expert }) => expert),
    said.map(({ expert, copies }) => copies / (expert ? experts : others)),
  );
  return calibrationError(bins);
}

function pairCalibration(said: readonly Said[]): number | null {
  if (said.length < 2) return null;
  const leads = said.flatMap(({ logit }, i) => {
    const other = said[i % 2 === 0 ? i + 1 : i - 1];
    return other ? [{ lead: logit - other.logit, ahead: i % 2 === 0 }] : [];
  });
  const bins = reliability(
    leads.map(({ lead }) => sigmoid(lead)),
    leads.map(({ ahead }) => ahead),
  );
  return calibrationError(bins);
}
