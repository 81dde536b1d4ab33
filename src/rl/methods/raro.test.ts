/** RARO's step on a script: who is asked what, who is paid, what is learned and what is kept. No model. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import type { Example } from '../learn/example.ts';
import { Replay } from '../learn/replay.ts';
import type { SampleGroup } from '../records.ts';
import type { Completion } from '../rewards/reward.ts';
import { createTask } from '../tasks/index.ts';
import { hasVerifier } from '../tasks/task.ts';
import { methodOf } from './index.ts';
import type { Step, WriteRequest } from './method.ts';
import { tokenizer } from './testing.ts';

const apart = { id: 'chain', min_terms: 2, max_terms: 4, largest_term: 9, answer_apart: true };
const task = createTask({ ...apart, id: 'chain' });
const question = task.readQuestion('3+8+5:');

function completion(text: string, group: number, more: Partial<Completion> = {}): Completion {
  const completionIds = [...tokenizer.encode(text), 2];
  const promptIds = tokenizer.encode(question.prompt, { addSpecial: true });
  const logprobs = completionIds.map(() => -0.5);
  return {
    ...{ role: 'solver', question, group, text, truncated: false },
    ...{ promptIds, completionIds, logprobs, ...more },
  };
}

interface Script {
  readonly answers: readonly Completion[];
  /** What the critic writes to a prompt. */
  readonly says: (prompt: string, i: number) => string;
  readonly method?: object;
  readonly store?: Replay;
  readonly index?: number;
}

