/** "Where did it go wrong" on scripted models: what is read, what stands beside it, what is refused, and who chooses. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeModel, fakeReward, fakeTokenizer } from '../../testing/fake-model.ts';
import { rewardsOf } from '../models.ts';
import { openTask } from '../scope-tasks.ts';
import { Subject } from '../subject.ts';
import { chosenOf, foundIn, judgedIn, rankedOf, verdictOf } from './chosen.ts';
import { leastLikely, outcomeOf, pointless, readingsOf } from './readings.ts';
import { ANSWERS } from './which.ts';
import { readingFrom, readingWord, WrongMicroscope } from './wrong.ts';

const TASK = 'chain-carry';
const task = openTask(TASK);
const question = task.readQuestion('7+8+5+9:');
/** The second step is wrong, and begins with the first 0 of the trace. */
const WRONG = '7+8=15,15+5=10,10+9=19';

function open(skill = 0.5, first = TASK) {
  const subject = new Subject(async ({ key }) => fakeModel(key, { task, skill }), first);
  const opened: string[] = [];
  const scope = new WrongMicroscope(
    subject,
    async ({ key }) => {
      opened.push(key);
      return fakeReward(key);
    },
    { settleMs: 0 },
  );
  const ready = (text: string) =>
    vi.waitFor(() => {
      const { trace } = scope.data;
      if (trace?.text !== text || trace.logprobs === null) throw new Error('not read yet');
      return trace;
    });
  return { subject, scope, opened, ready };
}

describe('a trace', () => {
  const { subject, scope, ready } = open();
  beforeEach(() => {
    scope.setAwake(true);
    subject.ask(question);
    subject.write(WRONG);
  });

  test('is read at every token, the end with them, by the reward model and by the policy', async () => {
    const trace = await ready(WRONG);
    expect(trace.pieces).toEqual([...WRONG, 'end']);
    expect(trace.logits).toHaveLength(trace.pieces.length);
    expect(trace.logprobs).toHaveLength(trace.pieces.length);
    expect(trace.verdict).toMatchObject({ correct: false, firstWrong: 1 });
  });

  test('has its pick on the first wrong step where the reward falls there', async () => {
    const rows = readingsOf(await ready(WRONG), task, { interval: 8, clip: 3 });
    expect(rows.map(({ granularity }) => granularity)).toEqual([
      ...['sparse', 'step', 'interval', 'dense'],
    ]);
    const [sparse, step, , dense] = rows;
    expect(sparse.trace.fall).toBeNull();
    expect(outcomeOf(sparse.trace.fall, sparse.trace.wrong).text).toBe('no pick');
    // The fake falls from 1 to -2 at the first 0.
    const zero = WRONG.indexOf('0');
    expect(dense.trace.fall).toEqual({ from: zero, to: zero + 1, by: 3 });
    expect(outcomeOf(dense.trace.fall, dense.trace.wrong)).toEqual({ hit: true, text: 'hit' });
    expect(outcomeOf(step.trace.fall, step.trace.wrong).hit).toBe(true);
  });

  test('that is edited stands beside what it was, until it is that again', async () => {
    await ready(WRONG);
    const changed = WRONG.replace('15+5=10', '15+5=20');
    subject.write(changed);
    await ready(changed);
    expect(scope.data.before?.text).toBe(WRONG);
    subject.write(WRONG);
    await ready(WRONG);
    expect(scope.data.before).toBeNull();
  });

  test('is refused by name where it is empty or too long, and the next one is read', async () => {
    subject.write('');
    await vi.waitFor(() => expect(scope.data.textProblem).toMatchObject({ field: 'text' }));
    subject.write('1'.repeat(300));
    await vi.waitFor(() => expect(scope.data.textProblem?.message).toContain('301 tokens'));
    expect(scope.data.trace).toBeNull();
    subject.write(WRONG);
    await ready(WRONG);
    expect(scope.data.textProblem).toBeNull();
  });

  test('may be the expert’s, right, or the expert’s with one error, which says what it is', async () => {
    scope.expert();
    const right = subject.data.answer?.text ?? '';
    expect((await ready(right)).verdict?.correct).toBe(true);
    const origins = new Set<string | null>();
    for (let i = 0; i < 4; i++) {
      scope.injected();
      const text = subject.data.answer?.text ?? '';
      expect(text).not.toBe(right);
      expect((await ready(text)).verdict?.firstWrong).toBeDefined();
      origins.add(scope.data.origin);
    }
    // No minus can be read in a sum, so no operator is flipped.
    expect(origins.size).toBe(3);
  });
});

