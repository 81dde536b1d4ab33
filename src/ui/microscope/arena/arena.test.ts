/** The arena on a scripted critic: what is shown, what stays hidden, who is asked what, and what the numbers mean. */
import { describe, expect, test } from 'vitest';
import { turned } from '../../../rl/critic/verdict.ts';
import type { CompletionRecord, SampleGroup } from '../../../rl/records.ts';
import { fakeTokenizer } from '../../testing/fake-model.ts';
import { gainFromFirst, judgePair, meanShares } from '../judge.ts';
import { hasCritic } from '../judged-task.ts';
import type { Model } from '../model-session.ts';
import type { ModelChoice } from '../models.ts';
import { openTask } from '../scope-tasks.ts';
import { Subject } from '../subject.ts';
import { ArenaMicroscope, TRIES } from './arena.ts';
import { madePair } from './pair.ts';
import { runPairs } from './run-pairs.ts';
import { countCalls } from './tally.ts';

const task = openTask('chain-critic');
const question = task.readQuestion('3+8+5+1:');
const pair = { question, first: '17', second: '14' };
const signal = new AbortController().signal;

interface Script {
  /** What the critic writes after a prompt. */
  readonly says: (prompt: string) => string;
  /** How likely a letter is after all that stands before it. */
  readonly likes?: (letter: string, before: string) => number;
  readonly failure?: Error;
}

function scripted({ says, likes = () => 0.5, failure }: Script) {
  const asked: string[] = [];
  const model: Model = {
    ...{ id: 'critic', backend: 'onnx', tokenizer: fakeTokenizer, positions: 128 },
    async complete({ prompts, copies, budgets }) {
      if (failure) throw failure;
      return prompts.flatMap((ids, p) => {
        const prompt = fakeTokenizer.decode(ids);
        asked.push(prompt);
        return Array.from({ length: copies }, () => {
          const all = [...fakeTokenizer.encode(says(prompt)), 0];
          const ids = all.slice(0, budgets[p]);
          return { ids, logprobs: ids.map(() => -1), truncated: ids.length < all.length };
        });
      });
    },
    async logprobs({ prompts, completions }) {
      return completions.map((ids, i) => {
        const before = fakeTokenizer.decode([...prompts[i]]);
        return [Math.log(likes(fakeTokenizer.decode([...ids]), before))];
      });
    },
    close: () => undefined,
  };
  return { model, asked };
}

const critic = hasCritic(task) ? task.critic : undefined;
if (!critic) throw new Error('the task has no critic');
const options = { tries: 2, budget: 40, reasoning: true, signal };

/** Names the first that it is shown in 8 of 10, whatever it is. */
const likesFirst = (letter: string) => ({ x: 0.8, t: 0.1, y: 0.1 })[letter] ?? 0;
/** Names 17, wherever it stands. */
const sees = (letter: string, before: string) =>
  letter === (before.includes('|17|') ? 'x' : 'y') ? 0.9 : 0.05;

describe('a pair judged live', () => {
  test('is put in both orders, and every probability is of the pair as it stands', async () => {
    const { model, asked } = scripted({ says: () => '3+8=11>x', likes: sees });
    const judgement = await judgePair(model, critic, pair, options);
    expect(asked).toEqual(['3+8+5+1|17|14:', '3+8+5+1|14|17:']);
    for (const { probabilities } of judgement.orders) expect(probabilities['1']).toBeCloseTo(0.9);
    // Both wrote x, which names what was shown first: 17, and then 14.
    expect(judgement.orders.map(({ said }) => said[0].verdict)).toEqual(['1', turned('1')]);
    expect(gainFromFirst(judgement)).toBeCloseTo(0, 12);
  });

  test('shows a liking for what stands first as what turning moves', async () => {
    const { model } = scripted({ says: () => '>t', likes: likesFirst });
    const judgement = await judgePair(model, critic, pair, options);
    expect(judgement.orders[0].probabilities).toMatchObject({ '1': expect.closeTo(0.8) });
    expect(judgement.orders[1].probabilities).toMatchObject({ '2': expect.closeTo(0.8) });
    expect(gainFromFirst(judgement)).toBeCloseTo(0.7, 12);
    expect(meanShares(judgement)['1']).toBeCloseTo(0.45, 12);
  });

  test('counts what cannot be read, or met its budget, as no verdict', async () => {
    for (const says of ['17 it is', `${'1'.repeat(50)}>x`]) {
      const { model } = scripted({ says: () => says, likes: likesFirst });
      const { orders } = await judgePair(model, critic, pair, options);
      expect(orders[0].probabilities).toEqual({ '1': 0, tie: 0, '2': 0 });
      expect(orders[0].said.every(({ verdict }) => verdict === null)).toBe(true);
    }
  });

  test('without reasoning is asked for the verdict at once', async () => {
    const { model, asked } = scripted({ says: () => 'x', likes: sees });
    const { orders } = await judgePair(model, critic, pair, { ...options, reasoning: false });
    expect(asked[0]).toBe('3+8+5+1|17|14:>');
    expect(orders[0].said[0]).toEqual({ text: '>x', verdict: '1' });
    expect(orders[0].probabilities['1']).toBeCloseTo(0.9);
  });

  test('that leaves no room is refused by name', async () => {
    const { model } = scripted({ says: () => '>x' });
    const long = { ...pair, first: '1'.repeat(140) };
    await expect(judgePair(model, critic, long, options)).rejects.toMatchObject({
      ...{ kind: 'BadConfig', field: 'pair' },
    });
  });
});