async function play({
  answers,
  says,
  method = {},
  store = new Replay('pairs', 100),
  index = 0,
}: Script) {
  const parsed = parseExperiment({
    task: apart,
    policy: 'policies/chain-dialects',
    method: {
      ...{ name: 'raro', num_generations: answers.length, prompts_per_step: 1, beta: 0 },
      ...{ verdicts: 2, ...method },
    },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const asked: WriteRequest[] = [];
  const learned: { examples: readonly Example[]; learner: string; loss: number }[] = [];
  const step: Partial<Step> = {
    ...{ index, seed: 1, task, tokenizer, sampleGroups: 1, positions: 128 },
    sample: async () => [...answers],
    write: async (request) => {
      asked.push(request);
      return request.asked.map(({ prompt, question: about }, i) =>
        completion(says(prompt, i), i, { role: 'critic', question: about }),
      );
    },
    store: () => store,
    verdicts: (all) =>
      all.map(({ text }) => (hasVerifier(task) ? task.verify(question, text) : null)),
    rate: (peak) => peak,
    learn: async (examples, loss, _, learner = 'policy') => {
      let start = 0;
      const spans = examples.map(({ completion: { length } }) => {
        start += length;
        return { start: start - length, length };
      });
      const flat = (name: string) => {
        const rows = examples.map(({ columns }) => columns[name]);
        return rows.some((row) => !row)
          ? undefined
          : Float64Array.from(rows.flatMap((row) => Array.from(row)));
      };
      const given = loss(examples)({
        ...{ examples, spans, column: flat },
        ...{ logp: new Float64Array(start).fill(-0.5), entropy: new Float64Array(start) },
      });
      learned.push({ examples, learner, loss: given.loss });
      const logprobs = examples.map(({ completion: c }) => new Float32Array(c.length).fill(-0.5));
      return { updates: [{ gradNorm: 1, finite: true }], logprobs } as never;
    },
  };
  const report = await methodOf(parsed.experiment.method).step(step as Step);
  return { report, asked, learned, store };
}

/** A critic that sees: it names whichever answer is 16. */
const sees = (prompt: string) => {
  const [, first, second] = /\|(\d+)\|(\d+):/.exec(prompt) ?? [];
  return first === second ? '>t' : first === '16' ? '>x' : '>y';
};
const right = '3+8=11,11+5=16;16';
const wrong = '3+8=11,11+5=15;15';

describe('one step', () => {
  it('pays an answer like the expert’s with ties and tells another apart; nobody asks the verifier', async () => {
    const { report, learned } = await play({
      answers: [completion(right, 0), completion(wrong, 0)],
      says: sees,
    });
    expect(report.metrics).toMatchObject({
      ...{ reward: 0.3, 'rewards/policy/mean': 0.3, 'rewards/critic/mean': (0.55 + 1) / 2 },
      ...{ 'critic/accuracy': 1, 'critic/identical': 0.5, 'critic/pairs': 2, accuracy: 0.5 },
    });
    expect(learned).toHaveLength(1);
    const [{ examples }] = learned;
    expect(examples.map(({ role }) => role)).toEqual([
      'solver',
      'solver',
      ...Array(4).fill('critic'),
    ]);
    const advantages = examples.slice(0, 2).map(({ columns }) => columns.advantage[0]);
    expect(advantages[0]).toBeCloseTo(0.3, 12);
    expect(advantages[1]).toBeCloseTo(-0.3, 12);
    // All verdicts on a pair were paid alike, so there is nothing to learn from them.
    expect(examples.slice(2).every(({ columns }) => columns.advantage[0] === 0)).toBe(true);
  });

  it('permuted pays answers as much, each what some answer of its group earned, and the critic its own', async () => {
    const answers = Array.from({ length: 6 }, (_, i) => completion(i < 2 ? right : wrong, 0));
    const plain = await play({ answers, says: sees });
    const control = await play({ answers, says: sees, method: { permuted: true } });
    const paid = ({ report }: typeof plain) =>
      report.samples[0].completions.map(({ rewards }) => rewards.policy);
    expect(paid(plain)).toEqual([0.6, 0.6, 0, 0, 0, 0]);
    expect(paid(control)).not.toEqual(paid(plain));
    expect(paid(control).toSorted()).toEqual(paid(plain).toSorted());
    const { completions } = control.report.samples[0];
    for (const [i, { rewards, shown, advantage }] of completions.entries()) {
      expect(shown?.policy.measured).toBe(paid(plain)[i]);
      expect(rewards.policy).toBe(paid(plain)[Number(shown?.policy.permuted_from)]);
      expect(advantage).toBeCloseTo(Number(rewards.policy) - 0.2, 12);
    }
    const theirs = ({ report: { metrics } }: typeof plain) =>
      Object.entries(metrics).filter(([name]) => name.includes('critic/'));
    expect(theirs(control)).toEqual(theirs(plain));
  });

  it('shows the critic answers alone, each pair in both orders', async () => {
    const { asked } = await play({
      answers: [completion(wrong, 0), completion(right, 0)],
      says: sees,
    });
    expect(asked).toHaveLength(1);
    const prompts = asked[0].asked.map(({ prompt }) => prompt);
    expect(new Set(prompts.slice(0, 2))).toEqual(new Set(['3+8+5|16|15:', '3+8+5|15|16:']));
    expect(prompts.slice(2)).toEqual(['3+8+5|16|16:', '3+8+5|16|16:']);
  });

  it('a verdict that differs from its group’s is what the critic learns from', async () => {
    const { learned } = await play({
      answers: [completion(wrong, 0), completion(wrong, 0)],
      says: (prompt, i) => (i === 0 ? '>t' : sees(prompt)),
    });
    const advantages = learned[0].examples.slice(2).map(({ columns }) => columns.advantage[0]);
    expect(advantages[0]).toBeCloseTo((0.55 - 1) / 2, 12);
    expect(advantages[1]).toBeCloseTo((1 - 0.55) / 2, 12);
    expect(advantages.slice(2)).toEqual([0, 0]);
  });

  it('what is cut off, cannot be read or is too long is not shown and not scored', async () => {
    const { asked, report } = await play({
      answers: [
        completion(right, 0),
        completion(wrong, 0, { truncated: true }),
        completion('no answer', 0),
      ],
      says: sees,
    });
    expect(asked[0].asked).toHaveLength(2);
    expect(report.metrics).toMatchObject({ 'critic/pairs': 1, reward: 0.6 });
    const short = await play({
      answers: [completion(right, 0), completion('3+8=11,11+5=9;9', 0)],
      ...{ says: sees, method: { max_answer_length: 1 } },
    });
    expect(short.asked[0].asked).toHaveLength(0);
  });

  it('unreadable verdicts pay the critic nothing and leave the policy out', async () => {
    const { report } = await play({
      answers: [completion(right, 0), completion(wrong, 0)],
      says: () => 'x',
    });
    expect(report.metrics).toMatchObject({ 'rewards/critic/mean': 0, 'critic/unreadable': 1 });
    expect(report.metrics['rewards/policy/mean']).toBeNull();
  });
});

describe('a critic that does not look', () => {
  const answers = [completion(right, 0), completion(wrong, 0)];
  const advantagesOf = ({ learned }: Awaited<ReturnType<typeof play>>) =>
    learned[0].examples.map(({ columns }) => columns.advantage[0]);

  it('and always ties pays everybody alike: the step ends and teaches nothing', async () => {
    const played = await play({ answers, says: () => '>t' });
    expect(played.report.metrics).toMatchObject({
      ...{ 'critic/tie_rate': 1, 'rewards/critic/mean': 0.55, 'rewards/policy/mean': 0.6 },
    });
    expect(advantagesOf(played).every((advantage) => advantage === 0)).toBe(true);
  });

  it('and always names the first pays the policy alike in both orders, and is seen by its bias', async () => {
    const played = await play({ answers, says: () => '>x' });
    expect(played.report.metrics).toMatchObject({
      ...{ 'critic/order_bias': 0.5, 'rewards/critic/mean': 0.5, 'rewards/policy/mean': 0.5 },
    });
    expect(advantagesOf(played).slice(0, 2)).toEqual([0, 0]);
  });
});

it('a step without any answer to show ends, with nothing judged and nothing stored', async () => {
  const { report, store } = await play({
    answers: [completion('no answer', 0), completion('none', 0)],
    says: sees,
  });
  expect(report.metrics).toMatchObject({ 'critic/pairs': 0 });
  expect(report.metrics['rewards/policy/mean']).toBeNull();
  expect(store.draw(1, 1, 4)).toEqual([]);
});

describe('replay', () => {
  it('is empty at first, then as many pairs as there are fresh ones, with their age', async () => {
    const answers = [completion(right, 0), completion(wrong, 0)];
    const first = await play({ answers, says: sees });
    expect(first.store.size).toBe(2);
    expect(first.report.metrics['critic/replay_age']).toBeUndefined();
    const later = await play({ answers, says: sees, store: first.store, index: 3 });
    expect(later.asked[0].asked).toHaveLength(8);
    expect(later.report.metrics['critic/replay_age']).toBe(3);
    expect(later.store.size).toBe(4);
    const none = await play({
      answers,
      says: sees,
      store: first.store,
      method: { replay_share: 0 },
    });
    expect(none.asked[0].asked).toHaveLength(4);
  });
});

describe('the samples', () => {
  const answers = [completion(right, 0), completion(wrong, 0)];
  const shownIn = (samples: readonly SampleGroup[]) =>
    samples.flatMap(({ completions }) =>
      completions.flatMap(({ role, shown }) => (role === 'critic' ? [shown?.critic] : [])),
    );

  it('keep a question’s first pair as the critic saw it in both orders, and one that was replayed, with its age', async () => {
    const first = await play({ answers, says: sees });
    const [one, other] = shownIn(first.report.samples);
    expect(one).toMatchObject({ question: '3+8+5:', first: '16', second: '16', verdict: 'tie' });
    expect(one).toMatchObject({ policy: 0.6, age: null });
    expect([one?.expert, other?.expert].sort()).toEqual(['1', '2']);
    const later = await play({ answers, says: sees, store: first.store, index: 3 });
    expect(shownIn(later.report.samples).map((shown) => shown?.age)).toEqual([null, null, 3, 3]);
  });

  it('say of an unreadable verdict that there is none, and of a critic that does not compare no pair', async () => {
    const { report } = await play({ answers, says: () => 'x' });
    expect(shownIn(report.samples)[0]).toMatchObject({ verdict: null, policy: null });
    const alone = await play({ answers, says: () => '>y', method: { binary_critic: true } });
    expect(shownIn(alone.report.samples)[0]).toEqual({ age: null });
  });
});

describe('the ablations', () => {
  const answers = [completion(right, 0), completion(wrong, 0)];

  it('weights of its own: the critic is trained apart, and writes itself', async () => {
    const { learned, asked } = await play({
      answers,
      says: sees,
      method: { separate_critic: true },
    });
    expect(asked[0].learner).toBe('critic');
    expect(learned.map(({ learner }) => learner)).toEqual(['policy', 'critic']);
    expect(learned.map(({ examples }) => examples.length)).toEqual([2, 4]);
  });

  it('without ties a tie pays nobody', async () => {
    const { report } = await play({ answers, says: sees, method: { tau_pol: 0, tau_crit: 0 } });
    expect(report.metrics).toMatchObject({ reward: 0, 'rewards/critic/mean': 0.5 });
  });

  it('a binary critic judges one answer at a time', async () => {
    const { asked, report } = await play({
      ...{ answers, method: { binary_critic: true } },
      says: (prompt) => (/\|16:$/.test(prompt) ? '>y' : '>n'),
    });
    expect(asked[0].asked.map(({ prompt }) => prompt)).toEqual([
      ...['3+8+5|16:', '3+8+5|16:', '3+8+5|15:', '3+8+5|16:'],
    ]);
    // It calls 16 the expert's, whoever wrote it: wrong of the policy's right answer.
    expect(report.metrics).toMatchObject({ reward: 0.5, 'critic/accuracy': 0.75 });
  });

  it('a wrong expert makes right answers lose', async () => {
    const { asked } = await play({ answers, says: sees, method: { expert_noise: 1 } });
    const first = asked[0].asked[0].prompt;
    expect(first).toMatch(/\|16[|:]/);
    expect(first).not.toMatch(/\|16\|16:/);
  });
});

it('a task without a critic’s prompt is refused by name', () => {
  const parsed = parseExperiment({ task: { id: 'word' }, method: { name: 'raro' } });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'method.name' }] });
});
