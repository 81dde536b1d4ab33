import { describe, expect, it } from 'vitest';
import { createTask } from '../tasks/index.ts';
import type { TaskCritic } from '../tasks/task.ts';
import { alone, comparing } from './game.ts';
import type { Pair } from './pair.ts';
import { PAYOFFS } from './payoffs.ts';

const task = createTask({
  ...{ id: 'chain', min_terms: 2, max_terms: 4 },
  ...{ largest_term: 9, answer_apart: true },
});
const critic = task.critic as TaskCritic;
const question = task.readQuestion('3+8+5:');
/** The expert says 16, the policy 14. */
const pair: Pair = { question, first: '16', second: '14', expert: '1' };
const settings = { verdicts: 4, bothOrders: true, reasoning: true, payoffs: PAYOFFS };

describe('comparing two answers', () => {
  const enquiries = comparing(critic, settings)(pair);
  const said = (i: number, text: string | null) => enquiries[i].outcome(text);

  it('asks in both orders by turns', () => {
    const prompts = ['3+8+5|16|14:', '3+8+5|14|16:', '3+8+5|16|14:', '3+8+5|14|16:'];
    expect(enquiries.map(({ prompt }) => prompt)).toEqual(prompts);
    const drawn = comparing(critic, { ...settings, bothOrders: false })(pair);
    expect(new Set(drawn.map(({ prompt }) => prompt))).toEqual(new Set(['3+8+5|16|14:']));
  });

  it('pays who is named, whatever the order, and a tie what it is set to', () => {
    expect(said(0, '...>x')).toMatchObject({ critic: 1, policy: 0 });
    expect(said(1, '...>x')).toMatchObject({ critic: 0, policy: 1 });
    expect(said(1, '...>y')).toMatchObject({ critic: 1, policy: 0 });
    expect(said(0, '...>t')).toMatchObject({ critic: 0.55, policy: 0.6 });
  });

  it('pays the critic nothing for what cannot be read, and leaves the policy out', () => {
    for (const text of [null, '', 'x', '>x and more', '>z']) {
      expect(said(0, text)).toMatchObject({ critic: 0, policy: null });
    }
  });

  it('begins the verdict itself where the critic may not reason', () => {
    const [at] = comparing(critic, { ...settings, reasoning: false })(pair);
    expect(at.prompt).toBe('3+8+5|16|14:>');
    expect(at.outcome('x')).toMatchObject({ critic: 1, policy: 0 });
    expect(at.outcome('16?16y>x')).toMatchObject({ critic: 1 });
    expect(at.outcome('q')).toMatchObject({ critic: 0, policy: null });
  });
});

describe('judging one answer', () => {
  const enquiries = alone(critic, settings)(pair);

  it('asks for the policy’s and the expert’s by turns', () => {
    const prompts = ['3+8+5|14:', '3+8+5|16:', '3+8+5|14:', '3+8+5|16:'];
    expect(enquiries.map(({ prompt }) => prompt)).toEqual(prompts);
    const turned = alone(critic, settings)({ ...pair, first: '14', second: '16', expert: '2' });
    expect(turned.map(({ prompt }) => prompt)).toEqual(prompts);
  });

  it('pays the critic for the truth, and the policy for being taken for the expert', () => {
    const [own, theirs] = enquiries;
    expect(own.outcome('...>y')).toMatchObject({ critic: 0, policy: 1, right: false });
    expect(own.outcome('...>n')).toMatchObject({ critic: 1, policy: 0, right: true });
    expect(theirs.outcome('...>y')).toMatchObject({ critic: 1, policy: null, right: true });
    expect(own.outcome(null)).toMatchObject({ critic: 0, policy: null, right: null });
  });
});