const shown = (more: object) => ({
  ...{ question: '3+8+5+1:', first: '17', second: '14', expert: '1', verdict: '1' },
  ...{ policy: 0, age: null, ...more },
});
const record = (more: object, reward: number): CompletionRecord => ({
  ...{ role: 'critic', text: '>x', pieces: ['>', 'x', '<end>'], truncated: false },
  tokens: { logprob: [-0.1, Math.log(0.75), -0.2] },
  ...{ rewards: { critic: reward }, shown: { critic: shown(more) } },
});
const group = (completions: readonly CompletionRecord[]): SampleGroup => ({
  ...{ step: 12, question: '3+8+5+1', prompt: 'critic’s', completions },
});

describe('the pairs of a run', () => {
  test('have their verdicts by order, what each paid, and its probability', () => {
    const turnedRecord = record({ first: '14', second: '17', expert: '2' }, 0);
    const [seen] = runPairs([group([record({}, 1), turnedRecord])]);
    expect(seen).toMatchObject({ step: 12, first: '17', second: '14', expert: '1', age: null });
    expect(seen.verdicts.map(({ turned: other, critic: paid }) => [other, paid])).toEqual([
      [false, 1],
      [true, 0],
    ]);
    expect(seen.verdicts[0].probability).toBeCloseTo(0.75, 12);
  });

  test('are only those of a critic that compares', () => {
    const solver = { ...record({}, 1), role: 'solver', shown: undefined } as CompletionRecord;
    const alone = { ...record({}, 1), shown: { critic: { age: null } } };
    expect(runPairs([group([solver]), group([alone])])).toEqual([]);
  });
});