test('a question begins with a wrong answer of the policy, the same at every visit', async () => {
  const texts: string[] = [];
  for (let visit = 0; visit < 2; visit++) {
    const { subject, scope, ready } = open(0.6);
    scope.setAwake(true);
    subject.ask(question);
    await vi.waitFor(() => expect(subject.data.answer).not.toBeNull());
    const { text = '', number } = subject.data.answer ?? {};
    expect(number).not.toBeNull();
    expect(task.verify?.(question, text).correct).toBe(false);
    await ready(text);
    texts.push(text);
  }
  expect(texts[0]).toBe(texts[1]);
});

test('where every answer is right the first of them is read', async () => {
  const { subject, scope, ready } = open(1);
  scope.setAwake(true);
  subject.ask(question);
  await vi.waitFor(() => expect(subject.data.answer).not.toBeNull());
  expect(subject.data.answer?.number).toBe(0);
  expect((await ready(subject.data.answer?.text ?? '')).verdict?.correct).toBe(true);
});

test('a reward model is not said to be of another task because another was looked at before', () => {
  const { subject, scope } = open(0.5, 'countdown');
  expect(scope.data.reward.note).not.toBe('');
  scope.setAwake(true);
  subject.chooseTask(TASK);
  subject.ask(question);
  expect(scope.data.reward).toEqual(rewardsOf(TASK)[0]);
});

test('the reward of the lab’s run stays through questions of its task, is not in the address, and gives way where another task has its own', async () => {
  const { subject, scope, opened, ready } = open();
  const ref = {
    kind: 'lab',
    key: 'lab/1/reward',
    folder: '',
    weights: new ArrayBuffer(0),
  } as const;
  scope.setAwake(true);
  subject.ask(question);
  subject.write(WRONG);
  scope.readBy({ ref, name: 'AIRL, step 3', note: '', task: TASK });
  await ready(WRONG);
  expect(opened.at(-1)).toBe(ref.key);
  const query = new URLSearchParams();
  scope.writeAddress(query);
  expect(query.has('reward')).toBe(false);
  subject.ask(task.readQuestion('7+8+5+8:'));
  expect(scope.data.reward.ref.key).toBe(ref.key);
  subject.chooseTask('hops-backwards');
  subject.ask(openTask('hops-backwards').question('test', 0, 1));
  expect(scope.data.reward).toEqual(rewardsOf('hops-backwards')[0]);
});

test('before a question is asked the address has the reward model and the reading that were chosen, and gives them back', () => {
  const [first, other] = rewardsOf(TASK);
  const said = (scope: WrongMicroscope) => {
    const query = new URLSearchParams();
    scope.writeAddress(query);
    return query;
  };
  const { scope } = open();
  expect(String(said(scope))).toBe('');
  scope.readBy(other);
  scope.read({ granularity: 'step', interval: 8 });
  const query = said(scope);
  expect(Object.fromEntries(query)).toEqual({ reward: other.ref.key, read: 'step' });
  const { scope: again } = open();
  expect(again.data.reward).toEqual(first);
  again.readAddress(query);
  expect(again.data.reward.ref.key).toBe(other.ref.key);
  expect(again.data.chosen?.granularity).toBe('step');
});

test('a reward that is chosen while the policy answers reads what it finds', async () => {
  const { subject, scope, opened, ready } = open(0);
  scope.setAwake(true);
  subject.ask(question);
  const [, other] = rewardsOf(TASK);
  scope.readBy(other);
  await vi.waitFor(() => expect(subject.data.answer).not.toBeNull());
  expect((await ready(subject.data.answer?.text ?? '')).verdict?.correct).toBe(false);
  expect(opened).toEqual([other.ref.key]);
});

test('a task that no reward model was trained on is read by one of another task', async () => {
  expect(rewardsOf('countdown').length).toBeGreaterThan(0);
  expect(rewardsOf('countdown')[0].note).not.toBe('');
  expect(rewardsOf(TASK)[0].note).toBe('');
});

