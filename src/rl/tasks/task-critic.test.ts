/** Properties of every task whose answers a critic can judge in pairs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARACTERS } from '../../model/character-tokenizer.ts';
import { surfaceForm } from '../critic/surface.ts';
import { randomStream } from '../random.ts';
import { couplet } from './couplet.ts';
import type { TaskConfig } from './index.ts';
import { SPLITS, type Task, type TaskCritic } from './task.ts';
import { verifiedTask } from './testing.ts';

const apart = {
  id: 'chain',
  min_terms: 2,
  max_terms: 6,
  largest_term: 9,
  answer_apart: true,
} as const;

function judged(task: Task): { task: Task; critic: TaskCritic } {
  if (!task.critic) throw new RangeError(`${task.id} has no critic`);
  return { task, critic: task.critic };
}
const judgedTask = (config: TaskConfig) => judged(verifiedTask(config));

const all = [
  judgedTask(apart),
  judgedTask({ id: 'countdown', form: 'small' }),
  judgedTask({ id: 'countdown', form: 'classic' }),
  judged(couplet.create({})),
];

const counters = [fc.constantFrom(...SPLITS), fc.nat({ max: 5000 }), fc.nat({ max: 99 })] as const;

describe.each(all)('the critic of $task.id, settings $#', ({ task, critic }) => {
  /** A question, its expert answer and a wrong one. */
  const drawn = (split: (typeof SPLITS)[number], index: number, seed: number) => {
    const question = task.question(split, index, seed);
    const right = critic.answer(question, task.expertAnswer(question)) ?? '';
    const wrong = critic.wrong(question, randomStream(seed, 'wrong', index));
    return { question, right, wrong, random: randomStream(seed, 'critic', index) };
  };

  it('finds the same answer in a trace and without it, in the common surface form', () => {
    fc.assert(
      fc.property(...counters, (...at) => {
        const { question, right, random } = drawn(...at);
        const trace = task.expertTrace(question, random);
        const answer = critic.answer(question, trace);
        expect(answer).toBe(surfaceForm(answer ?? ''));
        expect(right).not.toBe('');
        // There may be several right expressions, but only one right sum.
        if (task.id === 'chain') expect(answer).toBe(right);
        const last = trace.slice(Math.max(0, trace.lastIndexOf(';')));
        expect(critic.answer(question, last)).toBe(answer);
      }),
    );
  });

  it('always follows its comparison where it is told to, and then names the right answer', () => {
    fc.assert(
      fc.property(...counters, (...at) => {
        const { question, right, wrong, random } = drawn(...at);
        const says = (first: string, second: string) =>
          critic.read(critic.trace(question, first, second, random, { follows: 1 }));
        expect([says(right, wrong), says(wrong, right)]).toEqual(['1', '2']);
        expect([says(right, right), says(wrong, wrong)]).toEqual(['tie', 'tie']);
        const alone = (answer: string) =>
          critic.alone.read(critic.alone.trace(question, answer, random, { follows: 1 }));
        expect([alone(right), alone(wrong)]).toEqual(['expert', 'policy']);
      }),
    );
  });

  it('draws what does not follow evenly, and has no ties where there are none', () => {
    const { question, right, wrong, random } = drawn('train', 0, 1);
    const shares = (options: object) => {
      const said = Array.from({ length: 600 }, () =>
        critic.read(critic.trace(question, right, wrong, random, options)),
      );
      return ['1', '2', 'tie'].map((v) => said.filter((one) => one === v).length / 600);
    };
    // Six standard deviations of a share of 600 are at most 0.12.
    const within = (got: readonly number[], want: readonly number[]) =>
      got.every((x, i) => Math.abs(x - want[i]) < 0.13);
    expect(within(shares({ follows: 0 }), [1 / 3, 1 / 3, 1 / 3])).toBe(true);
    expect(within(shares({}), [0.4 + 0.2, 0.2, 0.2])).toBe(true);
    expect(within(shares({ ties: false }), [0.4 + 0.3, 0.3, 0])).toBe(true);
    expect(shares({ ties: false })[2]).toBe(0);
  });

  it('writes the verdict alone without reasoning, and nothing that the tokenizer does not know', () => {
    fc.assert(
      fc.property(...counters, (...at) => {
        const { question, right, wrong, random } = drawn(...at);
        const texts = [
          critic.prompt(question, right, wrong),
          critic.trace(question, right, wrong, random),
          critic.alone.prompt(question, wrong),
          critic.alone.trace(question, wrong, random),
        ];
        for (const char of texts.join('')) expect(CHARACTERS).toContain(char);
        const bare = critic.trace(question, right, wrong, random, { reasoning: false });
        expect(bare).toMatch(/^>[xyt]$/);
        const alone = critic.alone.trace(question, wrong, random, { reasoning: false });
        expect(alone).toMatch(/^>[yn]$/);
      }),
    );
  });

  it('has a prompt of its own for every question and order, which no solver is asked', () => {
    const { question, right, wrong } = drawn('train', 1, 1);
    const prompts = [
      question.prompt,
      critic.prompt(question, right, wrong),
      critic.prompt(question, wrong, right),
      critic.alone.prompt(question, right),
    ];
    expect(new Set(prompts).size).toBe(4);
    for (const prompt of prompts) expect(prompt.endsWith(':')).toBe(true);
    for (const prompt of prompts.slice(1)) expect(() => task.readQuestion(prompt)).toThrow();
  });

  it('never throws, whatever the completion or the answers', () => {
    const { question, random } = drawn('train', 2, 1);
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'0123456789+-*/=,;|()#'), maxLength: 60 }),
    );
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        critic.answer(question, first);
        critic.alone.trace(question, second, random);
        expect(critic.read(critic.trace(question, first, second, random))).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the written forms', () => {
  it('of chain are those of the trial', () => {
    const { task, critic } = judgedTask(apart);
    const question = task.readQuestion('3+8+5:');
    const random = randomStream(1, 'form');
    expect(critic.prompt(question, '16', '14')).toBe('3+8+5|16|14:');
    const always = { follows: 1 };
    expect(critic.trace(question, '16', '14', random, always)).toBe('3+8=11,11+5=16;16?16y?14n>x');
    expect(critic.alone.prompt(question, '14')).toBe('3+8+5|14:');
    expect(critic.alone.trace(question, '14', random, always)).toBe('3+8=11,11+5=16;16?14n>n');
  });

  it('of chain follow a slip in the critic’s own sum', () => {
    const { task, critic } = judgedTask(apart);
    const question = task.readQuestion('3+8:');
    const traces = Array.from({ length: 50 }, (_, i) =>
      critic.trace(question, '11', '12', randomStream(i, 'slip'), { follows: 1, slips: 1 }),
    );
    for (const trace of traces) expect(trace).toMatch(/^3\+8=(\d+);\1\?11n\?12[yn]>[yt]$/);
    expect(traces.some((trace) => trace.endsWith('12y>y'))).toBe(true);
  });

  it('of countdown work both expressions out', () => {
    const { task, critic } = judgedTask({ id: 'countdown', form: 'small' });
    const question = task.readQuestion('3 5 7=26:');
    expect(critic.prompt(question, '3*7+5', '(3+5)*7')).toBe('3 5 7=26#3*7+5#(3+5)*7:');
    expect(
      critic.trace(question, '3*7+5', '(3+5)*7', randomStream(1, 'form'), { follows: 1 }),
    ).toBe('3*7=21,21+5=26?26y;3+5=8,8*7=56?56n>x');
  });

  it('of couplets name the ends of the lines', () => {
    const { task, critic } = judged(couplet.create({}));
    const question = task.readQuestion('moon:');
    const lines = ['moon ( a )\nbay \n way', 'the moon is gray\nwe sing', 'a moon\n\n so gray'];
    expect(lines.map((text) => critic.answer(question, `x;${text}`))).toEqual([
      ...[null, 'the moon is gray\nwe sing', 'a moon\nso gray'],
    ]);
    const random = randomStream(1, 'form');
    expect(
      critic.trace(question, 'a moon so gray\nwe play', lines[1], random, { follows: 1 }),
    ).toBe('gray play?y;gray sing?n>x');
  });

  it('are missing where the steps are the answer', () => {
    expect(verifiedTask({ ...apart, answer_apart: false }).critic).toBeUndefined();
  });
});
