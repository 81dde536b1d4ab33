/** A chain of three steps, whose second is wrong, under rewards that are chosen by hand. */
import { describe, expect, test } from 'vitest';
import type { Granularity } from '../../rl/airl/granularity.ts';
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { verifiedTask } from '../../rl/tasks/testing.ts';
import { finds, readerOf, readGroup } from './learned-reading.ts';

const task = verifiedTask({
  ...{ id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: true },
});
const TEXT = '3+8=11,11+5=17,17+1=18;18';
/** One token a character, and the end token. */
const pieces = [...TEXT, '<end>'];
const SECOND = { from: TEXT.indexOf('11+5'), to: TEXT.indexOf('17+1') };

/** 1 at every token, but where it is said otherwise. */
function record(unlike: Readonly<Record<number, number>>, text = TEXT): CompletionRecord {
  const own = [...text, '<end>'];
  const logits = own.map((_, i) => unlike[i] ?? 1);
  return {
    ...{ role: 'solver', text, pieces: own, truncated: false, rewards: {} },
    tokens: { logprob: own.map(() => -0.1), learned_logit: logits, learned_reward: logits },
  };
}
const group = (...completions: CompletionRecord[]): SampleGroup => ({
  ...{ step: 3, question: 'Add', prompt: '3+8+5+1:', completions },
});
const reader = { task, clip: 3, own: { granularity: 'dense', interval: 8 } } as const;
function read(completion: CompletionRecord, granularity: Granularity, interval = 8) {
  const learned = readGroup(group(completion), reader, { granularity, interval });
  if (!learned?.traces[0]) throw new Error('it was not read');
  const rewards = learned.group.completions[0].tokens.learned_reward;
  return { rewards, ...learned.traces[0] };
}

describe('a learned reward read again', () => {
  const five = TEXT.indexOf('5');
  const end = SECOND.to - 1;

  test('at every token is each token’s own logit within the clip', () => {
    const { rewards, lowest, fall } = read(record({ [five]: -9, 2: 7 }), 'dense');
    expect(rewards[five]).toBe(-3);
    expect(rewards[2]).toBe(3);
    expect(lowest).toEqual({ from: five, to: five + 1, value: -3 });
    expect(fall).toEqual({ from: five, to: five + 1, by: 4 });
  });

  test('at the ends of steps holds for the whole step, and what lies within it is not seen', () => {
    const { rewards, lowest, fall } = read(record({ [five]: -9, [end]: -2 }), 'step');
    expect(new Set(rewards.slice(SECOND.from, SECOND.to))).toEqual(new Set([-2]));
    expect(rewards[SECOND.to]).toBe(1);
    expect(lowest).toEqual({ ...SECOND, value: -2 });
    expect(fall).toEqual({ ...SECOND, by: 3 });
  });

  test('every n tokens has the places that training has', () => {
    const { rewards, readings } = read(record({ 9: -1 }), 'interval', 5);
    expect(readings).toBe(Math.ceil(pieces.length / 5));
    expect(rewards.slice(4, 11)).toEqual([1, -1, -1, -1, -1, -1, 1]);
  });

  test('once has nothing to pick', () => {
    const once = read(record({ [five]: -9 }), 'sparse');
    expect(once).toMatchObject({ readings: 1, lowest: null, fall: null });
  });

  test('falls from 0 at first, as for the command line, and where it only rises not at all', () => {
    expect(read(record({ 0: -2 }), 'dense').fall).toEqual({ from: 0, to: 1, by: 2 });
    expect(read(record({ 0: 0.5 }), 'dense').fall).toBeNull();
  });
});

describe('what is at fault', () => {
  test('is the first wrong step, which a pick finds where it lies on it', () => {
    const { wrong, lowest } = read(record({ [TEXT.indexOf('5')]: -2 }), 'dense');
    expect(wrong).toEqual(SECOND);
    expect(lowest && finds(lowest, SECOND)).toBe(true);
    expect(finds({ from: 0, to: SECOND.from }, SECOND)).toBe(false);
    expect(finds({ from: SECOND.to, to: SECOND.to + 1 }, SECOND)).toBe(false);
  });

  test('is nothing in a right answer, and not known where the task cannot read the question or has no verifier', () => {
    const right = record({}, '3+8=11,11+5=16,16+1=17;17');
    expect(read(right, 'dense').wrong).toBeNull();
    const stranger = { ...group(record({})), prompt: 'what?' };
    expect(readGroup(stranger, reader, reader.own)?.traces[0]?.wrong).toBeUndefined();
    const blind = { ...reader, task: Object.create(task, { verify: { value: undefined } }) };
    expect(readGroup(group(record({})), blind, reader.own)?.traces[0]?.wrong).toBeUndefined();
  });
});

test('answers without logits stay as they are, and a group without any is not read', () => {
  const plain = { ...record({}), tokens: { logprob: [-0.1] } };
  expect(readGroup(group(plain), reader, reader.own)).toBeNull();
  const mixed = readGroup(group(plain, record({})), reader, reader.own);
  expect(mixed?.traces[0]).toBeNull();
  expect(mixed?.group.completions[0]).toBe(plain);
});

test('the reading is a method’s, or a reward term’s where the method has none', () => {
  const reading = { granularity: 'step', interval: 4, reward_clip: 2 } as const;
  const own = { task, clip: 2, own: { granularity: 'step', interval: 4 } };
  expect(readerOf({ method: reading, rewards: [] }, task)).toEqual(own);
  expect(readerOf({ method: { name: 'grpo' }, rewards: [{}, reading] }, task)).toEqual(own);
  expect(readerOf({ method: { name: 'grpo' }, rewards: [{}] }, task)).toBeUndefined();
});