test('a reading goes into the address and back; what is not understood is left out', () => {
  for (const granularity of ['sparse', 'step', 'interval', 'dense'] as const) {
    const reading = { granularity, interval: granularity === 'interval' ? 5 : 8 };
    expect(readingFrom(readingWord(reading))).toEqual(reading);
  }
  expect(readingFrom('interval-999')?.interval).toBe(64);
  for (const word of ['', 'often', 'interval-', 'step;', 'INTERVAL-8'])
    expect(readingFrom(word)).toBeNull();
});

test('the least likely token is one, where the policy was asked', () => {
  expect(leastLikely([-1, -3, -2])).toEqual({ from: 1, to: 2 });
  expect(leastLikely(null)).toBeNull();
  expect(leastLikely([])).toBeNull();
});

test('a reward points nowhere at its limit, and where it says the same everywhere', () => {
  const parts = (...values: readonly number[]) => ({
    parts: values.map((value, from) => ({ from, to: from + 1, value })),
  });
  expect(pointless(parts(3, -3, 3), 3)).toBe('limit');
  expect(pointless(parts(0.001, -0.002, 0), 3)).toBe('same');
  expect(pointless(parts(3, 2.9), 3)).toBeNull();
  expect(pointless(parts(0.01, 0.02), 3)).toBeNull();
  expect(pointless(parts(3), 3)).toBeNull();
});

test('a miss says how far off it is', () => {
  const wrong = { from: 10, to: 14 };
  expect(outcomeOf({ from: 14, to: 15 }, wrong)).toEqual({ hit: false, text: '1 late' });
  expect(outcomeOf({ from: 5, to: 8 }, wrong)).toEqual({ hit: false, text: '3 early' });
  expect(outcomeOf({ from: 5, to: 8 }, null).hit).toBeNull();
});

describe('which of sixteen', () => {
  const reading = { granularity: 'dense', interval: 8 } as const;
  const means = { task, tokenizer: fakeTokenizer, reading };

  test('draws what is asked, keeps it when more is asked, and forgets it with the policy', async () => {
    const { subject, scope } = open();
    scope.setAwake(true);
    await scope.draw(16);
    const { which } = scope.data;
    expect(which.status).toBe('ready');
    expect(which.drawn).toHaveLength(16);
    for (const { answers } of which.drawn) expect(answers).toHaveLength(ANSWERS);
    await scope.draw(32);
    expect(scope.data.which.drawn.slice(0, 16)).toEqual(which.drawn);
    const { rows, questions } = chosenOf(scope.data.which.drawn, means);
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 4, 8, 16]);
    const one = rows.map(({ choosers }) => choosers.one_sample?.accuracy);
    for (const share of one) expect(share).toBeCloseTo(one[0] ?? Number.NaN, 12);
    const { any, mean } = rows[4].choosers;
    expect(any?.accuracy).toBeGreaterThanOrEqual(mean?.accuracy ?? 1);
    const scores = rankedOf(questions[0], 'mean').map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const found = foundIn(scope.data.which.drawn, means);
    expect(found?.by.entropy).toBeUndefined();
    const judge = judgedIn(scope.data.which.drawn, means);
    const right = scope.data.which.drawn.flatMap(({ answers }) =>
      answers.filter(({ verdict }) => verdict.correct),
    );
    expect([judge.right, judge.right + judge.wrong]).toEqual([right.length, 32 * ANSWERS]);
    expect(judge.reliability.reduce((sum, { count }) => sum + count, 0)).toBe(32 * ANSWERS);
    expect(verdictOf(rows, 'one_sample')?.gains).toBeNull();
    subject.answerBy({ ...subject.data.policy, ref: { kind: 'bundled', key: 'x', folder: 'x' } });
    expect(scope.data.which).toMatchObject({ status: 'resting', drawn: [] });
  });

  test('stops when it is told to, and keeps what is there', async () => {
    const { scope } = open();
    scope.setAwake(true);
    const drawing = scope.draw(128);
    await vi.waitFor(() => expect(scope.data.which.drawn.length).toBeGreaterThan(0));
    scope.stopDrawing();
    await drawing;
    const { status, drawn } = scope.data.which;
    expect(status).toBe('ready');
    expect(drawn.length).toBeLessThan(128);
  });
});