describe('the arena', () => {
  const choice = (key: string): ModelChoice => ({
    ...{ ref: { kind: 'bundled', key, folder: key }, name: key, note: '' },
  });
  const judge = (label: string, key: string) => ({ label, model: choice(key), reasoning: true });
  const open = (script: (key: string) => Script = () => ({ says: () => '>t' })) => {
    const subject = new Subject(async ({ key }) => scripted(script(key)).model, 'chain-critic');
    const arena = new ArenaMicroscope(subject);
    arena.setAwake(true);
    subject.ask(question);
    return { subject, arena };
  };

  test('begins with a task whose models know the critic’s form, unless a question is there', () => {
    const subject = new Subject(async () => scripted({ says: () => '' }).model, 'countdown');
    new ArenaMicroscope(subject).setAwake(true);
    expect(subject.data.task).toBe('chain-critic');
    const other = new Subject(async () => scripted({ says: () => '' }).model, 'chain');
    other.ask(other.task.readQuestion('31+94:'));
    const arena = new ArenaMicroscope(other);
    arena.setAwake(true);
    // Plain chains have no critic, and nothing pretends that they have.
    expect([other.data.task, arena.data.pair]).toEqual(['chain', null]);
  });

  test('puts the expert’s answer beside another, in an order that the question decides', () => {
    const { arena } = open();
    const { pair: made } = arena.data;
    if (!made || !hasCritic(task)) throw new Error('no pair');
    expect(made).toEqual(madePair(task, question, null));
    expect(made.expert === '1' ? made.first : made.second).toBe('17');
    expect(made.first).not.toBe(made.second);
    const taken = madePair(task, question, '3+8=11,11+5=16,16+1=27;27');
    expect([taken.first, taken.second].sort()).toEqual(['17', '27']);
  });

  test('says who is who only once it was called or asked for, and hides it again for another pair', () => {
    const { arena } = open();
    expect(arena.data.revealed).toBe(false);
    arena.call('tie');
    expect(arena.data).toMatchObject({ revealed: true, called: 'tie' });
    arena.write('17', '[ 18 ]');
    expect(arena.data).toMatchObject({ revealed: false, called: null });
    expect(arena.data.pair).toMatchObject({ first: '17', second: '18', expert: null });
  });

  test('tallies the calls that were made blind, beside what the critic says of the same pairs, each once', async () => {
    const { arena } = open(() => ({ says: (prompt) => (prompt.includes('|17|') ? '>x' : '>y') }));
    const counts = () => countCalls(arena.data.tally);
    const made = arena.data.pair;
    if (!made?.expert) throw new Error('no pair');
    const wrong = made.expert === '1' ? '2' : '1';
    arena.call(wrong);
    expect(counts().visitor).toEqual({ right: 0, wrong: 1, tie: 0 });
    // Asked afterwards, the critic finds the expert's 17.
    await arena.ask([judge('Before', 'one'), judge('Now', 'other')]);
    expect(counts().critic).toEqual({ right: 1, wrong: 0, tie: 0 });

    const [seen] = runPairs([group([record({}, 1), record({ verdict: 'tie' }, 0.5)])]);
    arena.take(seen, 'chain-critic');
    arena.call('tie');
    // As many of its verdicts are ties as name the expert's: that is a tie.
    expect(counts().visitor).toEqual({ right: 0, wrong: 1, tie: 1 });
    expect(counts().critic).toEqual({ right: 1, wrong: 0, tie: 1 });
    // The same pair again, one that was looked up, and two equal answers count for nothing.
    arena.take(seen, 'chain-critic');
    arena.call('1');
    arena.take({ ...seen, step: 13 }, 'chain-critic');
    arena.peek();
    arena.call('1');
    arena.take({ ...seen, step: 14, second: '17' }, 'chain-critic');
    arena.call('1');
    expect(counts().visitor).toEqual({ right: 0, wrong: 1, tie: 1 });
  });

  test('refuses by name a pair without an answer, or with one that is too long, and keeps the old', () => {
    const { arena } = open();
    const before = arena.data.pair;
    for (const second of ['  ', '9'.repeat(65)]) {
      arena.write('17', second);
      expect(arena.data.problem).toMatchObject({ kind: 'BadConfig', field: 'pair' });
      expect(arena.data.pair).toBe(before);
    }
  });

  test('asks every critic, and one that fails takes no other along', async () => {
    const { arena } = open((key) => ({
      ...{ says: () => '>x', likes: sees },
      ...(key === 'broken' && { failure: new RangeError('lost') }),
    }));
    await arena.ask([judge('Before', 'broken'), judge('Now', 'fine')]);
    const [broken, fine] = arena.data.judges;
    expect(broken).toMatchObject({ status: 'failed', judgement: null });
    expect(fine.status).toBe('done');
    expect(fine.judgement?.orders[0].said).toHaveLength(TRIES);
  });

  test('shows a run’s pair with its question, and keeps it while the question stays', () => {
    const { subject, arena } = open();
    const [seen] = runPairs([group([record({ question: '1+2+3+4:', first: '10' }, 1)])]);
    arena.take(seen, 'chain-critic');
    expect(subject.data.question?.prompt).toBe('1+2+3+4:');
    expect(arena.data.pair).toMatchObject({ first: '10', expert: '1', seen });
    arena.setAwake(false);
    arena.setAwake(true);
    expect(arena.data.pair?.seen).toBe(seen);
    arena.take({ ...seen, prompt: 'no question' }, 'chain-critic');
    expect(arena.data.problem?.kind).toBe('BadConfig');
    expect(arena.data.pair?.seen).toBe(seen);
  });

  test('a written pair opens again from its address; who wrote a made one is not in it', () => {
    const { arena } = open();
    const query = new URLSearchParams();
    arena.writeAddress(query);
    expect(query.toString()).toBe('');
    arena.write('17', '18');
    arena.writeAddress(query);
    const { arena: other } = open();
    other.readAddress(query);
    expect(other.data.pair).toMatchObject({ first: '17', second: '18', expert: null });
  });
});
