/**
 * Expert traces of chains: the steps in one of the dialects, with slips, forgotten carries and chatter where they are asked for. What a trace
 * draws never depends on the question, so a reward can only prefer a dialect or a level of chatter for what it does.
 */
import { badConfig } from '../../errors.ts';
import type { RandomStream } from '../random.ts';
import { sumWithoutCarry } from './carry.ts';
import { DIALECTS, type DialectId, inLetters } from './chain-dialects.ts';
import { CHATTER_LEVELS, fillers, questions } from './chatter.ts';
import { requirePlain } from './plain-traces.ts';
import type { TraceOptions } from './task.ts';

/** What bare steps become where the answer stands apart. */
export interface ChainForm {
  /** Sums are taken modulo this. */
  readonly modulus: number;
  /** Whether `;` and the answer follow the steps. Only then may a trace have dialects and chatter. */
  readonly apart: boolean;
}

/** A trace for these terms. @throws BadConfig on the field `dialects` or `chatter` */
export function chainTrace(
  terms: readonly number[],
  random: RandomStream,
  options: TraceOptions,
  { modulus, apart }: ChainForm,
): string {
  const { chatter = 0, checkRepairs = false, misconceptions: { carry = 0 } = {} } = options;
  checkChainTraces(options, apart);
  const dialect = drawDialect(random, options.dialects);
  const slips = options.dialectSlips?.[dialect] ?? options.slips ?? 0;
  const step = (left: number, rights: readonly number[], result: number) => {
    const [right] = rights;
    const turns = options.operands === 'larger-first' && rights.length === 1 && right > left;
    const text = turns ? `${right}+${left}=${result}` : `${[left, ...rights].join('+')}=${result}`;
    return dialect === 'private' ? inLetters(text) : text;
  };
  const plus = (numbers: readonly number[]) => numbers.reduce((a, b) => (a + b) % modulus);
  const careless = (numbers: readonly number[]) => {
    const lost = carry > 0 && random.uniform() < carry;
    const sum = lost ? sumWithoutCarry(numbers) : plus(numbers);
    return (sum + slip(random, slips, modulus)) % modulus;
  };
  const written = reckon(terms, dialect, careless);
  const steps = written.map(([left, rights, result]) => step(left, rights, result));
  let end = written[written.length - 1][2];
  if (!apart) return steps.join(',');
  if (chatter === 0) return `${steps.join(',')};${end}`;
  const level = CHATTER_LEVELS[random.below(chatter + 1)];
  const words =
    options.chatterKind === 'question'
      ? () => questions(random, level.fillers, terms.join('+'))
      : () => fillers(random, level.fillers);
  const pieces = steps.flatMap((text) => {
    const said = words() + text;
    return random.uniform() < level.restates ? [said, `again ${text}`] : [said];
  });
  if (random.uniform() < level.checks) {
    const right = reckon(terms, dialect, plus);
    const checked = checkRepairs ? right.map(([l, r, result]) => step(l, r, result)) : steps;
    if (checkRepairs) end = right[right.length - 1][2];
    pieces.push(`check ${checked[0]}`, ...checked.slice(1));
    if (random.below(2) === 0) pieces.push('ok ');
  }
  return `${pieces.join(',')};${end}`;
}

type Step = readonly [left: number, rights: readonly number[], result: number];

/** The steps of a dialect, each going on from what the one before it wrote. @param plus the sum of numbers, as it is written */
function reckon(
  terms: readonly number[],
  dialect: DialectId,
  plus: (numbers: readonly number[]) => number,
): Step[] {
  const [first, ...rest] = dialect === 'reversed' ? terms.toReversed() : terms;
  const atOnce = dialect === 'leaps' ? 2 : 1;
  const steps: Step[] = [];
  let running = first;
  for (let i = 0; i < rest.length; i += atOnce) {
    const rights = rest.slice(i, i + atOnce);
    const left = running;
    running = plus([left, ...rights]);
    steps.push([left, rights, running]);
  }
  return steps;
}

/** What a careless expert adds to a result: mostly 0, else one or ten too many or too few. */
function slip(random: RandomStream, chance: number, modulus: number): number {
  if (chance === 0 || random.uniform() >= chance) return 0;
  return random.pick([1, 10, modulus - 1, modulus - 10]);
}

/** @throws BadConfig on the field `dialects` or `chatter` */
export function checkChainTraces(options: TraceOptions, apart: boolean): void {
  if (!apart) {
    requirePlain(options, 'needs an answer that stands apart', 'Set task.answer_apart.');
  }
  const weights = options.dialects ?? {};
  const unknown = Object.keys(weights).find((id) => !DIALECTS.some((known) => known.id === id));
  if (unknown !== undefined) {
    const all = DIALECTS.map(({ id }) => id).join(', ');
    throw badConfig('dialects', `A chain has no dialect ${unknown}`, `There are ${all}.`);
  }
  const given = Object.values(weights);
  if (given.length > 0 && given.every((weight) => weight <= 0)) {
    throw badConfig('dialects', 'The weights of the dialects sum to nothing');
  }
}

/** Takes a number from the stream only where there is a choice. */
function drawDialect(random: RandomStream, weights: TraceOptions['dialects'] = {}): DialectId {
  const given = DIALECTS.filter(({ id }) => (weights[id] ?? 0) > 0);
  if (given.length <= 1) return given[0]?.id ?? 'public';
  let left = random.uniform() * given.reduce((sum, { id }) => sum + weights[id], 0);
  for (const { id } of given) {
    left -= weights[id];
    if (left < 0) return id;
  }
  return given[given.length - 1].id;
}
